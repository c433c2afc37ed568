import RunMachine
import Testing
import WorkflowModel

@Suite("call")
struct SubRunTests {
    static func sub(_ id: String?, _ continuesOnError: Bool = false, undo: Compensation? = nil) -> Step {
        step(
            id,
            .sub(
                SubRunStep(
                    playbook: "other", with: [field("who", "ticket.id")], continuesOnError: continuesOnError, undo: undo
                )))
    }

    static let child = RunID("run_child")

    /// A machine whose called run is under way.
    static func calling(_ workflow: Workflow) throws -> MachineBench {
        var bench = try MachineBench(workflow)
        bench.go()
        #expect(bench.machine.state == .waiting)
        #expect(bench.machine.calledRuns.map(\.run) == [child])
        return bench
    }

    @Test func `the step gives what the called run gave back`() throws {
        var bench = try SubRunTests.calling(
            playbook([SubRunTests.sub("sub"), call("after", "t.pure", "steps.sub.answer + steps.sub.run")]))
        #expect(bench.begun == [["who": "T-1"]])
        bench.returned = SubRunResult(state: .succeeded, outputs: ["answer": "yes "], failure: nil)
        bench.machine.lookAgain()
        bench.go()
        #expect(bench.result("after")?["value"] == "yes run_child")
        #expect(bench.asked == [["ticket"]], "facts are read afresh")
        let tree = RunTree(bench.compiled.workflow, bench.journal.map { (bench.now, $0) })
        #expect(tree.steps[0].status == .succeeded)
        #expect(tree.steps[0].calledRun == SubRunTests.child)
        #expect(tree.steps[0].title == "call other")
    }

    @Test func `a called run that fails fails the step, with its id`() throws {
        for goesOn in [false, true] {
            var bench = try SubRunTests.calling(
                playbook([SubRunTests.sub("sub", goesOn), call("after", "t.pure", "1")]))
            bench.returned = SubRunResult(
                state: .failed, outputs: nil, failure: Failure(code: "bad", message: "went wrong", step: "inner"))
            bench.machine.lookAgain()
            bench.go()
            #expect(bench.machine.state == (goesOn ? .succeeded : .failed))
            let failure = bench.result("sub")?["failure"]
            #expect(failure?["code"] == "bad")
            #expect(failure?["step"] == "sub")
            #expect(failure?["message"] == "the playbook other (run_child) did not succeed: went wrong")
        }
    }

    @Test func `cancelling ends the called run first, and then takes back what was done`() throws {
        var bench = try SubRunTests.calling(
            playbook([
                call("one", "t.write", undo: undo("t.put", "1")),
                SubRunTests.sub("sub", undo: undo("t.put", "2")), call("never", "t.pure", "1"),
            ]))
        bench.machine.cancel(by: "lead", reason: nil, now: bench.now)
        bench.go()
        #expect(bench.ended == [SubRunTests.child])
        #expect(bench.machine.state == .stopping)
        #expect(bench.called == ["one/1"])
        // Another executor goes on: it asks again.
        var machine = RunMachine(bench.compiled)
        try machine.replay(bench.journal)
        machine.recover(now: bench.now)
        bench.machine = machine
        bench.go()
        #expect(bench.ended == [SubRunTests.child, SubRunTests.child])
        bench.returned = SubRunResult(state: .cancelled, outputs: nil, failure: nil)
        bench.machine.lookAgain()
        bench.go()
        #expect(bench.machine.state == .cancelled)
        #expect(bench.called == ["one/1", "undo of one/1"])
    }

    @Test func `a called run that succeeded is taken back by undo, which sees what it gave`() throws {
        var bench = try SubRunTests.calling(
            playbook([
                SubRunTests.sub("sub", undo: undo("t.put", "steps.sub.answer")), step(nil, .fail(.literal("late"))),
            ]))
        bench.returned = SubRunResult(state: .succeeded, outputs: ["answer": 42], failure: nil)
        bench.machine.lookAgain()
        bench.go()
        #expect(bench.machine.state == .failed)
        #expect(bench.called == ["undo of sub/1"])
    }

    @Test func `a replay looks again, and knows which run it called`() throws {
        var bench = try SubRunTests.calling(playbook([SubRunTests.sub("sub")]))
        bench.returned = SubRunResult(state: .succeeded, outputs: nil, failure: nil)
        for entry in bench.journal {
            let read = try JournalEntry(
                kind: entry.kind, step: entry.step, version: JournalEntry.version, body: entry.body, sequence: 1)
            #expect(read == entry)
        }
        var machine = RunMachine(bench.compiled)
        try machine.replay(bench.journal)
        machine.recover(now: bench.now)
        bench.machine = machine
        bench.go()
        #expect(bench.machine.state == .succeeded)
        #expect(bench.begun.count == 1)
    }
}
