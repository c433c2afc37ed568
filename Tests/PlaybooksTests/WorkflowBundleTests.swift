import Playbooks
import Templates
import Testing
import WorkflowModel
import YAML

@Suite("Bundles")
struct WorkflowBundleTests {
    private func bundle() throws -> WorkflowBundle {
        let workflow = try #require(Sample.read(RightPlaybookTests.full).workflow)
        return WorkflowBundle(
            of: workflow, text: RightPlaybookTests.full,
            templates: ["sla-risk": "Ticket {{ticket.id}}", "greeting": "Hi", "unused": "x"],
            plugins: ["notify": "1.2.0", "route": "1.0.0", "ticket": "3.0.0"], settingsHash: "abc")
    }

    @Test("a bundle holds the templates and plugins that its playbook names")
    func contents() throws {
        let bundle = try bundle()
        #expect(bundle.templates.keys.sorted() == ["greeting", "sla-risk"])
        #expect(bundle.plugins == ["notify": "1.2.0", "route": "1.0.0"])
    }

    @Test("a bundle holds the templates that its templates put in, and prints them as before")
    func partials() throws {
        let text = Sample.playbook(
            steps: "  - { uses: notify.send, with: { to: ada, template: sla-risk, data: { name: x, sla: y } } }")
        let workflow = try #require(Sample.read(text).workflow)
        let bundle = WorkflowBundle(
            of: workflow, text: text,
            templates: [
                "sla-risk": "<b>{{name}}</b>{{>foot}}", "foot": "-- {{>end}}", "end": "&", "other": "x",
            ])
        #expect(bundle.templates.keys.sorted() == ["end", "foot", "sla-risk"])
        let stored = try #require(WorkflowBundle(bundle.value))
        #expect(try stored.templateLibrary().render("sla-risk", ["name": "<i>"]) == "<b><i></b>-- &")
    }

    @Test("a bundle reads back from its value")
    func roundTrip() throws {
        let bundle = try bundle()
        #expect(WorkflowBundle(bundle.value) == bundle)
        #expect(WorkflowBundle(try JSON.parse(JSONWriter.text(bundle.value))) == bundle)
        #expect(WorkflowBundle(["format": 2]) == nil)
        #expect(WorkflowBundle(.null) == nil)
    }

    @Test("the hash changes with whatever the meaning depends on, and with nothing else")
    func hash() throws {
        let digest: ([UInt8]) -> String = { String(decoding: $0, as: UTF8.self) }
        let bundle = try bundle()
        let hash = bundle.hash(using: digest)
        var moved = bundle
        moved.file = "elsewhere.yaml"
        #expect(moved.hash(using: digest) == hash)
        var template = bundle
        template.templates["greeting"] = "Hello"
        #expect(template.hash(using: digest) != hash)
        var plugin = bundle
        plugin.plugins["notify"] = "1.2.1"
        #expect(plugin.hash(using: digest) != hash)
        var text = bundle
        text.text += "#"
        #expect(text.hash(using: digest) != hash)
    }

    @Test("the workflow of a bundle is the one that was checked")
    func workflow() throws {
        let checked = try #require(Sample.read(RightPlaybookTests.full).workflow)
        let bundle = WorkflowBundle(of: checked, text: RightPlaybookTests.full)
        let (stored, diagnostics) = bundle.workflow()
        #expect(diagnostics.isEmpty)
        #expect(stored == checked)
    }

    @Test("the workspace's defaults are pinned with the playbook")
    func defaults() throws {
        let source = SourceFile(
            path: "signalbox.yaml",
            text: """
                retry: 5
                timeout: 10s
                on_failure:
                  - { uses: notify.send, with: { to: ada, template: greeting, data: { customer_name: "=\\"x: é\\"" }, text: "a \\"b\\" ${{ failure.message }}" } }
                """)
        let root = try #require(YAMLParser.parse(source).root)
        let (defaults, diagnostics) = PlaybookDefaults.read(root, in: Sample.environment)
        #expect(diagnostics.isEmpty, "\(diagnostics.map(\.json))")
        let text = Sample.playbook(
            steps: "  - { uses: route.assign }\n  - { uses: route.assign, retry: 2, timeout: 1s }")
        let workflow = try #require(Sample.read(text).workflow)
        let bundle = WorkflowBundle(of: workflow, text: text, templates: ["greeting": "Hi"], defaults: defaults)
        #expect(bundle.templates == ["greeting": "Hi"])
        let stored = try #require(WorkflowBundle(JSON.parse(JSONWriter.text(bundle.value)))?.workflow().workflow)
        let calls = stored.allSteps.compactMap { step in if case .call(let call) = step.kind { call } else { nil } }
        #expect(calls.map { $0.retry?.attempts } == [5, 2, 5])
        #expect(calls.map(\.timeout) == [.seconds(10), .seconds(1), .seconds(10)])
        #expect(calls.last?.action == "notify.send")
        guard case .map(let data)? = calls.last?.with[2].source, case .expression(let name)? = data.first?.source else {
            Issue.record("the data was lost")
            return
        }
        #expect(name.text == "\"x: é\"")
    }
}
