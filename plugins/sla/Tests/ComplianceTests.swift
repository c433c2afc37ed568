import PluginKit
import Testing
import WorkflowModel

@testable import SLAPlugin

@Suite("Compliance, beside the desk's own word")
struct ComplianceTests {
    let policies = """
        policies:
          - id: standard
            default: true
            pause: [{ status: [pending] }]
            metrics:
              resolution_first:
                calendar: office
                targets: { P1: 4h, "*": 8h }
        """

    func batch() throws -> ClockBatch { try ClockBatch(try Story.table(policies), directory: Directory(zone: "UTC")) }

    func events(_ told: [(time: String, type: String, ticket: ValueMap)]) -> [Event] {
        told.enumerated().map { number, told in
            Event(
                id: "e\(number)", source: "test", type: "ticket.\(told.type)", subject: "ticket:1",
                time: Story.time(told.time),
                data: ["ticket": .map((["id": "1"] as ValueMap).merging(told.ticket))])
        }
    }

    @Test func `the batch gives the clocks that one event after the other gives`() throws {
        var story = try Story(policies)
        let told: [(time: String, type: String, ticket: ValueMap)] = [
            ("mon 10:00", "created", ["priority": "P3", "status": "open"]),
            ("mon 12:00", "updated", ["status": "pending"]), ("mon 15:00", "updated", ["status": "open"]),
            ("tue 09:30", "updated", ["priority": "P1"]), ("tue 11:00", "resolved", ["status": "solved"]),
        ]
        for (time, type, ticket) in told { story.on(time, type, ticket) }
        let batch = try batch()
        let now = Story.time("fri 12:00")
        let clocks = batch.book(of: batch.history(of: events(told)), at: now).clocks
        #expect(!clocks.isEmpty && clocks == story.book("fri 12:00").clocks)
    }

    @Test func `tickets are counted by priority, and a difference says what it comes from`() throws {
        var report = ComplianceReport(
            metric: .resolutionFirst, compare: "made", batch: try batch(), now: Story.time("fri 12:00"), listed: 10)
        // Four open hours: kept, and the desk says so.
        report.add(
            "1", events([("mon 09:00", "created", ["priority": "P1"]), ("mon 12:00", "resolved", ["made": true])]))
        // Six open hours and a night: missed by both.
        report.add(
            "2", events([("mon 15:00", "created", ["priority": "P1"]), ("tue 13:00", "resolved", ["made": "false"])]))
        // Kept in office hours; the desk counts the night.
        report.add(
            "3", events([("mon 16:00", "created", ["priority": "P1"]), ("tue 10:00", "resolved", ["made": false])]))
        // Kept because of a pause that the desk does not know.
        report.add(
            "4",
            events([
                ("mon 09:00", "created", ["priority": "P1"]), ("mon 10:00", "updated", ["status": "pending"]),
                ("mon 15:00", "updated", ["status": "open"]), ("mon 16:00", "resolved", ["made": false]),
            ]))
        // Nothing explains it.
        report.add(
            "5", events([("mon 09:00", "created", ["priority": "P1"]), ("mon 09:05", "resolved", ["made": false])]))
        report.add("6", events([("fri 11:00", "created", ["priority": "P2"])]))
        let value = report.value
        let row = try #require(value["priorities"]?.list?.first)
        #expect(row["priority"] == "P1" && row["tickets"] == 5 && row["met"] == 4 && row["breached"] == 1)
        #expect(row["target"] == .duration(.seconds(4 * 3600)) && row["share"] == 0.8)
        let compared = try #require(row["compared"])
        #expect(compared["kept"] == 1 && compared["missed"] == 4 && compared["agree"] == 2)
        #expect(compared["only_log_missed"] == 3 && compared["only_log_kept"] == 0 && compared["unexplained"] == 1)
        #expect(compared["explained_by"]?["around_the_clock"] == 1)
        #expect(compared["explained_by"]?["without_pauses"] == 1)
        #expect(compared["explained_by"]?["wall_time"] == 2)
        #expect(value["differences"]?.list?.map { $0["ticket"]?.string } == ["3", "4", "5"])
        let open = try #require(value["priorities"]?.list?.last)
        #expect(open["priority"] == "P2" && open["running"] == 1 && open["share"] == .null)
    }

    @Test func `a kept clock that is not as the events give it is found`() throws {
        let batch = try batch()
        let history = batch.history(
            of: events([
                ("mon 09:00", "created", ["priority": "P1"]), ("mon 12:00", "resolved", ["status": "solved"]),
            ]))
        let clocks = batch.book(of: history, at: Story.time("fri 12:00")).clocks
        let clock = try #require(clocks.first)
        let body: ValueMap = [
            "metric": "resolution_first", "cycle": 1, "state": "met", "policy": "standard", "priority": "P1",
            "target": "14400s", "due_at": .timestamp(Story.time("mon 13:00")),
            "stop": .timestamp(Story.time("mon 12:00")),
            "breached": false, "start": .timestamp(Story.time("mon 09:00")), "elapsed": "10800s",
        ]
        let id = "1/\(clock.key)"
        func compare(_ change: (inout ValueMap) -> Void) -> KeptClocks {
            var kept = KeptClocks()
            var body = body
            change(&body)
            kept.compare("1", clocks, [Document(id: id, body: body)])
            return kept
        }
        #expect(compare { _ in }.value == ["count": 1, "same": 1, "differences": []])
        let other = compare { $0["elapsed"] = "10801s" }
        #expect(other.same == 0)
        #expect(other.value["differences"]?.list?.first?["fields"]?.list?.first?["field"] == "elapsed")
        #expect(compare { $0["breached"] = true }.same == 0)
        var none = KeptClocks()
        none.compare("1", clocks, [])
        none.compare("2", [], [Document(id: "2/resolution_first/1", body: body)])
        #expect(none.count == 2 && none.same == 0)
    }

    @Test func `the target that tells the desk's word best is found`() {
        func hours(_ number: Int) -> Duration { .seconds(number * 3600) }
        let best = ComplianceReport.bestTarget([
            (hours(1), true), (hours(2), true), (hours(3), false), (hours(4), true), (hours(5), false),
            (hours(6), false), (hours(6), false),
        ])
        #expect(best?.target == hours(2) || best?.target == hours(4))
        #expect(best.map { abs($0.share - 6.0 / 7) < 1e-9 } == true)
        #expect(ComplianceReport.bestTarget([(hours(1), false)]) == nil)
        #expect(ComplianceReport.bestTarget([]) == nil)
    }
}
