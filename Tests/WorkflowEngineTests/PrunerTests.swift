import InMemoryRunStore
import RunStore
import SQLiteRunStore
import Synchronization
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Keeping", .timeLimit(.minutes(1)))
struct PrunerTests {
    @Test(arguments: CrashTests.Kind.allCases)
    func `a pruned event starts nothing again until its identity is forgotten`(_ kind: CrashTests.Kind) async throws {
        let (store, folder) = try CrashTests().store(kind)
        defer { folder?.remove() }
        let fixture = try EngineFixture(onTicket("steps: [{ id: send, uses: test.put }]"), store: store)
        let pruner = Pruner(store: store, retention: Retention(), clock: fixture.clock)
        let id = try await fixture.play().row.id
        #expect(try await pruner.prune().isEmpty)

        fixture.clock.advance(by: .seconds(91 * 86_400))
        let foreseen = try await pruner.preview()
        let count = try await pruner.prune()
        #expect(count == foreseen)
        #expect(count.runs == 1 && count.events == 1 && count.entries > 0)
        #expect(try await store.read(view: { try $0.run(id) }) == nil)
        #expect(try await fixture.effects(of: id).count == 1, "the ledger is kept")
        let engine = try await fixture.open()
        #expect(try await engine.emit([ticket()]).first?.isDuplicate == true)
        #expect(fixture.plugin.calls().count == 1)

        fixture.clock.advance(by: .seconds(300 * 86_400))
        #expect(try await pruner.prune().identities == 1)
        #expect(try await engine.emit([ticket()]).first?.isDuplicate == false)
        try await fixture.runThrough(engine)
        #expect(fixture.plugin.calls().count == 2)
        await store.close()
    }

    @Test func `a run that waits keeps its event, whatever its age`() async throws {
        let fixture = try EngineFixture(
            onTicket("steps: [{ id: a, uses: test.look, retry: { attempts: 2, initial: 10h, max: 10h } }]"))
        fixture.plugin.on("look") { $0.earlier == 0 ? .fail(busy) : .output([:]) }
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        let pruner = Pruner(
            store: fixture.store, retention: Retention(runs: .seconds(1), identities: .seconds(1)),
            clock: fixture.clock)
        fixture.clock.advance(by: .seconds(3600))
        #expect(try await pruner.prune().isEmpty)
        try await fixture.runThrough(engine)
        #expect(try await fixture.run(id).row.state == .succeeded)
    }

    @Test func `no run is made for an event of which only the identity is left`() async throws {
        let fixture = try EngineFixture(onTicket("steps: [{ id: send, uses: test.put }]"))
        _ = try await fixture.play()
        fixture.clock.advance(by: .seconds(91 * 86_400))
        _ = try await Pruner(store: fixture.store, retention: Retention(), clock: fixture.clock).prune()
        let engine = try await fixture.open()
        let error = await #expect(throws: EngineError.self) {
            _ = try await engine.run("p", event: ticket(), by: "lead@example.com")
        }
        #expect(error?.code == .badInput)
        #expect(try await fixture.store.read(view: { try $0.runs(RunQuery()) }).isEmpty)
    }

    @Test func `it looks every hour and goes in steps, and a failing store does not end it`() async throws {
        let fixture = try EngineFixture(onTicket("steps: [{ id: send, uses: test.put }]"))
        let full = FullStore(fixture.store)
        let engine = try await fixture.open()
        _ = try await engine.emit((0..<150).map { ticket("T-\($0)") })
        await engine.idle()
        fixture.clock.advance(by: .seconds(3601))
        full.failAfter(0)
        let heard = Mutex<[String]>([])
        let retention = Retention(runs: .seconds(3600), identities: .seconds(7200))
        let clock = fixture.clock
        let running = Task {
            await Pruner(store: full, retention: retention, clock: clock).run { result in
                let text =
                    switch result {
                    case .success(let count): "\(count.runs) runs, \(count.events) events"
                    case .failure(let error): "\(error)"
                    }
                heard.withLock { $0.append(text) }
            }
        }
        // The clock is a test's own: it is pushed on until the second round has reported.
        while heard.withLock(\.isEmpty) { await Task.yield() }
        full.failAfter(nil)
        while heard.withLock(\.count) < 2 {
            clock.jump()
            await Task.yield()
        }
        running.cancel()
        await running.value
        #expect(heard.withLock { $0 } == ["no space is left on the device", "150 runs, 150 events"])
    }
}
