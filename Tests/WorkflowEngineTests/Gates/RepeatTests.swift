import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Repeats and throttle, live", .timeLimit(.minutes(3)))
struct RepeatTests {
    @Test("repeats of an event acted on are ignored, over a restart", arguments: GateStore.allCases)
    func ignores(_ kind: GateStore) async throws {
        try await kind.use { store in
            let fixture = try EngineFixture(gated("ignore_repeats_for: 10m"), store: store)
            var engine = try await fixture.open()
            #expect(try await fixture.match(engine, update(1)).outcome == .fired)
            fixture.clock.advance(by: .seconds(300))
            engine = try await fixture.restart(engine)
            let repeated = try await fixture.match(engine, update(2))
            #expect(repeated.outcome == .suppressed)
            #expect(repeated.reason == "repeated")
            #expect(
                repeated.detail
                    == "it repeats ticket:T-1, which was acted on 5m ago; repeats are ignored for another 5m")
            #expect(try await fixture.match(engine, update(3, ticket: "T-2")).outcome == .fired)
            fixture.clock.advance(by: .seconds(300))
            #expect(try await fixture.match(engine, update(4)).outcome == .fired)
            fixture.clock.advance(by: .seconds(599))
            #expect(try await fixture.match(engine, update(5)).outcome == .suppressed)
        }
    }

    @Test("only_if acts at the fifth and starts empty, over restarts", arguments: GateStore.allCases)
    func counts(_ kind: GateStore) async throws {
        try await kind.use { store in
            let fixture = try EngineFixture(
                gated("only_if: { count: 3, within: 1h }\ngroup_by: ticket.service"), store: store)
            var engine = try await fixture.open()
            var acted: [Int] = []
            for number in 1...7 {
                let match = try await fixture.match(engine, update(number, ticket: "T-\(number)"))
                if match.outcome == .fired { acted.append(number) } else { #expect(match.reason == "too_few") }
                fixture.clock.advance(by: .seconds(60))
                engine = try await fixture.restart(engine)
            }
            #expect(acted == [3, 6])
        }
    }

    @Test("a throttle holds over restarts, and an event stopped by it opens no window", arguments: GateStore.allCases)
    func throttles(_ kind: GateStore) async throws {
        try await kind.use { store in
            let fixture = try EngineFixture(
                gated(
                    "throttle: { key: ticket.service, limit: 2, per: 1h, over: suppress }\nignore_repeats_for: 1m"),
                store: store)
            var engine = try await fixture.open()
            #expect(try await fixture.match(engine, update(1, ticket: "T-1")).outcome == .fired)
            #expect(try await fixture.match(engine, update(2, ticket: "T-2")).outcome == .fired)
            engine = try await fixture.restart(engine)
            #expect(try await fixture.match(engine, update(3, ticket: "T-3")).reason == "throttled")
            #expect(try await fixture.match(engine, update(4, ticket: "T-3")).reason == "throttled")
            #expect(try await fixture.match(engine, update(5, ticket: "T-3", service: "web")).outcome == .fired)
            #expect(try await fixture.match(engine, update(6, ticket: "T-3")).reason == "repeated")
            fixture.clock.advance(by: .seconds(3600))
            #expect(try await fixture.match(engine, update(7, ticket: "T-3")).outcome == .fired)
            #expect(try await fixture.runs().count == 4)
        }
    }

    @Test("a collection acts once on all that came, in order, whoever was down", arguments: GateStore.allCases)
    func collects(_ kind: GateStore) async throws {
        try await kind.use { store in
            let fixture = try EngineFixture(
                gated(
                    "collect_for: 5m", steps: "[{ id: a, uses: test.send, with: { value: '=events.map(e, e.id)' } }]"),
                store: store)
            var engine = try await fixture.open()
            let first = try await fixture.match(engine, update(1))
            #expect(first.reason == "collected")
            #expect(first.detail == "number 1 collected for ticket:T-1; one run acts on all of them in 5m")
            fixture.clock.advance(by: .seconds(120))
            #expect(try await fixture.match(engine, update(2)).reason == "collected")
            #expect(try await engine.emit([update(2)]).first?.isDuplicate == true)
            engine = try await fixture.restart(engine)
            #expect(try await fixture.match(engine, update(3)).reason == "collected")
            #expect(try await fixture.runs().isEmpty)
            try await fixture.pass(.seconds(180), engine)
            let runs = try await fixture.runs()
            #expect(runs.map(\.state) == [.succeeded])
            #expect(fixture.plugin.calls().map { $0.input["value"] } == [["e-1", "e-2", "e-3"]])
            let matches = try await store.read(view: { try $0.matches(ofEvent: 3) })
            #expect(matches.map(\.outcome) == [.suppressed, .fired])
            #expect(matches.last?.detail == "acts on the 3 collected for ticket:T-1")
            #expect(matches.last?.run == runs.first?.id)
            // The next one begins a collection of its own.
            #expect(try await fixture.match(engine, update(4)).detail.hasPrefix("number 1 "))
            try await fixture.pass(.seconds(300), engine)
            #expect(try await fixture.runs().count == 2)
        }
    }

    @Test func `a collection of a playbook that is switched off is told of, not dropped`() async throws {
        let fixture = try EngineFixture(gated("collect_for: 5m"))
        let engine = try await fixture.open()
        _ = try await fixture.match(engine, update(1))
        await engine.close()
        let next = try await fixture.open(playbooks: [])
        try await fixture.pass(.seconds(300), next)
        let matches = try await fixture.store.read(view: { try $0.matches(ofEvent: 1) })
        #expect(matches.map(\.reason) == ["collected", "switched_off"])
        #expect(try await next.nextTimer() == nil)
    }

    @Test func `a run by hand sees its event as the only one collected`() async throws {
        let fixture = try EngineFixture(
            gated("collect_for: 5m", steps: "[{ id: a, uses: test.send, with: { value: '=events.map(e, e.id)' } }]"))
        let engine = try await fixture.open()
        _ = try await engine.run("p", event: update(1), by: "lead@example.com")
        await engine.idle()
        #expect(fixture.plugin.calls().map { $0.input["value"] } == [["e-1"]])
    }

    @Test func `a key that has no value is a failure that is recorded, never a run`() async throws {
        for gates in [
            "ignore_repeats_for: 1m\ngroup_by: ticket.nothing", "throttle: { key: ticket.nothing, limit: 1, per: 1m }",
            "concurrency: { key: ticket.nothing, if_busy: wait }",
        ] {
            let fixture = try EngineFixture(gated(gates))
            let engine = try await fixture.open()
            let match = try await fixture.match(engine, update(1))
            #expect(match.outcome == .failed)
            #expect(match.detail.contains("the key ticket.nothing has no value"))
            #expect(try await fixture.runs().isEmpty)
            #expect(try await fixture.store.read(view: { try $0.matches(ofEvent: 1) }).map(\.outcome) == [.failed])
        }
    }

    @Test func `a shadow's gates count, and its runs take no place`() async throws {
        let fixture = try EngineFixture(
            gated("throttle: { limit: 1, per: 1h }\nconcurrency: { if_busy: skip }", mode: "shadow"))
        let engine = try await fixture.open()
        #expect(try await fixture.match(engine, update(1)).outcome == .shadowed)
        #expect(try await fixture.match(engine, update(2)).reason == "throttled")
        #expect(try await fixture.runs().first?.slot == nil)
    }
}
