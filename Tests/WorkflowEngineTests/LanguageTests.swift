import InMemoryRunStore
import PluginKit
import RunMachine
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Waits, blocks and undo, live", .timeLimit(.minutes(1)))
struct LanguageTests {
    /// The ticket's state as a later event tells it.
    static func news(_ priority: String) -> Event {
        Event(
            id: "e-news-\(priority)", source: "/desk", type: "ticket.updated", time: Timestamp(seconds: 1_795_334_500),
            data: ["ticket": ["id": "T-1", "priority": .string(priority)]])
    }

    @Test func `a wait is a timer row, and the run sleeps until it is due`() async throws {
        let fixture = try EngineFixture(
            onTicket("steps: [{ wait: 15m }, { id: after, uses: test.compute, with: { value: =ticket.priority } }]"))
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        let parked = try await fixture.run(id).row
        #expect(parked.state == .waiting)
        #expect(parked.wakesAt == fixture.clock.now + .seconds(900))
        #expect(parked.lease == nil)
        #expect(try await engine.nextTimer() == fixture.clock.now + .seconds(900))
        _ = try await engine.emit([LanguageTests.news("P4")])
        try await fixture.runThrough(engine)
        let (row, journal) = try await fixture.run(id)
        #expect(row.state == .succeeded)
        #expect(journal.output(of: "steps[1]")?["value"] == "P4")
        #expect(journal.first { $0.kind == "refreshed" }?.body["names"]?["ticket"]?["priority"] == "P4")
        #expect(try await engine.nextTimer() == nil)
    }

    @Test func `what a plugin keeps under a name counts more than events`() async throws {
        let plugin = ScriptedPlugin(consumes: ["ticket.*"])
        plugin.onFacts { name, known, reader in
            guard name == "ticket", let id = known["id"]?.string else { return nil }
            return try reader.document(id, in: "test.things").map(Value.map)
        }
        let fixture = try EngineFixture(
            onTicket("steps: [{ wait: 15m }, { id: after, uses: test.compute, with: { value: =ticket.priority } }]"),
            plugin: plugin)
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        _ = try await engine.emit([LanguageTests.news("P4")])
        try await fixture.store.write { transaction in
            try transaction.pluginStore(of: "test").put("T-1", ["id": "T-1", "priority": "P2"], in: "test.things")
        }
        try await fixture.runThrough(engine)
        let journal = try await fixture.run(id).journal
        #expect(journal.output(of: "steps[1]")?["value"] == "P2")
    }

    @Test func `a wait that is due while nothing executes goes on late, and says by how much`() async throws {
        let fixture = try EngineFixture(onTicket("steps: [{ wait: 1m }, { uses: test.compute }]"))
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
        #expect(journal.first { $0.kind == "fired" }?.body["late_by"] == .duration(.seconds(40)))
        #expect(fixture.progress.contains { if case .late = $0 { true } else { false } })
    }

    @Test func `repeat goes on until what is known says so`() async throws {
        let fixture = try EngineFixture(
            onTicket(
                """
                steps:
                  - id: nudges
                    repeat:
                      every: 20m
                      until: ticket.priority == "P4"
                      at_most: 5
                      steps: [{ uses: test.put }]
                  - { uses: test.compute, with: { value: =steps.nudges.rounds } }
                """))
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        fixture.clock.advance(by: .seconds(1200))
        try await engine.fireDueTimers()
        await engine.idle()
        #expect(fixture.plugin.calls(of: "put").count == 2)
        _ = try await engine.emit([LanguageTests.news("P4")])
        try await fixture.runThrough(engine)
        let (row, journal) = try await fixture.run(id)
        #expect(row.state == .succeeded)
        #expect(fixture.plugin.calls(of: "put").count == 2)
        #expect(journal.output(of: "steps[1]")?["value"] == 2)
        #expect(Set(fixture.plugin.done).count == 2)
    }

    static let listening = onTicket(
        """
        steps:
          - { id: tell, uses: test.send }
          - { uses: test.keep, with: { id: doc, value: 1 } }
          - id: picked
            wait_for:
              any:
                - { event: ticket.assigned, when: ticket.assignee == "ada" }
                - { event: ticket.closed }
              since: tell
              timeout: 15m
          - { id: after, uses: test.compute, with: { value: "=[steps.picked.timed_out, steps.picked.event == null ? '' : steps.picked.event.type, ticket.priority]" } }
        """)

    static func assigned(_ who: String, id: String = "T-1", origin: Event.Origin = .outside) -> Event {
        Event(
            id: "e-\(id)-\(who)-\(origin)", source: "/desk", type: "ticket.assigned",
            time: Timestamp(seconds: 1_795_334_500),
            data: ["ticket": ["id": .string(id), "assignee": .string(who), "priority": "P3"]], origin: origin)
    }

    @Test func `wait_for ends with the event of the run's subject that fits, and with nothing else`() async throws {
        let fixture = try EngineFixture(LanguageTests.listening)
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        fixture.clock.advance(by: .seconds(60))
        // Another ticket, an echo, an event that does not fit, one of another type.
        _ = try await engine.emit([
            LanguageTests.assigned("ada", id: "T-2"), LanguageTests.assigned("ada", origin: .own),
            LanguageTests.assigned("bob"), LanguageTests.news("P4"),
        ])
        while try await engine.fireDueTimers() > 0 { await engine.idle() }
        #expect(try await fixture.run(id).row.state == .waiting)
        _ = try await engine.emit([LanguageTests.assigned("ada")])
        while try await engine.fireDueTimers() > 0 { await engine.idle() }
        let (row, journal) = try await fixture.run(id)
        #expect(row.state == .succeeded)
        #expect(journal.output(of: "steps[3]")?["value"] == [false, "ticket.assigned", "P3"])
        #expect(journal.kinds.contains("arrived"))
        #expect(try await engine.nextTimer() == nil)
        #expect(
            try await fixture.store.read(view: {
                try $0.subscriptions(toType: "ticket.assigned", ofSubject: "ticket:T-1")
            }).isEmpty)
    }

    @Test func `wait_for counts what arrived since the step that it names`() async throws {
        let fixture = try EngineFixture(LanguageTests.listening)
        fixture.plugin.on("send") { _ in .hang }
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        while fixture.plugin.calls().isEmpty { await Task.yield() }
        _ = try await engine.emit([LanguageTests.assigned("ada")])
        fixture.plugin.release()
        try await fixture.runThrough(engine)
        #expect(try await fixture.run(id).journal.output(of: "steps[3]")?["value"]?.list?.first == false)
    }

    @Test func `wait_for times out, also when another executor goes on, and hears what came while nothing executed`()
        async throws
    {
        let fixture = try EngineFixture(LanguageTests.listening)
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        await engine.close()
        let next = try await fixture.open()
        try await next.recover()
        try await fixture.runThrough(next)
        #expect(try await fixture.run(id).journal.output(of: "steps[3]")?["value"] == [true, "", "P1"])
    }

    @Test func `undo is a write with a key and a row of its own`() async throws {
        let fixture = try EngineFixture(
            onTicket(
                """
                steps:
                  - { id: a, uses: test.send, with: { value: 5 }, undo: { uses: test.put, with: { value: =steps.a.value } } }
                  - { uses: test.keep, with: { id: doc, value: 1 } }
                  - fail: "too late"
                """))
        let (row, journal) = try await fixture.play()
        #expect(row.state == .failed)
        #expect(row.failure?.code == "failed_by_playbook")
        let effects = try await fixture.effects(of: row.id)
        #expect(effects.map(\.step) == ["steps[0]", "steps[0].undo"])
        #expect(effects.map(\.state) == [.done, .done])
        #expect(effects.map(\.action) == ["test.send", "test.put"])
        #expect(effects.last?.sent["value"] == 5)
        #expect(Set(effects.map(\.key)).count == 2)
        #expect(journal.kinds.contains("undoing"))
    }

    @Test func `cancelling a waiting run runs always and undo within five minutes`() async throws {
        let fixture = try EngineFixture(
            onTicket(
                """
                steps:
                  - { uses: test.send, undo: { uses: test.put } }
                  - try: [{ wait: 2h }]
                    rescue: [{ uses: test.drop }]
                    always: [{ uses: test.tell }, { wait: 1h }, { uses: test.drop }]
                """))
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        let asked = fixture.clock.now
        try await engine.cancel(id, by: "lead@example.com", reason: nil)
        await engine.idle()
        #expect(try await fixture.run(id).row.state == .stopping)
        #expect(fixture.plugin.calls().map(\.action) == ["send", "tell"])
        // Another executor finds it as it was.
        await engine.close()
        let next = try await fixture.open()
        #expect(try await next.recover() == [id])
        try await fixture.runThrough(next)
        #expect(try await fixture.run(id).row.state == .cancelled)
        #expect(fixture.clock.now == asked + .seconds(300))
        #expect(fixture.plugin.calls().map(\.action) == ["send", "tell"])
    }

    @Test func `cancelling in time takes back what was done`() async throws {
        let fixture = try EngineFixture(
            onTicket("steps: [{ uses: test.send, undo: { uses: test.put } }, { wait: 2h }]"))
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        try await engine.cancel(id, by: "lead@example.com", reason: nil)
        await engine.idle()
        #expect(try await fixture.run(id).row.state == .cancelled)
        #expect(fixture.plugin.calls().map(\.action) == ["send", "put"])
        #expect(try await engine.nextTimer() == nil)
    }

    @Test func `max_parallel limits how many elements are called at the same time`() async throws {
        let fixture = try EngineFixture(
            onTicket(
                """
                steps:
                  - id: all
                    for_each: "[1, 2, 3, 4, 5]"
                    max_parallel: 2
                    steps: [{ uses: test.look, with: { value: =item } }]
                """))
        fixture.plugin.on("look") { _ in .hang }
        let engine = try await fixture.open()
        _ = try await fixture.start(engine)
        while fixture.plugin.calls().count < 2 { await Task.yield() }
        for _ in 0..<100 { await Task.yield() }
        #expect(fixture.plugin.calls().count == 2)
        fixture.plugin.release()
        await engine.close()
    }
}

/// Dying at every point of a run that waits, is rescued, repeats, fails and takes back what it did.
@Suite("Crashes around waits and undo", .timeLimit(.minutes(3)))
struct LanguageCrashTests {
    static let playbook = onTicket(
        """
        steps:
          - { id: one, uses: test.put, with: { value: 1 }, undo: { uses: test.put, with: { value: =steps.one.value } } }
          - wait: 1m
          - try:
              - { id: bad, uses: test.look }
            rescue:
              - { id: two, uses: test.put, with: { value: 2 }, undo: { uses: test.put, with: { value: 22 } } }
            always:
              - { uses: test.put, with: { value: 3 } }
          - repeat:
              every: 1m
              at_most: 2
              steps: [{ uses: test.put, with: { value: 4 } }]
          - wait_for: { event: ticket.closed, since: one, timeout: 1m }
          - switch: steps.two.value
            cases:
              - { is: 2, then: [{ fail: over }] }
        """)

    func play(_ kind: CrashTests.Kind, dyingAt number: Int) async throws -> Bool {
        let (store, folder) = try CrashTests().store(kind)
        defer { folder?.remove() }
        let fixture = try EngineFixture(LanguageCrashTests.playbook, store: store)
        fixture.plugin.on("look") { _ in .fail(Failure(code: "bad", message: "bad")) }
        let plan = FaultPlan(at: number)
        let doomed = try await fixture.open(faults: plan)
        do {
            _ = try await doomed.emit([ticket()])
            try await fixture.runThrough(doomed)
        } catch is FaultPlan.Death {}
        await doomed.idle()
        let engine = try await fixture.open()
        try await engine.recover()
        _ = try await engine.emit([ticket()])
        try await fixture.runThrough(engine)
        let context: Comment = "\(kind), point \(number): \(plan.deadAt?.rawValue ?? "none")"
        let runs = try await fixture.store.read(view: { try $0.runs(RunQuery()) })
        #expect(runs.count == 1, context)
        let (row, journal) = try await fixture.run(#require(runs.first, context).id)
        #expect(row.state == .failed, context)
        #expect(row.failure?.code == "failed_by_playbook", context)
        let effects = try await fixture.effects(of: row.id)
        #expect(
            effects.map(\.step) == [
                "steps[0]", "steps[2].rescue[0]", "steps[2].always[0]", "steps[3].steps[0]#0", "steps[3].steps[0]#1",
                "steps[2].rescue[0].undo", "steps[0].undo",
            ], context)
        #expect(effects.allSatisfy { $0.state == .done }, context)
        #expect(Set(fixture.plugin.done) == Set(effects.map(\.key)), context)
        for kind in ["waiting", "fired", "refreshed"] {
            let steps = journal.filter { $0.kind == kind }.compactMap(\.step)
            #expect(steps == ["steps[1]", "steps[3]"] + (kind == "waiting" ? [] : ["steps[4]"]), context)
        }
        #expect(try await engine.nextTimer() == nil, context)
        let subscriptions = try await fixture.store.read(view: {
            try $0.subscriptions(toType: "ticket.closed", ofSubject: "ticket:T-1")
        })
        #expect(subscriptions.isEmpty, context)
        await store.close()
        return plan.deadAt != nil
    }

    @Test(arguments: CrashTests.Kind.allCases)
    func `whatever the moment, waits end once and undo is done once for each step`(_ kind: CrashTests.Kind) async throws
    {
        var number = 1
        while try await play(kind, dyingAt: number) { number += 1 }
        #expect(number > 20, "there are points to die at")
    }
}
