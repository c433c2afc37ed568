import Playbooks
import Testing
import WorkflowModel
import YAML

@Suite("call")
struct SubRunMistakeTests {
    static let environment = {
        var environment = Sample.environment
        environment.callable = [
            "helper": CallablePlaybook(
                inputs: [
                    InputField(name: "who", schema: Schema(types: ["string"]), isRequired: true),
                    InputField(name: "times", schema: Schema(types: ["integer"]), isRequired: false),
                ], outputs: ["answer"]),
            "back": CallablePlaybook(callees: ["between"]), "between": CallablePlaybook(callees: ["sample"]),
        ]
        for number in 0..<12 {
            environment.callable?["deep-\(number)"] = CallablePlaybook(
                callees: number < 11 ? ["deep-\(number + 1)"] : [])
        }
        return environment
    }()

    static let mistakes: [(steps: String, code: PlaybookCode, message: String, help: String?)] = [
        ("- call: «helpr»", .unknownEntry, "there is no playbook helpr", "`helper`"),
        ("- call: «helper»", .missingActionInput, "`helper` needs the input `who`", nil),
        ("- { call: helper, with: { who: x, «tims»: 2 } }", .unknownActionInput, "no input `tims`", "`times`"),
        ("- { call: helper, with: { who: x, times: «two» } }", .wrongActionInput, "`times`", nil),
        ("- { call: «=ticket.id» }", .wrongValue, "must be the id of a playbook", nil),
        ("- { call: helper, with: { who: x }, «timeout»: 5s }", .misplacedKey, "no meaning beside `call`", nil),
        (
            "- { id: sub, call: helper, with: { who: x } }\n  - { if: steps.sub.«anser» == 1, stop: }", .unknownField,
            "`steps.sub`", "answer"
        ),
        ("- call: «back»", .circularCall, "sample → back → between → sample", nil),
        ("- call: «sample»", .circularCall, "sample → sample", nil),
        ("- call: «deep-0»", .circularCall, "12 calls would be inside one another; at most 10", nil),
    ]

    @Test("each mistake is reported once, at its place", arguments: mistakes.indices)
    func mistake(_ index: Int) throws {
        let (steps, code, message, help) = Self.mistakes[index]
        let marked = MarkedText(
            "playbook: sample\nowner: ada\nmode: active\ntrigger: { event: ticket.created }\nsteps:\n  \(steps)\n")
        let (workflow, diagnostics) = PlaybookReader.read(
            SourceFile(path: "sample.yaml", text: marked.text), in: Self.environment)
        #expect(diagnostics.count == 1, "\(diagnostics.map(\.json))")
        let found = try #require(diagnostics.first)
        #expect(found.code == code.rawValue)
        #expect(found.message.contains(message), "\(found.message)")
        #expect(
            found.range.map { "\($0.start.line):\($0.start.column)-\($0.end.line):\($0.end.column)" }
                == "\(marked.start)-\(marked.end)")
        if let help { #expect(found.help?.contains(help) == true, "\(found.help ?? "no help")") }
        #expect(workflow == nil)
    }

    @Test func `a right one is read as it is meant`() throws {
        let text = """
            playbook: sample
            owner: ada
            mode: active
            trigger: { event: ticket.created }
            steps:
              - id: sub
                call: helper
                with: { who: =ticket.id }
                continue_on_error: true
                undo: { uses: route.assign, with: { person: =steps.sub.answer } }
              - if: steps.sub.status == "succeeded" && steps.sub.run != "" && steps.sub.answer == "x"
                stop: done
            """
        let (workflow, diagnostics) = PlaybookReader.read(
            SourceFile(path: "sample.yaml", text: text), in: Self.environment)
        #expect(diagnostics.isEmpty, "\(diagnostics.map(\.json))")
        let found = try #require(workflow)
        #expect(found.callees == ["helper"])
        guard case .sub(let sub) = found.steps[0].kind else {
            Issue.record("another kind of step")
            return
        }
        #expect(sub.continuesOnError)
        #expect(sub.with.map(\.name) == ["who"])
        #expect(sub.undo?.action == "route.assign")
    }

    @Test func `a bundle holds the bundles of the playbooks that it calls, and changes with them`() throws {
        let helper = WorkflowBundle(playbook: "helper", file: "h.yaml", text: "playbook: helper")
        func hash(_ callee: WorkflowBundle) -> String {
            WorkflowBundle(playbook: "p", file: "p.yaml", text: "x", callees: ["helper": callee]).hash { "\($0)" }
        }
        var moved = helper
        moved.file = "elsewhere.yaml"
        var changed = helper
        changed.text += "\n"
        #expect(hash(helper) == hash(moved))
        #expect(hash(helper) != hash(changed))
        let bundle = WorkflowBundle(playbook: "p", file: "p.yaml", text: "x", callees: ["helper": helper])
        #expect(WorkflowBundle(bundle.value) == bundle)
        #expect(WorkflowBundle(playbook: "p", file: "p.yaml", text: "x").value["callees"] == nil)
    }
}
