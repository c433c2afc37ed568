import RunMachine
import Testing
import WorkflowModel

@Suite("stop_when")
struct StopTests {
    static let closed = ListenStep.Option(types: ["ticket.closed", "ticket.merged"])

    static func workflow(_ option: ListenStep.Option = closed) -> Workflow {
        playbook(
            [
                call("sent", "t.write", undo: undo("t.put", "1")),
                attempt(
                    [wait(nil, .seconds(3600))], rescue: [call("rescue", "t.write")],
                    always: [call("always", "t.write")]),
                call("never", "t.write"),
            ], stopWhen: [option], onFailure: [call("handler", "t.write")])
    }

    @Test func `the run ends, its always parts run, and nothing is taken back or rescued`() throws {
        var bench = try MachineBench(StopTests.workflow())
        bench.go()
        #expect(bench.machine.state == .waiting)
        bench.now = bench.now + .seconds(60)
        bench.recorded = [(bench.now, "ticket.merged", [:])]
        bench.machine.lookAgain()
        bench.go()
        #expect(bench.machine.state == .cancelled)
        #expect(bench.machine.reason == "stopped by ticket.merged (event e0)")
        #expect(bench.called == ["sent/1", "always/1"])
        var machine = RunMachine(bench.compiled)
        try machine.replay(bench.journal)
        #expect(machine.state == .cancelled)
        #expect(machine.reason == bench.machine.reason)
    }

    @Test func `an event that came before the run began keeps it from beginning`() throws {
        var bench = try MachineBench(StopTests.workflow())
        bench.recorded = [(bench.now, "ticket.closed", [:])]
        bench.go()
        #expect(bench.machine.state == .cancelled)
        #expect(bench.called.isEmpty)
    }

    @Test func `an event for which the condition does not hold, or fails, ends nothing`() throws {
        for condition in ["ticket.priority == trigger.ticket.priority", "ticket.nothing"] {
            let option = ListenStep.Option(types: ["ticket.closed"], condition: text(condition))
            var bench = try MachineBench(StopTests.workflow(option))
            bench.recorded = [(bench.now, "ticket.closed", ["ticket": ["priority": "P2"]])]
            bench.go()
            #expect(bench.machine.state == .waiting)
            bench.recorded.append((bench.now, "ticket.closed", ["ticket": ["priority": "P1", "nothing": true]]))
            bench.machine.lookAgain()
            bench.go()
            #expect(bench.machine.state == .cancelled)
            #expect(bench.machine.reason == "stopped by ticket.closed (event e1)")
        }
    }

    @Test func `a run whose failure is being handled is not stopped any more`() throws {
        var bench = try MachineBench(
            playbook(
                [call("bad", "t.read")], stopWhen: [StopTests.closed],
                onFailure: [wait(nil, .seconds(60)), call("handler", "t.write")])
        ) { $0.label == "bad" ? .failed(Failure(code: "bad", message: "bad")) : .succeeded([:]) }
        bench.go()
        bench.recorded = [(bench.now, "ticket.closed", [:])]
        bench.machine.lookAgain()
        bench.finish()
        #expect(bench.machine.state == .failed)
        #expect(bench.called == ["bad/1", "handler/1"])
    }

    @Test func `a replay looks before anything else`() throws {
        var bench = try MachineBench(StopTests.workflow())
        bench.go()
        var machine = RunMachine(bench.compiled)
        try machine.replay(bench.journal)
        machine.recover(now: bench.now)
        guard case .watch(let types)? = machine.advance(now: bench.now).first else {
            Issue.record("nothing is looked up")
            return
        }
        #expect(types == ["ticket.closed", "ticket.merged"])
    }
}
