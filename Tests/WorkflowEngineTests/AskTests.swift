import InMemoryRunStore
import PluginKit
import RunStore
import SQLiteRunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Questions to people, live", .timeLimit(.minutes(2)))
struct AskTests {
    static let approval = onTicket(
        """
        steps:
          - id: page
            approve:
              by: group:leads
              prompt: "Page for ${{ ticket.id }}?"
              timeout: 1h
              remind_every: 20m
              on_timeout: continue
              on_reject: continue
          - { id: after, uses: test.compute, with: { value: "=[steps.page.approved, steps.page.by, steps.page.timed_out]" } }
        """)

    static let form = onTicket(
        """
        steps:
          - id: plan
            ask:
              who: [ada, bob, guest@example.com]
              question: What does it cost?
              fields:
                cost: { type: integer, required: true }
                owner: person
              quorum: 2
          - { id: after, uses: test.compute, with: { value: "=[steps.plan.cost, steps.plan.owner]" } }
        """)

    /// Two leads and somebody else.
    static func directory() -> Directory {
        var directory = Directory(zone: "UTC")
        directory.people = ["ada", "bob", "eve"].map { id in
            var person = Person(id: id, name: id)
            person.email = "\(id)@example.com"
            if id != "eve" { person.groups = ["leads"] }
            return person
        }
        return directory
    }

    static func open(_ fixture: EngineFixture, faults: FaultPlan? = nil) async throws -> Engine {
        try await fixture.open(faults: faults) { _, services in
            services.workspace = { WorkspaceTables(name: "test", directory: directory()) }
        }
    }

    static func asks(_ fixture: EngineFixture) async throws -> [AskRecord] {
        try await fixture.store.read(view: { try $0.asks(AskQuery(limit: 100)) }).reversed()
    }

    static func told(_ fixture: EngineFixture) async throws -> [String] {
        try await fixture.store.read(view: { reader in
            try reader.events(before: nil, limit: 100).reversed().map(\.event.type).filter { $0.hasPrefix("ask.") }
        })
    }

    static func audit(_ fixture: EngineFixture) async throws -> [AuditRecord] {
        try await fixture.store.read(view: { try $0.audit(after: 0, limit: 100) })
    }

    @Test func `a question is a row, events and timers; the answer ends it and goes into the audit log`() async throws {
        let fixture = try EngineFixture(AskTests.approval)
        let engine = try await AskTests.open(fixture)
        let id = try await fixture.start(engine)
        await engine.idle()
        let ask = try #require(try await AskTests.asks(fixture).first)
        #expect(ask.state == .open)
        #expect(ask.who == ["ada", "bob"])
        #expect(ask.question == "Page for T-1?")
        #expect(ask.run == id)
        #expect(ask.label == "page")
        #expect(ask.subject == "ticket:T-1")
        #expect(ask.dueAt == fixture.clock.now + .seconds(3600))
        #expect(try await fixture.run(id).row.state == .waiting)
        #expect(try await engine.nextTimer() == fixture.clock.now + .seconds(1200))
        let opened = try await fixture.store.read(view: {
            try $0.events(ofSubject: "ask:\(ask.id)", before: nil, limit: 9)
        })
        #expect(opened.count == 1)
        #expect(opened.first?.event.data["ask"]?["who"] == ["ada", "bob"])
        #expect(
            opened.first?.event.data["ask"]?["how_to_answer"]?.string?.contains("signalbox answer \(ask.id)") == true)
        fixture.clock.advance(by: .seconds(1200))
        try await engine.fireDueTimers()
        await engine.idle()
        let answered = try await engine.answer(
            ask.id, by: "BOB@example.com", verdict: .approve, comment: "go", typedBy: "root")
        #expect(answered.state == .answered)
        #expect(answered.answers.map(\.by) == ["bob"])
        try await fixture.runThrough(engine)
        let (row, journal) = try await fixture.run(id)
        #expect(row.state == .succeeded)
        #expect(journal.output(of: "steps[1]")?["value"] == [true, "bob", false])
        #expect(try await AskTests.told(fixture) == ["ask.opened", "ask.reminded", "ask.answered"])
        #expect(try await engine.nextTimer() == nil)
        let audit = try await AskTests.audit(fixture)
        #expect(audit.map(\.action) == ["approve"])
        #expect(audit.first?.by == "bob")
        #expect(audit.first?.target == ask.id)
        #expect(audit.first?.detail["typed_by"] == "root")
        #expect(audit.first?.detail["comment"] == "go")
    }

    @Test func `nobody answers: the question expires, after its reminders`() async throws {
        let fixture = try EngineFixture(AskTests.approval)
        let engine = try await AskTests.open(fixture)
        let id = try await fixture.start(engine)
        try await fixture.runThrough(engine)
        let (row, journal) = try await fixture.run(id)
        #expect(row.state == .succeeded)
        #expect(journal.output(of: "steps[1]")?["value"] == [false, .null, true])
        #expect(try await AskTests.asks(fixture).map(\.state) == [.expired])
        #expect(try await AskTests.told(fixture) == ["ask.opened", "ask.reminded", "ask.reminded", "ask.expired"])
        let ask = try #require(try await AskTests.asks(fixture).first)
        let refusal = await #expect(throws: EngineError.self) {
            try await engine.answer(ask.id, by: "ada", verdict: .approve)
        }
        #expect(refusal?.message.contains("until its time was over") == true)
    }

    @Test func `a wrong answer is refused with its reason, and the question stays open`() async throws {
        let fixture = try EngineFixture(AskTests.form)
        let engine = try await AskTests.open(fixture)
        let id = try await fixture.start(engine)
        await engine.idle()
        let ask = try #require(try await AskTests.asks(fixture).first)
        let refused: [(String, ValueMap, AskAnswer.Verdict?, String)] = [
            ("eve", ["cost": 1], nil, "eve is not asked; ada, bob, guest@example.com can answer"),
            ("ada", [:], nil, "cost: is missing"), ("ada", ["cost": "dear"], nil, "cost: must be a whole number"),
            ("ada", ["cost": 1, "owner": "bobb"], nil, "owner: there is no person bobb; did you mean bob?"),
            ("ada", ["cost": 1, "cosst": 1], nil, "did you mean cost?"),
            ("ada", [:], .approve, "not approved or rejected"),
            ("ada", ["cost": .string(String(repeating: "x", count: 70_000))], nil, "65536 bytes"),
        ]
        for (person, values, verdict, message) in refused {
            do {
                try await engine.answer(ask.id, by: person, verdict: verdict, values: values)
                Issue.record("\(person) \(values) was taken")
            } catch {
                let why = (error as? Failure)?.message ?? "\(error)"
                #expect(why.contains(message))
            }
        }
        #expect(try await AskTests.audit(fixture).isEmpty)
        #expect(try await AskTests.asks(fixture).first == ask)
        try await engine.answer(ask.id, by: "ada", values: ["cost": 1, "owner": "bob"])
        await #expect(throws: Failure.self) { try await engine.answer(ask.id, by: "ada", values: ["cost": 2]) }
        #expect(try await fixture.run(id).row.state == .waiting)
        try await engine.answer(ask.id, by: "guest@example.com", values: ["cost": 3])
        try await fixture.runThrough(engine)
        #expect(try await fixture.run(id).journal.output(of: "steps[1]")?["value"] == [3, .null])
        await #expect(throws: EngineError.self) { try await engine.answer("ask_nothing", by: "ada") }
    }

    @Test func `of two who answer at once one is taken, the other is told`() async throws {
        let fixture = try EngineFixture(AskTests.approval)
        let engine = try await AskTests.open(fixture)
        _ = try await fixture.start(engine)
        await engine.idle()
        let ask = try #require(try await AskTests.asks(fixture).first)
        let results = await withTaskGroup(of: Bool.self, returning: [Bool].self) { group in
            for (person, verdict) in [("ada", AskAnswer.Verdict.approve), ("bob", .reject)] {
                group.addTask {
                    do {
                        try await engine.answer(ask.id, by: person, verdict: verdict)
                        return true
                    } catch { return false }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.sorted { $0 && !$1 } == [true, false])
        await engine.idle()
        #expect(try await AskTests.asks(fixture).first?.answers.count == 1)
        #expect(try await AskTests.audit(fixture).count == 1)
    }

    @Test func `a cancelled run withdraws its question`() async throws {
        let fixture = try EngineFixture(AskTests.approval)
        let engine = try await AskTests.open(fixture)
        let id = try await fixture.start(engine)
        await engine.idle()
        try await engine.cancel(id, by: "ada", reason: "enough")
        await engine.idle()
        let ask = try #require(try await AskTests.asks(fixture).first)
        #expect(ask.state == .withdrawn)
        #expect(ask.settledAt != nil)
        let refusal = await #expect(throws: EngineError.self) {
            try await engine.answer(ask.id, by: "ada", verdict: .approve)
        }
        #expect(refusal?.message.contains("no longer asks") == true)
        #expect(try await engine.nextTimer() == nil)
        #expect(try await AskTests.audit(fixture).map(\.action) == ["cancel"])
    }

    @Test func `another branch that fails withdraws the question while the run goes on`() async throws {
        let fixture = try EngineFixture(
            onTicket(
                """
                steps:
                  - try:
                      - parallel:
                          - approve: { by: ada, prompt: Go? }
                          - try: [{ wait: 5m }, { fail: no }]
                            always: [{ uses: test.compute }]
                        fail_fast: true
                    rescue: [{ wait: 10m }]
                """))
        let engine = try await AskTests.open(fixture)
        _ = try await fixture.start(engine)
        await engine.idle()
        fixture.clock.advance(by: .seconds(300))
        try await engine.fireDueTimers()
        await engine.idle()
        #expect(try await AskTests.asks(fixture).map(\.state) == [.withdrawn])
        #expect(try await engine.nextTimer() == fixture.clock.now + .seconds(600))
    }

    @Test func `a request answers once, with the effect in the same commit`() async throws {
        let fixture = try EngineFixture(AskTests.approval)
        let engine = try await AskTests.open(fixture)
        let id = try await fixture.start(engine)
        await engine.idle()
        let ask = try #require(try await AskTests.asks(fixture).first)
        func request(_ body: ValueMap, by: String) async throws -> Value? {
            let now = fixture.clock.now
            let number = try await fixture.store.write { transaction in
                try transaction.insertRequest(RequestRecord(kind: "answer", body: .map(body), by: by, at: now))
            }
            try await engine.answerRequests()
            return try await fixture.store.read(view: { try $0.request(number)?.answer })
        }
        let refused = try await request(["ask": .string(ask.id), "verdict": "perhaps"], by: "ada")
        #expect(refused?["message"] == "verdict must be approve or reject")
        let stranger = try await request(["ask": .string(ask.id), "verdict": "approve"], by: "eve")
        #expect(stranger?["code"] == "may_not_answer")
        let taken = try await request(["ask": .string(ask.id), "verdict": "reject", "typed_by": "root"], by: "ada")
        #expect(taken?["ok"] == true)
        await engine.idle()
        #expect(try await fixture.run(id).row.state == .succeeded)
        #expect(try await AskTests.audit(fixture).map(\.action) == ["reject"])
    }

    @Test func `every decision of a person is in the audit log`() async throws {
        let fixture = try EngineFixture(onTicket("steps: [{ id: order, uses: test.order }]"))
        fixture.plugin.on("order") { _ in .fail(lost) }
        fixture.plugin.onVerify { _ in .unknown }
        let engine = try await AskTests.open(fixture)
        let run = try await engine.run("p", event: ticket(), by: "ada", typedBy: "root")
        await engine.idle()
        try await engine.resolve(run.id, step: "order", as: .skip, by: "bob")
        await engine.idle()
        _ = try await engine.acknowledge(
            Event(
                id: "n-1", source: "/ack", type: "notification.acknowledged", time: fixture.clock.now,
                data: ["notification": ["token": "t-1"]]), by: "eve")
        let audit = try await AskTests.audit(fixture)
        #expect(audit.map(\.action) == ["run", "resolve", "acknowledge"])
        #expect(audit.map(\.by) == ["ada", "bob", "eve"])
        #expect(audit.map(\.target) == ["p", run.id.text, "t-1"])
        #expect(audit[0].detail == ["run": .string(run.id.text), "typed_by": "root"])
        #expect(audit[1].detail["as"] == "skip")
        let broken = try await fixture.store.read(view: { try AuditChain.verify($0).broken })
        #expect(broken == nil)
    }

    // MARK: Crashes

    /// Plays a question and its answer, dying at the nth point and going on with another engine; false when there is no nth point.
    func play(_ kind: CrashTests.Kind, dyingAt number: Int) async throws -> Bool {
        let (store, folder) = try CrashTests().store(kind)
        defer { folder?.remove() }
        let fixture = try EngineFixture(AskTests.approval, store: store)
        let plan = FaultPlan(at: number)
        let doomed = try await AskTests.open(fixture, faults: plan)
        do {
            _ = try await doomed.emit([ticket()])
            await doomed.idle()
            if let ask = try await AskTests.asks(fixture).first {
                try await doomed.answer(ask.id, by: "ada", verdict: .approve)
            }
            try await fixture.runThrough(doomed)
        } catch is FaultPlan.Death {}
        await doomed.idle()
        let context: Comment = "\(kind), point \(number): \(plan.deadAt?.rawValue ?? "none")"
        let engine = try await AskTests.open(fixture)
        try await engine.recover()
        _ = try await engine.emit([ticket()])
        await engine.idle()
        let asks = try await AskTests.asks(fixture)
        #expect(asks.count == 1, context)
        // Whoever did not hear that the answer was taken gives it again.
        if let ask = asks.first, ask.state == .open {
            try await engine.answer(ask.id, by: "ada", verdict: .approve)
        }
        try await fixture.runThrough(engine)
        let runs = try await fixture.store.read(view: { try $0.runs(RunQuery()) })
        #expect(runs.count == 1, context)
        let (row, journal) = try await fixture.run(#require(runs.first, context).id)
        #expect(row.state == .succeeded, context)
        #expect(journal.output(of: "steps[1]")?["value"] == [true, "ada", false], context)
        for kind in ["asked", "answered"] { #expect(journal.count { $0.kind == kind } == 1, context) }
        #expect(try await AskTests.asks(fixture).map(\.state) == [.answered], context)
        #expect(try await AskTests.told(fixture) == ["ask.opened", "ask.answered"], context)
        #expect(try await AskTests.audit(fixture).count == 1, context)
        #expect(try await engine.nextTimer() == nil, context)
        await store.close()
        return plan.deadAt != nil
    }

    @Test(arguments: CrashTests.Kind.allCases)
    func `whatever the moment, a question is asked once and an answer counts once`(_ kind: CrashTests.Kind) async throws
    {
        var number = 1
        while try await play(kind, dyingAt: number) { number += 1 }
        #expect(number > 6, "there are points to die at")
    }
}
