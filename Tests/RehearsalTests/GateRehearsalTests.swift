import Rehearsal
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Gates in rehearsals")
struct GateRehearsalTests {
    private let plugin = ScriptedPlugin()

    private func gated(_ gates: String) throws -> ActivePlaybook {
        try playbook(
            """
            playbook: p
            mode: active
            trigger: { event: ticket.commented }
            \(gates)
            steps: [{ id: a, uses: test.send }]
            """)
    }

    private func event(_ number: Int, at seconds: Int64, ticket: String = "T-1") -> Event {
        Event(
            id: "e-\(number)", source: "/desk", type: "ticket.commented", subject: "ticket:\(ticket)",
            time: Timestamp(seconds: 1_795_334_400 + seconds), data: ["ticket": ["id": .string(ticket)]])
    }

    @Test func `a dry run of a playbook that collects plays what comes of the collection`() async throws {
        let book = try gated("collect_for: 5m")
        let report = try await DryRun(book, in: try scripted(plugin)).play(event: event(1, at: 0))
        #expect(report.match?.outcome == .fired)
        #expect(report.match?.detail == "acts on the 1 collected for ticket:T-1")
        #expect(report.run?.state == .succeeded)
    }

    @Test func `a history says how often which gate would have held back`() async throws {
        let book = try gated("throttle: { key: ticket.id, limit: 2, per: 1h }")
        let events = (0..<5).map { event($0, at: Int64($0) * 60) } + [event(9, at: 3700)]
        let report = try await HistoryRehearsal([book], in: try scripted(plugin)).play(events)
        #expect(report.playbooks.first?.fired == 3)
        #expect(report.playbooks.first?.suppressed == ["throttled": 3])
    }

    @Test func `a history counts what acts on collections`() async throws {
        let book = try gated("collect_for: 5m")
        let events = (0..<4).map { event($0, at: Int64($0) * 60) } + [event(9, at: 3700), event(10, at: 7200)]
        let report = try await HistoryRehearsal([book], in: try scripted(plugin)).play(events)
        // The last collection is not due when the history ends.
        #expect(report.playbooks.first?.fired == 2)
        #expect(report.playbooks.first?.suppressed == ["collected": 6])
        #expect(report.playbooks.first?.states == [.succeeded: 2])
    }
}
