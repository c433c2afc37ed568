public import WorkflowModel

/// Small pieces of English.
public enum English {
    /// `a`, `a and b`, `a, b and c`, with another word for `and` if wanted.
    public static func list(_ parts: [String], _ word: String = "and") -> String {
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return parts.dropLast().joined(separator: ", ") + " \(word) " + last
    }

    /// `1 step`, `2 steps`.
    public static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

    /// The text with a capital in front.
    public static func sentence(_ text: String) -> String {
        guard let first = text.first else { return text }
        return first.uppercased() + text.dropFirst()
    }

    /// A duration in full: `1 hour and 30 minutes`, `7 days`, `500 milliseconds`. Nothing is cut.
    public static func duration(_ duration: Duration) -> String {
        let (whole, attoseconds) = duration.components
        let sign = whole < 0 || attoseconds < 0 ? "minus " : ""
        let seconds = Int64(whole.magnitude)
        let nanoseconds = (attoseconds / 1_000_000_000).magnitude
        var parts: [String] = []
        let units: [(Int64, String)] = [
            (seconds / 86_400, "day"), (seconds / 3600 % 24, "hour"), (seconds / 60 % 60, "minute"),
            (seconds % 60, "second"),
        ]
        for (number, unit) in units where number > 0 { parts.append(count(Int(number), unit)) }
        if nanoseconds > 0 {
            parts.append(
                nanoseconds % 1_000_000 == 0
                    ? count(Int(nanoseconds / 1_000_000), "millisecond") : count(Int(nanoseconds), "nanosecond"))
        }
        return parts.isEmpty ? "0 seconds" : sign + list(parts)
    }

    /// How often: `minute`, `20 minutes`.
    static func every(_ duration: Duration) -> String {
        let text = self.duration(duration)
        return text.hasPrefix("1 ") && !text.contains(" and ") ? String(text.dropFirst(2)) : text
    }

    /// A text as it stands among words: alone when it is one plain word, else in quotes.
    public static func quoted(_ text: String) -> String {
        if text.isEmpty { return "an empty text" }
        return isPlainWord(text) ? text : "“\(text)”"
    }

    /// Whether a text can stand among words without quotes and be taken for nothing else.
    private static func isPlainWord(_ text: String) -> Bool {
        let taken = [
            "or", "and", "not", "no", "is", "if", "of", "the", "a", "an", "true", "false", "missing", "empty",
            "nothing",
            "now", "than",
        ]
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || ("0"..."9").contains(first),
            text.unicodeScalars.contains(where: \.properties.isAlphabetic), !taken.contains(text.lowercased())
        else { return false }
        return text.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-" || $0 == "."
        } && !text.hasSuffix(".")
    }

    /// A value among words. Lists are joined by `word`.
    public static func value(_ value: Value, _ word: String = "and") -> String {
        switch value {
        case .null: "nothing"
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): String(number)
        case .uint(let number): String(number)
        case .double(let number): JSONWriter.text(.double(number))
        case .string(let text): quoted(text)
        case .timestamp(let time): time.rfc3339
        case .duration(let duration): self.duration(duration)
        case .list(let items):
            items.isEmpty ? "an empty list" : list(items.map { self.value($0, word) }, word)
        case .map(let map):
            map.isEmpty ? "nothing" : map.map { "\($0.key.jsonText) = \(self.value($0.value))" }.joined(separator: ", ")
        default: "`\(JSONWriter.text(value))`"
        }
    }
}

/// A clause of a condition in words, with how tightly it holds together: what decides about brackets around it.
struct Clause {
    enum Binding: Int {
        /// Parts joined by `or`, or by `and`; or one statement.
        case or, and, single
    }

    var text: String
    var binding = Binding.single

    /// `parts` joined by a word. A part that is joined by the other word stands in brackets, so that it cannot be read otherwise.
    static func joined(_ parts: [Clause], by binding: Binding) -> Clause {
        if parts.count == 1, let only = parts.first { return only }
        let word = binding == .and ? "and" : "or"
        let texts = parts.map { part in
            part.binding == .single || part.binding == binding ? part.text : "(\(part.text))"
        }
        return Clause(text: texts.joined(separator: ", \(word) "), binding: binding)
    }

    /// The clause where a single statement must stand.
    var closed: String { binding == .single ? text : "(\(text))" }
}
