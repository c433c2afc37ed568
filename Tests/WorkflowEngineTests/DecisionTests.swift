import PluginKit
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Cancelling, settling, asking", .timeLimit(.minutes(1)))
struct DecisionTests {
    static let uncertain = onTicket(
        "steps: [{ id: a, uses: test.send, with: { value: 1 } }, { id: b, uses: test.compute, with: { value: =steps.a.value } }]"
    )

    @Test(arguments: [
        (Engine.Resolution.done, RunState.succeeded, 1, EffectRecord.State.done), (.retry, .succeeded, 2, .done),
        (.skip, .failed, 1, .skipped),
    ])
    func `a write without a known outcome waits for a person`(
        _ resolution: Engine.Resolution, _ state: RunState, _ calls: Int, _ effect: EffectRecord.State
    ) async throws {
        let fixture = try EngineFixture(DecisionTests.uncertain)
        fixture.plugin.on("send") { $0.earlier == 0 ? .fail(lost) : .output(["value": 5]) }
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        #expect(try await fixture.run(id).row.state == .needsAttention)
        #expect(try await fixture.effects(of: id).map(\.state) == [.uncertain])
        // Another executor finds it as it was.
        let second = try await fixture.open()
        try await second.recover()
        await second.idle()
        #expect(try await fixture.run(id).row.state == .needsAttention)
        try await second.resolve(id, step: "a", as: resolution, by: "lead@example.com", output: ["value": 7])
        await second.idle()
        #expect(try await fixture.run(id).row.state == state)
        #expect(fixture.plugin.calls(of: "send").count == calls)
        #expect(try await fixture.effects(of: id).map(\.state) == [effect])
    }

    @Test func `a write that may be repeated is, and the ledger says so`() async throws {
        let fixture = try EngineFixture(onTicket("steps: [{ id: a, uses: test.tell }]"))
        fixture.plugin.on("tell") { $0.earlier == 0 ? .fail(lost) : .output([:]) }
        let (row, _) = try await fixture.play()
        #expect(row.state == .succeeded)
        let effects = try await fixture.effects(of: row.id)
        #expect(effects.map(\.mayBeDuplicate) == [true])
        #expect(fixture.plugin.done.count == 2)
        #expect(Set(fixture.plugin.done).count == 1)
    }

    @Test(arguments: [(true, 1), (false, 2)])
    func `a write that can be asked about is`(_ happened: Bool, _ calls: Int) async throws {
        let fixture = try EngineFixture(onTicket("steps: [{ id: a, uses: test.order }]"))
        fixture.plugin.on("order") { $0.earlier == 0 ? .fail(lost) : .output([:]) }
        fixture.plugin.onVerify { _ in happened ? .done(["value": 3]) : .notDone }
        let (row, _) = try await fixture.play()
        #expect(row.state == .succeeded)
        #expect(fixture.plugin.calls().count == calls)
    }

    @Test(arguments: [
        ("tell", [lost], 1, EffectRecord.State.uncertain), ("put", [lost], 1, .uncertain),
        ("tell", [busy], 1, .failed), ("put", [lost, refused], 2, .uncertain), ("put", [busy, refused], 2, .failed),
    ])
    func `the ledger calls no write failed that may have happened`(
        _ action: String, _ failures: [Failure], _ calls: Int, _ state: EffectRecord.State
    ) async throws {
        let fixture = try EngineFixture(
            onTicket("steps: [{ id: a, uses: test.\(action), deadline: 60s, retry: { attempts: 5, jitter: none } }]"))
        fixture.plugin.on(action) { .fail(failures[min($0.earlier, failures.count - 1)]) }
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        await engine.close()
        // The next executor comes before the deadline, or long after.
        if failures.count == 1 { fixture.clock.advance(by: .seconds(600)) }
        let next = try await fixture.open()
        try await next.recover()
        try await fixture.runThrough(next)
        #expect(try await fixture.run(id).row.state == .failed)
        #expect(fixture.plugin.calls(of: action).count == calls)
        #expect(try await fixture.effects(of: id).map(\.state) == [state])
    }

    @Test func `a write that is left fails its step`() async throws {
        let fixture = try EngineFixture(onTicket("steps: [{ id: a, uses: test.drop }]"))
        fixture.plugin.on("drop") { _ in .fail(lost) }
        let (row, _) = try await fixture.play()
        #expect(row.failure?.code == "uncertain")
        #expect(try await fixture.effects(of: row.id).map(\.state) == [.skipped])
    }

    @Test func `cancel ends a waiting run, and a run that has ended cannot be cancelled`() async throws {
        let fixture = try EngineFixture(
            onTicket("steps: [{ id: a, uses: test.look, retry: { attempts: 9, initial: 1m } }]"))
        fixture.plugin.on("look") { _ in .fail(busy) }
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        try await engine.cancel(id, by: "lead@example.com", reason: "enough")
        await engine.idle()
        let (row, journal) = try await fixture.run(id)
        #expect(row.state == .cancelled)
        #expect(journal.last?.body["reason"]?.string?.contains("enough") == true)
        #expect(try await engine.nextTimer() == nil)
        await #expect(throws: EngineError.self) { try await engine.cancel(id, by: "lead@example.com") }
        await #expect(throws: EngineError.self) { try await engine.cancel(RunID("run_none"), by: "lead@example.com") }
    }

    @Test func `cancel waits for a write that is under way, and nothing new begins`() async throws {
        let fixture = try EngineFixture(
            onTicket("steps: [{ id: a, uses: test.put, timeout: 5s }, { id: b, uses: test.send }]"))
        fixture.plugin.on("put") { _ in .hang }
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        while fixture.plugin.calls().isEmpty || fixture.clock.nextWake == nil { await Task.yield() }
        try await engine.cancel(id, by: "lead@example.com")
        #expect(try await fixture.run(id).row.state == .stopping)
        fixture.clock.advance(by: .seconds(5))
        await engine.idle()
        #expect(try await fixture.run(id).row.state == .cancelled)
        #expect(fixture.plugin.calls(of: "send").isEmpty)
        fixture.plugin.release()
    }

    @Test func `other processes ask through the store`() async throws {
        let fixture = try EngineFixture(DecisionTests.uncertain)
        fixture.plugin.on("send") { _ in .fail(lost) }
        let engine = try await fixture.open()
        let client = RequestClient(store: fixture.store)
        func ask(_ kind: String, _ body: Value) async throws -> Value {
            async let answer = client.ask(kind, body, by: "lead@example.com", within: .seconds(20))
            while try await engine.answerRequests() == 0 { await Task.yield() }
            return try await answer
        }
        let emitted = try await ask("emit", ["events": [ticket().envelope.asJSON]])
        let run = try #require(emitted["receipts"]?.list?.first?["matches"]?.list?.first?["run"]?.string)
        await engine.idle()
        let resolved = try await ask(
            "resolve", ["run": .string(run), "step": "a", "as": "done", "output": ["value": 1]])
        #expect(resolved["ok"] == true)
        await engine.idle()
        #expect(try await fixture.run(RunID(run)).row.state == .succeeded)
        let second = try await ask("run", ["playbook": "p", "event": ticket("T-2").envelope.asJSON])
        await engine.idle()
        _ = try await ask("cancel", ["run": second["run"] ?? .null, "reason": "enough"])
        await engine.idle()
        #expect(try await fixture.run(RunID(second["run"]?.string ?? "")).row.state == .cancelled)
        await #expect(throws: EngineError.self) { _ = try await ask("cancel", ["run": "run_none"]) }
        await #expect(throws: EngineError.self) { _ = try await ask("dance", [:]) }
        await #expect(throws: EngineError.self) { _ = try await ask("emit", ["events": [["id": "x"]]]) }
    }

    @Test func `an ask that nobody answers ends with its time`() async throws {
        let fixture = try EngineFixture(DecisionTests.uncertain)
        let client = RequestClient(store: fixture.store, clock: fixture.clock)
        let asking = Task { try await client.ask("resume", [:], by: "lead@example.com", within: .seconds(1)) }
        while fixture.clock.nextWake == nil { await Task.yield() }
        fixture.clock.advance(by: .seconds(2))
        await #expect(throws: EngineError.self) { _ = try await asking.value }
    }
}

extension Value {
    /// As it comes in from outside: times as texts.
    fileprivate var asJSON: Value {
        guard let value = try? JSON.parse(JSONWriter.text(self)) else { return self }
        return value
    }
}
