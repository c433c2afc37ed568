import InMemoryRunStore
import RunStore
import Synchronization
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Commits whose answer is lost", .timeLimit(.minutes(1)))
struct LostAnswerTests {
    @Test func `a timer that was set by a commit without an answer fires`() async throws {
        let store = LosingStore(InMemoryRunStore(collections: EngineFixture.collections))
        let fixture = try EngineFixture(
            """
            playbook: p
            owner: lead@example.com
            mode: active
            trigger: { event: ticket.created, fires: every_event }
            collect_for: 10m
            group_by: ticket.id
            steps: [{ id: a, uses: test.put, with: { value: 1 } }]
            """, store: store)
        let engine = try await fixture.open { settings, _ in settings.requestInterval = .seconds(30) }
        engine.start()
        // Nothing is due, so the scheduler sleeps until somebody tells it.
        for _ in 0..<1000 { await Task.yield() }
        store.loseNext()
        await #expect(throws: StoreError.self) { try await engine.emit([ticket()]) }
        let end = fixture.clock.now + .seconds(3600)
        func runs() async throws -> Int { try await store.read(view: { try $0.runs(RunQuery(limit: 10)) }).count }
        while try await runs() == 0, fixture.clock.now < end {
            fixture.clock.jump()
            for _ in 0..<100 { await Task.yield() }
        }
        #expect(try await runs() == 1)
        await engine.close()
    }

    @Test(
        "whoever stops everything or lets it go on without an answer, what is stored holds", arguments: [true, false])
    func halts(_ losesResume: Bool) async throws {
        let store = LosingStore(InMemoryRunStore(collections: EngineFixture.collections))
        let fixture = try EngineFixture(
            onTicket("steps: [{ wait: 20m }, { id: a, uses: test.put, with: { value: 1 } }]"), store: store)
        let engine = try await fixture.open { settings, _ in settings.requestInterval = .seconds(30) }
        engine.start()
        _ = try await fixture.start(engine)
        func pass(until isOver: () -> Bool) async {
            for _ in 0..<3000 where !isOver() {
                fixture.clock.jump()
                for _ in 0..<100 { await Task.yield() }
            }
        }
        if !losesResume { store.loseNext() }
        do { try await engine.pause(nil, by: "lead@example.com", stopsRuns: true) } catch { #expect(!losesResume) }
        let end = fixture.clock.now + .seconds(3600)
        await pass { fixture.clock.now >= end }
        #expect(fixture.plugin.calls(of: "put").isEmpty)
        if losesResume { store.loseNext() }
        do { try await engine.resume(nil, by: "lead@example.com") } catch { #expect(losesResume) }
        await pass { !fixture.plugin.calls(of: "put").isEmpty }
        #expect(fixture.plugin.calls(of: "put").count == 1)
        await engine.close()
    }
}

/// A store that makes a change and says that it failed.
private final class LosingStore: RunStore {
    private let base: any RunStore
    private let loses = Mutex(false)

    init(_ base: any RunStore) { self.base = base }

    func loseNext() { loses.withLock { $0 = true } }

    func read<Result: Sendable>(view body: @Sendable (any StoreReader) throws -> Result) async throws -> Result {
        try await base.read(view: body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Result
    ) async throws -> Result {
        let result = try await base.write(body)
        let isLost = loses.withLock { loses in
            defer { loses = false }
            return loses
        }
        if isLost { throw StoreError(.io, "the disk does not answer") }
        return result
    }

    func close() async { await base.close() }
}
