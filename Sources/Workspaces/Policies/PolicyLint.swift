import WorkflowModel
import YAML

/// What each part of a policy cannot say of itself: warnings before their target, pauses that never count, targets in their order.
struct PolicyLint {
    let report: LoadReport

    private static let usual = ["P1", "P2", "P3", "P4"]

    func run(_ policies: [ReadPolicy]) {
        for policy in policies {
            for metric in policy.metrics {
                warnings(metric)
                missing(metric, policy)
                pauses(metric.pause ?? [], metric)
            }
            pauses(policy.pause, nil)
            order(policy)
        }
    }

    private func warnings(_ metric: ReadMetric) {
        for threshold in metric.thresholds {
            guard threshold.kind == "remaining" || threshold.kind == "elapsed", let length = threshold.duration,
                let target = metric.targets.first(where: { $0.duration.map { length >= $0 } ?? false }),
                let shortest = target.duration
            else { continue }
            let name = target.priority == "*" ? "the target" : "the target of \(target.priority)"
            report.report(
                .wrongPolicy, threshold.node,
                "a warning at \(DurationText.forPeople(length)) \(threshold.kind) is not before \(name), "
                    + DurationText.forPeople(shortest),
                help: "make it shorter, or write percent")
        }
    }

    private func missing(_ metric: ReadMetric, _ policy: ReadPolicy) {
        let named = Set(metric.targets.map(\.priority))
        guard !named.isEmpty, !named.contains("*"), !named.isDisjoint(with: Self.usual) else { return }
        let missing = Self.usual.filter { !named.contains($0) }
        guard !missing.isEmpty else { return }
        report.report(
            .unmeasured, metric.key,
            "`\(metric.name)` of policy `\(policy.id)` has no target for \(missing.joined(separator: ", ")): "
                + "such tickets are not measured",
            help: "if that is meant, leave it; they are reported as unmeasured", severity: .warning)
    }

    private func pauses(_ rules: [ReadPause], _ metric: ReadMetric?) {
        for rule in rules {
            let stops = rule.statuses.filter { $0 == "solved" || $0 == "closed" }
            if !stops.isEmpty {
                report.report(
                    .wrongPolicy, rule.node,
                    "a ticket that is \(stops.joined(separator: " or ")) stops its clocks, so this pause never counts",
                    help: "remove \(stops.joined(separator: " and "))")
            }
            if metric?.name == "agent_work", rule.statuses.contains("new") || rule.statuses.contains("open") {
                report.report(
                    .wrongPolicy, rule.node, "agent_work runs only while a ticket is new or open",
                    help: "remove the status, or measure requester_wait")
            }
        }
    }

    private func order(_ policy: ReadPolicy) {
        guard let reply = policy.metrics.first(where: { $0.name == "first_reply" }) else { return }
        for metric in policy.metrics where metric.name.hasPrefix("resolution") && metric.calendar == reply.calendar {
            for target in metric.targets {
                let first = reply.targets.first { $0.priority == target.priority || $0.priority == "*" }
                guard let resolution = target.duration, let answer = first?.duration, resolution < answer else {
                    continue
                }
                report.report(
                    .wrongPolicy, target.node,
                    "\(metric.name) in \(DurationText.forPeople(resolution)) is shorter than first_reply in "
                        + DurationText.forPeople(answer),
                    help: "a ticket is not solved before it is answered")
            }
        }
    }
}
