import Expressions
import WorkflowModel

/// The functions that mappings have beside those of the language: `word`, `word_among`, `person`, `moment`, `text`.
enum MappingFunctions {
    static let library = FunctionLibrary.standard.adding([
        AddedFunction("word", 2...2, word), AddedFunction("person", 1...1, person),
        AddedFunction("moment", 1...1, moment),
        AddedFunction("text", 1...1, text), AddedFunction("word_among", 2...2, wordAmong),
    ])

    /// `word("status", x)`: our word for the vendor's; the vendor's own, and a note, when the table has none.
    private static func word(_ arguments: [Value], _ scope: any Scope) throws(AddedFunction.Problem) -> Value {
        guard let table = arguments[0].string else {
            throw AddedFunction.Problem("the first argument of `word` is a table's name")
        }
        return try look(up: arguments[1], in: table, scope)
    }

    /// `person(x)`: our id of the vendor's person; the vendor's own, and a note, when the table has none.
    private static func person(_ arguments: [Value], _ scope: any Scope) throws(AddedFunction.Problem) -> Value {
        try look(up: arguments[0], in: WebhookManifest.people, scope)
    }

    private static func look(
        up value: Value, in table: String, _ scope: any Scope
    ) throws(AddedFunction.Problem) -> Value {
        guard !value.isNull else { return .null }
        guard let word = plain(value) else {
            throw AddedFunction.Problem("a word must be a text or a number, this is \(value.kindForPeople)")
        }
        if word.isEmpty { return .null }
        // A table without words is not in use.
        guard let scope = scope as? MappingScope, scope.words[table]?.isEmpty == false else { return .string(word) }
        if let known = scope.words[table]?[word] { return known }
        // The vendor's word may be ours already.
        if scope.words[table]?.values.contains(.string(word)) == true { return .string(word) }
        scope.notes.note(WebhookOutcome.UnknownWord(table: table, word: word))
        return .string(word)
    }

    /// `word_among("priority", list)`: our word for the first of the vendor's that the table has; null when it has none.
    private static func wordAmong(_ arguments: [Value], _ scope: any Scope) throws(AddedFunction.Problem) -> Value {
        guard let table = arguments[0].string else {
            throw AddedFunction.Problem("the first argument of `word_among` is a table's name")
        }
        guard case .list(let items) = arguments[1] else { return .null }
        let words = (scope as? MappingScope)?.words[table] ?? [:]
        return items.lazy.compactMap { plain($0).flatMap { words[$0] } }.first ?? .null
    }

    /// `moment(x)`: a time in any of the forms that senders have; null for the zero time that some of them send for none.
    private static func moment(_ arguments: [Value], _ scope: any Scope) throws(AddedFunction.Problem) -> Value {
        switch arguments[0] {
        case .null: return .null
        case .timestamp: return arguments[0]
        case .string(let text):
            if text.isEmpty { return .null }
            if let number = Int64(text) { return try unix(number) }
            guard let instant = SenderTime.parse(text) else {
                throw AddedFunction.Problem("\"\(text.prefix(60))\" is no time")
            }
            // Year 1 is how Go writes a time that is not set.
            return instant <= Timestamp(seconds: -62_135_510_400) ? .null : .timestamp(instant)
        case .int(let number): return try unix(number)
        case .double(let number):
            guard abs(number) < 1e15 else { throw AddedFunction.Problem("\(number) is no time") }
            return .timestamp(Timestamp(milliseconds: Int64(abs(number) >= 1e11 ? number : number * 1000)))
        default: throw AddedFunction.Problem("a \(arguments[0].kindForPeople) is no time")
        }
    }

    /// Seconds since 1970, or from 1973 on milliseconds: seconds of that size are of the year 5138.
    private static func unix(_ number: Int64) throws(AddedFunction.Problem) -> Value {
        guard number > 0 else { return .null }
        let instant = number >= 100_000_000_000 ? Timestamp(milliseconds: number) : Timestamp(seconds: number)
        guard instant <= .latest else { throw AddedFunction.Problem("\(number) is no time") }
        return .timestamp(instant)
    }

    /// `text(x)`: a text, a number's digits, or the words of a document of nested nodes with `text` and `content`.
    private static func text(_ arguments: [Value], _ scope: any Scope) throws(AddedFunction.Problem) -> Value {
        if arguments[0].isNull { return .null }
        if let plain = plain(arguments[0]) { return .string(plain) }
        if case .bool(let flag) = arguments[0] { return .string(flag ? "true" : "false") }
        var lines: [String] = []
        var line = ""
        collect(arguments[0], &line, &lines)
        if !line.isEmpty { lines.append(line) }
        return .string(lines.joined(separator: "\n"))
    }

    private static func collect(_ node: Value, _ line: inout String, _ lines: inout [String]) {
        if let text = node["text"]?.string { line += text }
        if node["type"]?.string == "hardBreak" { line += "\n" }
        for child in node["content"]?.list ?? node.list ?? [] {
            collect(child, &line, &lines)
            // What stands inside these has no line of its own.
            if !["text", "hardBreak", "mention", "emoji", "inlineCard"].contains(child["type"]?.string ?? ""),
                !line.isEmpty
            {
                lines.append(line)
                line = ""
            }
        }
    }

    private static func plain(_ value: Value) -> String? {
        switch value {
        case .string(let text): text
        case .int(let number): String(number)
        case .uint(let number): String(number)
        case .double(let number) where number == number.rounded() && abs(number) < 1e15: String(Int64(number))
        case .double(let number): String(number)
        default: nil
        }
    }
}

/// Times as senders write them.
enum SenderTime {
    /// RFC 3339; the same with an offset without a colon (`+0000`), with a space instead of the `T`, or without any offset, which is UTC.
    static func parse(_ text: String) -> Timestamp? {
        if let instant = Timestamp(rfc3339: text) { return instant }
        var scalars = Array(text.utf8)
        guard scalars.count >= 19, scalars.count <= 40 else { return nil }
        if scalars[10] == 0x20 { scalars[10] = UInt8(ascii: "T") }
        let tail = scalars.suffix(5)
        if let sign = tail.first, sign == 0x2B || sign == 0x2D,
            tail.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
        {
            scalars.insert(UInt8(ascii: ":"), at: scalars.count - 2)
        } else if let last = scalars.last, (0x30...0x39).contains(last), !scalars.suffix(6).contains(UInt8(ascii: "+")),
            scalars[scalars.count - 6] != UInt8(ascii: "-")
        {
            scalars.append(UInt8(ascii: "Z"))
        }
        return Timestamp(rfc3339: String(decoding: scalars, as: UTF8.self))
    }
}
