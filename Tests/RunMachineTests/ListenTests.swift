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
        #expect(bench.listened == [MachineBench.start, MachineBench.start + .seconds(60)])
        #expect(bench.journal.count { if case .arrived = $0 { true } else { false } } == 1)
    }

    @Test func `a replay looks again`() throws {
        var bench = try MachineBench(playbook([ListenTests.listen()]))
        bench.go()
        var machine = RunMachine(bench.compiled)
        try machine.replay(bench.journal)
        machine.recover(now: bench.now)
        let commands = machine.advance(now: bench.now)
        guard case .listen(let step, let types, let since)? = commands.first else {
            Issue.record("nothing is looked up")
            return
        }
        #expect(step == "steps[0]")
        #expect(types == ["ticket.assigned"])
        #expect(since == bench.now)
    }
}
