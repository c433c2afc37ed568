import InMemoryRunStore
import PluginKit
import RunStore
import SQLiteRunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

/// The engine dies at every point around every commit; another one goes on. Whatever the point: the run ends, no completed step is
/// made again, and no write is made twice without its key.
@Suite("Crashes", .timeLimit(.minutes(3)))
struct CrashTests {
    static let playbook = onTicket(
        """
        steps:
          - { id: look, uses: test.look, with: { value: 1 } }
          - { id: keep, uses: test.keep, with: { value: 2 } }
          - { id: send, uses: test.send, with: { value: 3 } }
          - id: both
            parallel:
              - { id: put, uses: test.put, with: { value: 4 } }
              - { id: tell, uses: test.tell, with: { value: 5 } }
          - { id: flaky, uses: test.order, with: { value: 6 }, retry: { attempts: 3, initial: 1m } }
          - { id: go, approve: { by: lead@example.com, prompt: Go?, timeout: 10m, remind_every: 4m, on_timeout: approve } }
          - { id: last, uses: test.compute, with: { value: 7 } }
        """)

    enum Kind: String, CaseIterable { case memory, sqlite }

    func store(_ kind: Kind) throws -> (any RunStore, TemporaryFolder?) {
        switch kind {
        case .memory: return (InMemoryRunStore(collections: EngineFixture.collections), nil)
        case .sqlite:
            let folder = try TemporaryFolder()
            return (try SQLiteRunStore(folder: folder.path, collections: EngineFixture.collections), folder)
        }
    }

    /// Plays the playbook, dying at the nth point and going on with another engine; false when there is no nth point.
    func play(_ kind: Kind, dyingAt number: Int) async throws -> Bool {
        let (store, folder) = try store(kind)
        defer { folder?.remove() }
        let fixture = try EngineFixture(CrashTests.playbook, store: store)
        fixture.plugin.on("order") { $0.earlier == 0 ? .fail(busy) : .output(["value": 6]) }
        fixture.plugin.onVerify { [plugin = fixture.plugin] key in
            plugin.done.contains(key) ? .done(["value": 6]) : .notDone
        }
        let plan = FaultPlan(at: number)
        let doomed = try await fixture.open(faults: plan)
        do {
            _ = try await doomed.emit([ticket()])
            try await fixture.runThrough(doomed)
        } catch is FaultPlan.Death {}
        await doomed.idle()
        let callsBefore = fixture.plugin.calls()
        let stored = try await fixture.store.read(view: { try $0.runs(RunQuery()).first })
        let settledBefore = try await settled(fixture, stored?.id)
        // The sender did not hear of success, so it sends again; acceptance is once.
        let engine = try await fixture.open()
        try await engine.recover()
        _ = try await engine.emit([ticket()])
        try await fixture.runThrough(engine)
        let runs = try await fixture.store.read(view: { try $0.runs(RunQuery()) })
        let context: Comment = "\(kind), point \(number): \(plan.deadAt?.rawValue ?? "none")"
        #expect(runs.count == 1, context)
        var run = try #require(runs.first, context)
        if run.state == .needsAttention {
            // The write that nobody can ask about: it may have happened, so only a person goes on.
            #expect(try await fixture.effects(of: run.id).contains { $0.state == .uncertain }, context)
            try await engine.resolve(run.id, step: "send", as: .done, by: "lead@example.com", output: ["value": 3])
            try await fixture.runThrough(engine)
            run = try await fixture.run(run.id).row
        }
        #expect(run.state == .succeeded, "\(context.rawValue): \(String(describing: run.failure))")
        let later = fixture.plugin.calls().dropFirst(callsBefore.count)
        for call in later {
            #expect(!settledBefore.contains(call.step), "\(context.rawValue): \(call.step) was made again")
        }
        let journal = try await fixture.run(run.id).journal
        let completed = journal.filter { $0.kind == "completed" }.compactMap(\.step)
        #expect(Set(completed).count == completed.count, context)
        for kind in ["asked", "expired"] { #expect(journal.count { $0.kind == kind } == 1, context) }
        // The clock of a dead engine's test runs on: what was missed then is reminded of once, or not at all.
        #expect(journal.count { $0.kind == "reminded" } <= 2, context)
        let asks = try await fixture.store.read(view: { try $0.asks(AskQuery(limit: 10)) })
        #expect(asks.map(\.state) == [.expired], context)
        let effects = try await fixture.effects(of: run.id)
        for effect in effects {
            let times = fixture.plugin.done.count { $0 == effect.key }
            switch effect.action {
            case "test.put": #expect(times >= 1, context)
            case "test.tell": #expect(times == 1 || effect.mayBeDuplicate, context)
            default: #expect(times <= 1, "\(context.rawValue): \(effect.action) was done \(times) times")
            }
        }
        #expect(Set(fixture.plugin.done).isSubset(of: Set(effects.map(\.key))), context)
        #expect(try await engine.nextTimer() == nil, context)
        await store.close()
        return plan.deadAt != nil
    }

    /// The steps whose end is in the journal.
    func settled(_ fixture: EngineFixture, _ run: RunID?) async throws -> Set<String> {
        guard let run else { return [] }
        return Set(try await fixture.run(run).journal.filter { $0.kind == "completed" }.compactMap(\.step))
    }

    @Test(arguments: Kind.allCases)
    func `whatever the moment, nothing is lost and nothing is done twice`(_ kind: Kind) async throws {
        var number = 1
        while try await play(kind, dyingAt: number) { number += 1 }
        #expect(number > 20, "there are points to die at")
    }

    @Test func `a full store stops the run with its message, and it goes on when there is space`() async throws {
        let fixture = try EngineFixture(CrashTests.playbook)
        let full = FullStore(fixture.store)
        let failing = try EngineFixture(CrashTests.playbook, store: full, plugin: fixture.plugin)
        let engine = try await failing.open()
        full.failAfter(2)
        let receipts = try await engine.emit([ticket()])
        let id = try #require(receipts.first?.runs.first)
        let error = await #expect(throws: StoreError.self) { _ = try await engine.wait(for: [id], upTo: .seconds(5)) }
        #expect(error?.code == .full)
        #expect(failing.progress.contains { if case .runStalled(id, _) = $0 { true } else { false } })
        full.failAfter(nil)
        try await engine.recover()
        let next = try await failing.open()
        try await next.recover()
        try await failing.runThrough(next)
        let state = try await failing.run(id).row.state
        #expect(state == .succeeded || state == .needsAttention)
    }

    @Test func `draining leaves a run where it is, and the next executor goes on with it`() async throws {
        let fixture = try EngineFixture(
            onTicket("steps: [{ id: a, uses: test.put, timeout: 20s }, { id: b, uses: test.compute }]"))
        fixture.plugin.on("put") { $0.earlier == 0 ? .hang : .output([:]) }
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        while fixture.plugin.calls().isEmpty { await Task.yield() }
        await engine.close()
        #expect(try await fixture.run(id).row.state == .running)
        await #expect(throws: EngineError.self) { _ = try await engine.emit([ticket("T-2")]) }
        let next = try await fixture.open()
        #expect(try await next.recover() == [id])
        try await fixture.runThrough(next)
        #expect(try await fixture.run(id).row.state == .succeeded)
        #expect(Set(fixture.plugin.calls().compactMap(\.key)).count == 1)
        fixture.plugin.release()
    }

    @Test func `a timer that is due while nothing executes is fired late, and says by how much`() async throws {
        let fixture = try EngineFixture(
            onTicket("steps: [{ id: a, uses: test.look, retry: { attempts: 2, initial: 10s, jitter: none } }]"))
        fixture.plugin.on("look") { $0.earlier == 0 ? .fail(busy) : .output([:]) }
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        await engine.close()
        fixture.clock.advance(by: .seconds(100))
        let next = try await fixture.open()
        #expect(try await next.recover() == [id])
        try await fixture.runThrough(next)
        let (row, journal) = try await fixture.run(id)
        #expect(row.state == .succeeded)
        #expect(journal.first { $0.kind == "fired" }?.body["late_by"] == .duration(.seconds(90)))
    }
}
