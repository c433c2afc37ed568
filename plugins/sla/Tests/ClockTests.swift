import Testing
import WorkflowModel

@testable import SLAPlugin

@Suite("Clocks computed from a ticket's history")
struct ClockTests {
    static let plain = """
        policies:
          - id: standard
            default: true
            calendar: office
            pause: { status: [pending, hold] }
            metrics:
              first_reply: { targets: { P1: 1h, P2: 4h }, thresholds: [50%, 75%] }
              next_reply: { target: 2h }
              resolution_first: { targets: { P1: 4h, P2: 16h } }
              resolution_total: { targets: { P1: 4h, P2: 16h } }
        """

    @Test("The first reply is due after its target of open hours")
    func dueInOpenHours() throws {
        var story = try Story(Self.plain)
        story.on("mon 15:00", "created", ["priority": "P2"])
        #expect(try story.clock("first_reply/1", "mon 16:00").told == "running 1h due tue 11:00")
        #expect(
            try story.clock("first_reply/1", "mon 16:00").fired == ["50% mon 17:00", "75% tue 10:00", "100% tue 11:00"])
        #expect(try story.clock("resolution_first/1", "mon 16:00").told == "running 1h due wed 15:00")
    }

    @Test("A ticket made outside the hours starts at the next opening")
    func startOutside() throws {
        var story = try Story(Self.plain)
        story.on("sat 12:00", "created", ["priority": "P1"])
        #expect(try story.clock("first_reply/1", "mon2 09:30").told == "running 30m due mon2 10:00")
    }

    @Test("What is due at closing time is due on that day")
    func dueAtClosing() throws {
        var story = try Story(Self.plain)
        story.on("mon 16:00", "created", ["priority": "P1"])
        #expect(try story.clock("first_reply/1", "mon 16:00").told == "running 0s due mon 17:00")
    }

    @Test(
        "A reply at the due instant is in time, one after it is not",
        arguments: [
            ("tue 11:00", "met 4h due tue 11:00"), ("tue 11:00:01", "met! 4h due tue 11:00"),
        ])
    func dueInstant(reply: String, told: String) throws {
        var story = try Story(Self.plain)
        story.on("mon 15:00", "created", ["priority": "P2"])
        story.message(reply, by: "agent")
        #expect(try story.clock("first_reply/1", "wed 09:00").told == told)
    }

    @Test("A pause is measured in the hours of the calendar")
    func pauseInOpenHours() throws {
        var story = try Story(Self.plain)
        story.on("mon 15:00", "created", ["priority": "P1"])
        story.message("mon 15:30", by: "agent")
        // Three hours of pause in the office, nineteen on the wall.
        story.on("mon 16:00", "updated", ["status": "pending"])
        story.on("tue 11:00", "updated", ["status": "open"])
        #expect(try story.clock("resolution_total/1", "tue 12:00").told == "running 2h due tue 14:00")
    }

    @Test("A paused clock shows no due instant, and reaches no threshold")
    func paused() throws {
        var story = try Story(Self.plain)
        story.on("mon 09:00", "created", ["priority": "P2"])
        story.on("mon 10:00", "updated", ["status": "pending"])
        let clock = try story.clock("first_reply/1", "fri 16:00")
        #expect(clock.told == "paused 1h due -")
        #expect(clock.remaining == .seconds(3 * 3600))
        #expect(clock.fired.isEmpty)
    }
}
