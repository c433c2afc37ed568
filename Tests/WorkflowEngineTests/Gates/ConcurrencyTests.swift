import PluginKit
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Concurrency, live", .timeLimit(.minutes(3)))
struct ConcurrencyTests {
    static let waiting = gated("concurrency: { key: ticket.service, if_busy: wait }", steps: hourOfWork)

    @Test("runs of a slot go one after the other, over restarts", arguments: GateStore.allCases)
    func waits(_ kind: GateStore) async throws {
        try await kind.use { store in
            let fixture = try EngineFixture(ConcurrencyTests.waiting, store: store)
            var engine = try await fixture.open()
            let receipts = try await engine.emit([update(1), update(2), update(3), update(4, service: "web")])
            await engine.idle()
            let matches = receipts.flatMap(\.matches)
            #expect(matches.map(\.outcome) == [.fired, .fired, .fired, .fired])
            #expect(matches.map(\.reason) == ["", "waits", "waits", ""])
            let first = try #require(matches.first?.run)
            #expect(matches[1].detail == "waits for \(first) (mail)")
            #expect(try await fixture.runs().map(\.isHeld) == [false, true, true, false])
            var ended: [Int] = []
            for hour in 0..<4 {
                try await fixture.expectLimit(1)
                engine = try await fixture.restart(engine)
                try await fixture.pass(.seconds(1800), engine)
                try await fixture.expectLimit(1)
                engine = try await fixture.restart(engine)
                try await fixture.pass(.seconds(1801), engine)
                ended.append(try await fixture.runs().count { $0.state == .succeeded })
                #expect(hour < 4)
            }
            #expect(ended == [2, 3, 4, 4])
            // In the order in which the events came.
            let order = fixture.plugin.calls(of: "look").compactMap { $0.names["event"]?["id"]?.string }
            #expect(order.filter { $0 != "e-4" } == ["e-1", "e-2", "e-3"])
        }
    }

    @Test("a place is given on however the run ends", arguments: ["fail", "cancel", "unreadable"])
    func leaks(_ way: String) async throws {
        let fixture = try EngineFixture(ConcurrencyTests.waiting)
        fixture.plugin.on("send") { call in
            way == "fail" && call.earlier == 0 ? .fail(Failure.permanent("no", "no")) : .output([:])
        }
        let engine = try await fixture.open()
        _ = try await engine.emit([update(1), update(2)])
        await engine.idle()
        let runs = try await fixture.runs()
        switch way {
        case "cancel": try await engine.cancel(runs[0].id, by: "lead@example.com")
        case "unreadable":
            // The bundle with which the run began cannot be read: the worker ends it.
            await engine.close()
            var row = runs[0]
            row.bundle = "gone"
            let changed = row
            try await fixture.store.write { try $0.updateRun(changed) }
            let next = try await fixture.open()
            try await fixture.pass(.seconds(3700), next)
            try await fixture.pass(.seconds(3700), next)
            #expect(try await fixture.runs().map(\.state) == [.failed, .succeeded])
            return
        default: break
        }
        try await fixture.pass(.seconds(3700), engine)
        try await fixture.pass(.seconds(3700), engine)
        #expect(try await fixture.runs().map(\.state) == [way == "fail" ? .failed : .cancelled, .succeeded])
    }

    @Test func `who waits can be cancelled, and nothing of it ran`() async throws {
        let fixture = try EngineFixture(ConcurrencyTests.waiting)
        let engine = try await fixture.open()
        _ = try await engine.emit([update(1), update(2), update(3)])
        await engine.idle()
        let runs = try await fixture.runs()
        try await engine.cancel(runs[1].id, by: "lead@example.com", reason: "not needed")
        await engine.idle()
        let (row, journal) = try await fixture.run(runs[1].id)
        #expect(row.state == .cancelled)
        #expect(!row.isHeld)
        #expect(journal.kinds == ["started", "stopping", "ended"])
        #expect(journal.last?.body["reason"] == "cancelled by lead@example.com: not needed")
        await #expect(throws: EngineError.self) { try await engine.cancel(runs[1].id, by: "lead@example.com") }
        await #expect(throws: EngineError.self) {
            try await engine.resolve(runs[2].id, step: "a", as: .done, by: "lead@example.com")
        }
        try await fixture.pass(.seconds(3700), engine)
        try await fixture.pass(.seconds(3700), engine)
        #expect(try await fixture.runs().map(\.state) == [.succeeded, .cancelled, .succeeded])
    }

    @Test func `skip records who is at work`() async throws {
        let fixture = try EngineFixture(gated("concurrency: { if_busy: skip, limit: 2 }", steps: hourOfWork))
        let engine = try await fixture.open()
        for number in 1...2 {
            _ = try await fixture.match(engine, update(number))
            fixture.clock.advance(by: .seconds(1))
        }
        let third = try await fixture.match(engine, update(3))
        let first = try #require(try await fixture.runs().first)
        #expect(third.reason == "busy")
        #expect(
            third.detail
                == "\(first.id) is at work for ticket:T-1, and 1 more; at most 2 may be, and the playbook says to skip others"
        )
        try await fixture.pass(.seconds(3700), engine)
        #expect(try await fixture.match(engine, update(4)).outcome == .fired)
    }

    @Test func `run_too runs too`() async throws {
        let fixture = try EngineFixture(gated("concurrency: { if_busy: run_too }", steps: hourOfWork))
        let engine = try await fixture.open()
        for number in 1...3 { #expect(try await fixture.match(engine, update(number)).outcome == .fired) }
        let runs = try await fixture.runs()
        #expect(runs.allSatisfy { $0.state == .waiting && !$0.isHeld })
    }

    @Test(
        "replace cancels who is at work, lets its always run, and begins when it has ended",
        arguments: GateStore.allCases)
    func replaces(_ kind: GateStore) async throws {
        try await kind.use { store in
            let fixture = try EngineFixture(
                gated(
                    "concurrency: { if_busy: replace }",
                    steps: """

                          - try: [{ id: a, uses: test.look }, { wait: 1h }, { id: b, uses: test.send }]
                            always: [{ id: c, uses: test.put, with: { value: =event.id } }]
                        """), store: store)
            var engine = try await fixture.open()
            _ = try await fixture.match(engine, update(1))
            // The executor goes before those at work are told.
            let second = try await fixture.match(engine, update(2))
            #expect(second.reason == "replaces")
            engine = try await fixture.restart(engine)
            let third = try await fixture.match(engine, update(3))
            #expect(third.reason == "replaces")
            try await fixture.expectLimit(1)
            try await fixture.pass(.seconds(60), engine)
            let runs = try await fixture.runs()
            #expect(runs.map(\.state) == [.cancelled, .cancelled, .waiting])
            #expect(runs.map(\.isHeld) == [false, false, false])
            // The first began and is cleaned up after; the second never began.
            #expect(fixture.plugin.calls(of: "put").map { $0.input["value"] } == ["e-1"])
            #expect(fixture.plugin.calls(of: "look").compactMap { $0.names["event"]?["id"]?.string } == ["e-1", "e-3"])
            let reason = try await fixture.run(runs[0].id).journal.last?.body["reason"]?.string
            #expect(reason == "cancelled by signalbox: \(runs[2].id) replaces it")
            try await fixture.pass(.seconds(3700), engine)
            #expect(try await fixture.runs().last?.state == .succeeded)
            #expect(try await engine.nextTimer() == nil)
        }
    }

    @Test func `a person's run needs a place, too`() async throws {
        let fixture = try EngineFixture(gated("concurrency: { if_busy: skip }", steps: hourOfWork))
        let engine = try await fixture.open()
        _ = try await fixture.match(engine, update(1))
        let error = await #expect(throws: EngineError.self) {
            _ = try await engine.run("p", event: update(2), by: "lead@example.com")
        }
        #expect(error?.code == .busy)
        // What was refused leaves nothing behind.
        #expect(try await fixture.runs().count == 1)
        #expect(try await engine.emit([update(2)]).first?.isDuplicate == false)
    }

    @Test func `a playbook that has lost its limit lets all go that wait`() async throws {
        let fixture = try EngineFixture(ConcurrencyTests.waiting)
        let engine = try await fixture.open()
        _ = try await engine.emit([update(1), update(2), update(3)])
        await engine.idle()
        await engine.close()
        let free = try EngineFixture(
            gated("", steps: hourOfWork), store: fixture.store, plugin: fixture.plugin)
        free.clock.advance(to: fixture.clock.now)
        let next = try await free.open()
        try await next.recover()
        await next.idle()
        #expect(try await fixture.runs().map(\.isHeld) == [false, false, false])
    }

    @Test("whatever comes, no slot has more at work than its limit", arguments: 1...8)
    func holds(_ seed: UInt64) async throws {
        var random = SeededNumbers(seed)
        let limit = Int(random.next() % 3) + 1
        let fixture = try EngineFixture(
            gated(
                "concurrency: { key: ticket.service, if_busy: \(random.next() % 4 == 0 ? "replace" : "wait"), limit: \(limit) }",
                steps: hourOfWork))
        fixture.plugin.on("send") { _ in .output([:]) }
        var engine = try await fixture.open()
        for number in 0..<60 {
            switch random.next() % 8 {
            case 0: engine = try await fixture.restart(engine)
            case 1: try await fixture.pass(.seconds(Double(random.next() % 4000)), engine)
            case 2:
                let open = try await fixture.runs().filter { !$0.state.isFinal }
                if !open.isEmpty {
                    try await engine.cancel(
                        open[Int(random.next() % UInt64(open.count))].id, by: "lead@example.com")
                }
            default:
                _ = try await engine.emit([update(number, service: random.next() % 2 == 0 ? "mail" : "web")])
            }
            await engine.idle()
            try await fixture.expectLimit(limit)
        }
        for _ in 0..<60 { try await fixture.pass(.seconds(3700), engine) }
        let runs = try await fixture.runs()
        #expect(runs.allSatisfy { $0.state.isFinal })
        #expect(try await engine.nextTimer() == nil)
    }
}

/// Numbers by SplitMix64.
struct SeededNumbers {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
