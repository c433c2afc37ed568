import Digests
import Playbooks
import Rehearsal
import RunMachine
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import YAML

/// A playbook with every kind of block and wait, dry-run with the real plugins: the clock jumps, nothing is sent.
@Suite("A rehearsal with waits, rounds and failures")
struct LanguageRehearsalTests {
    static let text = #"""
        playbook: patient
        owner: support
        mode: active
        trigger: { event: ticket.created }
        steps:
          - switch: ticket.priority
            cases:
              - is: [P1, P2]
                then:
                  - id: told
                    uses: notify.send
                    with: { to: lead of support, text: "${{ ticket.id }}" }
                    undo: { uses: notify.send, with: { to: lead of support, text: "taken back: ${{ ticket.id }}" } }
            default: [{ stop: not urgent }]
          - wait: 15m
          - wait_until: run.started_at + duration("1h")
          - id: nudge
            repeat:
              every: 20m
              until: ticket.status == "solved"
              at_most: 3
              steps:
                - { uses: notify.send, with: { to: lead of support, text: "still open after ${{ now - run.started_at }}" } }
          - try: [{ fail: nobody came }]
            rescue: [{ uses: ticket.note, with: { text: "${{ failure.message }}" } }]
            always: [{ uses: ticket.note, with: { text: "done" } }]
          - { if: "!steps.nudge.done", fail: given up }
        """#

    @Test func `it plays to its end in pretended time`() async throws {
        let (_, environment) = try SampleWorkspaceTests.environment()
        let read = PlaybookReader.read(SourceFile(path: "patient.yaml", text: Self.text), in: environment)
        #expect(read.diagnostics.isEmpty, "\(read.diagnostics.map(\.json))")
        let workflow = try #require(read.workflow)
        let setting = try SampleRunTests.stage().setting
        let playbook = ActivePlaybook(workflow: workflow, bundle: "b", content: [:])
        var event = try SampleRunTests.event("ticket.created")
        event.data["ticket"] = ["id": "4711", "priority": "P1", "status": "open"]
        let report = try await DryRun(playbook, in: setting).play(event: event)
        let run = try #require(report.run)
        #expect(run.failure?.message == "given up")
        #expect(
            report.writes.map(\.action) == [
                "notify.send", "notify.send", "notify.send", "notify.send", "ticket.note", "ticket.note", "notify.send",
            ])
        #expect(run.endedAt == report.start + .seconds(3600 + 2 * 1200))
        let tree = try #require(report.tree)
        #expect(tree.steps.map(\.status) == [.succeeded, .succeeded, .succeeded, .succeeded, .succeeded, .failed])
        #expect(tree.steps[0].children.first?.children.map(\.label) == ["undo"])
        #expect(tree.steps[3].children.count == 3)
        #expect(tree.steps[4].detail == "rescued")
    }
}
