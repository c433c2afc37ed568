import Foundation
import Testing
import WorkflowModel

/// `call`, `runs retry` and `runs replay` with the built program.
@Suite("Runs that call and are done again, on the command line", .timeLimit(.minutes(3)))
struct AgainCommandTests {
    private func workspace() throws -> WorkspaceCopy {
        let copy = try WorkspaceCopy()
        try copy.write(
            """
            playbook: caller
            owner: support-process
            mode: active
            trigger: { manual: { inputs: { ticket: { type: text, required: true } } } }
            steps:
              - id: told
                uses: notify.send
                with: { by: outbox, to: lead of support, text: "first ${{ inputs.ticket }}" }
              - id: sub
                call: callee
                with: { text: "second ${{ inputs.ticket }}" }
              - if: inputs.ticket == "T-bad"
                fail: no such ticket
            """, to: "playbooks/caller.yaml")
        try copy.write(
            """
            playbook: callee
            owner: support-process
            mode: active
            trigger: { manual: { inputs: { text: { type: text, required: true } } } }
            steps:
              - { id: said, uses: notify.send, with: { by: outbox, to: lead of support, text: =inputs.text } }
            outputs: { token: =steps.said.token }
            """, to: "playbooks/callee.yaml")
        return copy
    }

    /// How many messages have left, those about failures not counted.
    private func sent(_ copy: WorkspaceCopy) async throws -> Int {
        try await copy.json("effects", "list").list?.count { $0["step"]?.string?.hasPrefix("on_failure") != true } ?? 0
    }

    @Test func `a dry run plays the called playbook, and a mistake in the call is found by check`() async throws {
        let copy = try workspace()
        let dry = try await copy.run("dry-run", "caller", "--input", "ticket=T-1")
        #expect(dry.status == 0, "\(dry.err)\(dry.out)")
        #expect(dry.out.contains("first T-1") && dry.out.contains("second T-1"), "\(dry.out)")
        try copy.write(
            "playbook: wrong\nowner: support-process\nmode: active\ntrigger: { manual: {} }\nsteps: [{ call: calee }]\n",
            to: "playbooks/wrong.yaml")
        let check = try await copy.run("check")
        #expect(check.status == 1)
        #expect((check.out + check.err).contains("did you mean `callee`?"), "\(check.out)\(check.err)")
    }

    @Test func `a run shows what it called, and is done again after its writes were shown`() async throws {
        let copy = try workspace()
        let failed = try await copy.run("run", "caller", "--input", "ticket=T-bad")
        #expect(failed.status == 1, "\(failed.out)\(failed.err)")
        let runs = try await copy.json("runs", "list", "--playbook", "caller")
        let id = try #require(runs[0]?["id"]?.string)
        let shown = try await copy.run("runs", "show", id)
        #expect(shown.out.contains("call callee") && shown.out.contains("said"), "\(shown.out)")

        let unasked = try await copy.run("runs", "retry", id)
        #expect(unasked.status == 2, "\(unasked.out)\(unasked.err)")
        #expect(unasked.out.contains("kept: told, sub"), "\(unasked.out)")
        #expect(!unasked.out.contains("steps[0]"), "what is kept is not made again: \(unasked.out)")
        let replay = try await copy.run("runs", "replay", id)
        #expect(replay.status == 2)
        #expect(replay.out.contains("notify.send"), "\(replay.out)")
        #expect(try await copy.json("runs", "list", "--playbook", "caller").list?.count == 1, "nothing was done")

        _ = try await copy.run("runs", "retry", id, "--yes")
        let again = try await copy.json("runs", "list", "--playbook", "caller")
        #expect(again.list?.count == 2)
        #expect(again[0]?["origin"]?["of"]?.string == id)
        #expect(try await sent(copy) == 2, "nothing is sent twice")
        let wrong = try await copy.run("runs", "retry", id, "--from", "sb", "--yes")
        #expect(wrong.status == 1)
        #expect(wrong.err.contains("did you mean sub?"), "\(wrong.err)")
    }
}
