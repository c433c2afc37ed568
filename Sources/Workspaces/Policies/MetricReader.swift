import WorkflowModel
import YAML

/// Reads one metric of a policy: its targets, thresholds and what it has of its own.
struct MetricReader {
    let report: LoadReport
    let policy: PolicyReader
    let id: String
    /// The policy's calendar; nil for always.
    let calendar: String?

    static let metrics = [
        "first_reply", "next_reply", "periodic_update", "pausable_update", "requester_wait", "agent_work",
        "resolution_first", "resolution_total", "ownership",
    ]
    private static let keys = ["targets", "target", "thresholds", "calendar", "pause", "starts"]
    private static let relatives: [String: Int64] = [
        "end of business day": 1, "end of next business day": 2,
    ]

    func metric(_ entry: YAMLNode.Entry) -> ReadMetric? {
        let name = entry.key.text ?? ""
        guard Self.metrics.contains(name) else {
            let near = Similarity.nearest(to: name, among: Self.metrics)
            let help = name == "resolution" ? "resolution_first, or resolution_total" : near
            report.report(
                .unknownPolicyKey, entry.key, "there is no metric `\(name)`",
                help: help.map { "did you mean `\($0)`?" } ?? "metrics: \(Self.metrics.joined(separator: ", "))")
            return nil
        }
        let what = "`\(name)` of policy `\(id)`"
        guard let fields = PolicyFields(entry.value, what: what, known: Self.keys, report: report) else { return nil }
        let own = fields["calendar"] != nil
        var metric = ReadMetric(name: name, node: entry.value, key: entry.key)
        metric.calendar = own ? policy.calendarName(fields) : calendar
        targets(fields, &metric)
        metric.thresholds = thresholds(fields, &metric)
        metric.pause = policy.pause(fields)
        var value: ValueMap = [
            "metric": .string(name), "targets": .map(ValueMap(strings: metric.targets.map { ($0.priority, $0.value) })),
            "thresholds": .list(metric.thresholds.map(\.value)),
        ]
        if let calendar = metric.calendar { value["calendar"] = .string(calendar) }
        if let pause = metric.pause { value["pause"] = .list(pause.map(\.value)) }
        if let starts = starts(fields, name) { value["starts"] = .string(starts) }
        metric.value = .map(value)
        return metric
    }

    private func starts(_ fields: PolicyFields, _ name: String) -> String? {
        let words: [String]
        switch name {
        case "first_reply": words = ["message", "creation"]
        case "periodic_update", "pausable_update": words = ["reply", "creation"]
        default:
            if let node = fields["starts"] {
                fields.wrong(node, "`\(name)` has one way to start", help: "remove `starts`")
            }
            return nil
        }
        return fields.word("starts", of: words) ?? words[0]
    }

    private func targets(_ fields: PolicyFields, _ metric: inout ReadMetric) {
        if let node = fields["target"] {
            if let other = fields["targets"] {
                fields.wrong(other, "\(fields.what) has `target` and `targets`", help: "keep one of the two")
            }
            if let target = target(node, "*", fields, metric) { metric.targets = [target] }
            return
        }
        guard let node = fields["targets"] else {
            if !fields.node.isIncomplete {
                fields.wrong(
                    metric.key, "\(fields.what) needs `targets:`, a map from priority to duration",
                    help: "for instance `targets: { P1: 1h, P2: 4h }`, or `target: 4h` for every priority")
            }
            return
        }
        guard let entries = node.entries, entries.count <= 50 else {
            fields.wrong(node, "`targets` of \(fields.what) must be a map from priority to duration")
            return
        }
        for entry in entries {
            let priority = entry.key.text ?? ""
            guard !priority.isEmpty, priority.utf8.count <= 60 else { continue }
            if let target = target(entry.value, priority, fields, metric) { metric.targets.append(target) }
        }
    }

    private func target(
        _ node: YAMLNode, _ priority: String, _ fields: PolicyFields, _ metric: ReadMetric
    ) -> ReadTarget? {
        guard !node.isDamaged else { return nil }
        let key = priority == "*" ? "target" : "targets.\(priority)"
        var days: Int64?
        if let text = node.text, let relative = Self.relatives[text.lowercased()] {
            days = relative
        } else if node.entries != nil {
            guard
                let map = PolicyFields(
                    node, what: "`\(key)` of \(fields.what)", known: ["business_days"], report: report)
            else { return nil }
            days = map.number("business_days", in: 1...250)
            if days == nil {
                if map["business_days"] == nil { map.wrong(node, "`\(key)` of \(fields.what) needs `business_days`") }
                return nil
            }
        }
        if let days {
            guard metric.calendar != nil else {
                fields.wrong(
                    node, "business days need a calendar", help: "give policy `\(id)` a `calendar:`, or write hours")
                return nil
            }
            return ReadTarget(priority: priority, node: node, duration: nil, value: ["business_days": .int(days)])
        }
        guard let duration = fields.duration(node, key, inBusinessTime: metric.calendar != nil) else { return nil }
        return ReadTarget(priority: priority, node: node, duration: duration, value: .duration(duration))
    }

    private func thresholds(_ fields: PolicyFields, _ metric: inout ReadMetric) -> [ReadThreshold] {
        guard let node = fields["thresholds"] else { return [] }
        let nodes = node.items ?? [node]
        guard nodes.count <= 20 else {
            fields.wrong(node, "`thresholds` of \(fields.what) has more than 20 entries")
            return []
        }
        let inBusinessTime = metric.calendar != nil
        return nodes.compactMap { threshold($0, fields, inBusinessTime) }
    }

    private func threshold(_ node: YAMLNode, _ fields: PolicyFields, _ inBusinessTime: Bool) -> ReadThreshold? {
        guard !node.isDamaged else { return nil }
        let help = "write `75%`, `{ remaining: 30m }`, `{ elapsed: 2h }` or `{ overdue: 1h, repeat: 3 }`"
        if let text = node.text, text.hasSuffix("%") {
            guard let percent = Int64(text.dropLast()), (1...99).contains(percent) else {
                fields.wrong(node, "a warning is at 1% to 99% of the target", help: help)
                return nil
            }
            return ReadThreshold(node: node, kind: "percent", duration: nil, value: ["percent": .int(percent)])
        }
        let known = ["percent", "remaining", "elapsed", "overdue", "repeat"]
        guard node.entries != nil,
            let map = PolicyFields(node, what: "a threshold of \(fields.what)", known: known, report: report)
        else {
            fields.wrong(node, "`\(node.text ?? node.kindInWords)` is no threshold", help: help)
            return nil
        }
        let kinds = known.dropLast().filter { map[$0] != nil }
        guard kinds.count == 1, let kind = kinds.first, let amount = map[kind] else {
            map.wrong(node, "a threshold has one of percent, remaining, elapsed and overdue", help: help)
            return nil
        }
        if kind == "percent" {
            guard let percent = map.number("percent", in: 1...99) else { return nil }
            return ReadThreshold(node: node, kind: kind, duration: nil, value: ["percent": .int(percent)])
        }
        guard let duration = map.duration(amount, kind, inBusinessTime: inBusinessTime) else { return nil }
        var value: ValueMap = [kind: .duration(duration)]
        if kind == "overdue" {
            value["repeat"] = .int(map.number("repeat", in: 1...100) ?? 1)
        } else if let node = map["repeat"] {
            map.wrong(node, "only `overdue` repeats")
        }
        return ReadThreshold(node: node, kind: kind, duration: duration, value: .map(value))
    }
}

/// A metric as it was read.
struct ReadMetric {
    var name: String
    var node: YAMLNode
    var key: YAMLNode
    var calendar: String?
    var targets: [ReadTarget] = []
    var thresholds: [ReadThreshold] = []
    /// Nil when it has the policy's.
    var pause: [ReadPause]?
    var value: Value = .null
}

/// A target as it was read; no duration for business days.
struct ReadTarget {
    var priority: String
    var node: YAMLNode
    var duration: Duration?
    var value: Value
}

/// A threshold as it was read.
struct ReadThreshold {
    var node: YAMLNode
    var kind: String
    var duration: Duration?
    var value: Value
}
