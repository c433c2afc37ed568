import PluginKit
import RunStore
import Synchronization
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Pause, breaker and loops, live", .timeLimit(.minutes(3)))
struct PauseTests {
    @Test("a paused playbook starts nothing, over a restart, and says who paused it", arguments: GateStore.allCases)
    func pauses(_ kind: GateStore) async throws {
        try await kind.use { store in
            let fixture = try EngineFixture(gated(""), gated("", id: "q"), store: store)
            var engine = try await fixture.open()
            try await engine.pause("p", by: "lead@example.com", reason: "a storm")
            engine = try await fixture.restart(engine)
            let matches = try #require(try await engine.emit([update(1)]).first).matches
            #expect(matches.map(\.outcome) == [.suppressed, .fired])
            #expect(matches.first?.reason == "paused")
            #expect(matches.first?.detail.hasPrefix("p is paused by lead@example.com since 2026-") == true)
            #expect(matches.first?.detail.hasSuffix(": a storm") == true)
            let error = await #expect(throws: EngineError.self) {
                _ = try await engine.run("p", by: "ada@example.com")
            }
            #expect(error?.code == .paused)
            try await engine.resume("p", by: "ada@example.com")
            #expect(try await engine.emit([update(2)]).first?.matches.map(\.outcome) == [.fired, .fired])
            await engine.idle()
            await #expect(throws: EngineError.self) { try await engine.resume("p", by: "ada@example.com") }
            await #expect(throws: EngineError.self) { try await engine.pause("pp", by: "ada@example.com") }
            let audit = try await store.read(view: { try $0.audit(after: 0, limit: 10) })
            #expect(audit.map(\.action) == ["pause", "resume"])
            #expect(audit.map(\.by) == ["lead@example.com", "ada@example.com"])
            #expect(audit.map(\.target) == ["p", "p"])
        }
    }

    @Test func `an event while paused opens no window and uses up no limit`() async throws {
        let fixture = try EngineFixture(
            gated("ignore_repeats_for: 1h\nthrottle: { limit: 1, per: 1h }\nconcurrency: { if_busy: skip }"))
        let engine = try await fixture.open()
        try await engine.pause("p", by: "lead@example.com")
        #expect(try await fixture.match(engine, update(1)).reason == "paused")
        try await engine.resume("p", by: "lead@example.com")
        #expect(try await fixture.match(engine, update(2)).outcome == .fired)
        // The gates in their order.
        try await engine.pause("p", by: "lead@example.com")
        #expect(try await fixture.match(engine, update(3)).reason == "repeated")
        #expect(try await fixture.match(engine, update(4, ticket: "T-2")).reason == "paused")
    }

    @Test func `pausing all lets runs under way go on`() async throws {
        let fixture = try EngineFixture(gated("", steps: hourOfWork))
        let engine = try await fixture.open()
        _ = try await fixture.match(engine, update(1))
        try await engine.pause(nil, by: "lead@example.com")
        #expect(try await fixture.match(engine, update(2)).detail.hasPrefix("all playbooks are paused by") == true)
        try await fixture.pass(.seconds(3700), engine)
        #expect(try await fixture.runs().map(\.state) == [.succeeded])
    }

    @Test("with all runs stopped no step begins anywhere until they go on", arguments: GateStore.allCases)
    func stops(_ kind: GateStore) async throws {
        try await kind.use { store in
            let fixture = try EngineFixture(gated("", steps: hourOfWork), store: store)
            var engine = try await fixture.open()
            _ = try await fixture.match(engine, update(1))
            try await engine.pause(nil, by: "lead@example.com", stopsRuns: true)
            try await fixture.pass(.seconds(3700), engine)
            engine = try await fixture.restart(engine)
            try await fixture.pass(.seconds(3700), engine)
            #expect(fixture.plugin.calls(of: "send").isEmpty)
            let run = try #require(try await fixture.runs().first)
            #expect(!run.state.isFinal)
            let error = await #expect(throws: EngineError.self) {
                try await engine.cancel(run.id, by: "lead@example.com")
            }
            #expect(error?.code == .paused)
            try await engine.resume(nil, by: "lead@example.com")
            await engine.idle()
            #expect(fixture.plugin.calls(of: "send").count == 1)
            let states = try await fixture.runs().map(\.state)
            #expect(states == [.succeeded])
        }
    }

    @Test func `an attempt under way ends when everything is stopped, and the next step does not begin`() async throws {
        let fixture = try EngineFixture(
            gated(
                "",
                steps: "[{ id: a, uses: test.look, timeout: 1h, continue_on_error: true }, { id: b, uses: test.send }]")
        )
        fixture.plugin.on("look") { _ in .hang }
        let engine = try await fixture.open()
        _ = try await engine.emit([update(1)])
        while fixture.plugin.calls(of: "look").isEmpty { await Task.yield() }
        try await engine.pause(nil, by: "lead@example.com", stopsRuns: true)
        let releasing = Task {
            while !Task.isCancelled {
                fixture.plugin.release()
                await Task.yield()
            }
        }
        await engine.idle()
        releasing.cancel()
        #expect(fixture.plugin.calls(of: "send").isEmpty)
        try await engine.resume(nil, by: "lead@example.com")
        await engine.idle()
        #expect(fixture.plugin.calls(of: "look").count == 1)
        #expect(try await fixture.runs().map(\.state) == [.succeeded])
    }

    static let breaker = "breaker: { failed_share: 0.5, at_least: 4, within: 10m, cool_down: 5m }"

    @Test("a breaker opens for failures, tells once, lets one run through, and closes", arguments: GateStore.allCases)
    func breaks(_ kind: GateStore) async throws {
        try await kind.use { store in
            let fixture = try EngineFixture(
                gated(PauseTests.breaker),
                """
                playbook: told
                mode: active
                trigger: { event: playbook.breaker_opened }
                steps: [{ id: t, uses: test.tell, with: { value: =playbook.owner } }]
                """, store: store)
            let isIll = Switch(true)
            fixture.plugin.on("send") { _ in
                isIll.isOn ? .fail(Failure.permanent("down", "the desk is down")) : .output([:])
            }
            var engine = try await fixture.open()
            for number in 1...4 {
                #expect(try await fixture.match(engine, update(number, ticket: "T-\(number)")).outcome == .fired)
            }
            let opened = try await fixture.match(engine, update(5))
            #expect(opened.reason == "breaker_open")
            #expect(
                opened.detail
                    == "the playbook is stopped now: 4 of the 4 runs that ended within 10m have failed")
            #expect(fixture.plugin.calls(of: "tell").map { $0.input["value"] } == ["lead@example.com"])
            fixture.clock.advance(by: .seconds(200))
            engine = try await fixture.restart(engine)
            let stopped = try await fixture.match(engine, update(6)).detail
            #expect(
                stopped
                    == "the playbook is stopped: 4 of the 4 runs that ended within 10m have failed; one run is let through in 1m 40s"
            )
            // The run that is let through fails: it stays open for another while, and nobody is told again.
            fixture.clock.advance(by: .seconds(100))
            #expect(try await fixture.match(engine, update(7)).outcome == .fired)
            #expect(try await fixture.match(engine, update(8)).reason == "breaker_open")
            fixture.clock.advance(by: .seconds(300))
            isIll.isOn = false
            #expect(try await fixture.match(engine, update(9)).outcome == .fired)
            #expect(try await fixture.match(engine, update(10)).outcome == .fired)
            #expect(fixture.plugin.calls(of: "tell").count == 1)
            #expect(try await store.read(view: { try OpenBreaker.all(in: $0) }).isEmpty)
        }
    }

    @Test func `a breaker is closed by hand`() async throws {
        let fixture = try EngineFixture(gated(PauseTests.breaker))
        fixture.plugin.on("send") { call in
            call.earlier < 4 ? .fail(Failure.permanent("down", "down")) : .output([:])
        }
        let engine = try await fixture.open()
        for number in 1...5 { _ = try await fixture.match(engine, update(number)) }
        let resumption = try await engine.resume("p", by: "lead@example.com")
        #expect(resumption.breaker?.why == "4 of the 4 runs that ended within 10m have failed")
        #expect(try await fixture.match(engine, update(6)).outcome == .fired)
    }

    @Test func `a breaker opens for volume`() async throws {
        let fixture = try EngineFixture(gated("breaker: { runs: 3, per: 1m, cool_down: 5m }"))
        let engine = try await fixture.open()
        var reasons: [String] = []
        for number in 1...5 { reasons.append(try await fixture.match(engine, update(number)).reason) }
        #expect(reasons == ["", "", "", "breaker_open", "breaker_open"])
    }

    @Test func `a playbook that begins too often for a subject rests for it`() async throws {
        let fixture = try EngineFixture(gated(""))
        let limit: (inout EngineSettings, inout EngineServices) -> Void = { settings, _ in
            settings.subjectLimit = SubjectLimit(runs: 3, per: .seconds(600))
        }
        var engine = try await fixture.open(change: limit)
        var reasons: [String] = []
        for number in 1...5 { reasons.append(try await fixture.match(engine, update(number)).reason) }
        #expect(reasons == ["", "", "", "loop_stopped", "loop_stopped"])
        #expect(try await fixture.match(engine, update(6, ticket: "T-2")).outcome == .fired)
        engine = try await fixture.restart(engine, change: limit)
        #expect(try await fixture.match(engine, update(7)).reason == "loop_stopped")
        fixture.clock.advance(by: .seconds(661))
        #expect(try await fixture.match(engine, update(8)).outcome == .fired)
        let told = try await fixture.store.read(view: { try $0.events(ofSubject: "playbook:p", before: nil, limit: 10) }
        )
        #expect(told.map(\.event.type) == ["playbook.loop_stopped"])
    }
}

/// Something that is on or off.
final class Switch: Sendable {
    private let state: Mutex<Bool>

    init(_ isOn: Bool) { state = Mutex(isOn) }

    var isOn: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
