import InMemoryRunStore
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Going by playbooks that were read anew", .timeLimit(.minutes(2)))
struct ReloadTests {
    private static func version(_ number: Int, id: String = "p", _ head: String = "") throws -> ActivePlaybook {
        let workflow = try EngineFixture.workflow(
            """
            playbook: \(id)
            owner: lead@example.com
            mode: active
            trigger:
              - { event: ticket.created, fires: every_event }
            \(head)
            steps:
              - { id: a, uses: test.put, with: { value: \(number) } }
              - { wait: 1h }
              - { id: b, uses: test.put, with: { value: \(number * 10) } }
            """)
        return ActivePlaybook(
            workflow: workflow, bundle: "\(id)-\(number)",
            content: ["id": .string(id), "version": .int(Int64(number))])
    }

    @Test func `the next event is matched by the new set, and runs go on with the version that they began with`()
        async throws
    {
        let fixture = try EngineFixture(workflows: [])
        let engine = try await fixture.open(playbooks: [try Self.version(1), try Self.version(1, id: "gone")])
        let before = try #require(try await engine.emit([ticket("T-1")]).first)
        await engine.idle()
        let reloading = try await engine.reload(
            try ActiveSet([try Self.version(2), try Self.version(1, id: "new")]), by: "lead@example.com")
        #expect(reloading.added == ["new"] && reloading.removed == ["gone"] && reloading.changed == ["p"])
        let after = try #require(try await engine.emit([ticket("T-2")]).first)
        #expect(before.matches.map(\.playbook) == ["p", "gone"])
        #expect(after.matches.map(\.playbook) == ["p", "new"])
        try await fixture.runThrough(engine)
        var kept: [String: [Int64?]] = [:]
        for run in before.runs + after.runs {
            let (row, journal) = try await fixture.run(run)
            #expect(row.state == .succeeded)
            kept[row.bundle] = ["steps[0]", "steps[2]"].map { journal.output(of: $0)?["value"]?.int }
        }
        #expect(kept == ["p-1": [1, 10], "gone-1": [1, 10], "p-2": [2, 20], "new-1": [1, 10]])
        // What an event was matched by is told by its generation.
        let store = fixture.store
        let (events, audit) = try await store.read(view: {
            (try $0.events(before: nil, limit: 10), try $0.audit(after: 0, limit: 10))
        })
        let generations = events.filter { $0.event.type == "ticket.created" }.map(\.generation)
        #expect(generations == [reloading.generation, reloading.generation - 1])
        #expect(audit.map(\.action) == ["reload"] && audit.map(\.by) == ["lead@example.com"])
        // The next executor takes the runs of every version up.
        await engine.close()
    }

    @Test func `the same set again is no new generation`() async throws {
        let fixture = try EngineFixture(workflows: [])
        let engine = try await fixture.open(playbooks: [try Self.version(1)])
        let first = try await engine.reload(try ActiveSet([try Self.version(1)]))
        let second = try await engine.reload(try ActiveSet([try Self.version(1)]))
        #expect(first.generation == second.generation)
        #expect(first.added.isEmpty && first.removed.isEmpty && first.changed.isEmpty)
    }

    @Test func `pauses and what gates remember stay`() async throws {
        let fixture = try EngineFixture(workflows: [])
        let gates =
            "throttle: { key: ticket.priority, limit: 2, per: 2h, over: suppress }\nignore_repeats_for: 10m\ngroup_by: ticket.id"
        let engine = try await fixture.open(playbooks: [
            try Self.version(1, gates), try Self.version(1, id: "q"),
        ])
        func outcomes(_ id: String, _ event: String) async throws -> [String] {
            let receipt = try #require(try await engine.emit([ticket(id, event: event)]).first)
            return receipt.matches.map { $0.outcome == .fired ? "fired" : $0.reason }
        }
        try await engine.pause("q", by: "lead@example.com")
        #expect(try await outcomes("T-1", "e1") == ["fired", "paused"])
        try await engine.reload(try ActiveSet([try Self.version(2, gates), try Self.version(2, id: "q")]))
        #expect(try await outcomes("T-1", "e2") == ["repeated", "paused"])
        #expect(try await outcomes("T-2", "e3") == ["fired", "paused"])
        #expect(try await outcomes("T-3", "e4") == ["throttled", "paused"])
        // One that was away for a while is still paused.
        try await engine.reload(try ActiveSet([try Self.version(2, gates)]))
        try await engine.reload(try ActiveSet([try Self.version(3, gates), try Self.version(3, id: "q")]))
        #expect(try await outcomes("T-4", "e5") == ["throttled", "paused"])
        await engine.close()
    }

    private static func sweep(_ schedule: String, id: String = "sweep", _ number: Int) throws -> ActivePlaybook {
        let workflow = try EngineFixture.workflow(
            """
            playbook: \(id)
            owner: lead@example.com
            mode: active
            trigger:
              - schedule: { cron: \(schedule), zone: UTC }
            steps: [{ uses: test.put, with: { value: \(number) } }]
            """)
        return ActivePlaybook(workflow: workflow, bundle: "\(id)-\(number)", content: ["id": .string(id)])
    }

    @Test func `schedules are added, changed, kept and gone`() async throws {
        let fixture = try EngineFixture(workflows: [])
        let engine = try await fixture.open(playbooks: [
            try Self.sweep("0 9 * * *", 1), try Self.sweep("0 10 * * *", id: "moves", 1),
            try Self.sweep("0 11 * * *", id: "goes", 1),
        ])
        try await engine.reload(
            try ActiveSet([
                try Self.sweep("0 9 * * *", 2), try Self.sweep("30 12 * * *", id: "moves", 2),
                try Self.sweep("0 13 * * *", id: "comes", 1),
            ]))
        let end = try #require(Timestamp(rfc3339: "2026-11-22T20:00:00Z"))
        while let next = try await engine.nextTimer(), next <= end {
            fixture.clock.advance(to: next)
            try await engine.fireDueTimers()
            await engine.idle()
        }
        let runs = try await fixture.store.read(view: { try $0.runs(RunQuery(limit: 100)) })
        let begun = runs.map { "\($0.bundle) \($0.createdAt.rfc3339)" }.sorted()
        #expect(
            begun == [
                "comes-1 2026-11-22T13:00:00Z", "moves-2 2026-11-22T12:30:00Z", "sweep-2 2026-11-22T09:00:00Z",
            ])
        await engine.close()
    }

    @Test func `settings and tables are those of the new reading`() async throws {
        let fixture = try EngineFixture(
            workflows: [], plugin: ScriptedPlugin(), secrets: [:])
        let engine = try await fixture.open(playbooks: [try Self.version(1)])
        fixture.plugin.on("put") { _ in .output(["value": .string(String(repeating: "x", count: 5000))]) }
        try await engine.reload(try ActiveSet([try Self.version(1)])) { settings, _ in settings.maximumOutput = 1000 }
        let id = try await fixture.start(engine)
        await engine.idle()
        let journal = try await fixture.run(id).journal
        #expect(journal.first { $0.kind == "completed" }?.body["note"]?.string?.contains("larger than 1000") == true)
        await engine.close()
    }

    @Test func `while events pour in none is lost, and each is matched by one whole set`() async throws {
        let fixture = try EngineFixture(workflows: [])
        func set(_ number: Int) throws -> ActiveSet {
            try ActiveSet(["p", "q", "r"].map { try Self.version(number, id: $0, "breaker: off") })
        }
        let engine = try await fixture.open(playbooks: try set(1).playbooks)
        var receipts: [EventReceipt] = []
        for number in 2...41 {
            async let poured = engine.emit((0..<15).map { ticket("T-\(number)-\($0)") })
            async let others = engine.emit((15..<16).map { ticket("T-\(number)-\($0)") })
            try await engine.reload(try set(number))
            receipts += try await poured + others
        }
        #expect(receipts.count == 640 && receipts.allSatisfy { $0.runs.count == 3 })
        var seen: Set<String> = []
        for receipt in receipts {
            let bundles = try await fixture.store.read(view: { reader in
                try receipt.runs.compactMap { try reader.run($0)?.bundle }
            })
            let versions = Set(bundles.map { $0.dropFirst(2) })
            #expect(versions.count == 1, "\(receipt.event.id) has \(bundles)")
            seen.formUnion(versions.map(String.init))
        }
        #expect(seen.count > 1)
        await engine.close()
    }

    @Test func `a store that fails leaves the former set, and timers of schedules follow when it is well`() async throws
    {
        let store = FullStore(InMemoryRunStore(collections: EngineFixture.collections))
        let fixture = try EngineFixture(workflows: [], store: store)
        let engine = try await fixture.open(playbooks: [try Self.version(1)])
        store.failAfter(0)
        await #expect(throws: StoreError.self) {
            try await engine.reload(try ActiveSet([try Self.version(2)]))
        }
        store.failAfter(nil)
        let id = try await fixture.start(engine)
        #expect(try await fixture.run(id).row.bundle == "p-1")
        // The bundles are stored, the timers are not.
        store.failAfter(1)
        try await engine.reload(try ActiveSet([try Self.version(2), try Self.sweep("0 9 * * *", 1)]))
        store.failAfter(nil)
        #expect(try await fixture.run(try await fixture.start(engine, ticket("T-2"))).row.bundle == "p-2")
        try await engine.fireDueTimers()
        let nine = try #require(Timestamp(rfc3339: "2026-11-22T09:00:00Z"))
        fixture.clock.advance(to: nine)
        try await engine.fireDueTimers()
        await engine.idle()
        let runs = try await store.read(view: { try $0.runs(RunQuery(limit: 10)) })
        #expect(runs.contains { $0.playbook == "sweep" && $0.createdAt == nine })
        await engine.close()
    }
}
