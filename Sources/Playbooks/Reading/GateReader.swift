public import WorkflowModel
public import YAML

/// Reads what stands between an event that matches and a run: `ignore_repeats_for`, `collect_for`, `only_if` and `group_by`,
/// `throttle`, `concurrency`, `breaker`.
struct GateReader {
    let reading: PlaybookReading

    /// No gate remembers longer than this.
    static let longestSpan = Duration.seconds(366 * 86_400)

    private static let repeats = ["ignore_repeats_for", "collect_for", "only_if"]

    /// The gates of a playbook.
    func gates(_ fields: Fields) -> PlaybookGates {
        var gates = PlaybookGates()
        gates.repeats = repeats(fields)
        if let node = fields.value("throttle") { gates.throttle = throttle(node) }
        if let node = fields.value("concurrency") { gates.concurrency = concurrency(node) }
        if let node = fields.value("breaker") { gates.breaker = breaker(node) }
        reading.collects = fields.has("collect_for")
        return gates
    }

    private func repeats(_ fields: Fields) -> RepeatRule? {
        let written = Self.repeats.filter(fields.has)
        if written.count > 1, let second = fields.node.entry(written[1]) {
            reading.report(
                .conflictingKeys, second.key, "`\(written[1])` cannot stand beside `\(written[0])`",
                help: "choose one: ignore the repeats, collect them, or wait for several")
            return nil
        }
        let key = fields.value("group_by").flatMap { expression($0, "group_by") }
        guard let name = written.first else {
            if let entry = fields.node.entry("group_by") {
                reading.report(
                    .misplacedKey, entry.key,
                    "`group_by` says what repeats have in common, and nothing asks for that here",
                    help: "write it beside `ignore_repeats_for`, `collect_for` or `only_if`; "
                        + "`throttle` and `concurrency` have a `key` of their own")
            }
            return nil
        }
        switch name {
        case "ignore_repeats_for": return span(fields, name).map { RepeatRule(.ignore($0), key: key) }
        case "collect_for": return span(fields, name).map { RepeatRule(.collect($0), key: key) }
        default:
            guard let node = fields.value(name), let rule = Fields(node, "`only_if`", reading) else { return nil }
            rule.refuseUnknown(KeyTable.onlyIf, "`only_if`")
            require(["count", "within"], in: rule, "`only_if`")
            guard let count = rule.count("count", PlaybookShapes.Limits.repeats), let within = span(rule, "within")
            else { return nil }
            return RepeatRule(.onlyIf(count: count, within: within), key: key)
        }
    }

    private func throttle(_ node: YAMLNode) -> ThrottleRule? {
        guard let fields = Fields(node, "`throttle`", reading) else { return nil }
        fields.refuseUnknown(KeyTable.throttle, "`throttle`")
        require(["limit", "per"], in: fields, "`throttle`")
        let key = key(fields)
        let over = fields.word("over", as: ThrottleRule.Excess.self) ?? .suppress
        guard let limit = fields.count("limit", PlaybookShapes.Limits.throttle), let per = span(fields, "per") else {
            return nil
        }
        return ThrottleRule(key: key, limit: limit, per: per, over: over)
    }

    private func concurrency(_ node: YAMLNode) -> ConcurrencyRule? {
        guard let fields = Fields(node, "`concurrency`", reading) else { return nil }
        fields.refuseUnknown(KeyTable.concurrency, "`concurrency`")
        require(["if_busy"], in: fields, "`concurrency`")
        let key = key(fields)
        guard let ifBusy = fields.word("if_busy", as: ConcurrencyRule.IfBusy.self) else { return nil }
        return ConcurrencyRule(
            key: key, ifBusy: ifBusy, limit: fields.count("limit", PlaybookShapes.Limits.concurrency) ?? 1)
    }

    /// `breaker`, of a playbook or of the workspace's `limits`.
    func breaker(_ node: YAMLNode) -> BreakerSetting? {
        if node.scalar != nil {
            if node.text == "off" { return .off }
            reading.report(
                .wrongValue, node,
                "`breaker` must be `off` or a map such as { failed_share: 0.5, at_least: 20, within: 10m }",
                help: node.text == "on" ? "leave it out: it is on unless switched off" : nil)
            return nil
        }
        guard let fields = Fields(node, "`breaker`", reading) else { return nil }
        fields.refuseUnknown(KeyTable.breaker, "`breaker`")
        var rule = BreakerRule()
        if let node = fields.value("failed_share") { rule.failedShare = share(node) ?? rule.failedShare }
        rule.atLeast = fields.count("at_least", PlaybookShapes.Limits.endedRuns) ?? rule.atLeast
        rule.within = span(fields, "within") ?? rule.within
        rule.runs = fields.count("runs", PlaybookShapes.Limits.begunRuns)
        rule.per = span(fields, "per") ?? rule.per
        rule.coolDown = span(fields, "cool_down") ?? rule.coolDown
        if fields.has("per"), !fields.has("runs"), let entry = fields.node.entry("per") {
            reading.report(
                .misplacedKey, entry.key, "`per` is the span of `runs`, which is missing", help: "write runs: 1000")
        }
        return .on(rule)
    }

    private func share(_ node: YAMLNode) -> Double? {
        switch node.scalar?.resolved {
        case .float(let share)? where share > 0 && share <= 1: return share
        case .int(1)?: return 1
        default:
            reading.report(
                .wrongValue, node, "`failed_share` must be a number above 0 and at most 1, such as 0.5",
                help: node.text?.hasSuffix("%") == true ? "write 50% as 0.5" : nil)
            return nil
        }
    }

    private func span(_ fields: Fields, _ key: String) -> Duration? {
        guard let span = fields.duration(key) else { return nil }
        guard span <= Self.longestSpan else {
            if let node = fields.value(key) {
                reading.report(.wrongValue, node, "`\(key)` must be at most 366d: so long is remembered what came")
            }
            return nil
        }
        return span
    }

    private func key(_ fields: Fields) -> ExpressionText? { fields.value("key").flatMap { expression($0, "key") } }

    private func expression(_ node: YAMLNode, _ key: String) -> ExpressionText? {
        ValueReader(reading: reading).expression(node, key: key, NameScope(part: .gates), isCondition: false)
    }

    private func require(_ keys: [String], in fields: Fields, _ what: String) {
        for key in keys where !fields.has(key) {
            let help =
                switch key {
                case "limit": "write limit: 20"
                case "per", "within": "write \(key): 1h"
                case "count": "write count: 5"
                default: "write if_busy: wait, skip, replace or run_too"
                }
            guard !fields.node.isIncomplete else { continue }
            reading.report(
                .missingKey, fields.node.entries?.first?.key ?? fields.node, "\(what) needs `\(key)`", help: help)
        }
    }
}

extension BreakerSetting {
    /// Reads `breaker` of the workspace's `limits`; everything there is to say about it comes with it.
    public static func read(_ node: YAMLNode) -> (setting: BreakerSetting?, diagnostics: [Diagnostic]) {
        let reading = PlaybookReading(node.source, .structureOnly)
        let setting = GateReader(reading: reading).breaker(node)
        return (setting, reading.diagnostics)
    }
}
