import Calendars
import Digests
import Expressions
public import WorkflowModel
import YAML

/// Reads `sla.yaml`: the ordered policies, checked and with every default written out.
///
/// The result holds the calendars that the policies name, so that one value says how a ticket is measured. Its hash is the version.
struct PolicyReader {
    let report: LoadReport
    let calendars: [String: WorkspaceCalendar]

    static let policyKeys =
        [
            "id", "title", "kind", "when", "default", "calendar", "zone", "pause", "unanswered", "reopen",
            "reopen_grace", "priority_change", "human_only", "public_notes", "run_on_retro_breach", "split",
            "metrics",
        ]
    static let zoneWords = ["calendar", "customer", "requester", "assignee", "team"]
    static let statuses = ["new", "open", "pending", "hold", "solved", "closed"]

    func policies(_ root: YAMLNode) -> WorkspacePolicies? {
        guard !root.isDamaged else { return nil }
        let items: [YAMLNode]
        if let list = root.items {
            items = list
        } else {
            guard let top = PolicyFields(root, what: "sla.yaml", known: ["policies"], report: report) else {
                return nil
            }
            guard let list = top["policies"]?.items else {
                if !root.isIncomplete {
                    top.wrong(top["policies"], "sla.yaml needs `policies:`, a list of policies in order")
                }
                return nil
            }
            items = list
        }
        guard items.count <= 200 else {
            report.report(.wrongPolicy, root, "sla.yaml has more than 200 policies")
            return nil
        }
        var seen: Set<String> = []
        var defaults: Set<String> = []
        var found: [ReadPolicy] = []
        for item in items {
            guard let policy = policy(item) else { continue }
            if !seen.insert(policy.id).inserted {
                report.report(.repeatedRow, item, "sla.yaml has two policies `\(policy.id)`")
                continue
            }
            if policy.isDefault, !defaults.insert(policy.kind).inserted {
                report.report(
                    .wrongPolicy, item["default"] ?? item, "only one policy of kind \(policy.kind) may be the default",
                    help: "the first policy that fits is taken; the default is for tickets that fit none")
            }
            found.append(policy)
        }
        PolicyLint(report: report).run(found)
        guard !found.isEmpty else { return nil }
        let content: Value = [
            "format": 1, "policies": .list(found.map(\.value)), "calendars": .map(used(by: found)),
        ]
        return WorkspacePolicies(
            ids: found.map(\.id), version: SHA256.hex(of: TypedJSON.text(content)), content: content)
    }

    private func used(by policies: [ReadPolicy]) -> ValueMap {
        let names = Set(policies.flatMap { $0.metrics.compactMap(\.calendar) })
        return ValueMap(
            strings: names.sorted().compactMap { name in calendars[name].map { (name, $0.business.value) } })
    }

    private func policy(_ node: YAMLNode) -> ReadPolicy? {
        let name = node["id"]?.text
        let what = name.map { "policy `\($0)`" } ?? "a policy"
        guard let fields = PolicyFields(node, what: what, known: Self.policyKeys, report: report) else { return nil }
        guard let id = fields.text("id", longest: 60) else {
            if fields["id"] == nil, !node.isIncomplete { fields.wrong(nil, "a policy needs an `id`") }
            return nil
        }
        let isDefault = fields.flag("default") ?? false
        var conditions: [String] = []
        for (text, place) in fields.texts("when") ?? [] where isCondition(text, place, "`when` of \(what)") {
            conditions.append(text)
        }
        if isDefault, let when = fields["when"] {
            fields.wrong(when, "\(what) is the default and has a condition", help: "remove one of the two")
        } else if !isDefault, fields["when"] == nil, !node.isIncomplete {
            fields.wrong(
                nil, "\(what) needs `when:`, the tickets that it is for, or `default: true`",
                help: "for instance `when: ticket.customer.tier == \"gold\"`")
        }
        let calendar = calendarName(fields)
        var policy = ReadPolicy(id: id, node: node, isDefault: isDefault)
        policy.kind = fields.word("kind", of: ["sla", "ola"]) ?? "sla"
        policy.pause = pause(fields) ?? []
        guard let list = fields["metrics"], let entries = list.entries, !entries.isEmpty else {
            if !node.isIncomplete { fields.wrong(fields["metrics"], "\(what) needs `metrics:` with at least one") }
            return nil
        }
        let reader = MetricReader(report: report, policy: self, id: id, calendar: calendar)
        policy.metrics = entries.compactMap { reader.metric($0) }
        policy.value = [
            "id": .string(id), "title": .string(fields.text("title") ?? id), "kind": .string(policy.kind),
            "default": .bool(isDefault), "when": .list(conditions.map { .string($0) }),
            "zone": .string(zone(fields) ?? "calendar"),
            "pause": .list(policy.pause.map(\.value)),
            "unanswered": .string(fields.word("unanswered", of: ["allow", "flag", "refuse"]) ?? "flag"),
            "reopen": .string(fields.word("reopen", of: ["continue", "new_cycle", "ignore"]) ?? "continue"),
            "reopen_grace": .duration(grace(fields)),
            "priority_change": .string(fields.word("priority_change", of: ["keep", "from_change"]) ?? "keep"),
            "human_only": .bool(fields.flag("human_only") ?? true),
            "public_notes": .bool(fields.flag("public_notes") ?? false),
            "run_on_retro_breach": .bool(fields.flag("run_on_retro_breach") ?? false),
            "split": .string(fields.word("split", of: ["fresh", "inherit"]) ?? "fresh"),
            "metrics": .list(policy.metrics.map(\.value)),
        ]
        return policy
    }

    private func grace(_ fields: PolicyFields) -> Duration {
        guard let node = fields["reopen_grace"] else { return .zero }
        return fields.duration(node, "reopen_grace", inBusinessTime: false) ?? .zero
    }

    private func zone(_ fields: PolicyFields) -> String? {
        guard let text = fields.text("zone") else { return nil }
        if Self.zoneWords.contains(text) { return text }
        guard let problem = ZoneName.problem(text) else { return text }
        fields.wrong(
            fields["zone"], problem.message,
            help: "write one of \(Self.zoneWords.joined(separator: ", ")), or an IANA name such as Europe/Berlin",
            .unknownZone)
        return nil
    }

    /// The calendar of a policy or metric: nil for `always`, and when none is named.
    func calendarName(_ fields: PolicyFields) -> String? {
        guard let name = fields.text("calendar"), name != "always", name != "24x7" else { return nil }
        if calendars[name] == nil {
            let near = Similarity.nearest(to: name, among: calendars.keys.sorted())
            fields.wrong(
                fields["calendar"], "there is no calendar `\(name)`",
                help: near.map { "did you mean `\($0)`?" } ?? "add it to calendars.yaml, or write `always`",
                .unknownRow)
        }
        return name
    }

    /// The pause rules under `pause`; nil when there is no such key.
    func pause(_ fields: PolicyFields) -> [ReadPause]? {
        guard let node = fields["pause"] else { return nil }
        let nodes = node.items ?? [node]
        guard nodes.count <= 20 else {
            fields.wrong(node, "`pause` of \(fields.what) has more than 20 rules")
            return nil
        }
        return nodes.compactMap { pauseRule($0, fields.what) }
    }

    private func pauseRule(_ node: YAMLNode, _ owner: String) -> ReadPause? {
        let what = "a pause of \(owner)"
        let known = ["status", "when", "until", "maintenance", "reason"]
        guard let fields = PolicyFields(node, what: what, known: known, report: report) else { return nil }
        let kinds = ["status", "when", "maintenance"].filter { fields[$0] != nil }
        guard kinds.count == 1 else {
            fields.wrong(
                node, "\(what) needs one of `status`, `when` and `maintenance`, has \(kinds.count)",
                help: "make a list, with one rule for each reason to pause")
            return nil
        }
        var value = ValueMap()
        var rule = ReadPause(node: node)
        if let texts = fields.texts("status") {
            for (text, place) in texts where !Self.statuses.contains(text) {
                let near = Similarity.nearest(to: text, among: Self.statuses)
                fields.wrong(
                    place, "`\(text)` is no status: \(Self.statuses.joined(separator: ", "))",
                    help: near.map { "did you mean `\($0)`?" })
            }
            rule.statuses = texts.map(\.text)
            value["status"] = .list(rule.statuses.map { .string($0) })
        }
        for key in ["when", "until"] {
            guard let texts = fields.texts(key) else { continue }
            for (text, place) in texts where !isCondition(text, place, "`\(key)` of \(what)") { return nil }
            value[key] = .list(texts.map { .string($0.text) })
        }
        if let until = fields["until"], fields["when"] == nil {
            fields.wrong(until, "`until` needs `when`", help: "a status or a maintenance window ends by itself")
        }
        if let flag = fields.flag("maintenance") {
            guard flag else { return nil }
            value["maintenance"] = true
        }
        if let reason = fields.text("reason") { value["reason"] = .string(reason) }
        rule.value = .map(value)
        return rule
    }

    /// Whether `text` is a condition over the ticket; reports what is wrong with it.
    private func isCondition(_ text: String, _ node: YAMLNode, _ what: String) -> Bool {
        do throws(ExpressionError) {
            let program = try Program(parsing: text)
            for reference in program.expression.references where reference.path.first != "ticket" {
                report.report(
                    .wrongPolicy, node, "\(what) knows no name `\(reference.path.joined(separator: "."))`",
                    help: "conditions of policies see `ticket`")
                return false
            }
            return true
        } catch {
            report.report(.wrongPolicy, node, "\(what) cannot be read: \(error.message)", help: error.help)
            return false
        }
    }
}

/// A policy as it was read, with what is needed to check it.
struct ReadPolicy {
    var id: String
    var node: YAMLNode
    var isDefault: Bool
    var kind = "sla"
    var pause: [ReadPause] = []
    var metrics: [ReadMetric] = []
    var value: Value = .null
}

/// A pause rule as it was read.
struct ReadPause {
    var node: YAMLNode
    var statuses: [String] = []
    var value: Value = .null
}

/// The policies of a workspace.
public struct WorkspacePolicies: Sendable, Hashable {
    /// The policies' ids, in their order.
    public var ids: [String]
    /// SHA-256 over the content, in hex.
    public var version: String
    /// The policies with every default written out, and the calendars that they name.
    public var content: Value
}
