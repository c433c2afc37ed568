import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@testable import SLAPlugin

@Suite("What people ask and do about clocks")
struct ActionTests {
    private static let policies = """
        policies:
        - id: standard
          default: true
          calendar: office
          pause: { status: pending }
          metrics:
            first_reply: { targets: { P1: 1h, P2: 4h }, thresholds: [75%] }
            resolution_first: { targets: { P1: 4h, P2: 16h } }
        """

    private static func bench() throws -> ClockBench {
        var bench = try ClockBench(policies)
        try bench.on("mon 09:00", "created", ["priority": "P2", "team": "tier-1"])
        try bench.on("mon 09:30", "created", ["priority": "P1", "team": "tier-2"], id: "2")
        try bench.on("mon 09:40", "updated", ["status": "pending"])
        bench.bench.now = Story.time("mon 10:00")
        return bench
    }

    @Test(
        "The board lists open clocks by the time that is left, paused ones last, and counts on from when they were kept"
    )
    func board() async throws {
        let bench = try Self.bench()
        let board = try await bench.bench.run("sla.board")
        let lines = (board["clocks"]?.list ?? []).map { row in
            "\(row["clock"]?.string ?? "") \(row["state"]?.string ?? "") "
                + DurationText.forPeople(row["remaining"]?.duration ?? .zero)
        }
        #expect(
            lines == [
                "2/first_reply/1 running 30m", "2/resolution_first/1 running 3h 30m", "1/first_reply/1 paused 3h 20m",
                "1/resolution_first/1 paused 15h 20m",
            ])
        let soon = try await bench.bench.run("sla.board", with: ["within": "1h"])
        #expect(soon["total"] == 1)
        let team = try await bench.bench.run(
            "sla.board", with: ["state": "paused", "metric": ["first_reply"], "limit": 1])
        #expect(team["clocks"]?.list?.map { $0["clock"] } == ["1/first_reply/1"])
        let rest = try await bench.bench.run("sla.board", with: ["skip": 3, "limit": 2])
        #expect(rest["clocks"]?.list?.map { $0["clock"] } == ["1/resolution_first/1"])
        #expect(rest["more"] == false)
        #expect(rest["total"] == 4)
    }

    @Test("A clock that ran out since it was kept is shown as over")
    func boardLater() async throws {
        var bench = try Self.bench()
        bench.bench.now = Story.time("tue 10:00")
        let board = try await bench.bench.run("sla.board", with: ["ticket": "2", "metric": "first_reply"])
        let row = board["clocks"]?.list?.first
        #expect(row?["remaining"] == .duration(.seconds(-27_000)))
        #expect(row?["breached"] == true)
    }

    @Test("The arithmetic of a ticket is told interval by interval")
    func explain() async throws {
        var bench = try ClockBench(Self.policies)
        try bench.on("mon 15:00", "created", ["priority": "P2"])
        try bench.on("mon 16:00", "updated", ["status": "pending"])
        try bench.on("tue 10:00", "updated", ["status": "open"])
        bench.bench.now = Story.time("tue 11:00")
        let told = try await bench.bench.run(
            "sla.explain", with: ["ticket": "1", "metric": "first_reply", "zone": "UTC"])
        let clock = told["clocks"]?.list?.first
        #expect(
            clock?["rows"]?.list?.map { $0["text"]?.string ?? "" } == [
                "Mon 2026-11-23 15:00 to Mon 2026-11-23 16:00: 1h count, 1h so far",
                "Mon 2026-11-23 16:00 to Tue 2026-11-24 10:00: paused (status pending), nothing counts",
                "Tue 2026-11-24 10:00 to Tue 2026-11-24 11:00: 1h count, 2h so far",
            ])
        #expect(clock?["summary"] == "2h of 4h have passed; it is due Tue 2026-11-24 13:00")
        #expect(clock?["targets"]?.list?.first?["text"] == "from Mon 2026-11-23 15:00: 4h (policy standard, P2)")
        #expect(clock?["thresholds"]?.list?.map { $0["outcome"] } == ["ahead", "ahead"])
        let unknown = try await bench.bench.run("sla.explain", with: ["ticket": "none"])
        #expect(unknown["found"] == false)
    }

    @Test("What is due when can be asked without a ticket")
    func due() async throws {
        let bench = try Self.bench()
        let due = try await bench.bench.run(
            "sla.due", with: ["policy": "standard", "priority": "P2", "from": .timestamp(Story.time("fri 15:00"))])
        #expect(due["due_at"] == .timestamp(Story.time("mon2 11:00")))
        #expect(
            due["rows"]?.list?.map { $0["kind"] } == ["counted", "closed", "counted"])
        #expect(due["thresholds"]?.list?.first?["at"] == .timestamp(Story.time("mon2 10:00")))
    }

    @Test(
        "What cannot be asked is refused with what can",
        arguments: [
            (["policy": "standart"], "there is no policy standart; did you mean standard?"),
            (
                ["policy": "standard", "metric": "ownership"],
                "policy standard does not measure ownership; it measures first_reply, resolution_first"
            ),
            (
                ["policy": "standard", "priority": "P9"],
                "first_reply of policy standard has no target for P9; there are P1, P2"
            ),
        ] as [(Value, String)])
    func wrong(with: Value, message: String) async throws {
        let bench = try Self.bench()
        let failure = await #expect(throws: Failure.self) { try await bench.bench.run("sla.due", with: with) }
        #expect(failure?.message == message)
    }

    @Test("New policies reach open clocks when somebody asks for it, and what they change is shown before")
    func reapply() async throws {
        var bench = try Self.bench()
        bench.bench.policies = try Story.table(
            Self.policies.replacing("P2: 4h", with: "P2: 2h"), calendars: ["office": Story.office])
        let preview = try await bench.bench.run("sla.preview", with: ["metric": "first_reply"])
        #expect(preview["count"] == 2)
        #expect(preview["changed"] == 1)
        #expect(bench.clock("1/first_reply/1")["target"] == .duration(.seconds(14_400)))
        try await bench.bench.run("sla.reapply", with: ["metric": "first_reply", "by": "lead@example.com"])
        #expect(bench.clock("1/first_reply/1")["target"] == .duration(.seconds(7200)))
        #expect(bench.clock("1/resolution_first/1")["version"] != bench.clock("1/first_reply/1")["version"])
        let again = try await bench.bench.run("sla.preview", with: ["metric": "first_reply"])
        #expect(again["count"] == 0)
    }

    @Test("A due date set by hand holds, with who set it; a cancelled clock is over")
    func byHand() async throws {
        var bench = try Self.bench()
        try await bench.bench.run(
            "sla.pin",
            with: [
                "ticket": "2", "metric": "first_reply", "due_at": .timestamp(Story.time("mon 12:00")), "by": "agent-1",
            ])
        #expect(bench.clock("2/first_reply/1")["due_at"] == .timestamp(Story.time("mon 12:00")))
        #expect(bench.clock("2/first_reply/1")["pinned_by"] == "agent-1")
        try bench.advance("mon 12:00")
        #expect(bench.told.last == "mon 12:00 breached 2/first_reply/1 100%")
        try await bench.bench.run("sla.cancel", with: ["ticket": "2", "metric": "first_reply", "reason": "A test"])
        #expect(bench.clock("2/first_reply/1")["state"] == "cancelled")
        let failure = await #expect(throws: Failure.self) {
            try await bench.bench.run("sla.cancel", with: ["ticket": "2", "metric": "first_reply", "reason": "A test"])
        }
        #expect(failure?.code == "no_open_clock")
    }
}
