import PluginKit
import RunStore
import SQLiteRunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

/// An executor that was taken for dead while another began on its store: it must change nothing any more.
@Suite("An executor that has a successor", .timeLimit(.minutes(1)))
struct FencingTests {
    private static let playbook = onTicket(
        """
        steps:
          - { id: a, uses: test.look, retry: { attempts: 3, initial: 10s, jitter: none } }
          - { id: b, uses: test.send, with: { value: 1 } }
        """)

    /// What the old executor is asked to commit after its successor has begun.
    enum Attempt: String, CaseIterable {
        case emit, run, cancel, answer, timer
    }

    /// All that such an attempt could change.
    private struct Content: Equatable {
        var runs: [RunRecord]
        var events: [EventRecord]
        var journals: [[JournalRecord]]
        var timers: [TimerRecord]
        var effects: [EffectRecord]
        var requests: [RequestRecord]

        init(_ store: any RunStore) async throws {
            self = try await store.read(view: { try Content($0) })
        }

        private init(_ reader: any StoreReader) throws {
            runs = try reader.runs(RunQuery())
            events = try reader.events(before: nil, limit: 99)
            journals = try runs.map { try reader.journal(of: $0.id, after: 0) }
            timers = try reader.timers(dueBy: .latest, limit: 99)
            effects = try reader.effects(of: nil, limit: 99)
            requests = try reader.openRequests(limit: 99)
        }
    }

    @Test(arguments: Attempt.allCases)
    func `it commits nothing by any way, stops, and says why`(_ attempt: Attempt) async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let store = try SQLiteRunStore(folder: folder.path, collections: EngineFixture.collections)
        let fixture = try EngineFixture(FencingTests.playbook, store: store)
        fixture.plugin.on("look") { $0.earlier == 0 ? .fail(busy) : .output([:]) }
        let old = try await fixture.open()
        let run = try await fixture.start(old)
        await old.idle()
        let now = fixture.clock.now
        _ = try await store.write { transaction in
            try transaction.insertRequest(
                RequestRecord(
                    kind: "emit", body: ["events": [ticket("T-9").envelope]], by: "lead@example.com", at: now))
        }
        let watching = Task { await old.untilReplaced() }

        let new = try await fixture.open()
        let before = try await Content(store)
        var refusal: (any Error)?
        do {
            switch attempt {
            case .emit: _ = try await old.emit([ticket("T-2")])
            case .run: _ = try await old.run("p", event: ticket("T-3"), by: "lead@example.com")
            case .cancel: try await old.cancel(run, by: "lead@example.com")
            case .answer: try await old.answerRequests()
            case .timer:
                fixture.clock.advance(to: try #require(try await old.nextTimer()))
                try await old.fireDueTimers()
            }
        } catch {
            refusal = error
        }
        #expect((refusal as? StoreError)?.code == .fenced, "\(String(describing: refusal))")
        let told = await watching.value
        #expect(told?.code == .fenced)
        #expect(told?.message.contains("another executor (number 2) has begun") == true)
        let stops = fixture.progress.count { if case .replaced = $0 { true } else { false } }
        #expect(stops == 1)
        #expect(try await Content(store) == before)
        await #expect(throws: EngineError.self) { _ = try await old.emit([ticket("T-4")]) }
        await old.close()

        // Its successor goes on with everything.
        try await new.recover()
        try await new.answerRequests()
        try await fixture.runThrough(new)
        #expect(try await fixture.run(run).row.state == .succeeded)
        #expect(try await store.read(view: { try $0.openRequests(limit: 9) }).isEmpty)
        await new.close()
        await store.close()
    }

    @Test func `the outcome of a write that was under way is not recorded by it, and is uncertain to its successor`()
        async throws
    {
        let fixture = try EngineFixture(onTicket("steps: [{ id: b, uses: test.send, with: { value: 1 } }]"))
        fixture.plugin.on("send") { _ in .hang }
        let old = try await fixture.open()
        let run = try await fixture.start(old)
        while fixture.plugin.calls(of: "send").isEmpty { await Task.yield() }
        let new = try await fixture.open()
        fixture.plugin.release()
        await old.idle()
        #expect(try await fixture.run(run).journal.kinds.last == "intended")
        #expect(old.stall(of: run) is StoreError)
        try await new.recover()
        await new.idle()
        #expect(try await fixture.run(run).row.state == .needsAttention)
        #expect(fixture.plugin.calls(of: "send").count == 1)
        await old.close()
        await new.close()
    }

    @Test func `one that has nothing to do stops as well`() async throws {
        let fixture = try EngineFixture(FencingTests.playbook)
        let old = try await fixture.open()
        #expect(try await old.answerRequests() == 0)
        let new = try await fixture.open()
        let error = await #expect(throws: StoreError.self) { try await old.answerRequests() }
        #expect(error?.code == .fenced)
        #expect(await old.untilReplaced()?.code == .fenced)
        #expect(try await new.answerRequests() == 0)
        await old.close()
        await new.close()
    }

    @Test func `a successor that only follows when the first has ended is not refused`() async throws {
        let fixture = try EngineFixture(FencingTests.playbook)
        for number in 1...3 {
            let engine = try await fixture.open()
            _ = try await fixture.start(engine, ticket("T-\(number)"))
            try await fixture.runThrough(engine)
            #expect(
                await {
                    await engine.close()
                    return await engine.untilReplaced()
                }() == nil)
        }
        let runs = try await fixture.store.read(view: { try $0.runs(RunQuery()) })
        #expect(runs.map(\.state) == [.succeeded, .succeeded, .succeeded])
    }
}
