import InMemoryRunStore
import RunStore
import Synchronization
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("While everything is stopped and attempts are still under way", .timeLimit(.minutes(1)))
struct RestingTests {
    private static let branches = onTicket(
        """
        steps:
          - parallel:
              - { id: long, uses: test.look, timeout: 1h, continue_on_error: true }
              - if: "true"
                then: [{ wait: 10s }, { id: after, uses: test.send }]
        """)

    private func begin(_ fixture: EngineFixture, _ clock: CountingClock) async throws -> Engine {
        fixture.plugin.on("look") { _ in .hang }
        let engine = try await fixture.open { $1.clock = clock }
        _ = try await fixture.start(engine)
        while fixture.plugin.calls(of: "look").isEmpty { await Task.yield() }
        return engine
    }

    /// Lets what hangs end, whenever it begins to hang.
    private func finish(_ engine: Engine, _ fixture: EngineFixture) async {
        let releasing = Task {
            while !Task.isCancelled {
                fixture.plugin.release()
                await Task.yield()
            }
        }
        await engine.idle()
        releasing.cancel()
    }

    /// Lets the others do what they can.
    private func yield() async { for _ in 0..<3000 { await Task.yield() } }

    @Test func `a wait that is over meanwhile keeps nobody busy, and ends when all goes on`() async throws {
        let fixture = try EngineFixture(RestingTests.branches)
        let clock = CountingClock(fixture.clock)
        let engine = try await begin(fixture, clock)
        try await engine.pause(nil, by: "lead@example.com", stopsRuns: true)
        await yield()
        let before = clock.sleeps
        fixture.clock.advance(by: .seconds(20))
        await yield()
        #expect(clock.sleeps - before < 20)
        #expect(fixture.plugin.calls(of: "send").isEmpty)
        // The other branch still runs.
        try await engine.resume(nil, by: "lead@example.com")
        while fixture.plugin.calls(of: "send").isEmpty { await Task.yield() }
        #expect(fixture.plugin.calls(of: "look").count == 1)
        await finish(engine, fixture)
    }

    @Test func `a wait that is over while the executor ends keeps nobody busy`() async throws {
        let fixture = try EngineFixture(RestingTests.branches)
        let clock = CountingClock(fixture.clock)
        let engine = try await begin(fixture, clock)
        let ending = Task { await engine.drain(within: .seconds(60)) }
        await yield()
        let before = clock.sleeps
        fixture.clock.advance(by: .seconds(20))
        await yield()
        #expect(clock.sleeps - before < 20)
        fixture.plugin.release()
        fixture.clock.advance(by: .seconds(60))
        await ending.value
        #expect(fixture.plugin.calls(of: "send").isEmpty)
    }

    @Test func `what was commanded just before everything is stopped is done when it goes on`() async throws {
        let base = InMemoryRunStore(collections: EngineFixture.collections)
        let store = InterposedStore(base)
        let text = onTicket(
            """
            steps:
              - parallel:
                  - { id: long, uses: test.look, timeout: 1h, continue_on_error: true }
                  - if: "true"
                    then: [{ id: kept, uses: test.keep, with: { id: x } }, { id: after, uses: test.send }]
            """)
        let fixture = try EngineFixture(text, store: store)
        fixture.plugin.on("look") { _ in .hang }
        let engine = try await fixture.open()
        store.interpose {
            let runs = try await base.read(view: { try $0.runs(RunQuery(limit: 10)) })
            guard let run = runs.first else { return false }
            let journal = try await base.read(view: { try $0.journal(of: run.id, after: 0) })
            guard journal.contains(where: { $0.kind == "completed" }) else { return false }
            try await engine.pause(nil, by: "lead@example.com", stopsRuns: true)
            return true
        }
        _ = try await fixture.start(engine)
        while !store.isDone { await Task.yield() }
        await yield()
        #expect(fixture.plugin.calls(of: "send").isEmpty)
        try await engine.resume(nil, by: "lead@example.com")
        // As soon as all goes on, not when the other branch has ended.
        while fixture.plugin.calls(of: "send").isEmpty { await Task.yield() }
        await finish(engine, fixture)
        #expect(try await fixture.runs().map(\.state) == [.succeeded])
    }
}

/// A manual clock that counts how often somebody went to sleep.
private final class CountingClock: EngineClock {
    private let base: ManualClock
    private let count = Mutex(0)

    init(_ base: ManualClock) { self.base = base }

    var now: Timestamp { base.now }
    var sleeps: Int { count.withLock { $0 } }

    func sleep(until instant: Timestamp) async throws {
        count.withLock { $0 += 1 }
        try await base.sleep(until: instant)
    }
}

/// A store that lets something else happen after a commit, before who asked for the commit hears of it.
private final class InterposedStore: RunStore {
    private struct State {
        var isBusy = false
        var isDone = false
        var work: (@Sendable () async throws -> Bool)?
    }

    private let base: any RunStore
    private let state = Mutex(State())

    init(_ base: any RunStore) { self.base = base }

    var isDone: Bool { state.withLock(\.isDone) }

    /// Does `work` after each commit until it says that it is done.
    func interpose(_ work: @escaping @Sendable () async throws -> Bool) { state.withLock { $0.work = work } }

    func read<Result: Sendable>(view body: @Sendable (any StoreReader) throws -> Result) async throws -> Result {
        try await base.read(view: body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Result
    ) async throws -> Result {
        let result = try await base.write(body)
        let work = state.withLock { state -> (@Sendable () async throws -> Bool)? in
            guard !state.isBusy, !state.isDone else { return nil }
            state.isBusy = true
            return state.work
        }
        if let work, try await work() { state.withLock { $0.isDone = true } }
        state.withLock { $0.isBusy = false }
        return result
    }

    func close() async { await base.close() }
}
