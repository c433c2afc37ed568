import PluginKit
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Dispatch", .timeLimit(.minutes(1)))
struct DispatchTests {
    static let one = onTicket("steps: [{ id: a, uses: test.send, with: { value: =ticket.id } }]")

    @Test func `an event is accepted once`() async throws {
        let fixture = try EngineFixture(DispatchTests.one)
        let engine = try await fixture.open()
        let first = try await engine.emit([ticket(), ticket()])
        #expect(first.map(\.isDuplicate) == [false, true])
        #expect(try await engine.emit([ticket()]).map(\.isDuplicate) == [true])
        await engine.idle()
        #expect(fixture.plugin.done.count == 1)
    }

    @Test func `modes decide what a match does`() async throws {
        let fixture = try EngineFixture(
            DispatchTests.one, onTicket("shadow", mode: "shadow", "steps: [{ id: a, uses: test.send }]"),
            onTicket("off", mode: "disabled", "steps: [{ id: a, uses: test.send }]"))
        let engine = try await fixture.open { _, services in
            services.shadowRunner = { run, event, playbook in
                ShadowResult(journal: [], state: .succeeded, outputs: ["would": .string(playbook.workflow.id)])
            }
        }
        let receipt = try #require(try await engine.emit([ticket()]).first)
        #expect(receipt.matches.map(\.outcome) == [.fired, .shadowed])
        await engine.idle()
        #expect(fixture.plugin.done.count == 1)
        let shadow = try await fixture.run(try #require(receipt.runs.last)).row
        #expect(shadow.kind == .shadow)
        #expect(shadow.outputs == ["would": "shadow"])
    }

    @Test func `a person runs a playbook whatever its mode, and nothing else is started`() async throws {
        let fixture = try EngineFixture(
            DispatchTests.one,
            onTicket("off", mode: "disabled", "steps: [{ id: a, uses: test.send, with: { value: =ticket.id } }]"))
        let engine = try await fixture.open()
        let run = try await engine.run("off", event: ticket("T-9"), by: "lead@example.com")
        let rows = try await engine.wait(for: [run.id], upTo: .seconds(60))
        #expect(rows.map(\.state) == [.succeeded])
        #expect(rows.first?.kind == .manual)
        #expect(fixture.plugin.calls().map { $0.input["value"] } == ["T-9"])
        // The same event again: it is known, and the playbook runs again all the same.
        let again = try await engine.run("off", event: ticket("T-9"), by: "lead@example.com")
        #expect(again.event == run.event)
        await engine.idle()
        #expect(fixture.plugin.done.count == 2)
        await #expect(throws: EngineError.self) { _ = try await engine.run("of", by: "lead@example.com") }
        await #expect(throws: EngineError.self) {
            _ = try await engine.run("off", inputs: ["x": 1], by: "lead@example.com")
        }
    }

    @Test func `facts of consumers are names of conditions and steps`() async throws {
        let plugin = ScriptedPlugin(consumes: ["ticket.*"])
        plugin.onEvent { event, store, _ in
            let seen = try store.nextNumber("seen")
            try store.put(event.id, ["value": .int(Int64(seen))], in: "test.things")
            return ["known": ["count": .int(Int64(seen))]]
        }
        let fixture = try EngineFixture(
            """
            playbook: p
            mode: active
            trigger: [{ event: ticket.created, when: known.count == 2 }]
            steps: [{ id: a, uses: test.send, with: { value: =known.count } }]
            """, plugin: plugin)
        let engine = try await fixture.open()
        let receipts = try await engine.emit([ticket("T-1"), ticket("T-2"), ticket("T-1", event: "again")])
        #expect(receipts.map(\.runs.count) == [0, 1, 0])
        await engine.idle()
        #expect(plugin.calls().map { $0.input["value"] } == [2])
        let stored = try await fixture.store.read(view: { try $0.event(2) })
        #expect(stored?.facts == ["known": ["count": 2]])
    }

    @Test func `an event that a consumer refuses is refused alone`() async throws {
        let plugin = ScriptedPlugin(consumes: ["ticket.*"])
        plugin.onEvent { event, _, _ in
            if event.id == "bad" { throw Failure(code: "bad", message: "not this one") }
            return [:]
        }
        let fixture = try EngineFixture(DispatchTests.one, plugin: plugin)
        let engine = try await fixture.open()
        let receipts = try await engine.emit([ticket("T-1"), ticket("T-2", event: "bad"), ticket("T-3")])
        #expect(receipts.map(\.refusal) == [nil, "not this one", nil])
        #expect(receipts.map(\.runs.count) == [1, 0, 1])
    }

    @Test func `events of steps start playbooks, and a chain of causes is cut at ten`() async throws {
        let fixture = try EngineFixture(
            """
            playbook: echo
            mode: active
            trigger: [{ event: [ticket.created, test.happened] }]
            steps: [{ id: a, uses: test.keep, with: { value: 1 } }]
            """)
        fixture.plugin.on("keep") { _ in
            .emit([:], [EventDraft(type: "test.happened", subject: "ticket:T-1", data: [:])])
        }
        let engine = try await fixture.open()
        _ = try await engine.emit([ticket()])
        await engine.idle()
        // Runs for depths 0 to 10; the eleventh event is kept and says why it started nothing.
        #expect(fixture.plugin.calls().count == 11)
        let last = try #require(try await fixture.store.read(view: { try $0.events(before: nil, limit: 1) }).first)
        #expect(last.event.depth == 11)
        #expect(last.event.causedBy != nil)
        let matches = try await fixture.store.read(view: { try $0.matches(ofEvent: last.sequence) })
        #expect(matches.map(\.reason) == ["loop"])
    }

    @Test func `events of writes come with their outcome, once for a key`() async throws {
        let fixture = try EngineFixture(
            DispatchTests.one,
            """
            playbook: second
            mode: active
            trigger: [{ event: test.happened }]
            steps: [{ id: b, uses: test.look, with: { value: =n } }]
            """)
        fixture.plugin.on("send") { _ in
            .emit(
                [:],
                [
                    EventDraft(type: "test.happened", data: ["n": 1], key: "k"),
                    EventDraft(type: "test.happened", data: ["n": 2], key: "k"),
                ])
        }
        _ = try await fixture.play()
        #expect(fixture.plugin.calls(of: "look").map { $0.input["value"] } == [1])
    }

    @Test func `a plugin's timer emits its event when it is due`() async throws {
        let plugin = ScriptedPlugin(consumes: ["ticket.created"])
        plugin.onEvent { event, store, now in
            try store.setTimer(
                event.id, due: now + .seconds(300), emitting: EventDraft(type: "test.happened", data: ["n": 5]))
            return [:]
        }
        let fixture = try EngineFixture(
            """
            playbook: later
            mode: active
            trigger: [{ event: test.happened }]
            steps: [{ id: b, uses: test.look, with: { value: =n } }]
            """, plugin: plugin)
        let engine = try await fixture.open()
        _ = try await engine.emit([ticket()])
        #expect(try await engine.fireDueTimers() == 0)
        fixture.clock.advance(by: .seconds(300))
        #expect(try await engine.fireDueTimers() == 1)
        await engine.idle()
        #expect(plugin.calls(of: "look").map { $0.input["value"] } == [5])
        #expect(try await engine.nextTimer() == nil)
    }

    @Test func `edges fire once while a condition holds`() async throws {
        let fixture = try EngineFixture(
            """
            playbook: p
            mode: active
            trigger: [{ event: ticket.updated, when: 'ticket.priority == "P1"' }]
            steps: [{ id: a, uses: test.compute }]
            """)
        let engine = try await fixture.open()
        func update(_ number: Int64, _ priority: String) async throws -> EventReceipt {
            var event = ticket("T-1", type: "ticket.updated", event: "u\(number)", at: 1_795_334_400 + number)
            event.data["ticket"] = ["id": "T-1", "priority": .string(priority)]
            return try #require(try await engine.emit([event]).first)
        }
        #expect(try await update(1, "P1").runs.count == 1)
        #expect(try await update(2, "P1").matches.map(\.reason) == ["edge"])
        #expect(try await update(3, "P2").matches.isEmpty)
        #expect(try await update(4, "P1").runs.count == 1)
        await engine.idle()
    }

    @Test func `a generation is recorded when the set has changed, and only then`() async throws {
        let fixture = try EngineFixture(DispatchTests.one)
        _ = try await fixture.open()
        _ = try await fixture.open()
        #expect(try await fixture.store.read(view: { try $0.generation(nil) })?.number == 1)
        let changed = try EngineFixture(DispatchTests.one, onTicket("q", "steps: [{ stop: }]"), store: fixture.store)
        _ = try await changed.open()
        let newest = try await fixture.store.read(view: { try $0.generation(nil) })
        #expect(newest?.number == 2)
        #expect(newest?.members.map(\.playbook) == ["p", "q"])
    }

    @Test func `a run that fails or needs a person is an event that playbooks can answer`() async throws {
        let fixture = try EngineFixture(
            onTicket("fails", "steps: [{ id: a, uses: test.look }]"),
            onTicket("asks", "steps: [{ id: b, uses: test.send }]"),
            """
            playbook: answers
            mode: active
            trigger: [{ event: [run.failed, run.needs_attention] }]
            steps: [{ id: c, uses: test.compute, with: { value: =trigger.run.playbook } }]
            """)
        fixture.plugin.on("look") { _ in .fail(Failure(code: "no", message: "went wrong")) }
        fixture.plugin.on("send") { _ in .fail(lost) }
        let engine = try await fixture.open()
        _ = try await engine.emit([ticket()])
        try await fixture.runThrough(engine)
        let answered = fixture.plugin.calls(of: "compute").compactMap { $0.input["value"]?.string }
        #expect(Set(answered) == ["fails", "asks"])
        let events = try await fixture.store.read(view: { try $0.events(before: nil, limit: 10) })
        let failed = try #require(events.first { $0.event.type == "run.failed" })
        #expect(failed.event.subject?.hasPrefix("run:run_") == true)
        #expect(failed.event.data["run"]?["failure"]?["code"] == "no")
    }

    @Test(arguments: ["send", "keep"])
    func `a refused event of a step does not lose a write's outcome, and undoes a state action`(_ action: String)
        async throws
    {
        let plugin = ScriptedPlugin(consumes: ["test.*"])
        plugin.onEvent { _, store, _ in
            try store.put("x", [:], in: "other.things")
            return [:]
        }
        plugin.on(action) { _ in .emit(["value": 1], [EventDraft(type: "test.happened", data: [:])]) }
        let fixture = try EngineFixture(
            onTicket("steps: [{ id: a, uses: test.\(action), with: { id: doc } }]"), plugin: plugin)
        let (row, _) = try await fixture.play()
        let document = try await fixture.store.read { try $0.document("doc", in: "test.things") }
        switch action {
        case "send":
            #expect(row.state == .succeeded)
            #expect(try await fixture.effects(of: row.id).map(\.state) == [.done])
            #expect(fixture.progress.contains { if case .warning = $0 { true } else { false } })
        default:
            #expect(row.failure?.code == "plugin_defect")
            #expect(document == nil)
        }
    }
}
