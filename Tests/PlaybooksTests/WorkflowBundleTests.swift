import Playbooks
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
}
