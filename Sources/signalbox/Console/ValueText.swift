import WorkflowModel

/// Values on one line, for people.
enum ValueText {
    /// The longest line.
    static let limit = 72

    /// The plain fields of a map, `assignee agent-2, team support`; other values as JSON. Cut at a reasonable length.
    static func line(_ value: Value, limit: Int = limit) -> String {
        guard let map = value.map else { return cut(short(value), limit) }
        let parts = map.compactMap { entry -> String? in
            // Hashes and file names tell a person nothing here.
            guard let key = entry.key.string, !["status", "hash", "file"].contains(key) else { return nil }
            switch entry.value {
            case .null: return nil
            case .list(let items): return items.isEmpty ? nil : "\(key) \(list(items))"
            case .map(let inner):
                if let code = inner["code"]?.string, let message = inner["message"]?.string {
                    return "\(key) \(code): \(message)"
                }
                return inner.isEmpty ? nil : "\(key) \(fields(inner))"
            default: return "\(key) \(short(entry.value))"
            }
        }
        return cut(parts.joined(separator: ", "), limit)
    }

    /// One value: texts as they are, lists and maps as JSON.
    static func short(_ value: Value) -> String {
        switch value {
        case .string(let text): text.split(whereSeparator: \.isNewline).joined(separator: " ⏎ ")
        case .duration(let duration): DurationText.forPeople(duration)
        case .timestamp(let instant): instant.forPeople
        case .secret(let secret): secret.redacted
        default: JSONWriter.text(value)
        }
    }

    /// A few plain fields as they are, of others only how many there are.
    private static func fields(_ map: ValueMap) -> String {
        let isPlain = map.allSatisfy { $0.value.map == nil && $0.value.list == nil }
        guard isPlain, map.count <= 4 else { return "{\(map.count)}" }
        return "{\(map.map { "\($0.key.jsonText) \(short($0.value))" }.joined(separator: ", "))}"
    }

    private static func list(_ items: [Value]) -> String {
        let texts = items.compactMap(\.string)
        if texts.count == items.count, texts.count <= 4 { return "[\(texts.joined(separator: ", "))]" }
        return "[\(items.count)]"
    }

    private static func cut(_ text: String, _ limit: Int) -> String {
        text.count <= limit ? text : text.prefix(limit - 1) + "…"
    }

    /// A map of fields in reading order, as lines: `To: …`; longer texts are indented below their name.
    static func block(_ value: Value, indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        switch value {
        case .map(let map):
            return map.flatMap { entry -> [String] in
                let name = entry.key.jsonText
                switch entry.value {
                case .string(let text) where text.contains("\n"):
                    return ["\(margin)\(name):"]
                        + text.split(separator: "\n", omittingEmptySubsequences: false)
                        .map { $0.isEmpty ? "" : "\(margin)  \($0)" }
                case .map(let inner) where !inner.isEmpty:
                    return ["\(margin)\(name):"] + block(entry.value, indent: indent + 2)
                case .list(let items) where items.contains { $0.map != nil }:
                    return ["\(margin)\(name):"]
                        + items.flatMap { item in
                            var lines = block(item, indent: indent + 4)
                            if let first = lines.first { lines[0] = margin + "  - " + first.drop { $0 == " " } }
                            return lines
                        }
                default: return ["\(margin)\(name): \(short(entry.value))"]
                }
            }
        case .string(let text):
            return text.split(separator: "\n", omittingEmptySubsequences: false).map { "\(margin)\($0)" }
        default: return ["\(margin)\(short(value))"]
        }
    }
}

extension Timestamp {
    /// To the second, as RFC 3339: what people read. JSON has it exactly.
    var forPeople: String { Timestamp(seconds: seconds).rfc3339 }
}
