import RunMachine
import Testing
import WorkflowModel

@Suite("The run machine")
struct RunMachineTests {
    @Test func `steps run in order and later ones see what earlier ones gave`() throws {
        var bench = try MachineBench(
            playbook(
                [call("one", "t.read", "ticket.priority"), call("two", "t.write", #"steps.one.value + "!""#)],
                outputs: [field("shown", "steps.two.value")]))
        bench.finish()
        #expect(bench.called == ["one/1", "two/1"])
        #expect(bench.machine.state == .succeeded)
        #expect(bench.machine.outputs == ["shown": "P1!"])
        #expect(bench.result("one") == ["value": "P1", "status": "succeeded"])
    }

    @Test func `a false if skips the step and leaves nothing but its status`() throws {
        var bench = try MachineBench(
            playbook([call("one", if: #"ticket.priority == "P4""#), call("two", "t.pure", "steps.one.status")]))
        bench.finish()
        #expect(bench.called == ["two/1"])
        #expect(bench.result("one") == ["status": "skipped"])
        #expect(bench.result("two")?["value"] == "skipped")
    }

    @Test(arguments: [("P1", ["yes/1"]), ("P3", ["no/1"])])
    func `if chooses one of its blocks`(_ priority: String, _ called: [String]) throws {
        var bench = try MachineBench(
            playbook([
                step(
                    "ask",
                    .branch(
                        BranchStep(
                            condition: text(#"ticket.priority == "P1""#), then: [call("yes")], else: [call("no")])))
            ]))
        bench.event = ["ticket": ["priority": .string(priority)]]
        bench.finish()
        #expect(bench.called == called)
        #expect(bench.status("ask") == "succeeded")
    }

    @Test func `a loop sees its element, and outside its iterations are items`() throws {
        var bench = try MachineBench(
            playbook([
                step(
                    "loop",
                    .forEach(
                        LoopStep(
                            list: text("ticket.tags"), variable: "tag",
                            steps: [call("up", "t.pure", #"tag + "1""#), call("again", "t.pure", "steps.up.value")]))),
                call("after", "t.pure", "steps.loop.items[2].again.value"),
            ]))
        bench.finish()
        #expect(bench.called.count == 7)
        #expect(bench.result("after")?["value"] == "c1")
        #expect(bench.result("up") == nil)
        #expect(bench.result("loop")?["items"]?.list?.count == 3)
    }

    @Test func `a loop over ten thousand elements ends soon, one more is refused`() throws {
        let loop = playbook([
            step(
                "loop",
                .forEach(LoopStep(list: text("list"), variable: "x", steps: [call("c", "t.pure", "x", if: "false")])))
        ])
        var bench = try MachineBench(loop)
        bench.event = ["list": .list((0..<10_000).map { .int(Int64($0)) })]
        bench.finish()
        #expect(bench.machine.state == .succeeded)
        #expect(bench.result("loop")?["items"]?.list?.count == 10_000)
        var refused = try MachineBench(loop)
        refused.event = ["list": .list((0...10_000).map { .int(Int64($0)) })]
        refused.finish()
        #expect(refused.machine.failure?.code == "too_many_items")
    }

    @Test func `all branches of parallel begin, and it fails when one has failed and the others have ended`() throws {
        var bench = try MachineBench(
            playbook([
                step(
                    "all",
                    .parallel(ParallelStep(branches: [call("a", "t.read"), call("b", "t.read"), call("c", "t.read")])))
            ])
        ) { attempt in attempt.label == "a" ? .failed(Failure(code: "no", message: "no")) : .succeeded([:]) }
        bench.finish()
        #expect(bench.called == ["a/1", "b/1", "c/1"])
        #expect(bench.machine.state == .failed)
        #expect(bench.machine.failure?.step == "a")
        #expect(bench.status("b") == "succeeded")
        #expect(bench.status("all") == "failed")
    }

    @Test func `fail_fast cancels the branches that have not begun`() throws {
        let waiting = RetryPolicy(attempts: 2, initial: .seconds(60), jitter: .none)
        var bench = try MachineBench(
            playbook([
                step(
                    "all",
                    .parallel(
                        ParallelStep(
                            branches: [
                                call("slow", "t.read", retry: waiting),
                                step(
                                    nil,
                                    .branch(
                                        BranchStep(
                                            condition: text("true"), then: [call("bad", "t.read"), call("never")]))),
                            ], failsFast: true)))
            ])
        ) { attempt in
            .failed(Failure(code: "no", message: "no", kind: attempt.label == "slow" ? .transient : .permanent))
        }
        bench.finish()
        #expect(bench.called == ["slow/1", "bad/1"])
        #expect(bench.status("slow") == "cancelled")
        #expect(bench.machine.failure?.step == "bad")
    }

    @Test(arguments: ["t.read", "t.write"])
    func `an attempt that is in no journal yet has not begun when its branch is ended, live as in a replay`(
        _ action: String
    ) throws {
        var bench = try MachineBench(
            playbook([
                step(
                    "all",
                    .parallel(
                        ParallelStep(
                            branches: [call("slow", action), step("bad", .fail(.literal("no")))], failsFast: true)))
            ]))
        bench.machine.start(bench.runStart)
        let commands = bench.machine.advance(now: bench.now)
        guard case .call(let attempt)? = commands.first else {
            Issue.record("nothing is called")
            return
        }
        // The branch beside it has failed in the same breath: the call must not be made.
        #expect(!bench.machine.expects(attempt))
        bench.machine.intend(attempt, input: [:], idempotencyKey: "key", now: bench.now)
        bench.machine.attemptEnded(attempt.key, .succeeded([:]), now: bench.now)
        #expect(bench.machine.state == .failed)
        let journal = bench.machine.takeEntries()
        var replayed = RunMachine(bench.compiled)
        try replayed.replay(journal)
        #expect(replayed.state == .failed)
        #expect(replayed.stepResults == bench.machine.stepResults)
    }

    @Test func `set assigns in order, vars begin with their first values`() throws {
        var bench = try MachineBench(
            playbook(
                [step(nil, .set([field("b", "vars.a + 1"), field("c", "vars.b + 1")]))],
                vars: [field("a", "1"), field("b", "vars.a")], outputs: [field("all", "[vars.a, vars.b, vars.c]")]))
        bench.finish()
        #expect(bench.machine.outputs == ["all": [1, 2, 3]])
    }

    @Test func `stop ends the run well, fail ends it in failure with the playbook's words`() throws {
        var stopped = try MachineBench(
            playbook(
                [
                    step(
                        nil, .branch(BranchStep(condition: text("true"), then: [step("s", .stop(.literal("enough")))]))),
                    call("never"),
                ], outputs: [field("x", "steps.never.value")]))
        stopped.finish()
        #expect(stopped.machine.state == .succeeded)
        #expect(stopped.machine.reason == "enough")
        #expect(stopped.called == [])
        var failed = try MachineBench(playbook([step(nil, .fail(.text(text("no ${{ ticket.id }}"))))]))
        failed.finish()
        #expect(failed.machine.state == .failed)
        #expect(failed.machine.failure?.message == "no T-1")
    }

    @Test func `a failure that leaves the playbook runs on_failure, which sees it`() throws {
        var bench = try MachineBench(
            playbook(
                [call("bad", "t.read"), call("never")],
                onFailure: [call("tell", "t.write", #"failure.step + ": " + failure.message"#)])
        ) { attempt in
            attempt.label == "bad" ? .failed(Failure(code: "no", message: "went wrong")) : .succeeded(attempt.input)
        }
        bench.finish()
        #expect(bench.called == ["bad/1", "tell/1"])
        #expect(bench.result("tell")?["value"] == "bad: went wrong")
        #expect(bench.machine.state == .failed)
        #expect(bench.machine.failure?.code == "no")
    }

    @Test func `continue_on_error goes on, and the step shows its failure`() throws {
        var bench = try MachineBench(
            playbook([call("bad", "t.read", continuesOnError: true), call("next", "t.pure", "steps.bad.failure.code")])
        ) { $0.label == "bad" ? .failed(Failure(code: "no", message: "no")) : .succeeded($0.input) }
        bench.finish()
        #expect(bench.machine.state == .succeeded)
        #expect(bench.result("next")?["value"] == "no")
    }

    @Test(arguments: [
        ("missing_name", "unknown_name"), ("ticket.nothing", "no_such_field"), ("1 / 0", "division_by_zero"),
    ])
    func `a condition that cannot be evaluated fails its step at its place`(_ condition: String, _ code: String) throws
    {
        var bench = try MachineBench(playbook([call("one", if: condition + " == 1")]))
        bench.finish()
        #expect(bench.machine.failure?.code == code)
        #expect(bench.machine.failure?.place?.line == 3)
        #expect(bench.machine.failure?.message.contains(condition) == true)
        #expect(bench.machine.failure?.kind == .permanent)
    }

    @Test func `secrets are references, and only inputs may use them`() throws {
        let options = RunMachine.Options(secretNames: ["token"])
        var bench = try MachineBench(
            playbook([
                step(
                    "s",
                    .call(
                        ActionCall(
                            action: "t.write",
                            with: [
                                NamedSource(
                                    "value", .text(text("Bearer ${{ secrets.token }}")),
                                    at: SourcePlace(file: "", line: 1, column: 1))
                            ])))
            ]), options: options)
        bench.script = { _ in .succeeded([:]) }
        bench.finish()
        guard case .intended(_, _, _, let input?, _, _)? = bench.journal.first(where: { $0.kind == "intended" }) else {
            Issue.record("no intent")
            return
        }
        #expect(input["value"] == .secret(SecretText([.plain("Bearer "), .reference("token")])))
        var outside = try MachineBench(playbook([call("s", if: #"secrets.token == "x""#)]), options: options)
        outside.finish()
        #expect(outside.machine.failure?.code == "unknown_name")
    }

    @Test func `cancel ends what waits, and the run is cancelled without on_failure`() throws {
        var bench = try MachineBench(
            playbook(
                [call("slow", "t.read", retry: RetryPolicy(attempts: 5, jitter: .none)), call("never")],
                onFailure: [call("tell")])
        ) { _ in .failed(Failure(code: "busy", message: "busy", kind: .transient)) }
        bench.go()
        #expect(bench.machine.state == .waiting)
        bench.machine.cancel(by: "lead", reason: "not needed", now: bench.now)
        bench.go()
        #expect(bench.machine.state == .cancelled)
        #expect(bench.machine.reason == "cancelled by lead: not needed")
        #expect(bench.called == ["slow/1"])
    }

    @Test func `a run that takes longer than a run may fails`() throws {
        var bench = try MachineBench(
            playbook([call("slow", "t.read", retry: RetryPolicy(attempts: 5, jitter: .none))]),
            options: .init(longest: .seconds(3))
        ) { _ in .failed(Failure(code: "busy", message: "busy", kind: .transient)) }
        bench.go()
        bench.now = bench.now + .seconds(3)
        bench.go()
        #expect(bench.machine.failure?.code == "run_timed_out")
    }

    @Test(
        "a playbook's own time-out ends its runs earlier, never later, and says whose it was",
        arguments: [
            (60, 3600, 60, "1m, its playbook's `timeout`"), (7200, 3600, 3600, "1h, the longest that a run may"),
        ])
    func ownTimeout(own: Int, all: Int, expected: Int, text: String) throws {
        var workflow = playbook([step("w", .wait(WaitStep(.after(.seconds(86_400)))))])
        workflow.timeout = .seconds(own)
        var bench = try MachineBench(workflow, options: .init(longest: .seconds(all)))
        bench.go()
        #expect(bench.machine.endsAtLatest == MachineBench.start + .seconds(expected))
        bench.now = bench.now + .seconds(expected - 1)
        bench.go()
        #expect(bench.machine.state == .waiting)
        bench.now = bench.now + .seconds(1)
        bench.go()
        #expect(bench.machine.state == .failed)
        #expect(bench.machine.failure?.code == "run_timed_out")
        #expect(bench.machine.failure?.message == "the run took longer than \(text)")
    }

    @Test func `a journal has an end`() throws {
        var bench = try MachineBench(
            playbook([
                step("l", .forEach(LoopStep(list: text("[1,2,3,4,5,6,7,8,9]"), variable: "x", steps: [call("c")])))
            ]), options: .init(maximumEntries: 8))
        bench.finish()
        #expect(bench.machine.failure?.code == "too_many_entries")
    }

    @Test func `stop inside on_failure does not make a failed run succeed`() throws {
        var bench = try MachineBench(
            playbook([call("bad", "t.read")], onFailure: [step("s", .stop(nil)), call("never")])
        ) { _ in .failed(Failure(code: "no", message: "no")) }
        bench.finish()
        #expect(bench.machine.state == .failed)
        #expect(bench.machine.failure?.code == "no")
        #expect(bench.called == ["bad/1"])
    }
}
