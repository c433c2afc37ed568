import RunMachine
import Testing
import WorkflowModel

@Suite("Replay")
struct ReplayTests {
    static let everything = playbook(
        [
            call("one", "t.read", "ticket.id"),
            call("skipped", if: "false"),
            step(nil, .set([field("n", "1")])),
            step(
                "loop",
                .forEach(
                    LoopStep(
                        list: text("ticket.tags"), variable: "tag",
                        steps: [
                            call("send", "t.write", "tag"),
                            step(
                                nil,
                                .branch(
                                    BranchStep(
                                        condition: text(#"tag == "b""#),
                                        then: [call("flaky", "t.read", retry: RetryPolicy(attempts: 3))],
                                        else: [call("other", "t.state", "tag")]))),
                        ]))),
            step(
                "all",
                .parallel(ParallelStep(branches: [call("x", "t.put", "1"), call("y", "t.read"), call("z", "t.tell")]))),
            step(
                nil,
                .choice(
                    ChoiceStep(
                        value: text("ticket.priority"),
                        cases: [
                            .init(
                                values: ["P1"], steps: [call("u", "t.put", "1", undo: undo("t.put", "steps.u.value"))])
                        ]))),
            attempt(
                [wait("pause", .seconds(60)), call("broken", "t.read")],
                rescue: [call("saved", "t.tell", "failure.code")],
                always: [call("tidy", "t.write", "1", undo: undo("t.write", "ticket.priority"))]),
            step(
                "rounds",
                .rounds(
                    RoundsStep(
                        every: .seconds(60), until: text("steps.r.value == 9"), atMost: 2,
                        steps: [call("r", "t.put", "1", undo: undo("t.tell", "steps.r.value"))]))),
            step(
                nil,
                .listen(ListenStep(options: [.init(types: ["ticket.assigned"])], since: "one", timeout: .seconds(60)))),
            step(
                "wide",
                .forEach(
                    LoopStep(
                        list: text("ticket.tags"), variable: "tag",
                        steps: [wait(nil, .seconds(5)), call("w", "t.read", "tag")],
                        maxParallel: 2))),
            call("bad", "t.read"),
        ], vars: [field("m", "now")], onFailure: [call("tell", "t.write", "failure.message")])

    static func finished() throws -> MachineBench {
        var bench = try MachineBench(everything) { attempt in
            switch attempt.label {
            case "flaky" where attempt.number < 3: .failed(Failure(code: "busy", message: "busy", kind: .transient))
            case "bad", "broken": .failed(Failure(code: "bad", message: "went wrong"))
            case "z" where attempt.number == 1: .failed(Failure(code: "lost", message: "lost", kind: .uncertain))
            default: .succeeded(attempt.input)
            }
        }
        bench.finish()
        return bench
    }

    @Test func `a run ends the same from every prefix of its journal`() throws {
        let whole = try ReplayTests.finished()
        #expect(whole.machine.state == .failed)
        #expect(whole.journal.count > 60)
        for length in 1...whole.journal.count {
            var bench = try ReplayTests.finished()
            bench.machine = RunMachine(whole.compiled)
            bench.called = []
            bench.journal = Array(whole.journal.prefix(length))
            try bench.machine.replay(bench.journal)
            bench.machine.recover(now: bench.now)
            bench.verification = .done(["value": "found"])
            bench.finish()
            #expect(bench.machine.state == .failed, "after \(length) entries")
            #expect(bench.machine.failure?.code == "bad", "after \(length) entries")
        }
    }

    @Test func `replaying a prefix twice gives the same commands and decides nothing that was decided`() throws {
        let whole = try ReplayTests.finished()
        for length in 1...whole.journal.count {
            func next() throws -> [String] {
                var machine = RunMachine(whole.compiled)
                try machine.replay(whole.journal.prefix(length))
                machine.recover(now: whole.now)
                return machine.advance(now: whole.now).map { command in
                    switch command {
                    case .call(let attempt): "call \(attempt.key) \(attempt.number) \(attempt.input)"
                    case .verify(let attempt): "verify \(attempt.key)"
                    case .listen(let step, let types, let since, let subject):
                        "listen \(step) \(types) \(since) \(subject ?? "")"
                    case .watch(let types): "watch \(types)"
                    case .begin(let step, let playbook, _): "begin \(step) \(playbook)"
                    case .look(let step, let run): "look \(step) \(run)"
                    case .end(let step, let run): "end \(step) \(run)"
                    case .consult(let step, let recipients, _): "consult \(step) \(recipients)"
                    case .refresh(let step, let names, _): "refresh \(step) \(names)"
                    }
                } + machine.takeEntries().map { "\($0.kind) \($0.step ?? "")" }
            }
            let first = try next()
            #expect(try next() == first)
        }
    }

    @Test func `decisions are followed even when the data would now say otherwise`() throws {
        let workflow = playbook([
            step(nil, .branch(BranchStep(condition: text("ticket.open"), then: [call("yes")], else: [call("no")])))
        ])
        var bench = try MachineBench(workflow)
        let start = RunStart(run: RunID("r"), at: bench.now, names: ["ticket": ["open": false]], seed: 1)
        try bench.machine.replay([.started(start), .assigned(step: nil, [:]), .decided(step: "steps[0]", .then)])
        bench.go()
        #expect(bench.called == ["yes/1"])
    }

    @Test func `a journal of another playbook is refused with the entry's number`() throws {
        var bench = try MachineBench(playbook([call("one")]))
        let start = bench.runStart
        let error = #expect(throws: JournalError.self) {
            try bench.machine.replay([.started(start), .assigned(step: nil, [:]), .decided(step: "steps[7]", .skip)])
        }
        #expect(error?.sequence == 3)
    }

    @Test func `every entry is read back as it was stored`() throws {
        var bench = try ReplayTests.finished()
        bench.journal += [
            .stopping(.cancelled(by: "lead", reason: "why")), .stopping(.timedOut), .stopping(.tooLong),
            .resolved(step: "steps[0]", as: .skip, by: "lead", output: nil), .stopped(step: "steps[1]", reason: nil),
            .needsAttention(
                step: "steps[0]", Failure(code: "c", message: "m", kind: .rateLimited(retryAfter: .seconds(3)))),
            .fired(step: "steps[0]", lateBy: .milliseconds(1500)),
            .stopping(.timedOut, until: bench.now), .hurried, .undoing(nil),
            .undoing(Failure(code: "c", message: "m")), .waiting(step: "steps[0]", due: bench.now),
            .listening(step: "steps[0]", types: ["a", "b"], since: bench.now, due: bench.now),
            .listening(step: "steps[0]", types: ["a"], since: bench.now, due: bench.now, subject: "*"),
            .stopping(.event(type: "ticket.closed", id: "e7"), until: bench.now), .woken(step: "steps[0]"),
            .arrived(step: "steps[0]", ["type": "a"]), .refreshed(step: "steps[0]", ["ticket": ["id": "T-1"]]),
            .decided(step: "steps[0]", .choose(2)),
            .decided(step: "steps[0]", .choose(nil)), .decided(step: "steps[0]", .attempt),
            .decided(step: "steps[0]", .round(3, at: bench.now)), .decided(step: "steps[0]", .roundsEnd(isDone: true)),
        ]
        for (index, entry) in bench.journal.enumerated() {
            let stored = TypedJSON.text(entry.body)
            let read = try JournalEntry(
                kind: entry.kind, step: entry.step, version: 1, body: TypedJSON.parse(stored), sequence: index)
            #expect(read == entry)
        }
        #expect(throws: JournalError.self) {
            try JournalEntry(kind: "started", step: nil, version: 2, body: [:], sequence: 1)
        }
        #expect(throws: JournalError.self) {
            try JournalEntry(kind: "started", step: nil, version: 1, body: [:], sequence: 1)
        }
    }
}
