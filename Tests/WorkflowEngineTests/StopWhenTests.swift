import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("stop_when, and waits for events of others", .timeLimit(.minutes(1)))
struct StopWhenTests {
    static let playbook = onTicket(
        """
        stop_when: [ticket.closed, ticket.created]
        steps:
          - { uses: test.send, undo: { uses: test.drop } }
          - try: [{ wait: 2h }]
            rescue: [{ uses: test.drop }]
            always: [{ uses: test.tell }]
        on_failure: [{ uses: test.drop }]
        """)

    static func closed(_ id: String = "T-1", origin: Event.Origin = .outside) -> Event {
        Event(
            id: "e-closed-\(id)-\(origin)", source: "/desk", type: "ticket.closed",
            time: Timestamp(seconds: 1_795_334_500), data: ["ticket": ["id": .string(id)]], origin: origin)
    }

    private func fire(_ engine: Engine) async throws {
        while try await engine.fireDueTimers() > 0 { await engine.idle() }
    }

    private func subscriptions(_ fixture: EngineFixture) async throws -> [SubscriptionRecord] {
        try await fixture.store.read(view: { try $0.subscriptions(toType: "ticket.closed", ofSubject: "ticket:T-1") })
    }

    @Test func `an event about the subject ends a waiting run; echoes, other subjects and its own event do not`()
        async throws
    {
        let fixture = try EngineFixture(StopWhenTests.playbook)
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        #expect(try await subscriptions(fixture).map(\.step) == ["stop_when"])
        _ = try await engine.emit([StopWhenTests.closed("T-2"), StopWhenTests.closed(origin: .own)])
        try await fire(engine)
        #expect(try await fixture.run(id).row.state == .waiting)
        _ = try await engine.emit([StopWhenTests.closed()])
        try await fire(engine)
        let (row, journal) = try await fixture.run(id)
        #expect(row.state == .cancelled)
        #expect(fixture.plugin.calls().map(\.action) == ["send", "tell"])
        let stopping = journal.first { $0.kind == "stopping" }?.body
        #expect(stopping?["type"] == "ticket.closed")
        #expect(stopping?["event"] == "e-closed-T-1-outside")
        #expect(journal.last?.body["reason"]?.string?.contains("ticket.closed") == true)
        #expect(try await subscriptions(fixture).isEmpty)
        #expect(try await engine.nextTimer() == nil)
    }

    @Test func `a run that has not begun does nothing`() async throws {
        let fixture = try EngineFixture(StopWhenTests.playbook)
        let engine = try await fixture.open()
        // The same transaction makes the run and accepts what ends it.
        let receipts = try await engine.emit([ticket(), StopWhenTests.closed()])
        let id = try #require(receipts.first?.runs.first)
        try await fixture.runThrough(engine)
        #expect(try await fixture.run(id).row.state == .cancelled)
        #expect(fixture.plugin.calls().isEmpty)
    }

    @Test func `an event that comes while nothing executes, or just before the process dies, ends the run`()
        async throws
    {
        let fixture = try EngineFixture(StopWhenTests.playbook)
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        _ = try await engine.emit([StopWhenTests.closed()])
        // The process dies when the timer has fired and before the run has noticed: its row says that it runs.
        let doomed = try await fixture.open(faults: FaultPlan(at: 1, of: .afterTimers))
        await #expect(throws: FaultPlan.Death.self) { try await doomed.fireDueTimers() }
        await doomed.idle()
        let next = try await fixture.open()
        #expect(try await next.recover() == [id])
        await next.idle()
        #expect(try await fixture.run(id).row.state == .cancelled)
    }

    @Test func `wait_for hears of any subject, or of the one that it names`() async throws {
        let fixture = try EngineFixture(
            onTicket(
                """
                steps:
                  - id: one
                    wait_for: { event: ticket.closed, subject: '"ticket:T-9"', timeout: 1h }
                  - id: two
                    wait_for: { event: ticket.closed, subject: any, when: ticket.id != "T-5", timeout: 1h }
                  - { id: after, uses: test.compute, with: { value: "=[steps.one.event.subject, steps.two.event.subject]" } }
                """))
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        _ = try await engine.emit([StopWhenTests.closed("T-1")])
        try await fire(engine)
        #expect(try await fixture.run(id).journal.kinds.contains("arrived") == false)
        fixture.clock.advance(by: .seconds(1))
        _ = try await engine.emit([StopWhenTests.closed("T-9")])
        try await fire(engine)
        fixture.clock.advance(by: .seconds(1))
        _ = try await engine.emit([StopWhenTests.closed("T-5")])
        try await fire(engine)
        #expect(try await fixture.run(id).row.state == .waiting)
        _ = try await engine.emit([StopWhenTests.closed("T-4")])
        try await fire(engine)
        let (row, journal) = try await fixture.run(id)
        #expect(row.state == .succeeded)
        #expect(journal.output(of: "steps[2]")?["value"] == ["ticket:T-9", "ticket:T-4"])
    }

    @Test("until wakes on an event about the subject, also on an echo", arguments: [Event.Origin.outside, .own])
    func until(_ origin: Event.Origin) async throws {
        let fixture = try EngineFixture(
            onTicket(
                """
                steps:
                  - id: nudges
                    repeat:
                      every: 20m
                      until: ticket.priority == "P4"
                      at_most: 5
                      steps: [{ uses: test.put }]
                  - { uses: test.compute, with: { value: =steps.nudges.rounds } }
                """))
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        let start = fixture.clock.now
        fixture.clock.advance(by: .seconds(60))
        _ = try await engine.emit([StopWhenTests.closed("T-2"), StopWhenTests.closed("T-1", origin: .own)])
        try await fire(engine)
        #expect(try await fixture.run(id).row.state == .waiting)
        #expect(try await engine.nextTimer() == start + .seconds(1200))
        _ = try await engine.emit([
            Event(
                id: "e-p4", source: "/desk", type: "ticket.updated", time: Timestamp(seconds: 1_795_334_600),
                data: ["ticket": ["id": "T-1", "priority": "P4"]], origin: origin)
        ])
        try await fire(engine)
        let (row, journal) = try await fixture.run(id)
        #expect(row.state == .succeeded)
        #expect(journal.kinds.contains("woken"))
        #expect(journal.output(of: "steps[1]")?["value"] == 1)
        #expect(try await engine.nextTimer() == nil)
        #expect(
            try await fixture.store.read(view: { try $0.subscriptions(toType: "*", ofSubject: "ticket:T-1") }).isEmpty)
    }
}
