import RunMachine
import Testing
import WorkflowModel

private let broken = Failure(code: "broken", message: "it broke")

/// Fails the steps of these labels.
private func failing(_ labels: String...) -> MachineBench.Script {
    { labels.contains($0.label) ? .failed(broken) : .succeeded($0.input["value"].map { ["value": $0] } ?? [:]) }
}

@Suite("switch, try and max_parallel")
struct BlockTests {
    @Test(arguments: [("P1", "urgent"), ("P2", "urgent"), ("P3", "normal"), ("P4", "other")])
    func `switch takes the first case with the value, else default`(_ priority: String, _ taken: String) throws {
        var bench = try MachineBench(
            playbook([
                step(
                    "kind",
                    .choice(
                        ChoiceStep(
                            value: text("ticket.priority"),
                            cases: [
                                .init(values: ["P1", "P2"], steps: [call("urgent")]),
                                .init(values: ["P3"], steps: [call("normal")]),
                            ], otherwise: [call("other")])))
            ]))
        bench.event = ["ticket": ["priority": .string(priority)]]
        bench.finish()
        #expect(bench.called == ["\(taken)/1"])
        #expect(bench.status("kind") == "succeeded")
        let tree = RunTree(bench.compiled.workflow, bench.journal.map { (bench.now, $0) })
        #expect(tree.steps.first?.children.map(\.label) == [taken])
    }

    @Test func `switch compares numbers by what they count, and takes nothing when nothing fits`() throws {
        func calls(_ value: String, _ wanted: Value) throws -> [String] {
            var bench = try MachineBench(
                playbook([
                    step(
                        nil,
                        .choice(
                            ChoiceStep(value: text(value), cases: [.init(values: [wanted], steps: [call("hit")])]))),
                    call("after"),
                ]))
            bench.finish()
            #expect(bench.machine.state == .succeeded)
            return bench.called
        }
        #expect(try calls("2.0", 2) == ["hit/1", "after/1"])
        #expect(try calls("2u", 2) == ["hit/1", "after/1"])
        #expect(try calls(#""2""#, 2) == ["after/1"])
        #expect(try calls("null", .null) == ["hit/1", "after/1"])
    }

    @Test func `a failure goes to the nearest rescue, which sees it, and the run goes on`() throws {
        var bench = try MachineBench(
            playbook([
                attempt(
                    "outer",
                    [
                        attempt(
                            "inner", [call("bad", "t.read"), call("never")],
                            rescue: [call("told", "t.pure", #"failure.code + "/" + failure.step"#)])
                    ], rescue: [call("unneeded")], always: [call("last")]),
                call("after", "t.pure", "string(steps.inner.rescued) + string(steps.outer.rescued)"),
            ]), script: failing("bad"))
        bench.finish()
        #expect(bench.called == ["bad/1", "told/1", "last/1", "after/1"])
        #expect(bench.result("told")?["value"] == "broken/bad")
        #expect(bench.result("after")?["value"] == "truefalse")
        #expect(bench.machine.state == .succeeded)
        let tree = RunTree(bench.compiled.workflow, bench.journal.map { (bench.now, $0) })
        #expect(tree.steps.map(\.status) == [.succeeded, .succeeded])
        #expect(tree.steps[0].children[0].detail == "rescued")
    }

    @Test func `failure does not exist outside of rescue`() throws {
        var bench = try MachineBench(
            playbook([
                attempt([call("bad", "t.read")], rescue: [call("in")]), call("out", "t.pure", "failure.code"),
            ]), script: failing("bad"))
        bench.finish()
        #expect(bench.machine.failure?.step == "out")
    }

    @Test func `always of each block left runs inside out, and the failure goes on`() throws {
        var bench = try MachineBench(
            playbook(
                [
                    attempt(
                        [attempt([call("bad", "t.read")], always: [call("first"), call("second")])],
                        always: [call("third")])
                ], onFailure: [call("handler")]), script: failing("bad"))
        bench.finish()
        #expect(bench.called == ["bad/1", "first/1", "second/1", "third/1", "handler/1"])
        #expect(bench.machine.failure?.step == "bad")
    }

    @Test(arguments: [
        (["bad", "rescue"], "rescue"), (["always"], "always"), (["bad", "rescue", "always"], "rescue"),
    ])
    func `a failure in rescue takes the place of the first; one in always counts when there is no other`(
        _ failures: [String], _ last: String
    ) throws {
        var bench = try MachineBench(
            playbook([
                attempt([call("bad", "t.read")], rescue: [call("rescue", "t.read")], always: [call("always", "t.read")])
            ])
        ) { failures.contains($0.label) ? .failed(broken) : .succeeded([:]) }
        bench.finish()
        #expect(bench.machine.state == .failed)
        #expect(bench.machine.failure?.step == last)
    }

    @Test func `cancel runs always but not rescue, with state stopping, and then nothing`() throws {
        var bench = try MachineBench(
            playbook(
                [
                    attempt(
                        [wait("pause", .seconds(3600)), call("never")], rescue: [call("no")], always: [call("tidy")]),
                    call("never2"),
                ], onFailure: [call("handler")]))
        bench.go()
        #expect(bench.machine.state == .waiting)
        bench.machine.cancel(by: "lead", reason: nil, now: bench.now)
        #expect(bench.machine.state == .stopping)
        bench.finish()
        #expect(bench.called == ["tidy/1"])
        #expect(bench.machine.state == .cancelled)
        #expect(bench.status("pause") == "cancelled")
    }

    @Test func `a run that takes too long runs always and fails with its own code`() throws {
        var bench = try MachineBench(
            playbook([attempt([wait(nil, .seconds(3600))], rescue: [call("no")], always: [call("tidy")])]),
            options: .init(longest: .seconds(60)))
        bench.go()
        bench.now = bench.now + .seconds(60)
        bench.go()
        #expect(bench.called == ["tidy/1"])
        #expect(bench.machine.failure?.code == "run_timed_out")
    }

    @Test func `always may take five minutes when the run is cancelled, then nothing more begins`() throws {
        var bench = try MachineBench(
            playbook([
                attempt(
                    [wait(nil, .seconds(3600))],
                    always: [call("one"), wait("long", .seconds(3600)), call("never")])
            ]))
        bench.go()
        let cancelled = bench.now + .seconds(10)
        bench.now = cancelled
        bench.machine.cancel(by: "lead", reason: nil, now: cancelled)
        bench.go()
        #expect(bench.machine.state == .stopping)
        #expect(bench.machine.endsAtLatest == cancelled + .seconds(300))
        bench.now = cancelled + .seconds(299)
        bench.go()
        #expect(bench.machine.state == .stopping)
        bench.now = cancelled + .seconds(300)
        bench.go()
        #expect(bench.machine.state == .cancelled)
        #expect(bench.called == ["one/1"])
        #expect(bench.journal.contains(.hurried))
    }

    @Test func `stop inside try runs always and ends well`() throws {
        var bench = try MachineBench(
            playbook([
                attempt([step(nil, .stop(.literal("done"))), call("never")], always: [call("tidy")]), call("never2"),
            ]))
        bench.finish()
        #expect(bench.called == ["tidy/1"])
        #expect(bench.machine.state == .succeeded)
        #expect(bench.machine.reason == "done")
    }

    @Test func `max_parallel elements are under way at the same time, and results keep their order`() throws {
        var bench = try MachineBench(
            playbook([
                step(
                    "loop",
                    .forEach(
                        LoopStep(
                            list: text("[30, 10, 20, 5]"), variable: "n",
                            steps: [
                                call("one", "t.pure", "n"),
                                step(nil, .wait(WaitStep(.at(text("run.started_at + duration(string(n) + \"s\")"))))),
                                call("two", "t.pure", "n"),
                            ], maxParallel: 2)))
            ]))
        bench.go()
        #expect(bench.called == ["one/1", "one/1"])
        #expect(bench.machine.waits.count == 2)
        bench.finish()
        #expect(bench.machine.state == .succeeded)
        let items = bench.result("loop")?["items"]?.list?.map { $0["two"]?["value"] }
        #expect(items == [30, 10, 20, 5])
    }

    @Test func `with max_parallel nothing begins after a failure, and what is under way is waited for`() throws {
        var bench = try MachineBench(
            playbook([
                step(
                    "loop",
                    .forEach(
                        LoopStep(
                            list: text("[1, 2, 3, 4]"), variable: "n",
                            steps: [
                                step(
                                    nil, .branch(BranchStep(condition: text("n == 1"), then: [wait(nil, .seconds(5))]))),
                                call("one", "t.read", "n"),
                            ], maxParallel: 2)))
            ])
        ) { $0.input["value"] == 2 ? .failed(broken) : .succeeded([:]) }
        bench.finish()
        #expect(bench.called == ["one/1", "one/1"])
        #expect(bench.machine.state == .failed)
        #expect(bench.result("loop")?["items"]?.list?.count == 2)
    }
}
