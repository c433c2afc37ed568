import WorkflowModel
import YAML

/// Typed access to the keys of a mapping, with a report for what is of the wrong kind.
struct Fields {
    let reading: PlaybookReading
    let node: YAMLNode

    /// The fields of `node`; nil, with a report, when it is no mapping.
    init?(_ node: YAMLNode, _ what: String, _ reading: PlaybookReading) {
        guard !node.isDamaged else { return nil }
        guard node.entries != nil else {
            reading.report(
                .wrongKind, node, "\(what) must be a map of keys to values, is \(node.kindInWords)")
            return nil
        }
        self.node = node
        self.reading = reading
    }

    /// The value of a key; nil when the key is absent or its text could not be read.
    func value(_ key: String) -> YAMLNode? {
        guard let value = node[key], !value.isDamaged else { return nil }
        return value
    }

    /// Whether the key is written at all.
    func has(_ key: String) -> Bool { node.entry(key) != nil }

    /// Reports every key that is neither in `known` nor in `ignored`, with what was probably meant.
    func refuseUnknown(_ known: [String], ignoring ignored: Set<String> = [], _ what: String) {
        for entry in node.entries ?? [] {
            guard let key = entry.key.text, !known.contains(key), !ignored.contains(key) else { continue }
            let near = KeyWords.meant(by: key, among: known)
            reading.report(
                .unknownKey, entry.key, "`\(key)` is not a key of \(what)",
                help: near.map { "did you mean `\($0)`?" } ?? "known keys: \(known.joined(separator: ", "))")
        }
    }

    /// Reports the keys of later versions that are written here.
    func refuseLater(_ later: Set<String>, _ code: PlaybookCode) {
        for entry in node.entries ?? [] {
            guard let key = entry.key.text, later.contains(key) else { continue }
            reading.report(
                code, entry.key, "`\(key)` is not supported yet in this version", help: KeyWords.instead(of: key))
        }
    }

    /// A text that is shown as it stands; nil when absent or of the wrong kind.
    func text(_ key: String) -> String? {
        guard let value = value(key), !value.isNull else { return nil }
        guard let scalar = value.scalar else {
            reading.report(.wrongKind, value, "`\(key)` must be a text, is \(value.kindInWords)")
            return nil
        }
        if scalar.text.contains("{{") {
            reading.report(
                .plainText, value, "`\(key)` is shown as it stands: expressions have no effect in it",
                help: "write the text without `{{ }}`")
        }
        return scalar.text
    }

    /// A word out of the cases of an enumeration.
    func word<E: RawRepresentable & CaseIterable>(_ key: String, as type: E.Type) -> E? where E.RawValue == String {
        guard let value = value(key) else { return nil }
        if let text = value.text, let found = E(rawValue: text) { return found }
        let known = E.allCases.map(\.rawValue)
        let near = value.text.flatMap { Self.meant($0, by: key) ?? Similarity.nearest(to: $0, among: known) }
        reading.report(
            .wrongValue, value, "`\(key)` must be one of \(known.joined(separator: ", "))",
            help: near.map { "did you mean `\($0)`?" })
        return nil
    }

    /// What a word for a switch that is on or off means as a `mode`.
    private static func meant(_ word: String, by key: String) -> String? {
        guard key == "mode" else { return nil }
        switch word.lowercased() {
        case "on", "live", "enabled", "true", "yes", "production": return "active"
        case "off", "false", "no", "inactive", "paused": return "disabled"
        case "test", "dry-run", "draft", "dry_run": return "shadow"
        default: return nil
        }
    }

    /// A truth value.
    func flag(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        if case .bool(let flag)? = value.scalar?.resolved { return flag }
        let help =
            switch value.text?.lowercased() {
            case "yes", "on", "true": "write true"
            case "no", "off", "false": "write false"
            default: nil as String?
            }
        reading.report(.wrongKind, value, "`\(key)` must be true or false", help: help)
        return nil
    }

    /// A positive duration such as `30s`.
    func duration(_ key: String) -> Duration? {
        guard let value = value(key) else { return nil }
        guard let text = value.text, value.scalar?.resolved == .string, let duration = DurationText.parse(text) else {
            var help = "write a number with a unit: 500ms, 30s, 15m, 1h30m, 2d"
            if case .int(let number)? = value.scalar?.resolved {
                help = "write \(number)s for seconds, \(number)m for minutes"
            } else if let meant = value.text.flatMap(DurationText.meant) {
                help = "write \(meant)"
            }
            reading.report(.wrongValue, value, "`\(key)` must be a duration such as 30s or 1h30m", help: help)
            return nil
        }
        guard duration > .zero else {
            reading.report(.wrongValue, value, "`\(key)` must be longer than nothing")
            return nil
        }
        return duration
    }

    /// A whole number within limits.
    func count(_ key: String, _ limits: ClosedRange<Int>) -> Int? {
        guard let value = value(key) else { return nil }
        guard case .int(let number)? = value.scalar?.resolved, let count = Int(exactly: number), limits.contains(count)
        else {
            reading.report(
                .wrongValue, value,
                "`\(key)` must be a whole number from \(limits.lowerBound) to \(limits.upperBound)")
            return nil
        }
        return count
    }

    /// A list; a report when it is none.
    func list(_ key: String, of what: String) -> [YAMLNode]? {
        guard let value = value(key) else { return nil }
        if let items = value.items { return items }
        reading.report(.wrongKind, value, "`\(key)` must be a list of \(what), is \(value.kindInWords)")
        return nil
    }
}
