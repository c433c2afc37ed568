import PluginKit
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Replays: time follows the events", .timeLimit(.minutes(1)))
struct ReplayTests {
    static let start: Int64 = 1_456_790_400

    /// Waits half an hour, then writes.
    let waiting = onTicket(
        """
        steps:
          - { id: w, wait: 30m }
          - { id: a, uses: test.send, with: { value: =ticket.id } }
        """)

    func open(_ fixture: EngineFixture, _ clock: ReplayClock = ReplayClock(nil)) async throws -> Engine {
        try await fixture.open { _, services in services.clock = clock }
    }

    func event(_ id: String, minute: Int64) -> Event { ticket(id, at: ReplayTests.start + minute * 60) }

    @Test func `timers fire in their order between the events, each at its own time`() async throws {
        let fixture = try EngineFixture(waiting)
        let clock = ReplayClock(nil)
        let engine = try await open(fixture, clock)
        _ = try await engine.emit([event("T-1", minute: 0), event("T-2", minute: 10), event("T-3", minute: 35)])
        #expect(fixture.plugin.calls(of: "send").map { $0.input["value"] } == ["T-1"])
        #expect(clock.now == Timestamp(seconds: ReplayTests.start + 35 * 60))
        _ = try await engine.emit([event("T-4", minute: 600)])
        #expect(fixture.plugin.calls(of: "send").map { $0.input["value"] } == ["T-1", "T-2", "T-3"])
        let runs = try await fixture.store.read(view: { try $0.runs(RunQuery()) }).reversed()
        #expect(
            runs.map { $0.endedAt.map { ($0.seconds - ReplayTests.start) / 60 } } == [30, 40, 65, nil])
        #expect(runs.map { ($0.createdAt.seconds - ReplayTests.start) / 60 } == [0, 10, 35, 600])
        await engine.close()
    }

    @Test func `an event that is older than the clock is taken in late`() async throws {
        let fixture = try EngineFixture(waiting)
        let clock = ReplayClock(nil)
        let engine = try await open(fixture, clock)
        let receipts = try await engine.emit([event("T-1", minute: 20), event("T-2", minute: 5)])
        #expect(receipts.allSatisfy { $0.sequence != nil })
        #expect(clock.now == Timestamp(seconds: ReplayTests.start + 20 * 60))
        let second = try #require(receipts.last?.sequence)
        let record = try await fixture.store.read(view: { try $0.event(second) })
        #expect(record?.acceptedAt == clock.now && record?.event.time.seconds == ReplayTests.start + 5 * 60)
        await engine.close()
    }

    @Test func `events of many callers take turns, and each call keeps its order`() async throws {
        let fixture = try EngineFixture(onTicket("steps: [{ id: a, uses: test.send, with: { value: =ticket.id } }]"))
        let engine = try await open(fixture)
        engine.start()
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for caller in 0..<8 {
                group.addTask {
                    let events = (0..<20).map { event("T-\(caller)-\($0)", minute: Int64($0)) }
                    return try await engine.emit(events).count { $0.runs.count == 1 }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == Array(repeating: 20, count: 8))
        #expect(Set(fixture.plugin.calls(of: "send").map { $0.input["value"] }).count == 160)
        await engine.close()
    }

    @Test func `schedules count from the first event`() async throws {
        let fixture = try EngineFixture(
            """
            playbook: daily
            owner: lead@example.com
            mode: active
            trigger:
              - schedule: { cron: "0 12 * * *" }
            steps: [{ id: a, uses: test.send }]
            """)
        let engine = try await open(fixture)
        _ = try await engine.emit([event("T-1", minute: 0), event("T-2", minute: 3 * 24 * 60)])
        #expect(fixture.plugin.calls(of: "send").count == 3)
        await engine.close()
    }

    @Test func `a request of another process is answered once all has come to rest`() async throws {
        let fixture = try EngineFixture(waiting)
        let engine = try await open(fixture)
        let events: Value = .list([event("T-1", minute: 0), event("T-2", minute: 40)].map(\.envelope))
        let request = try await fixture.store.write {
            try $0.insertRequest(
                RequestRecord(
                    kind: "emit", body: ["events": events], by: "lead@example.com",
                    at: Timestamp(seconds: 1_795_334_400)))
        }
        try await engine.answerRequests()
        let answer = try #require(try await fixture.store.read(view: { try $0.request(request)?.answer }))
        #expect(answer["replayed"] == true && answer["receipts"]?.list?.count == 2)
        #expect(fixture.plugin.calls(of: "send").map { $0.input["value"] } == ["T-1"])
        await engine.close()
    }

    @Test func `a replay begins where nothing is, and nobody else goes on with it`() async throws {
        let live = try EngineFixture(waiting)
        let engine = try await live.open()
        _ = try await engine.emit([ticket()])
        await engine.close()
        await #expect {
            _ = try await open(live)
        } throws: { error in
            (error as? EngineError)?.message.contains("1 live run,") ?? false
        }
        let quiet = try EngineFixture(onTicket("steps: [{ id: a, uses: test.compute }]"))
        _ = try await quiet.play()
        await #expect(throws: EngineError.self) { _ = try await open(quiet) }

        let fixture = try EngineFixture(waiting)
        let first = try await open(fixture)
        _ = try await first.emit([event("T-1", minute: 0)])
        await first.close()
        await #expect(throws: EngineError.self) { _ = try await fixture.open() }
        let rehearsal = try await fixture.open { settings, _ in settings.rehearses = true }
        await rehearsal.close()
        let time = try #require(try await fixture.store.read(view: { try ReplayMark.time(in: $0) }))
        #expect(time == Timestamp(seconds: ReplayTests.start))
        let second = try await open(fixture, ReplayClock(time))
        try await second.recover()
        _ = try await second.emit([event("T-2", minute: 31)])
        #expect(fixture.plugin.calls(of: "send").map { $0.input["value"] } == ["T-1"])
        await second.close()
    }
}
