import RunMachine
import Testing
import WorkflowModel

@Suite("Waits for events")
struct ListenTests {
    static func listen(_ condition: String? = nil, since: String? = nil) -> Step {
        step(
            "heard",
            .listen(
                ListenStep(
                    options: [.init(types: ["ticket.assigned"], condition: condition.map(text))], since: since,
                    timeout: .seconds(900))))
    }

    @Test func `it ends with the first event that fits`() throws {
        var bench = try MachineBench(
            playbook([
                ListenTests.listen(#"ticket.assignee == "ada" && trigger.ticket.id == "T-1""#),
                call("after", "t.pure", "string(steps.heard.timed_out) + steps.heard.event.data.ticket.assignee"),
            ]))
        bench.go()
        #expect(bench.machine.state == .waiting)
        bench.now = bench.now + .seconds(60)
        bench.recorded = [
            (bench.now, "ticket.assigned", ["ticket": ["assignee": "bob"]]), (bench.now, "ticket.closed", [:]),
            (bench.now, "ticket.assigned", ["other": 1]),
            (bench.now, "ticket.assigned", ["ticket": ["assignee": "ada"]]),
        ]
        bench.go()
        #expect(bench.machine.state == .waiting, "nobody said that something arrived")
        bench.machine.lookAgain()
        bench.go()
        #expect(bench.result("after")?["value"] == "falseada")
        #expect(bench.machine.state == .succeeded)
        let tree = RunTree(bench.compiled.workflow, bench.journal.map { (bench.now, $0) })
        #expect(tree.steps[0].detail == "ticket.assigned arrived")
    }

    @Test func `two branches that wait for the same event both hear it`() throws {
        let wait = { (id: String) in
            step(
                id,
                .listen(
                    ListenStep(
                        options: [.init(types: ["ticket.assigned"])], since: String?.none, timeout: .seconds(900))))
        }
        var bench = try MachineBench(playbook([step(nil, .parallel(ParallelStep(branches: [wait("a"), wait("b")])))]))
        bench.go()
        bench.now = bench.now + .seconds(60)
        bench.recorded = [(bench.now, "ticket.assigned", [:])]
        bench.machine.lookAgain()
        bench.go()
        #expect(bench.machine.state == .succeeded)
        #expect(bench.result("a")?["timed_out"] == false)
        #expect(bench.result("b")?["timed_out"] == false)
    }

    @Test func `it times out`() throws {
        var bench = try MachineBench(
            playbook([
                ListenTests.listen(), call("after", "t.pure", "steps.heard.timed_out && steps.heard.event == null"),
            ]))
        bench.finish()
        #expect(bench.now == MachineBench.start + .seconds(900))
        #expect(bench.result("after")?["value"] == true)
    }

    @Test func `events count since the start of the step that is named, in the same iteration`() throws {
        var bench = try MachineBench(
            playbook([
                step(
                    nil,
                    .forEach(
                        LoopStep(
                            list: text("[1, 2]"), variable: "n",
                            steps: [
                                call("tell", "t.write", "n"), wait(nil, .seconds(60)),
                                step(
                                    nil,
                                    .branch(
                                        BranchStep(condition: text("true"), then: [ListenTests.listen(since: "tell")]))),
                            ])))
            ]))
        bench.recorded = [(MachineBench.start + .seconds(30), "ticket.assigned", [:])]
        bench.finish()
        #expect(bench.machine.state == .succeeded)
        // The last look is when the time is up.
        #expect(
            bench.listened == [
                MachineBench.start, MachineBench.start + .seconds(60), MachineBench.start + .seconds(60),
            ])
        #expect(bench.journal.count { if case .arrived = $0 { true } else { false } } == 1)
    }

    @Test func `what came in time counts, also when nobody looks before the time is up`() throws {
        var bench = try MachineBench(
            playbook([ListenTests.listen(), call("after", "t.pure", "steps.heard.timed_out")]))
        bench.go()
        bench.recorded = [(bench.now + .seconds(10), "ticket.assigned", [:])]
        bench.now = bench.now + .seconds(2000)
        bench.go()
        #expect(bench.result("after")?["value"] == false)
    }

    static let about: [(produced: Value, notification: Value, isHeard: Bool)] = [
        (["tokens": ["a", "b"]], ["token": "b"], true),
        (["tokens": ["a"], "messages": [["token": "a", "deduplicated": true]]], ["token": "a"], true),
        (["token": "a"], ["token": "b"], false), (["id": "n-1"], ["id": "n-1", "token": nil], true),
        (["notification": "n-1"], ["id": "n-1"], true), (["notification": ["id": "n-1"]], ["id": "n-1"], true),
        (["ids": ["n-0", "n-1"]], ["id": "n-1"], true), (["other": "a"], ["token": "a"], false),
        (["token": nil], ["token": nil], false), (["token": "a"], ["other": "a"], false),
    ]

    @Test(
        "of: the event's object must be one that the step's result names", arguments: ListenTests.about.indices)
    func produced(_ index: Int) throws {
        let (produced, notification, isHeard) = ListenTests.about[index]
        var bench = try MachineBench(
            playbook([
                call("tell", "t.write"), wait(nil, .seconds(60)),
                step(
                    "seen",
                    .listen(
                        ListenStep(
                            options: [.init(types: ["notification.acknowledged"], of: "tell")], timeout: .seconds(900)))
                ),
            ])
        ) { _ in .succeeded(produced) }
        // It came before the wait, but since the step.
        bench.recorded = [
            (bench.now + .seconds(1), "notification.acknowledged", ["notification": notification])
        ]
        bench.finish()
        #expect(bench.result("seen")?["timed_out"] == .bool(!isHeard))
        #expect(bench.listened.first == MachineBench.start)
    }

    @Test func `the subject is what the expression says, any, or the run's own`() throws {
        func listen(_ subject: ListenStep.Subject) -> Step {
            step(nil, .listen(ListenStep(options: [.init(types: ["a.b"])], subject: subject, timeout: .seconds(9))))
        }
        var bench = try MachineBench(
            playbook([listen(.given(text(#""ticket:" + ticket.id"#))), listen(.any), listen(.own)]))
        bench.finish()
        #expect(bench.machine.state == .succeeded)
        #expect(bench.subjects == ["ticket:T-1", "ticket:T-1", "*", "*", nil, nil])
        var wrong = try MachineBench(playbook([listen(.given(text("ticket.missing")))]))
        wrong.event = ["ticket": ["id": "T-1", "missing": nil]]
        wrong.finish()
        #expect(wrong.machine.failure?.code == "no_subject")
        #expect(wrong.machine.failure?.message.contains("`ticket.missing`") == true)
    }

    @Test func `a replay looks again`() throws {
        var bench = try MachineBench(playbook([ListenTests.listen()]))
        bench.go()
        var machine = RunMachine(bench.compiled)
        try machine.replay(bench.journal)
        machine.recover(now: bench.now)
        let commands = machine.advance(now: bench.now)
        guard case .listen(let step, let types, let since, nil)? = commands.first else {
            Issue.record("nothing is looked up")
            return
        }
        #expect(step == "steps[0]")
        #expect(types == ["ticket.assigned"])
        #expect(since == bench.now)
    }
}
