import Calendars
import PluginKit
import WorkflowModel

/// `sla.due`: when a clock of a policy that starts at a moment is due.
struct DueAction: ReadAction {
    let shelf: PolicyShelf

    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        guard let table = context.action.workspace.policies else {
            throw Failure.permanent("no_policies", "the workspace has no SLA policies: sla.yaml is missing")
        }
        let set = try shelf.set(table)
        let name = try input.text("policy")
        guard let policy = set.policy(name) else {
            let near = Similarity.nearest(to: name, among: set.policies.map(\.id))
            throw Failure.permanent(
                "unknown_policy", "there is no policy \(name)" + (near.map { "; did you mean \($0)?" } ?? ""))
        }
        let word = try input.optionalText("metric") ?? policy.metrics[0].metric.rawValue
        guard let rule = Metric(rawValue: word).flatMap({ policy.rule($0) }) else {
            throw Failure.permanent(
                "unknown_metric",
                "policy \(name) does not measure \(word); it measures "
                    + policy.metrics.map(\.metric.rawValue).joined(separator: ", "))
        }
        let priority = try input.optionalText("priority")
        guard let target = rule.target(of: priority) else {
            let known = rule.targets.keys.filter { $0 != "*" }.sorted()
            throw Failure.permanent(
                "no_target",
                "\(word) of policy \(name) has no target for \(priority ?? "a ticket without priority"); "
                    + "there are \(known.joined(separator: ", "))")
        }
        let from = try input.optionalTimestamp("from") ?? context.action.now
        let zones: ValueMap =
            try input.optionalText("zone").map { zone in
                ValueMap(strings: ["customer", "requester", "assignee", "team"].map { ($0, .string(zone)) })
            } ?? [:]
        let calendar = set.calendar(of: rule, policy, zones: zones)
        let length: Duration
        do {
            length = try target.length(from: from, calendar)
        } catch let error as CalendarError {
            throw Failure.permanent("no_open_time", error.message)
        }
        let line = ActiveTime(calendar: calendar, from: from, pauses: [])
        guard let due = line.instant(of: length) else {
            throw Failure.permanent(
                "no_open_time", "the calendar has not \(DurationText.forPeople(length)) of open hours within two years")
        }
        return output(policy, rule, priority, from, due, length, line, calendar, context)
    }

    private func output(
        _ policy: Policy, _ rule: MetricRule, _ priority: String?, _ from: Timestamp, _ due: Timestamp,
        _ length: Duration, _ line: ActiveTime, _ calendar: BusinessCalendar?, _ context: ReadContext
    ) -> Value {
        let shown = calendar?.zone ?? .utc
        let clock = Clock(
            metric: rule.metric, kind: policy.kind, cycle: 1, start: from, state: .running, version: nil,
            policy: policy.id, priority: priority, target: length, elapsed: .zero, due: due, calendar: rule.calendar,
            zone: calendar?.zone.name, pauses: [], stretches: [], breaches: [], firings: [])
        let account = ClockAccount(clock: clock, calendar: calendar, zone: shown, now: due)
        return [
            "policy": .string(policy.id), "metric": .string(rule.metric.rawValue),
            "priority": priority.map { .string($0) } ?? .null, "from": .timestamp(from), "target": .duration(length),
            "due_at": .timestamp(due), "local": .string(shown.rfc3339(due)),
            "calendar": rule.calendar.map { .string($0) } ?? .null, "zone": .string(shown.name),
            "thresholds": .list(
                rule.thresholds.compactMap { threshold in
                    guard let amount = threshold.amount(of: length), let at = line.instant(of: amount) else {
                        return nil
                    }
                    return ["threshold": .string(threshold.label), "at": .timestamp(at)]
                }),
            "rows": .list(account.rows),
        ]
    }
}
