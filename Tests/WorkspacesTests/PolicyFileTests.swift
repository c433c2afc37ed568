import Calendars
import Testing
import WorkflowModel
import YAML

@testable import Workspaces

@Suite("The file of SLA policies")
struct PolicyFileTests {
    private static func calendars() throws -> [String: WorkspaceCalendar] {
        let business = try BusinessCalendar(["tz": "Europe/Berlin", "weekly": ["mon": [["09:00", "17:00"]]]])
        return ["office": WorkspaceCalendar(id: "office", business: business)]
    }

    private static func read(_ text: String) throws -> (policies: WorkspacePolicies?, said: [String]) {
        let (policies, diagnostics) = PolicyFile.read(
            SourceFile(path: "sla.yaml", text: text), calendars: try calendars())
        return (
            policies,
            diagnostics.map { found in
                "\(found.range.map { "\($0.start.line):\($0.start.column)" } ?? "-") \(found.code) \(found.message)"
                    + (found.help.map { " (\($0))" } ?? "")
            }
        )
    }

    /// A policy around the lines of one metric.
    private static func metric(_ lines: String, calendar: String = "office") -> String {
        "policies:\n- id: a\n  default: true\n  calendar: \(calendar)\n  metrics:\n    \(lines)"
    }

    @Test("A policy is kept with every default written out, and with its calendar")
    func defaults() throws {
        let (policies, said) = try Self.read(Self.metric("first_reply: { targets: { P1: 30m }, thresholds: [75%] }"))
        let policy = try #require(policies?.content["policies"]?.list?.first)
        #expect(policy["reopen"] == "continue")
        #expect(policy["human_only"] == true)
        #expect(policy["metrics"]?.list?.first?["targets"]?["P1"] == .duration(.seconds(1800)))
        #expect(policies?.content["calendars"]?["office"]?["tz"] == "Europe/Berlin")
        #expect(
            said == [
                "6:5 SB1712 `first_reply` of policy `a` has no target for P2, P3, P4: such tickets are not measured "
                    + "(if that is meant, leave it; they are reported as unmeasured)"
            ])
    }

    @Test("The version changes with a policy and with its calendar, and not with comments")
    func versions() throws {
        let one = try Self.read(Self.metric("first_reply: { target: 30m }")).policies
        let same = try Self.read("# said\n" + Self.metric("first_reply: {target:   30m}")).policies
        let other = try Self.read(Self.metric("first_reply: { target: 31m }")).policies
        let always = try Self.read(Self.metric("first_reply: { target: 30m }", calendar: "always")).policies
        #expect(one?.version == same?.version)
        #expect(one?.version != other?.version)
        #expect(one?.version != always?.version)
        #expect(one?.version.utf8.count == 64)
    }

    @Test(
        "Each mistake is told with its place and what to write instead",
        arguments: [
            (
                "first_replay: { target: 1h }",
                "6:5 SB1710 there is no metric `first_replay` (did you mean `first_reply`?)"
            ),
            (
                "resolution: { target: 1h }",
                "6:5 SB1710 there is no metric `resolution` (did you mean `resolution_first, or resolution_total`?)"
            ),
            (
                "first_reply: { target: 2d }",
                "6:28 SB1711 `2d` in business hours may be 24 hours or a working day "
                    + "(write hours (`16h`), or `{ business_days: 2 }` for the end of the second open day)"
            ),
            (
                "first_reply: { target: 30m, thresholds: [{ remaining: 30m }] }",
                "6:46 SB1709 a warning at 30m remaining is not before the target, 30m (make it shorter, or write percent)"
            ),
            (
                "first_reply: { target: 30m, thresholds: [{ elapsed: 1h }] }",
                "6:46 SB1709 a warning at 1h elapsed is not before the target, 30m (make it shorter, or write percent)"
            ),
            (
                "first_reply: { target: 30m, thresholds: [100%] }",
                "6:46 SB1709 a warning is at 1% to 99% of the target (write `75%`, `{ remaining: 30m }`, "
                    + "`{ elapsed: 2h }` or `{ overdue: 1h, repeat: 3 }`)"
            ),
            (
                "resolution_first: { target: 1h }\n    first_reply: { target: 2h }",
                "6:33 SB1709 resolution_first in 1h is shorter than first_reply in 2h (a ticket is not solved before it is answered)"
            ),
            (
                "first_reply: { target: 1h, pause: { status: [pending, solved] } }",
                "6:39 SB1709 a ticket that is solved stops its clocks, so this pause never counts (remove solved)"
            ),
            (
                "agent_work: { target: 1h, pause: { status: open } }",
                "6:38 SB1709 agent_work runs only while a ticket is new or open (remove the status, or measure requester_wait)"
            ),
            (
                "first_reply: { target: 1h, calender: office }",
                "6:32 SB1710 `first_reply` of policy `a` has no key `calender` (did you mean `calendar`?)"
            ),
            (
                "first_reply: { target: 1h, calendar: offices }",
                "6:42 SB1706 there is no calendar `offices` (did you mean `office`?)"
            ),
            (
                "first_reply: { target: soon }",
                "6:28 SB1709 `target` of `first_reply` of policy `a` must be a duration such as 8h or 30m"
            ),
            (
                "next_reply: { target: 1h, starts: creation }",
                "6:39 SB1709 `next_reply` has one way to start (remove `starts`)"
            ),
        ])
    func mistakes(metric: String, told: String) throws {
        #expect(try Self.read(Self.metric(metric)).said.contains(told))
    }

    @Test(
        "Policies that cannot be chosen among are told",
        arguments: [
            (
                "policies: [{ id: a, metrics: { first_reply: { target: 1h } } }]",
                "1:14 SB1709 policy `a` needs `when:`, the tickets that it is for, or `default: true` "
                    + "(for instance `when: ticket.customer.tier == \"gold\"`)"
            ),
            (
                "policies: [{ id: a, when: 'priority == 1', metrics: { first_reply: { target: 1h } } }]",
                "1:27 SB1709 `when` of policy `a` knows no name `priority` (conditions of policies see `ticket`)"
            ),
            (
                "policies: [{ id: a, default: true, zone: Berlin, metrics: { first_reply: { target: 1h } } }]",
                "1:42 SB1610 there is no time zone `Berlin` (write one of calendar, customer, requester, assignee, team, "
                    + "or an IANA name such as Europe/Berlin)"
            ),
            (
                "policies: [{ id: a, default: true, metrics: {} }]",
                "1:45 SB1709 policy `a` needs `metrics:` with at least one"
            ),
            ("policys: []", "1:1 SB1710 sla.yaml has no key `policys` (did you mean `policies`?)"),
        ])
    func choices(text: String, told: String) throws {
        #expect(try Self.read(text).said.contains(told))
    }

    @Test("Two defaults of one kind are refused, one of each kind is not")
    func twoDefaults() throws {
        let one = "{ id: a, default: true, metrics: { first_reply: { target: 1h } } }"
        let other = "{ id: b, default: true, metrics: { first_reply: { target: 1h } } }"
        let team = "{ id: c, kind: ola, default: true, metrics: { ownership: { target: 1h } } }"
        #expect(
            try Self.read("policies: [\(one), \(other)]").said.contains { $0.contains("only one policy of kind sla") })
        #expect(try Self.read("policies: [\(one), \(team)]").said.isEmpty)
    }

    @Test("A calendar is the same after it was kept and read again")
    func calendarValue() throws {
        let calendar = try BusinessCalendar([
            "tz": "America/New_York",
            "weekly": ["mon": [["00:00", "08:00"], ["22:00", "24:00"]], "sun": [["10:00", "12:30"]]],
            "holidays": ["2026-12-25", "2027-01-01"],
            "special": ["2026-12-24": [["09:00", "12:00"]], "2026-12-31": []],
        ])
        #expect(try BusinessCalendar(calendar.value) == calendar)
    }
}
