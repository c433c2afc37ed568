import RunMachine
import Testing
import WorkflowModel

@Suite("Waits and rounds")
struct WaitTests {
    static func rounds(_ until: String?, _ steps: [Step], every: Duration = .seconds(1200), atMost: Int = 5) -> Step {
        step("rounds", .rounds(RoundsStep(every: every, until: until.map(text), atMost: atMost, steps: steps)))
    }

    @Test func `a wait lasts as long as it says, and what is known is read afresh`() throws {
        var bench = try MachineBench(
            playbook([
                wait("pause", .seconds(900)), call("after", "t.pure", "ticket.priority + trigger.ticket.priority"),
            ]))
        bench.facts = { _ in ["ticket": ["id": "T-1", "priority": "P4"]] }
        bench.go()
        #expect(bench.machine.state == .waiting)
        #expect(bench.machine.nextDue == MachineBench.start + .seconds(900))
        bench.now = bench.now + .seconds(899)
        bench.go()
        #expect(bench.called == [])
        bench.finish()
        #expect(bench.asked == [["ticket"]])
        #expect(bench.result("after")?["value"] == "P4P1")
        #expect(bench.status("pause") == "succeeded")
        #expect(bench.journal.contains(.refreshed(step: "steps[0]", ["ticket": ["id": "T-1", "priority": "P4"]])))
    }

    @Test func `a late wait says by how much`() throws {
        var bench = try MachineBench(playbook([wait(nil, .seconds(60))]))
        bench.go()
        bench.now = bench.now + .seconds(90)
        bench.go()
        #expect(bench.journal.contains(.fired(step: "steps[0]", lateBy: .seconds(30))))
        let tree = RunTree(bench.compiled.workflow, bench.journal.map { (bench.now, $0) })
        #expect(tree.steps.first?.detail == "woken 30s late")
        #expect(tree.steps.first?.status == .succeeded)
    }

    @Test func `wait_until waits for its moment, and not at all when it has passed`() throws {
        var bench = try MachineBench(
            playbook([
                step(nil, .wait(WaitStep(.at(text(#"run.started_at + duration("90s")"#))))),
                step(nil, .wait(WaitStep(.at(text(#"run.started_at - duration("90s")"#))))), call("after"),
            ]))
        bench.go()
        #expect(bench.machine.nextDue == MachineBench.start + .seconds(90))
        bench.finish()
        #expect(bench.now == MachineBench.start + .seconds(90))
        #expect(bench.called == ["after/1"])
        #expect(bench.journal.contains(.fired(step: "steps[1]", lateBy: .zero)))
    }

    @Test func `wait_until of something else than a moment fails the step`() throws {
        var bench = try MachineBench(playbook([step("w", .wait(WaitStep(.at(text("ticket.id")))))]))
        bench.finish()
        #expect(bench.machine.failure?.code == "not_a_time")
        #expect(bench.machine.failure?.step == "w")
    }

    @Test func `waits of parallel branches go on beside each other`() throws {
        var bench = try MachineBench(
            playbook([
                step(
                    nil,
                    .parallel(
                        ParallelStep(branches: [wait(nil, .seconds(30)), wait(nil, .seconds(10)), call("c")])))
            ]))
        bench.go()
        #expect(bench.machine.waits.count == 2)
        bench.finish()
        #expect(bench.now == MachineBench.start + .seconds(30))
        #expect(bench.machine.state == .succeeded)
    }

    @Test func `without a name that could be stale nothing is asked for`() throws {
        var bench = try MachineBench(playbook([wait(nil, .seconds(30)), call("c")]))
        bench.event = ["other": 1]
        bench.finish()
        #expect(bench.asked == [])
        #expect(bench.called == ["c/1"])
    }

    @Test func `repeat goes from round to round until its condition holds after a wait`() throws {
        var bench = try MachineBench(
            playbook([
                WaitTests.rounds(#"ticket.status == "resolved""#, [call("nudge", "t.write", "ticket.id")]),
                call("after", "t.pure", "string(steps.rounds.rounds) + string(steps.rounds.done)"),
            ]))
        bench.facts = { now in
            ["ticket": ["id": "T-1", "status": now < MachineBench.start + .seconds(2000) ? "open" : "resolved"]]
        }
        bench.event = ["ticket": ["id": "T-1", "status": "open"]]
        bench.finish()
        #expect(bench.called == ["nudge/1", "nudge/1", "after/1"])
        #expect(bench.now == MachineBench.start + .seconds(2400))
        #expect(bench.result("after")?["value"] == "2true")
        #expect(bench.result("rounds")?["items"]?.list?.count == 2)
        let tree = RunTree(bench.compiled.workflow, bench.journal.map { (bench.now, $0) })
        #expect(tree.steps[0].status == .succeeded)
        #expect(tree.steps[0].children.count == 2)
    }

    @Test func `repeat's condition sees the results of the round, and ends without a wait`() throws {
        var bench = try MachineBench(
            playbook([WaitTests.rounds("steps.look.value == 3", [call("look", "t.read", "3")])]))
        bench.finish()
        #expect(bench.now == MachineBench.start)
        #expect(bench.called == ["look/1"])
    }

    @Test func `repeat ends after at_most rounds, without a wait behind the last`() throws {
        var bench = try MachineBench(playbook([WaitTests.rounds(nil, [call("c", "t.write", "1")], atMost: 3)]))
        bench.finish()
        #expect(bench.called == ["c/1", "c/1", "c/1"])
        #expect(bench.now == MachineBench.start + .seconds(2400))
        #expect(bench.result("rounds")?["done"] == false)
        #expect(bench.result("rounds")?["rounds"] == 3)
    }

    @Test func `rounds begin every so often, counted from start to start`() throws {
        var bench = try MachineBench(
            playbook([WaitTests.rounds(nil, [call("c"), wait(nil, .seconds(500))], atMost: 2)]))
        bench.go()
        bench.now = bench.now + .seconds(500)
        bench.go()
        #expect(bench.machine.nextDue == MachineBench.start + .seconds(1200))
    }

    @Test func `a failure in a round ends the repeat, and its condition may fail as well`() throws {
        var bench = try MachineBench(playbook([WaitTests.rounds(nil, [call("c", "t.read")])])) { _ in
            .failed(Failure(code: "no", message: "no"))
        }
        bench.finish()
        #expect(bench.machine.failure?.step == "c")
        var wrong = try MachineBench(playbook([WaitTests.rounds("ticket.nothing == 1", [call("c")])]))
        wrong.finish()
        #expect(wrong.machine.failure?.step == "rounds")
    }

    @Test func `cancel ends a repeat between its rounds`() throws {
        var bench = try MachineBench(playbook([WaitTests.rounds(nil, [call("c")])]))
        bench.go()
        bench.machine.cancel(by: "lead", reason: nil, now: bench.now)
        bench.go()
        #expect(bench.machine.state == .cancelled)
        #expect(bench.status("rounds") == "cancelled")
    }

    /// A calendar that is open from minute 30 of every hour on.
    static let halves: RunMachine.BusinessTime = { name, duration, start throws(Failure) in
        guard name == "halves" else { throw Failure(code: "unknown_calendar", message: "there is no calendar \(name)") }
        var (now, left) = (start, duration)
        while left > .zero {
            let minute = now.seconds / 60 % 60
            if minute >= 30 { left -= .seconds(60) }
            now = now + .seconds(60)
        }
        return now
    }

    @Test func `with a calendar waits count its open time, and a replay does not ask it again`() throws {
        let workflow = playbook([
            step(nil, .wait(WaitStep(.after(.seconds(3600)), calendar: "halves"))),
            step(
                nil,
                .listen(
                    ListenStep(options: [.init(types: ["a.b"])], timeout: .seconds(1800), calendar: "halves"))),
            step(
                nil,
                .rounds(
                    RoundsStep(
                        every: .seconds(600), calendar: "halves", until: nil, atMost: 2,
                        steps: [call(nil, "t.pure", "1")]))),
        ])
        var options = RunMachine.Options()
        options.businessTime = WaitTests.halves
        var bench = try MachineBench(workflow, options: options)
        bench.finish()
        #expect(bench.machine.state == .succeeded)
        func dues(_ journal: [JournalEntry]) -> [Timestamp] {
            journal.compactMap { entry in
                switch entry {
                case .waiting(_, let due), .listening(_, _, _, let due, _): due
                default: nil
                }
            }
        }
        let start = MachineBench.start
        #expect(start.seconds % 3600 == 0)
        #expect(dues(bench.journal) == [start + .seconds(7200), start + .seconds(10800), start + .seconds(13200)])
        // The calendar has gone, but what was decided stands.
        var machine = RunMachine(bench.compiled)
        try machine.replay(bench.journal.prefix { if case .fired = $0 { false } else { true } })
        #expect(machine.nextDue == start + .seconds(7200))
    }

    @Test func `with a calendar the time to answer a question is its open time`() throws {
        var ask = AskStep(
            isApproval: true, who: .literal("lead"), question: .literal("Go?"), timeout: .seconds(3600))
        ask.calendar = "halves"
        var options = RunMachine.Options()
        options.businessTime = WaitTests.halves
        var bench = try MachineBench(playbook([step("q", .ask(ask))]), options: options)
        bench.go()
        #expect(bench.machine.nextDue == MachineBench.start + .seconds(7200))
        bench.finish()
        #expect(bench.machine.failure?.code == "not_answered")
        #expect(bench.machine.failure?.message.contains("within 1h of halves") == true)
        ask.calendar = "gone"
        var lost = try MachineBench(playbook([step("q", .ask(ask))]), options: options)
        lost.finish()
        #expect(lost.machine.failure?.code == "unknown_calendar")
    }

    @Test("a calendar that is not there fails the step", arguments: [true, false])
    func noCalendar(_ hasCalendars: Bool) throws {
        var options = RunMachine.Options()
        if hasCalendars { options.businessTime = WaitTests.halves }
        var bench = try MachineBench(
            playbook([step("w", .wait(WaitStep(.after(.seconds(60)), calendar: "gone")))]), options: options)
        bench.finish()
        #expect(bench.machine.failure?.code == "unknown_calendar")
        #expect(bench.machine.failure?.step == "w")
    }

    @Test func `until ends the rounds when something that happens makes it true, and not before`() throws {
        let workflow = playbook([
            step(
                "r",
                .rounds(
                    RoundsStep(
                        every: .seconds(1200), until: text("ticket.priority == 'P4' && steps.inside.value == 1"),
                        atMost: 5, steps: [call("inside", "t.write", "1")]))),
            call("after", "t.pure", "ticket.priority"),
        ])
        var bench = try MachineBench(workflow)
        bench.facts = { _ in ["ticket": ["id": "T-1", "priority": "P1"]] }
        bench.go()
        #expect(bench.machine.isListening(step: "steps[0]"))
        let entries = bench.journal.count
        bench.now = bench.now + .seconds(60)
        bench.machine.lookAgain()
        bench.go()
        #expect(bench.journal.count == entries, "a look that changes nothing leaves no trace")
        #expect(bench.machine.nextDue == MachineBench.start + .seconds(1200))
        bench.facts = { _ in ["ticket": ["id": "T-1", "priority": "P4"]] }
        var machine = RunMachine(bench.compiled)
        try machine.replay(bench.journal)
        machine.recover(now: bench.now)
        bench.machine = machine
        bench.go()
        #expect(bench.machine.state == .succeeded, "an executor that goes on looks, too")
        #expect(bench.called == ["inside/1", "after/1"])
        #expect(bench.result("r")?["done"] == true)
        #expect(bench.result("r")?["rounds"] == 1)
        #expect(bench.result("after")?["value"] == "P4")
        #expect(bench.now == MachineBench.start + .seconds(60))
    }
}
