import Calendars
import Expressions
public import PluginKit
import WorkflowModel

/// One version of a workspace's policies, ready to choose from.
public struct PolicySet: Sendable {
    /// The hash of its content.
    public let version: String
    /// The policies in their order.
    public let policies: [Policy]
    let calendars: [String: BusinessCalendar]

    /// Reads the content of a version.
    ///
    /// - Throws: ``WorkflowModel/Failure`` `bad_policies` when it is not what this version writes.
    public init(_ table: PolicyTable) throws {
        guard table.content["format"]?.int == 1, let list = table.content["policies"]?.list else {
            throw Failure(code: "bad_policies", message: "the SLA policies \(table.version) are of another format")
        }
        version = table.version
        var calendars: [String: BusinessCalendar] = [:]
        for entry in table.content["calendars"]?.map ?? [:] {
            guard let name = entry.key.string else { continue }
            calendars[name] = try BusinessCalendar(entry.value)
        }
        self.calendars = calendars
        policies = try list.map { try Policy($0) }
    }

    /// The policy of this id; nil when there is none.
    public func policy(_ id: String) -> Policy? { policies.first { $0.id == id } }

    /// The first policy of `kind` whose condition holds for `ticket`, else the default one; nil when there is none.
    ///
    /// - Parameter ticket: with every field of its schema.
    func choose(_ kind: Policy.Kind, for ticket: ValueMap, at instant: Timestamp) -> Policy? {
        let scope = NamedValues(["ticket": .map(ticket)], now: instant)
        return policies.first { $0.kind == kind && !$0.isDefault && $0.fits(scope) }
            ?? policies.first { $0.kind == kind && $0.isDefault }
    }

    /// The hours that a metric is measured in, in the zone that the policy asks for; nil for always.
    func calendar(of rule: MetricRule, _ policy: Policy, zones: ValueMap) -> BusinessCalendar? {
        guard let name = rule.calendar, let calendar = calendars[name] else { return nil }
        let zone: String?
        switch policy.zone {
        case "calendar": return calendar
        case "customer", "requester", "assignee", "team": zone = zones[policy.zone]?.string
        default: zone = policy.zone
        }
        // Without a zone that is known the calendar's own is the best guess there is.
        guard let zone else { return calendar }
        do throws(CalendarError) { return calendar.inZone(try ZoneClock(iana: zone)) } catch { return calendar }
    }
}

/// One policy: for which tickets, and how they are measured.
public struct Policy: Sendable {
    /// The customer's agreement, or one among teams: a ticket has at most one of each.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case sla
        case ola
    }

    /// What re-opening a ticket does to the clocks that go on then.
    enum Reopen: String, Sendable {
        case `continue`
        case newCycle = "new_cycle"
        case ignore
    }

    /// What pausing with an unanswered message of the customer does.
    enum Unanswered: String, Sendable {
        case allow
        case flag
        case refuse
    }

    /// The id.
    public let id: String
    /// The name for people.
    public let title: String
    /// Whose agreement it is.
    public let kind: Kind
    /// Its metrics, in their order.
    public let metrics: [MetricRule]
    let isDefault: Bool
    let conditions: [Program]
    let zone: String
    let pause: [PauseRule]
    let unanswered: Unanswered
    let reopen: Reopen
    let reopenGrace: Duration
    let countsFromChange: Bool
    let humanOnly: Bool
    let publicNotes: Bool
    let runsOnRetroBreach: Bool
    let inheritsOnSplit: Bool

    init(_ value: Value) throws {
        func word(_ key: String) -> String { value[key]?.string ?? "" }
        id = word("id")
        title = word("title")
        kind = Kind(rawValue: word("kind")) ?? .sla
        isDefault = value["default"]?.bool ?? false
        conditions = try (value["when"]?.list ?? []).compactMap(\.string).map { try Program(parsing: $0) }
        zone = value["zone"]?.string ?? "calendar"
        pause = try (value["pause"]?.list ?? []).map { try PauseRule($0) }
        unanswered = Unanswered(rawValue: word("unanswered")) ?? .flag
        reopen = Reopen(rawValue: word("reopen")) ?? .continue
        reopenGrace = value["reopen_grace"]?.duration ?? .zero
        countsFromChange = word("priority_change") == "from_change"
        humanOnly = value["human_only"]?.bool ?? true
        publicNotes = value["public_notes"]?.bool ?? false
        runsOnRetroBreach = value["run_on_retro_breach"]?.bool ?? false
        inheritsOnSplit = word("split") == "inherit"
        metrics = try (value["metrics"]?.list ?? []).compactMap { try MetricRule($0) }
    }

    /// The rule of a metric; nil when the policy has none.
    public func rule(_ metric: Metric) -> MetricRule? { metrics.first { $0.metric == metric } }

    /// Whether all conditions hold.
    func fits(_ scope: NamedValues) -> Bool { ConditionTest.holds(conditions, scope) }
}

/// How a policy measures one metric.
public struct MetricRule: Sendable {
    /// What is measured.
    public let metric: Metric
    /// Priority to target; `*` is for all others.
    let targets: [String: Target]
    /// The points at which people hear of it, and the target.
    public let thresholds: [Threshold]
    let calendar: String?
    /// Nil for the policy's.
    let pause: [PauseRule]?
    /// Whether it starts with the ticket instead of with the first message or reply.
    let startsAtCreation: Bool

    init?(_ value: Value) throws {
        guard let metric = value["metric"]?.string.flatMap(Metric.init(rawValue:)) else { return nil }
        self.metric = metric
        var targets: [String: Target] = [:]
        for entry in value["targets"]?.map ?? [:] {
            guard let priority = entry.key.string else { continue }
            if let duration = entry.value.duration {
                targets[priority] = .time(duration)
            } else if let days = entry.value["business_days"]?.int {
                targets[priority] = .businessDays(Int(days))
            }
        }
        self.targets = targets
        thresholds = Threshold.all(value["thresholds"]?.list ?? [])
        calendar = value["calendar"]?.string
        pause = try value["pause"]?.list?.map { try PauseRule($0) }
        startsAtCreation = value["starts"]?.string == "creation"
    }

    /// The target of a priority; nil when it is not measured.
    func target(of priority: String?) -> Target? { priority.flatMap { targets[$0] } ?? targets["*"] }
}

/// A target as it is written.
enum Target: Sendable, Hashable {
    case time(Duration)
    /// The end of the nth open day.
    case businessDays(Int)

    /// How much open time it is for a clock that counts from `start`.
    ///
    /// - Throws: `CalendarError` when the calendar has not so many days within two years.
    func length(from start: Timestamp, _ calendar: BusinessCalendar?) throws -> Duration {
        switch self {
        case .time(let duration): return duration
        case .businessDays(let days):
            guard let calendar else { return .seconds(86_400 * days) }
            return try calendar.elapsed(from: start, to: calendar.endOfOpenDay(days, after: start))
        }
    }
}

/// One reason to pause.
struct PauseRule: Sendable {
    enum Kind: Sendable {
        case statuses(Set<String>)
        /// From when the first holds until the second does; without a second until the first does not.
        case condition(when: [Program], until: [Program]?)
        /// While a maintenance window of the ticket's service is under way.
        case maintenance
    }

    let kind: Kind
    let reason: String?

    init(statuses: Set<String>) {
        kind = .statuses(statuses)
        reason = nil
    }

    init(_ value: Value) throws {
        reason = value["reason"]?.string
        func programs(_ key: String) throws -> [Program]? {
            try value[key]?.list?.compactMap(\.string).map { try Program(parsing: $0) }
        }
        if let statuses = value["status"]?.list {
            kind = .statuses(Set(statuses.compactMap(\.string)))
        } else if let when = try programs("when") {
            kind = .condition(when: when, until: try programs("until"))
        } else {
            kind = .maintenance
        }
    }
}

extension PolicySet {
    /// Whether some policy pauses while a maintenance window is under way.
    var pausesInWindows: Bool {
        policies.contains { policy in
            (policy.pause + policy.metrics.flatMap { $0.pause ?? [] }).contains { rule in
                if case .maintenance = rule.kind { true } else { false }
            }
        }
    }
}
