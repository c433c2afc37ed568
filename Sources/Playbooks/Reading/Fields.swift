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
            // YAML has said already that a space is missing.
            let line = node.range.start.line
            if reading.diagnostics.contains(where: { $0.code == "SB1030" && $0.range?.start.line == line }) {
                return nil
            }
            reading.report(
                .wrongKind, node, "\(what) must be a map of keys to values, is \(node.kindInWords)",
                help: node.text.flatMap(Self.missingSpace))
            return nil
        }
        self.node = node
        self.reading = reading
    }

    /// What to say of `text:Hello`, which is no key with a value.
    private static func missingSpace(_ text: String) -> String? {
        guard let colon = text.firstIndex(of: ":"), colon < text.index(before: text.endIndex),
            NameRules.isName(String(text[..<colon]))
        else { return nil }
        return "write a space after the colon: \(text[..<colon]): \(text[text.index(after: colon)...])"
    }

    /// The value of a key; nil when the key is absent or its text could not be read.
    func value(_ key: String) -> YAMLNode? {
        guard let value = node[key], !value.isDamaged else { return nil }
        return value
    }

    /// Whether the key is written at all, be it misspelt.
    func has(_ key: String) -> Bool {
        node.entry(key) != nil || reading.meantKeys[node.byteRange.lowerBound]?.contains(key) == true
    }

    /// Whether a key is written that is not in `known`: it may be the one that is missing.
    func hasUnknown(_ known: [String]) -> Bool {
        (node.entries ?? []).contains { !known.contains($0.key.text ?? "") }
    }

    /// Reports every key that is neither in `known` nor in `ignored`, with what was probably meant.
    func refuseUnknown(_ known: [String], ignoring ignored: Set<String> = [], _ what: String) {
        for entry in node.entries ?? [] {
            guard let key = entry.key.text, !known.contains(key), !ignored.contains(key) else { continue }
            refuse(entry.key, known, what)
        }
    }

    /// Reports one key, with what was probably meant, which is then not missing.
    func refuse(_ node: YAMLNode, _ known: [String], _ what: String) {
        let key = node.text ?? ""
        if key.hasPrefix("-"), key.utf8.count > 1 {
            reading.hasStrayStepKeys = true
            reading.report(
                .unknownKey, node, "there is no space after this `-`, so `\(key)` is read as a key",
                help: "an entry of a list begins with `- `")
            return
        }
        let hint = hint(key)
        let near = hint == nil ? KeyWords.meant(by: key, among: known) : nil
        if let near { reading.meantKeys[self.node.byteRange.lowerBound, default: []].insert(near) }
        reading.report(
            .unknownKey, node, "`\(key)` is not a key of \(what)",
            help: hint ?? near.map { "did you mean `\($0)`?" } ?? "known keys: \(known.joined(separator: ", "))")
    }

    /// What to say of a key that belongs elsewhere.
    private func hint(_ key: String) -> String? {
        if node["playbook"] != nil, KeyTable.allOfSteps.contains(key) {
            reading.hasStrayStepKeys = true
            return "it belongs to a step: indent it as far as the key after the step's `-`"
        }
        if let uses = node["uses"]?.text, let action = reading.environment.actions?[uses],
            action.input.property(key) != nil
        {
            reading.meantKeys[node.byteRange.lowerBound, default: []].insert("with")
            return "it is an input of \(uses): write it under `with:`"
        }
        return nil
    }

    /// A text that is shown as it stands; nil when absent or of the wrong kind.
    func text(_ key: String) -> String? {
        guard let value = value(key), !value.isNull else { return nil }
        guard let scalar = value.scalar else {
            reading.report(.wrongKind, value, "`\(key)` must be a text, is \(value.kindInWords)")
            return nil
        }
        if scalar.resolved != .string {
            reading.report(
                .wrongKind, value, "`\(key)` must be a text, is \(value.kindInWords)",
                help: "put it in quotes: \"\(scalar.text)\"")
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
