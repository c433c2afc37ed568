import RunMachine
import Testing
import WorkflowModel

private let broken = Failure(code: "broken", message: "it broke")

@Suite("Undo")
struct UndoTests {
    static let three = playbook(
        [
            call("a", "t.write", "1", undo: undo("t.put", "steps.a.value")),
            call("skipped", "t.write", if: "false", undo: undo("t.put", "0")),
            step(
                nil,
                .forEach(
                    LoopStep(
                        list: text(#"["x", "y"]"#), variable: "n",
                        steps: [call("b", "t.write", "n", undo: undo("t.put", "steps.b.value + n"))]))),
            call("bad", "t.read"),
        ], onFailure: [call("handler", "t.read")])

    static func played(_ failing: [String] = ["bad"]) throws -> MachineBench {
        try MachineBench(three) { attempt in
            failing.contains(attempt.label)
                ? .failed(broken) : .succeeded(attempt.input["value"].map { ["value": $0] } ?? [:])
        }
    }

    @Test func `completed steps are taken back last first, then on_failure runs`() throws {
        var inputs: [Value] = []
        var bench = try UndoTests.played()
        let script = bench.script
        bench.script = { attempt in
            if attempt.isUndo { inputs.append(attempt.input["value"] ?? .null) }
            return script(attempt)
        }
        bench.finish()
        #expect(
            bench.called == [
                "a/1", "b/1", "b/1", "bad/1", "undo of b/1", "undo of b/1", "undo of a/1", "handler/1",
            ])
        #expect(inputs == ["yy", "xx", 1])
        #expect(bench.machine.state == .failed)
        #expect(bench.machine.failure?.step == "bad")
        let tree = RunTree(bench.compiled.workflow, bench.journal.map { (bench.now, $0) })
        #expect(tree.steps[0].children.map(\.label) == ["undo"])
        #expect(tree.steps[0].children.map(\.status) == [.succeeded])
        #expect(bench.compiled.label(of: "steps[2].steps[0].undo#1") == "undo of b#1")
    }

    @Test func `an undo that fails is recorded and the next is tried`() throws {
        var bench = try UndoTests.played(["bad", "undo of b"])
        bench.finish()
        #expect(bench.called.suffix(4) == ["undo of b/1", "undo of b/1", "undo of a/1", "handler/1"])
        #expect(bench.machine.failure?.step == "bad")
        let failed = bench.journal.compactMap { entry -> String? in
            if case .failed(let step, _, _, _) = entry { step } else { nil }
        }
        #expect(failed.contains("steps[2].steps[0].undo#0"))
    }

    @Test func `a run that ends well takes nothing back, nor does one whose failure was rescued`() throws {
        var bench = try UndoTests.played([])
        bench.finish()
        #expect(bench.machine.state == .succeeded)
        #expect(!bench.called.contains { $0.hasPrefix("undo") })
        var rescued = try MachineBench(
            playbook([
                attempt([call("a", "t.write", undo: undo("t.put", "1")), call("bad", "t.read")], rescue: [call("r")])
            ])
        ) { $0.label == "bad" ? .failed(broken) : .succeeded([:]) }
        rescued.finish()
        #expect(rescued.called == ["a/1", "bad/1", "r/1"])
    }

    @Test func `cancel takes completed steps back after always, without on_failure`() throws {
        var bench = try MachineBench(
            playbook(
                [
                    call("a", "t.write", undo: undo("t.put", "1")),
                    attempt([wait(nil, .seconds(60))], always: [call("tidy", "t.write", undo: undo("t.put", "2"))]),
                ], onFailure: [call("handler")]))
        bench.go()
        bench.machine.cancel(by: "lead", reason: "why", now: bench.now)
        bench.finish()
        #expect(bench.called == ["a/1", "tidy/1", "undo of tidy/1", "undo of a/1"])
        #expect(bench.machine.state == .cancelled)
    }

    @Test func `a cancel while steps are taken back leaves them to it, and skips on_failure`() throws {
        let waiting = Failure(code: "busy", message: "busy", kind: .rateLimited(retryAfter: .seconds(50)))
        var bench = try UndoTests.played()
        let script = bench.script
        bench.compiled = try CompiledWorkflow(UndoTests.three) { name in
            var policy = MachineBench.policies[name]
            if name == "t.put" { policy?.retry = RetryPolicy(attempts: 2, jitter: .none) }
            return policy
        }
        bench.machine = RunMachine(bench.compiled)
        bench.script = { $0.isUndo && $0.number == 1 ? .failed(waiting) : script($0) }
        bench.go()
        #expect(bench.machine.state == .waiting)
        bench.machine.cancel(by: "lead", reason: nil, now: bench.now)
        bench.finish()
        #expect(bench.machine.state == .cancelled)
        #expect(bench.called.contains("undo of a/2"))
        #expect(!bench.called.contains("handler/1"))
    }

    @Test func `what there was no time for is not taken back`() throws {
        var bench = try MachineBench(
            playbook([
                call("a", "t.write", undo: undo("t.put", "1")),
                attempt([wait(nil, .seconds(60))], always: [wait(nil, .seconds(3600))]),
            ]))
        bench.go()
        bench.machine.cancel(by: "lead", reason: nil, now: bench.now)
        bench.go()
        bench.now = bench.now + .seconds(300)
        bench.go()
        #expect(bench.machine.state == .cancelled)
        #expect(bench.called == ["a/1"])
    }
}
