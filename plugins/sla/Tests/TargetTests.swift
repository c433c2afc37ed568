import Testing
import WorkflowModel

@testable import SLAPlugin

@Suite("Targets, thresholds and what changes them")
struct TargetTests {
    static func policies(_ options: String = "", _ metric: String) -> String {
        ClockEventTests.policies(options, metric)
    }

    @Test("A higher priority takes its target over the time that has passed: three hours to two after one leave one")
    func shorter() throws {
        var story = try Story(Self.policies("", "resolution_first: { targets: { P1: 2h, P2: 3h } }"))
        story.on("mon 09:00", "created", ["priority": "P2"])
        story.on("mon 10:00", "updated", ["priority": "P1"])
        let clock = try story.clock("resolution_first/1", "mon 10:00")
        #expect(clock.told == "running 1h due mon 11:00")
        #expect(clock.remaining == .seconds(3600))
    }

    @Test("With from_change the new target counts from the change")
    func fromChange() throws {
        var story = try Story(
            Self.policies("priority_change: from_change", "resolution_first: { targets: { P1: 2h, P2: 3h } }"))
        story.on("mon 09:00", "created", ["priority": "P2"])
        story.on("mon 10:00", "updated", ["priority": "P1"])
        #expect(try story.clock("resolution_first/1", "mon 10:30").told == "running 30m due mon 12:00")
    }

    @Test("A new target keeps the pauses that were, so that it is not missed by them")
    func oldPauses() throws {
        var story = try Story(
            Self.policies("pause: { status: pending }", "resolution_first: { targets: { P1: 2h, P2: 8h } }"))
        story.on("mon 09:00", "created", ["priority": "P2"])
        story.on("mon 09:30", "updated", ["status": "pending"])
        story.on("mon 15:30", "updated", ["status": "open"])
        story.on("mon 16:00", "updated", ["priority": "P1"])
        #expect(try story.clock("resolution_first/1", "mon 16:00").told == "running 1h due mon 17:00")
    }

    @Test("Lowering the priority after a breach keeps the breach on record and goes on with the new target")
    func lowered() throws {
        var story = try Story(Self.policies("", "resolution_first: { targets: { P1: 1h, P3: 4h }, thresholds: [50%] }"))
        story.on("mon 09:00", "created", ["priority": "P1"])
        story.on("mon 10:30", "updated", ["priority": "P3"])
        let clock = try story.clock("resolution_first/1", "mon 11:30")
        #expect(clock.told == "running! 2h 30m due mon 13:00")
        #expect(
            clock.breaches == [.init(at: Story.time("mon 10:00"), target: .seconds(3600), priority: "P1", cause: nil)])
        // The lower target arms both again; each is told once for it.
        #expect(clock.fired == ["50% mon 09:30", "100% mon 10:00", "50% mon 11:00", "100% mon 13:00"])
    }

    @Test(
        "A target that is over when it comes is one breach, told only when the policy wants it",
        arguments: [false, true])
    func retroactive(isTold: Bool) throws {
        var story = try Story(
            Self.policies(
                "run_on_retro_breach: \(isTold)",
                "resolution_first: { targets: { P1: 1h, P3: 8h }, thresholds: [50%, { overdue: 1h }] }"))
        story.on("mon 09:00", "created", ["priority": "P3"])
        story.on("mon 10:30", "updated", ["priority": "P1"])
        let clock = try story.clock("resolution_first/1", "mon 12:00")
        #expect(clock.told == "running! 3h due mon 10:00")
        #expect(clock.breaches.map(\.cause) == ["target_changed"])
        #expect(clock.breaches.map(\.at) == [Story.time("mon 10:30")])
        let breach = "100% mon 10:30 target_changed"
        #expect(
            clock.fired == ["(50% mon 10:30 target_changed)", isTold ? breach : "(\(breach))", "1h over mon 11:00"])
    }

    @Test("A second breach is not told for a target that is still more over")
    func twice() throws {
        var story = try Story(Self.policies("", "resolution_first: { targets: { P1: 1h, P2: 2h } }"))
        story.on("mon 09:00", "created", ["priority": "P2"])
        story.on("mon 12:00", "updated", ["priority": "P1"])
        #expect(try story.clock("resolution_first/1", "mon 13:00").fired == ["100% mon 11:00"])
    }

    @Test("Thresholds lie in open hours: an hour before eleven is ten, not midnight")
    func thresholds() throws {
        var story = try Story(
            """
            policies:
            - id: all
              default: true
              calendar: office
              metrics:
                first_reply:
                  target: 4h
                  thresholds: [{ remaining: 1h }, { elapsed: 30m }, { remaining: 3h }, { overdue: 3h, repeat: 3 }]
            """)
        story.on("mon 15:00", "created")
        #expect(
            try story.clock("first_reply/1", "mon 15:00").fired == [
                "30m used mon 15:30", "3h left mon 16:00", "1h left tue 10:00", "100% tue 11:00", "3h over tue 14:00",
                "6h over tue 17:00", "9h over wed 12:00",
            ])
    }

    @Test("Of thresholds at one instant only the highest is told")
    func together() throws {
        var story = try Story(
            Self.policies("", "first_reply: { target: 1h, thresholds: [75%, { remaining: 15m }, 50%] }"))
        story.on("mon 09:00", "created")
        #expect(
            try story.clock("first_reply/1", "mon 09:00").fired == [
                "50% mon 09:30", "(75% mon 09:45)", "15m left mon 09:45", "100% mon 10:00",
            ])
    }

    @Test("A pause shifts what is ahead and does not repeat what was told")
    func pauseShifts() throws {
        var story = try Story(
            Self.policies("pause: { status: pending }", "resolution_first: { target: 2h, thresholds: [50%] }"))
        story.on("mon 09:00", "created")
        story.on("mon 10:30", "updated", ["status": "pending"])
        story.on("mon 13:30", "updated", ["status": "open"])
        #expect(try story.clock("resolution_first/1", "mon 13:30").fired == ["50% mon 10:00", "100% mon 14:00"])
    }

    @Test(
        "Business days end with the nth open day from the next open moment",
        arguments: [
            ("mon 15:00", 1, "mon 17:00"), ("mon 15:00", 2, "tue 17:00"), ("mon 18:00", 1, "tue 17:00"),
            ("fri 10:00", 2, "mon2 17:00"), ("sat 10:00", 1, "mon2 17:00"),
        ])
    func businessDays(start: String, days: Int, due: String) throws {
        var story = try Story(
            "policies: [{ id: a, default: true, calendar: office, metrics: { first_reply: { target: { business_days: \(days) } } } }]"
        )
        story.on(start, "created")
        #expect(Story.text(try story.clock("first_reply/1", start).due) == due)
    }

    @Test("The end of the next business day can be said in words")
    func words() throws {
        var story = try Story(
            "policies: [{ id: a, default: true, calendar: office, metrics: { first_reply: { target: end of next business day } } }]"
        )
        story.on("mon 15:00", "created")
        #expect(Story.text(try story.clock("first_reply/1", "mon 15:00").due) == "tue 17:00")
    }

    @Test("Without a target for its priority a ticket is unmeasured, and measured from its start once it has one")
    func unmeasured() throws {
        var story = try Story(Self.policies("", "first_reply: { targets: { P1: 4h } }"))
        story.on("mon 09:00", "created", ["priority": "P5"])
        let book = story.book("mon 10:00")
        #expect(book.clocks.isEmpty)
        #expect(
            book.unmeasured == [Unmeasured(metric: .firstReply, reason: "no_target", policy: "all", priority: "P5")])
        story.on("mon 11:00", "updated", ["priority": "P1"])
        #expect(try story.clock("first_reply/1", "mon 12:00").told == "running 3h due mon 13:00")
    }

    @Test("The first policy that fits is taken, in the order of the file, and the default when none does")
    func choice() throws {
        var story = try Story(
            """
            policies:
            - { id: zulu, when: 'ticket.customer.tier == "gold"', metrics: { first_reply: { target: 1h } } }
            - { id: alpha, when: ['ticket.customer.tier == "gold"', 'ticket.priority == "P1"'], metrics: { first_reply: { target: 2h } } }
            - { id: rest, default: true, metrics: { first_reply: { target: 8h } } }
            - { id: broken, when: 'ticket.priority > 3', metrics: { first_reply: { target: 9h } } }
            """)
        story.on("mon 09:00", "created", ["priority": "P1"])
        #expect(try story.clock("first_reply/1", "mon 09:00").policy == "rest")
        story.on("mon 09:30", "updated", ["customer": ["tier": "gold"]])
        let clock = try story.clock("first_reply/1", "mon 09:40")
        #expect(clock.policy == "zulu")
        #expect(clock.told == "running 40m due mon 10:00")
        #expect(clock.stretches.map(\.cause) == ["start", "policy"])
    }

    @Test("A clock stays with the version it began with, until it is put on another")
    func versions() throws {
        var story = try Story(Self.policies("", "resolution_first: { target: 8h }\n    next_reply: { target: 4h }"))
        story.on("mon 09:00", "created")
        story.message("mon 09:10", by: "agent")
        let old = story.policies
        let new = try PolicySet(
            try Story.table(Self.policies("", "resolution_first: { target: 2h }\n    next_reply: { target: 1h }")))
        story.policies = new
        story.message("mon 10:00", by: "customer")
        func told(_ story: Story) -> [String] {
            story.book("mon 10:30", others: [old]).clocks.map { "\($0.key) \($0.told)" }
        }
        #expect(
            told(story) == [
                "resolution_first/1 running 1h 30m due mon 17:00", "next_reply/1 running 30m due mon 11:00",
            ])
        story.happens("mon 10:20", .rebased, ["to": .string(new.version)])
        #expect(told(story).first == "resolution_first/1 running 1h 30m due mon 11:00")
    }

    @Test("A due date set by hand stays where it is, whatever the priority and the status say")
    func pinned() throws {
        var story = try Story(
            Self.policies(
                "pause: { status: pending }",
                "resolution_first: { targets: { P1: 2h, P2: 4h }, thresholds: [{ remaining: 1h }] }"))
        story.on("mon 09:00", "created", ["priority": "P2"])
        story.happens(
            "mon 10:00", .pinned,
            ["metric": "resolution_first", "due": .timestamp(Story.time("mon 16:00")), "by": "lead@example.com"])
        story.on("mon 11:00", "updated", ["priority": "P1"])
        story.on("mon 12:00", "updated", ["status": "pending"])
        let clock = try story.clock("resolution_first/1", "mon 13:00")
        #expect(clock.told == "running 4h due mon 16:00")
        #expect(clock.pinnedBy == "lead@example.com")
        #expect(clock.fired == ["1h left mon 15:00", "100% mon 16:00"])
    }

    @Test("What somebody has stopped measuring stays stopped")
    func cancelled() throws {
        var story = try Story(Self.policies("", "resolution_first: { target: 1h }"))
        story.on("mon 09:00", "created")
        story.happens("mon 09:30", .cancelled, ["metric": "resolution_first", "reason": "test ticket"])
        story.on("mon 12:00", "updated", ["priority": "P1"])
        let clock = try story.clock("resolution_first/1", "mon 13:00")
        #expect("\(clock.told) \(clock.cause ?? "")" == "cancelled 30m due mon 10:00 test ticket")
        #expect(clock.fired.isEmpty)
    }

    @Test(
        "The hours may be those of the customer's, the assignee's or the team's zone",
        arguments: [
            ("calendar", "mon 14:00"), ("customer", "mon 16:00"), ("Asia/Tokyo", "tue 02:00"), ("team", "mon 14:00"),
        ])
    func zones(source: String, due: String) throws {
        var story = try Story(
            "policies: [{ id: a, default: true, calendar: office, zone: \(source), metrics: { first_reply: { target: 2h } } }]"
        )
        story.on("mon 12:00", "created", ["zones": ["customer": "America/New_York"]])
        #expect(Story.text(try story.clock("first_reply/1", "mon 12:00").due) == due)
    }
}
