import PluginKit
import WorkflowModel

/// What differs between two states of an incident, and how a timeline says it.
struct IncidentChanges {
    private static let told = [
        "status", "severity", "title", "summary", "impact", "services", "tickets", "roles", "commander",
        "customers_affected", "data_loss", "regulatory", "mitigated_at", "acknowledged_at", "merged_into", "related",
        "started_at", "url",
    ]
    /// Longer texts are news, or known from elsewhere; the timeline names them only.
    private static let long: Set<String> = ["summary", "impact", "title", "url"]
    private static let pinned: Set<String> = [
        "status", "severity", "commander", "mitigated_at", "acknowledged_at", "merged_into",
    ]

    /// Field to `{from, to}`, in reading order.
    let map: ValueMap

    init(from before: ValueMap, to after: ValueMap) {
        var map = ValueMap()
        for field in Self.told {
            let (old, new) = (before[field] ?? .null, after[field] ?? .null)
            if old != new { map[field] = ["from": old, "to": new] }
        }
        self.map = map
    }

    var isEmpty: Bool { map.isEmpty }
    /// Whether people should be told of them.
    var areNews: Bool { ["status", "severity", "summary", "impact", "services"].contains { map[$0] != nil } }
    /// Whether one of the moments changed by which an incident is measured.
    var isPinned: Bool { map.keys.contains { $0.string.map(Self.pinned.contains) ?? false } }

    subscript(field: String) -> Value? { map[field] }

    /// `severity SEV2 → SEV1, commander agent-5`.
    var words: String {
        map.compactMap { entry -> String? in
            guard let field = entry.key.string else { return nil }
            let (from, to) = (entry.value["from"] ?? .null, entry.value["to"] ?? .null)
            switch field {
            case "commander": return nil
            case "roles": return Self.roleWords(from.map ?? [:], to.map ?? [:])
            case "tickets", "related", "services": return Self.listWords(field, from.list ?? [], to.list ?? [])
            case "acknowledged_at": return to.isNull ? nil : "acknowledged"
            case "mitigated_at": return to.isNull ? nil : "mitigated at \(Self.shown(to))"
            case "merged_into": return to.isNull ? "no longer merged" : "merged into \(Self.shown(to))"
            case _ where Self.long.contains(field): return "\(field) \(from.isNull ? "given" : "changed")"
            case _ where from.isNull: return "\(field) \(Self.shown(to))"
            default: return "\(field) \(Self.shown(from)) → \(Self.shown(to))"
            }
        }.joined(separator: ", ")
    }

    private static func roleWords(_ from: ValueMap, _ to: ValueMap) -> String? {
        var words: [String] = []
        for entry in to where from[entry.key] != entry.value {
            words.append("\(entry.key.jsonText) is \(shown(entry.value))")
        }
        for entry in from where to[entry.key] == nil { words.append("nobody is \(entry.key.jsonText)") }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    private static func listWords(_ field: String, _ from: [Value], _ to: [Value]) -> String? {
        let (before, after) = (Set(from), Set(to))
        let added = to.filter { !before.contains($0) }.map(shown)
        let removed = from.filter { !after.contains($0) }.map(shown)
        var words: [String] = []
        if !added.isEmpty { words.append("\(field) +\(brief(added))") }
        if !removed.isEmpty { words.append("\(field) -\(brief(removed))") }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    private static func brief(_ names: [String]) -> String {
        let more = names.count > 5 ? " and \(names.count - 5) more" : ""
        return names.prefix(5).joined(separator: " +") + more
    }

    private static func shown(_ value: Value) -> String {
        if value.isNull { return "none" }
        return value.string ?? value.timestamp?.rfc3339 ?? JSONWriter.text(value)
    }
}
