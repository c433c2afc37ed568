import InMemoryRunStore
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Playbooks that call playbooks", .timeLimit(.minutes(3)))
struct SubRunTests {
    static let caller = onTicket(
        """
        steps:
          - { id: first, uses: test.put, with: { value: 1 } }
          - id: sub
            call: helper
            with: { who: =ticket.id }
          - { id: after, uses: test.put, with: { value: =steps.sub.answer } }
        """)

    static let helper = """
        playbook: helper
        owner: lead@example.com
        mode: active
        trigger: { manual: { inputs: { who: { type: text, required: true }, times: { type: integer, default: 2 } } } }
        steps:
          - { id: told, uses: test.put, with: { value: "=inputs.who + string(inputs.times)" } }
          - wait: 5m
          - { uses: test.put, with: { value: 3 } }
        outputs: { answer: =steps.told.value }
        """

    @Test func `the called run is a run of its own, and its caller waits for it`() async throws {
        let fixture = try EngineFixture(SubRunTests.caller, SubRunTests.helper)
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        #expect(try await fixture.run(id).row.state == .waiting)
        let child = try #require(
            try await fixture.store.read(view: { try $0.runs(RunQuery(parent: id)) }).first)
        #expect(child.playbook == "helper")
        #expect(child.parentStep == "steps[1]")
        #expect(child.callDepth == 1)
        #expect(child.inputs == ["who": "T-1", "times": 2])
        #expect(child.subject == "ticket:T-1")
        #expect(child.state == .waiting)
        try await fixture.runThrough(engine)
        let (row, journal) = try await fixture.run(id)
        #expect(row.state == .succeeded)
        #expect(try await fixture.run(child.id).row.state == .succeeded)
        #expect(journal.output(of: "steps[2]")?["value"] == "T-12")
        #expect(journal.kinds.filter { $0 == "called" || $0 == "returned" } == ["called", "returned"])
        #expect(try await engine.nextTimer() == nil)
    }

    @Test(
        "inputs that do not fit fail the step",
        arguments: [("{}", "who"), ("{ who: 5 }", "who"), ("{ who: x, no: 1 }", "no")])
    func inputs(_ with: String, _ name: String) async throws {
        let fixture = try EngineFixture(
            onTicket("steps: [{ id: sub, call: helper, with: \(with) }]"), SubRunTests.helper)
        let (row, _) = try await fixture.play()
        #expect(row.state == .failed)
        #expect(row.failure?.code == "bad_inputs")
        #expect(row.failure?.message.contains(name) == true)
        #expect(try await fixture.store.read(view: { try $0.runs(RunQuery(parent: row.id)) }).isEmpty)
    }

    @Test func `a failure of the called run is the step's, and names the run`() async throws {
        let fixture = try EngineFixture(
            onTicket(
                """
                steps:
                  - try: [{ id: sub, call: helper }]
                    rescue: [{ uses: test.put, with: { value: "=failure.code + failure.message" } }]
                """),
            "playbook: helper\nowner: x\nmode: active\ntrigger: { manual: {} }\nsteps: [{ fail: no way }]")
        let (row, journal) = try await fixture.play()
        #expect(row.state == .succeeded)
        let child = try #require(try await fixture.store.read(view: { try $0.runs(RunQuery(parent: row.id)) }).first)
        #expect(child.state == .failed)
        #expect(
            journal.output(of: "steps[0].rescue[0]")?["value"]?.string
                == "failed_by_playbookthe playbook helper (\(child.id)) did not succeed: no way")
    }

    @Test("cancelling the caller, and stop_when, end the called run first", arguments: [true, false])
    func ending(_ isCancel: Bool) async throws {
        let fixture = try EngineFixture(
            onTicket("stop_when: [ticket.closed]\nsteps: [{ call: helper, with: { who: x } }, { uses: test.send }]"),
            """
            playbook: helper
            owner: x
            mode: active
            trigger: { manual: { inputs: { who: text } } }
            steps:
              - { uses: test.put, undo: { uses: test.drop } }
              - try: [{ wait: 2h }]
                always: [{ uses: test.tell }]
            """)
        let engine = try await fixture.open()
        let id = try await fixture.start(engine)
        await engine.idle()
        if isCancel {
            try await engine.cancel(id, by: "lead@example.com")
        } else {
            _ = try await engine.emit([StopWhenTests.closed()])
        }
        while try await engine.fireDueTimers() > 0 { await engine.idle() }
        await engine.idle()
        while try await engine.fireDueTimers() > 0 { await engine.idle() }
        let child = try #require(try await fixture.store.read(view: { try $0.runs(RunQuery(parent: id)) }).first)
        #expect(child.state == .cancelled)
        let row = try await fixture.run(id).row
        #expect(row.state == .cancelled)
        #expect(try #require(child.endedAt) <= #require(row.endedAt))
        #expect(fixture.plugin.calls().map(\.action) == (isCancel ? ["put", "tell", "drop"] : ["put", "tell"]))
    }

    @Test func `calls are ten deep at most`() async throws {
        // A check refuses this; a bundle of another workspace might not.
        var texts = (0..<12).map { number in
            "playbook: p\(number)\nowner: x\nmode: active\ntrigger: { manual: {} }\nsteps: [{ call: p\(number + 1) }]"
        }
        texts.append("playbook: p12\nowner: x\nmode: active\ntrigger: { manual: {} }\nsteps: [{ uses: test.put }]")
        let fixture = try EngineFixture(workflows: texts.map(EngineFixture.workflow))
        let engine = try await fixture.open()
        let run = try await engine.run("p0", by: "lead")
        try await fixture.runThrough(engine)
        let row = try await fixture.run(run.id).row
        #expect(row.state == .failed)
        #expect(row.failure?.code == "calls_too_deep")
        #expect(fixture.plugin.calls().isEmpty)
    }

    func play(_ kind: CrashTests.Kind, dyingAt number: Int) async throws -> Bool {
        let (store, folder) = try CrashTests().store(kind)
        defer { folder?.remove() }
        let fixture = try EngineFixture(SubRunTests.caller, SubRunTests.helper, store: store)
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
        #expect(runs.count == 2, context)
        #expect(runs.allSatisfy { $0.state == .succeeded }, context)
        let caller = try #require(runs.first { $0.parent == nil }, context)
        let child = try #require(runs.first { $0.parent == caller.id }, context)
        let effects = try await fixture.effects(of: caller.id) + fixture.effects(of: child.id)
        #expect(effects.count == 4, context)
        #expect(Set(fixture.plugin.done) == Set(effects.map(\.key)), context)
        #expect(try await engine.nextTimer() == nil, context)
        await store.close()
        return plan.deadAt != nil
    }

    @Test(arguments: CrashTests.Kind.allCases)
    func `whatever the moment of a crash, a playbook is called once and its caller goes on`(
        _ kind: CrashTests.Kind
    ) async throws {
        var number = 1
        while try await play(kind, dyingAt: number) { number += 1 }
        #expect(number > 15, "there are points to die at")
    }
}
