import RunMachine
import Testing
import WorkflowModel

@Suite("Questions to people")
struct AskTests {
    static func approve(
        by who: Value = "lead", quorum: Int = 1, remindEvery: Duration? = nil, onTimeout: AskStep.Reaction = .fail,
        onReject: AskStep.Reaction = .fail
    ) -> Step {
        step(
            "page",
            .ask(
                AskStep(
                    isApproval: true, who: .literal(who), question: .text(text("Page for ${{ ticket.id }}?")),
                    quorum: quorum, remindEvery: remindEvery, timeout: .seconds(3600), onTimeout: onTimeout,
                    onReject: onReject)))
    }

    static func form(quorum: Int = 1, onTimeout: AskStep.Reaction = .fail) -> Step {
        var cost = Schema(types: ["integer"])
        cost.minimum = 0
        var when = Schema(types: ["string"])
        when.format = "date-time"
        return step(
            "plan",
            .ask(
                AskStep(
                    who: .expression(text(#"["ada", "grace"]"#)), question: .literal("What does it cost?"),
                    fields: [
                        InputField(name: "cost", schema: cost, isRequired: true),
                        InputField(name: "start", schema: when, isRequired: false),
                    ], quorum: quorum, onTimeout: onTimeout)))
    }

    static func verdict(_ verdict: AskAnswer.Verdict, by: String = "lead", comment: String? = nil) -> AskAnswer {
        AskAnswer(by: by, at: MachineBench.start, verdict: verdict, comment: comment)
    }

    static func after(_ expression: String) -> Step { call("after", "t.pure", expression) }

    @Test func `an approval waits for the people who were looked up, and gives who approved`() throws {
        var bench = try MachineBench(
            playbook([
                AskTests.approve(by: "group:leads"),
                AskTests.after(
                    "[steps.page.approved, steps.page.rejected, steps.page.timed_out, steps.page.by, ticket.id]"),
            ]))
        var consulted: [[String]] = []
        bench.people = { recipients in
            consulted.append(recipients)
            return .success(["lead", "other"])
        }
        bench.facts = { _ in ["ticket": ["id": "T-1 afresh"]] }
        bench.go()
        #expect(consulted == [["group:leads"]])
        #expect(bench.machine.state == .waiting)
        let open = try #require(bench.machine.openAsks.first)
        #expect(open.key == "steps[0]")
        #expect(bench.machine.nextDue == MachineBench.start + .seconds(3600))
        bench.now = bench.now + .seconds(60)
        try bench.machine.answer(open.id, AskTests.verdict(.approve, by: "other", comment: "go"), now: bench.now)
        bench.go()
        #expect(bench.machine.state == .succeeded)
        #expect(bench.result("after")?["value"] == [true, false, false, "other", "T-1 afresh"])
        #expect(bench.result("page")?["comment"] == "go")
        #expect(bench.result("page")?["answers"]?.list?.first?["verdict"] == "approve")
        #expect(
            bench.journal.map(\.kind).suffix(6) == [
                "asked", "answered", "refreshed", "completed", "completed", "ended",
            ])
        let tree = RunTree(bench.compiled.workflow, bench.journal.map { (bench.now, $0) })
        #expect(tree.steps[0].detail == "approved by other: go")
        #expect(tree.steps[0].status == .succeeded)
        #expect(tree.steps[0].input?["question"] == "Page for T-1?")
    }

    @Test func `a question gives its fields beside who answered`() throws {
        var bench = try MachineBench(
            playbook([AskTests.form(), AskTests.after("[steps.plan.cost + 1, steps.plan.start, steps.plan.by]")]))
        bench.go()
        let id = try #require(bench.machine.openAsks.first?.id)
        try bench.machine.answer(
            id,
            AskAnswer(by: "ada", at: bench.now, values: ["cost": 41, "start": "2026-11-22T10:00:00Z"]),
            now: bench.now)
        bench.go()
        #expect(
            bench.result("after")?["value"]
                == [42, .timestamp(try #require(Timestamp(rfc3339: "2026-11-22T10:00:00Z"))), "ada"])
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var code: String
        var message: String
        var answer: AskAnswer
        var late = Duration.zero
        var isForm = false
    }

    static let refusals: [Refusal] = [
        .init(
            testDescription: "somebody else", code: "may_not_answer", message: "eve is not asked; lead",
            answer: verdict(.approve, by: "eve")),
        .init(
            testDescription: "too late", code: "too_late", message: "until", answer: verdict(.approve),
            late: .seconds(3600)),
        .init(
            testDescription: "no verdict", code: "bad_answer", message: "say approve or reject",
            answer: AskAnswer(by: "lead", at: MachineBench.start)),
        .init(
            testDescription: "a field of an approval", code: "bad_answer", message: "no field cost",
            answer: AskAnswer(by: "lead", at: MachineBench.start, verdict: .approve, values: ["cost": 1])),
        .init(
            testDescription: "a long comment", code: "bad_answer", message: "2000 characters",
            answer: verdict(.approve, comment: String(repeating: "x", count: 2001))),
        .init(
            testDescription: "a verdict for a form", code: "bad_answer", message: "cost=…",
            answer: verdict(.approve, by: "ada"), isForm: true),
        .init(
            testDescription: "a missing field", code: "bad_answer", message: "cost: is missing",
            answer: AskAnswer(by: "ada", at: MachineBench.start), isForm: true),
        .init(
            testDescription: "a wrong type", code: "bad_answer", message: "cost: must be a whole number",
            answer: AskAnswer(by: "ada", at: MachineBench.start, values: ["cost": "many"]), isForm: true),
        .init(
            testDescription: "an unknown field", code: "bad_answer", message: "did you mean cost?",
            answer: AskAnswer(by: "ada", at: MachineBench.start, values: ["cost": 1, "costs": 2]), isForm: true),
    ]

    @Test("an answer that cannot be is refused, and changes nothing", arguments: refusals)
    func refusal(_ refusal: Refusal) throws {
        var bench = try MachineBench(playbook([refusal.isForm ? AskTests.form() : AskTests.approve()]))
        bench.go()
        let id = try #require(bench.machine.openAsks.first?.id)
        let entries = bench.machine.entryCount
        let failure = #expect(throws: Failure.self) {
            try bench.machine.answer(id, refusal.answer, now: bench.now + refusal.late)
        }
        #expect(failure?.code == refusal.code)
        #expect(failure?.message.contains(refusal.message) == true, "\(failure?.message ?? "")")
        #expect(bench.machine.entryCount == entries)
        #expect(bench.machine.openAsks.count == 1)
    }

    @Test func `a quorum counts different people, and nobody twice`() throws {
        var bench = try MachineBench(
            playbook([AskTests.approve(by: ["a", "b", "c"], quorum: 2), AskTests.after("steps.page.answers.size()")]))
        bench.go()
        let id = try #require(bench.machine.openAsks.first?.id)
        try bench.machine.answer(id, AskTests.verdict(.approve, by: "a"), now: bench.now)
        bench.go()
        #expect(bench.machine.state == .waiting)
        let failure = #expect(throws: Failure.self) {
            try bench.machine.answer(id, AskTests.verdict(.reject, by: "a"), now: bench.now)
        }
        #expect(failure?.code == "answered_already")
        try bench.machine.answer(id, AskTests.verdict(.approve, by: "c"), now: bench.now)
        #expect(throws: Failure.self) {
            try bench.machine.answer(id, AskTests.verdict(.approve, by: "b"), now: bench.now)
        }
        bench.go()
        #expect(bench.result("after")?["value"] == 2)
        #expect(bench.result("page")?["by"] == "c")
    }

    @Test func `the first rejection decides, whatever the quorum`() throws {
        var bench = try MachineBench(playbook([AskTests.approve(by: ["a", "b"], quorum: 2)]))
        bench.go()
        let id = try #require(bench.machine.openAsks.first?.id)
        try bench.machine.answer(id, AskTests.verdict(.reject, by: "b", comment: "not now"), now: bench.now)
        bench.go()
        #expect(bench.machine.state == .failed)
        #expect(bench.machine.failure?.code == "rejected")
        #expect(bench.machine.failure?.message == "rejected by b: not now")
        #expect(bench.machine.failure?.step == "page")
    }

    @Test func `nobody, or too few, to ask fails the step and says so`() throws {
        var few = try MachineBench(playbook([AskTests.approve(by: ["a"], quorum: 2)]))
        few.go()
        #expect(few.machine.failure?.code == "too_few_people")
        var nobody = try MachineBench(playbook([AskTests.approve()]))
        nobody.people = { _ in .failure(Failure(code: "oncall_gap", message: "nobody is on call")) }
        nobody.go()
        #expect(nobody.machine.failure?.code == "oncall_gap")
        var wrong = try MachineBench(
            playbook([step("q", .ask(AskStep(who: .expression(text("5")), question: .literal("?"))))]))
        wrong.go()
        #expect(wrong.machine.failure?.code == "unknown_recipient")
    }

    struct Ending: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var onTimeout = AskStep.Reaction.fail
        var onReject = AskStep.Reaction.fail
        var rejects = false
        var state = RunState.succeeded
        var code: String?
        /// approved, rejected, timed out
        var gives: [Bool]
        var called: [String] = ["after/1"]
    }

    static let endings: [Ending] = [
        .init(
            testDescription: "time-out, fail", state: .failed, code: "not_answered", gives: [false, false, true],
            called: []),
        .init(testDescription: "time-out, approve", onTimeout: .approve, gives: [true, false, true]),
        .init(testDescription: "time-out, continue", onTimeout: .goOn, gives: [false, false, true]),
        .init(
            testDescription: "time-out, reject", onTimeout: .reject, state: .failed, code: "rejected",
            gives: [false, true, true], called: []),
        .init(
            testDescription: "time-out, reject, continue", onTimeout: .reject, onReject: .goOn,
            gives: [false, true, true]),
        .init(
            testDescription: "time-out, reject, steps", onTimeout: .reject,
            onReject: .steps([call("no", "t.read", "string(steps.page.rejected) + string(steps.page.timed_out)")]),
            gives: [false, true, true], called: ["no/1", "after/1"]),
        .init(
            testDescription: "time-out, steps", onTimeout: .steps([call("no", "t.read", "steps.page.timed_out")]),
            gives: [false, false, true],
            called: ["no/1", "after/1"]),
        .init(
            testDescription: "time-out, steps that fail", onTimeout: .steps([step(nil, .fail(.literal("too late")))]),
            state: .failed, code: "failed_by_playbook", gives: [false, false, true], called: []),
        .init(testDescription: "rejection, continue", onReject: .goOn, rejects: true, gives: [false, true, false]),
        .init(
            testDescription: "rejection, steps", onReject: .steps([call("no", "t.read", "steps.page.by")]),
            rejects: true,
            gives: [false, true, false], called: ["no/1", "after/1"]),
    ]

    @Test("every ending is what the playbook says, from every prefix of the journal", arguments: endings)
    func ending(_ ending: Ending) throws {
        let workflow = playbook(
            [AskTests.approve(onTimeout: ending.onTimeout, onReject: ending.onReject), call("after")])
        func play(from prefix: [JournalEntry]) throws -> MachineBench {
            var bench = try MachineBench(workflow)
            if !prefix.isEmpty {
                try bench.machine.replay(prefix)
                bench.machine.recover(now: bench.now)
                bench.journal = prefix
            }
            bench.go()
            if ending.rejects, let id = bench.machine.openAsks.first?.id {
                try bench.machine.answer(id, AskTests.verdict(.reject), now: bench.now)
            }
            bench.finish()
            #expect(bench.machine.state == ending.state)
            #expect(bench.machine.failure?.code == ending.code)
            let result = bench.result("page")
            #expect(["approved", "rejected", "timed_out"].map { result?[$0]?.bool } == ending.gives)
            #expect(result?["status"]?.string == (ending.state == .failed ? "failed" : "succeeded"))
            return bench
        }
        let whole = try play(from: [])
        #expect(whole.called == ending.called)
        for length in 1..<whole.journal.count {
            let again = try play(from: Array(whole.journal.prefix(length)))
            #expect(again.journal.map(\.kind) == whole.journal.map(\.kind), "after \(length) entries")
        }
        let tree = RunTree(whole.compiled.workflow, whole.journal.map { (whole.now, $0) })
        #expect(tree.steps[0].status == (ending.state == .failed ? .failed : .succeeded))
    }

    @Test func `reminders come at their times, one for all that were missed, and stop at the time-out`() throws {
        var bench = try MachineBench(
            playbook([AskTests.approve(remindEvery: .seconds(600), onTimeout: .goOn)]))
        bench.go()
        #expect(bench.machine.nextDue == MachineBench.start + .seconds(600))
        bench.now = MachineBench.start + .seconds(1900)
        bench.go()
        #expect(bench.machine.nextDue == MachineBench.start + .seconds(2400))
        bench.finish()
        let reminders = bench.journal.filter { $0.kind == "reminded" }
        #expect(reminders.count == 3)
        #expect(reminders.last == .reminded(step: "steps[0]", number: 3, next: nil))
        #expect(bench.now == MachineBench.start + .seconds(3600))
        #expect(bench.machine.state == .succeeded)
    }

    @Test func `cancelling withdraws the question`() throws {
        var bench = try MachineBench(playbook([AskTests.approve()]))
        bench.go()
        let id = try #require(bench.machine.openAsks.first?.id)
        bench.machine.cancel(by: "lead", reason: nil, now: bench.now)
        #expect(bench.machine.openAsks.isEmpty)
        #expect(throws: Failure.self) { try bench.machine.answer(id, AskTests.verdict(.approve), now: bench.now) }
        bench.go()
        #expect(bench.machine.state == .cancelled)
        #expect(bench.status("page") == "cancelled")
    }

    @Test func `each instance of a step asks a question of its own, the same in every replay`() throws {
        var bench = try MachineBench(
            playbook([
                step(
                    nil,
                    .forEach(
                        LoopStep(
                            list: text("[1, 2]"), variable: "n", steps: [AskTests.approve(onTimeout: .goOn)],
                            maxParallel: 2)))
            ]))
        bench.go()
        let ids = bench.machine.openAsks.map(\.id)
        #expect(Set(ids).count == 2)
        #expect(ids.allSatisfy { $0.hasPrefix("ask_") && $0.utf8.count == 20 })
        var again = try MachineBench(bench.compiled.workflow)
        again.go()
        #expect(again.machine.openAsks.map(\.id) == ids)
    }

    @Test func `entries are read back as they were stored`() throws {
        var bench = try MachineBench(playbook([AskTests.form(quorum: 2)]))
        bench.go()
        let id = try #require(bench.machine.openAsks.first?.id)
        try bench.machine.answer(
            id, AskAnswer(by: "ada", at: bench.now, values: ["cost": 1], comment: "dear"), now: bench.now)
        bench.finish()
        let others: [JournalEntry] = [
            .answered(step: "s", AskTests.verdict(.reject)), .reminded(step: "s", number: 2, next: bench.now),
            .decided(step: "s", .onTimeout), .decided(step: "s", .onReject),
        ]
        for entry in bench.journal + others {
            let read = try JournalEntry(
                kind: entry.kind, step: entry.step, version: 1,
                body: TypedJSON.parse(TypedJSON.text(entry.body)), sequence: 1)
            #expect(read == entry)
        }
        #expect(bench.machine.failure?.message == "1 of 2 people answered within 1d")
    }
}
