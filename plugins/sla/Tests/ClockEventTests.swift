import Testing
import WorkflowModel

@testable import SLAPlugin

@Suite("What starts, stops and changes a clock")
struct ClockEventTests {
    /// Always open, so that the figures are those of the wall clock.
    static func policies(_ options: String = "", _ metrics: String) -> String {
        "policies:\n- id: all\n  default: true\n\(options.isEmpty ? "" : "  \(options)\n")  metrics:\n    \(metrics)"
    }

    private static let notReplies: [(ValueMap, Bool)] = [
        (["automatic": true], true), (["automatic": true, "by": "system"], true), (["public": false], true),
        (["by": "system"], true), (["note": true], true), ([:], false),
    ]

    @Test("Auto-replies, private notes and mails of lists are no first reply", arguments: notReplies)
    func autoReplies(more: ValueMap, stillOpen: Bool) throws {
        var story = try Story(Self.policies("", "first_reply: { target: 1h }"))
        story.on("mon 09:00", "created")
        story.message("mon 09:10", by: "agent", more)
        #expect(try story.clock("first_reply/1", "mon 09:20").isOpen == stillOpen)
    }

    @Test("Bots and public notes count when the policy says so")
    func bots() throws {
        var story = try Story(Self.policies("human_only: false\n  public_notes: true", "first_reply: { target: 1h }"))
        story.on("mon 09:00", "created")
        var other = story
        story.message("mon 09:10", by: "system")
        other.message("mon 09:10", by: "agent", ["note": true])
        #expect(try story.clock("first_reply/1", "mon 09:20").state == .met)
        #expect(try other.clock("first_reply/1", "mon 09:20").state == .met)
    }

    @Test("The next reply counts from the oldest message without an answer")
    func nextReply() throws {
        var story = try Story(Self.policies("", "first_reply: { target: 1h }\n    next_reply: { target: 2h }"))
        story.on("mon 09:00", "created")
        story.message("mon 09:05", by: "customer")
        // While the first reply is owed, no other deadline comes nearer.
        #expect(story.book("mon 09:20").clocks.map(\.key) == ["first_reply/1"])
        story.message("mon 09:30", by: "agent")
        story.message("mon 10:00", by: "customer")
        story.message("mon 11:00", by: "customer", public: false)
        #expect(try story.clock("next_reply/1", "mon 11:30").told == "running 1h 30m due mon 12:00")
        story.message("mon 11:45", by: "agent")
        story.message("mon 13:00", by: "customer")
        #expect(try story.clock("next_reply/1", "mon 13:30").told == "met 1h 45m due mon 12:00")
        #expect(try story.clock("next_reply/2", "mon 13:30").told == "running 30m due mon 15:00")
        #expect(try story.clock("first_reply/1", "mon 13:30").told == "met 30m due mon 10:00")
    }

    @Test("A ticket that an agent made owes a first reply from the first message of the customer on")
    func madeByAgent() throws {
        var story = try Story(Self.policies("", "first_reply: { target: 1h }"))
        story.on("mon 09:00", "created", [:], ["created_by": "agent"])
        #expect(story.book("mon 09:30").clocks.isEmpty)
        story.message("mon 10:00", by: "customer")
        #expect(try story.clock("first_reply/1", "mon 10:30").told == "running 30m due mon 11:00")
        var option = try Story(Self.policies("", "first_reply: { target: 1h, starts: creation }"))
        option.on("mon 09:00", "created", [:], ["created_by": "agent"])
        #expect(try option.clock("first_reply/1", "mon 09:30").told == "running 30m due mon 10:00")
    }

    @Test("Updates are owed from reply to reply; the pausable ones not while the ticket is pending")
    func updates() throws {
        var story = try Story(
            Self.policies(
                "pause: { status: [pending, hold] }",
                "periodic_update: { target: 4h }\n    pausable_update: { target: 4h }"))
        story.on("mon 09:00", "created")
        #expect(story.book("mon 09:30").clocks.isEmpty)
        story.message("mon 10:00", by: "agent")
        story.on("mon 11:00", "updated", ["status": "pending"])
        #expect(try story.clock("periodic_update/1", "mon 12:00").told == "running 2h due mon 14:00")
        #expect(try story.clock("pausable_update/1", "mon 12:00").told == "paused 1h due -")
        story.on("mon 12:30", "updated", ["status": "hold"])
        #expect(try story.clock("pausable_update/1", "mon 13:00").told == "running 1h 30m due mon 15:30")
        story.message("mon 13:30", by: "agent")
        #expect(try story.clock("periodic_update/2", "mon 13:30").told == "running 0s due mon 17:30")
    }

    @Test("Waiting and working are measured in their own statuses, and go on when a ticket is re-opened")
    func waitAndWork() throws {
        var story = try Story(Self.policies("", "requester_wait: { target: 8h }\n    agent_work: { target: 8h }"))
        story.on("mon 09:00", "created")
        story.on("mon 10:00", "updated", ["status": "hold"])
        story.on("mon 11:00", "updated", ["status": "pending"])
        story.on("mon 12:00", "updated", ["status": "open"])
        story.on("mon 13:00", "resolved")
        #expect(try story.clock("requester_wait/1", "mon 14:00").told == "met 3h due mon 18:00")
        #expect(try story.clock("agent_work/1", "mon 14:00").told == "met 2h due mon 19:00")
        story.on("tue 09:00", "reopened")
        #expect(try story.clock("requester_wait/1", "tue 10:00").told == "running 4h due tue 14:00")
        #expect(try story.clock("agent_work/1", "tue 10:00").told == "running 3h due tue 15:00")
    }

    @Test(
        "Re-opening goes on with the clock, begins another, or leaves it",
        arguments: [
            ("continue", ["resolution_first/1 met 2h", "resolution_total/1 running 5h"]),
            ("new_cycle", ["resolution_first/1 met 2h", "resolution_total/1 met 2h", "resolution_total/2 running 3h"]),
            ("ignore", ["resolution_first/1 met 2h", "resolution_total/1 met 2h"]),
        ])
    func reopen(option: String, told: [String]) throws {
        var story = try Story(
            Self.policies("reopen: \(option)", "resolution_first: { target: 8h }\n    resolution_total: { target: 8h }")
        )
        story.on("mon 09:00", "created")
        story.on("mon 11:00", "resolved")
        story.on("tue 09:00", "reopened")
        #expect(
            story.book("tue 12:00").clocks.map {
                "\($0.key) \($0.state.rawValue) \(DurationText.forPeople($0.elapsed))"
            } == told)
    }

    @Test("A thank-you that is closed again within the grace leaves the clocks alone")
    func reopenGrace() throws {
        var story = try Story(Self.policies("reopen_grace: 30m", "resolution_total: { target: 3h }"))
        story.on("mon 09:00", "created")
        story.on("mon 11:50", "resolved")
        story.on("tue 09:00", "reopened")
        #expect(try story.clock("resolution_total/1", "tue 09:20").told == "paused 2h 50m due -")
        var thanks = story
        thanks.on("tue 09:25", "resolved")
        #expect(try thanks.clock("resolution_total/1", "wed 09:00").told == "met 2h 50m due mon 12:00")
        // The grace does not count either.
        #expect(try story.clock("resolution_total/1", "tue 09:35").told == "running 2h 55m due tue 09:40")
    }

    @Test("Each team that has a ticket has a clock of its own")
    func ownership() throws {
        let text = """
            policies:
            - { id: teams, kind: ola, default: true, metrics: { ownership: { target: 2h } } }
            """
        var story = try Story(text)
        story.on("mon 09:00", "created", ["team": "tier-1"])
        story.on("mon 10:00", "updated", ["team": "tier-2"])
        story.on("mon 10:30", "updated", ["priority": "P1"])
        story.on("mon 13:00", "resolved")
        #expect(
            story.book("mon 14:00").clocks.map { "\($0.key) \($0.told) \($0.cause ?? "")" } == [
                "ola:ownership/1 met 1h due mon 11:00 left", "ola:ownership/2 met! 3h due mon 12:00 solved",
            ])
    }

    @Test("One update that ends the pause and solves ends the pause first, then fulfils")
    func unpauseAndSolve() throws {
        var story = try Story(Self.policies("pause: { status: pending }", "resolution_first: { target: 8h }"))
        story.on("mon 09:00", "created")
        story.on("mon 10:00", "updated", ["status": "pending"])
        story.on("mon 15:00", "resolved", ["status": "solved"])
        let clock = try story.clock("resolution_first/1", "tue 09:00")
        #expect(clock.told == "met 1h due mon 22:00")
        #expect(
            clock.pauses == [
                PauseSpan(source: "status pending", from: Story.time("mon 10:00"), to: Story.time("mon 15:00"))
                    .unanswered(true)
            ])
    }

    @Test("Stopping comes before a new target: solving and lowering at once is judged by the old target")
    func stopBeforeReset() throws {
        var story = try Story(Self.policies("", "resolution_first: { targets: { P1: 1h, P3: 8h } }"))
        story.on("mon 09:00", "created", ["priority": "P1"])
        story.on("mon 11:00", "resolved", ["priority": "P3"])
        #expect(try story.clock("resolution_first/1", "mon 12:00").told == "met! 2h due mon 10:00")
    }

    @Test("The customer's message ends the pause at the moment it was written, and the union of pauses counts")
    func messageResumes() throws {
        let options = "pause:\n  - status: [pending]\n  - maintenance: true"
        var story = try Story(Self.policies(options, "resolution_first: { target: 8h }"))
        story.on("mon 09:00", "created")
        story.message("mon 09:30", by: "agent")
        story.on("mon 10:00", "updated", ["status": "pending"])
        story.happens("mon 11:00", .window, fields: ["maintenance_windows": ["MW-1"]])
        story.on(
            "mon 12:10", "commented", [:],
            ["comment": ["by": "customer", "public": true, "at": "2026-11-23T12:00:00Z"]])
        #expect(try story.clock("resolution_first/1", "mon 12:30").told == "paused 1h due -")
        story.happens("mon 13:00", .window, fields: ["maintenance_windows": []])
        #expect(try story.clock("resolution_first/1", "mon 14:00").told == "running 2h due mon 20:00")
    }

    @Test("Pausing over the customer's question is flagged, and refused when the policy says so")
    func unanswered() throws {
        var story = try Story(Self.policies("pause: { status: pending }", "resolution_first: { target: 8h }"))
        story.on("mon 09:00", "created")
        story.on("mon 10:00", "updated", ["status": "pending"])
        #expect(try story.clock("resolution_first/1", "mon 12:00").pauses.map(\.isUnanswered) == [true])
        var strict = try Story(
            Self.policies("pause: { status: pending }\n  unanswered: refuse", "resolution_first: { target: 8h }"))
        strict.on("mon 09:00", "created")
        strict.on("mon 10:00", "updated", ["status": "pending"])
        #expect(try strict.clock("resolution_first/1", "mon 12:00").told == "running 3h due mon 17:00")
        strict.message("mon 12:00", by: "agent")
        #expect(try strict.clock("resolution_first/1", "mon 13:00").told == "paused 3h due -")
    }

    @Test("A condition may pause, with a condition of its own to go on")
    func conditions() throws {
        let options =
            "pause: { when: 'ticket.category == \"vendor\"', until: 'ticket.category == \"ours\"', reason: vendor }"
        var story = try Story(Self.policies(options, "resolution_first: { target: 8h }"))
        story.on("mon 09:00", "created")
        story.on("mon 10:00", "updated", ["category": "vendor"])
        story.on("mon 11:00", "updated", ["category": "other"])
        #expect(try story.clock("resolution_first/1", "mon 12:00").told == "paused 1h due -")
        story.on("mon 13:00", "updated", ["category": "ours"])
        #expect(try story.clock("resolution_first/1", "mon 14:00").told == "running 2h due mon 20:00")
        #expect(try story.clock("resolution_first/1", "mon 14:00").pauses.map(\.source) == ["vendor"])
    }

    @Test("Clocks of a merged ticket are cancelled, and the other goes on from the earlier start")
    func merge() throws {
        let text = Self.policies("", "first_reply: { target: 4h }")
        var gone = try Story(text)
        gone.on("mon 09:00", "created")
        gone.on("mon 11:00", "merged", [:], ["into": "2"])
        let cancelled = try gone.clock("first_reply/1", "mon 12:00")
        #expect("\(cancelled.told) \(cancelled.cause ?? "")" == "cancelled 2h due mon 13:00 merged")
        #expect(cancelled.fired.isEmpty)
        var survivor = try Story(text)
        survivor.on("mon 10:00", "created")
        survivor.happens(
            "mon 11:00", .adopted,
            ["clocks": [["metric": "first_reply", "start": .timestamp(Story.time("mon 09:00")), "pauses": []]]])
        #expect(try survivor.clock("first_reply/1", "mon 12:00").told == "running 3h due mon 13:00")
    }

    @Test(
        "A split ticket inherits its start only if the policy wants it",
        arguments: [("fresh", "1h"), ("inherit", "3h")])
    func split(option: String, elapsed: String) throws {
        var story = try Story(Self.policies("split: \(option)", "resolution_first: { target: 8h }"))
        story.happens("mon 11:00", .created, ["inherited_start": .timestamp(Story.time("mon 09:00"))])
        #expect(DurationText.forPeople(try story.clock("resolution_first/1", "mon 12:00").elapsed) == elapsed)
    }

    @Test("Events that arrive in another order give the same clocks")
    func order() throws {
        var story = try Story(Self.policies("pause: { status: pending }", "resolution_first: { target: 8h }"))
        story.on("mon 09:00", "created")
        story.on("mon 10:00", "updated", ["status": "pending"])
        story.on("mon 12:00", "updated", ["status": "open"])
        var other = story
        other.history.reverse()
        #expect(other.book("mon 13:00").clocks == story.book("mon 13:00").clocks)
        #expect(try story.clock("resolution_first/1", "mon 13:00").told == "running 2h due mon 19:00")
    }

    @Test("A ticket that is first heard of late counts from its creation")
    func late() throws {
        var story = try Story(Self.policies("", "first_reply: { target: 4h }\n    resolution_first: { target: 8h }"))
        story.on(
            "mon 12:00", "updated",
            ["created_at": "2026-11-23T09:00:00Z", "last_public_reply_at": "2026-11-23T10:00:00Z", "status": "open"])
        #expect(try story.clock("first_reply/1", "mon 13:00").told == "met 1h due mon 13:00")
        #expect(try story.clock("resolution_first/1", "mon 13:00").told == "running 4h due mon 17:00")
    }
}

extension PauseSpan {
    func unanswered(_ flag: Bool) -> PauseSpan {
        var span = self
        span.isUnanswered = flag
        return span
    }
}
