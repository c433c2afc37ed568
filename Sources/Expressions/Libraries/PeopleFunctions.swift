import WorkflowModel

/// The words for people that are functions: `mentions`, `open_now`, `ago`.
enum PeopleFunctions {
    static let all: [FunctionLibrary.Function] = [
        .global("mentions", mentions), .global("open_now", pure: false, openNow), .global("ago", pure: false, ago),
    ]

    static func ago(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        let duration: Duration
        switch value {
        case .duration(let given): duration = given
        case .string(let text): duration = try Times.duration(text)
        default: throw StandardFunctions.mismatch("ago", value)
        }
        guard let instant = frame.scope.now.adding(.zero - duration) else { throw Times.outOfRange }
        return .timestamp(instant)
    }

    static func openNow(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        guard case .string(let calendar) = value else { throw StandardFunctions.mismatch("open_now", value) }
        guard let isOpen = frame.scope.isOpen(calendar: calendar, at: frame.scope.now) else {
            throw EvalFailure(.unknownCalendar, "there is no calendar \(Describing.short(value))")
        }
        return .bool(isOpen)
    }

    /// `mentions(ticket, ["manager", "cancel my contract"])`: whether one of the words or phrases stands in the text, whole and in
    /// any case. A map's texts are its title, subject, description and text, and the texts of its comments.
    static func mentions(_ subject: Value, _ words: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        var wanted: [[Unicode.Scalar]] = []
        switch words {
        case .string(let word): wanted = [folded(word)]
        case .list(let items):
            for item in items {
                guard case .string(let word) = item else { throw StandardFunctions.mismatch("mentions", item) }
                wanted.append(folded(word))
            }
        default: throw StandardFunctions.mismatch("mentions", words)
        }
        wanted.removeAll(where: \.isEmpty)
        for text in try texts(of: subject) {
            try frame.spend(text.utf8.count * (1 + wanted.count) >> 4)
            let scalars = folded(text)
            for word in wanted {
                try StringFunctions.spend(searching: word.count, in: scalars.count, &frame)
                if stands(word, in: scalars) { return .bool(true) }
            }
        }
        return .bool(false)
    }

    private static let fields = ["title", "subject", "description", "text", "comments"]

    private static func texts(of value: Value, depth: Int = 0) throws(EvalFailure) -> [String] {
        switch value {
        case .string(let text): return [text]
        case .null: return []
        case .map(let map):
            var result: [String] = []
            for field in fields {
                guard let content = map[field] else { continue }
                if case .secret = content { continue }
                if depth < 3 { result += try texts(of: content, depth: depth + 1) }
            }
            return result
        case .list(let items):
            var result: [String] = []
            for item in items where depth < 3 { result += try texts(of: item, depth: depth + 1) }
            return result
        default:
            if depth > 0 { return [] }
            throw StandardFunctions.mismatch("mentions", value)
        }
    }

    /// Lower case, with runs of white space as one space.
    private static func folded(_ text: String) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        for scalar in text.lowercased().unicodeScalars {
            if scalar.properties.isWhitespace {
                if let last = result.last, last != " " { result.append(" ") }
            } else {
                result.append(scalar)
            }
        }
        if result.last == " " { result.removeLast() }
        return result
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.isNameStart || scalar.isDigit }
        return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    private static func stands(_ word: [Unicode.Scalar], in text: [Unicode.Scalar]) -> Bool {
        guard text.count >= word.count else { return false }
        for start in 0...text.count - word.count where text[start] == word[0] {
            guard text[start..<start + word.count].elementsEqual(word) else { continue }
            let end = start + word.count
            let before = start > 0 && isWordPart(text[start - 1]) && isWordPart(word[0])
            let after = end < text.count && isWordPart(text[end]) && isWordPart(word[word.count - 1])
            if !before, !after { return true }
        }
        return false
    }
}
