/// Mistakes that people make in conditions and values, with the line as they meant it.
///
/// These are the ones that YAML accepts and understands otherwise than its reader; those that it refuses are in
/// `SyntaxExplainer`.
struct Slips {
    let source: SourceFile

    /// A plain value whose text, or part of it, YAML takes for a comment; or a number that is too large to keep.
    func plainValue(_ scalar: YAMLScalar, at range: Range<Int>) -> Diagnostic? {
        let text = source.bytes
        if case .float(let number) = scalar.resolved {
            guard number.isFinite,
                scalar.text.utf8.allSatisfy({ $0 != UInt8(ascii: ".") && $0 | 0x20 != UInt8(ascii: "e") })
            else { return nil }
            return diagnostic(
                YAMLCode.largeNumber, range, "this number has too many digits to be kept exactly",
                help: "write it in quotes, as text", replacing: range, with: Self.quoted(scalar.text))
        }
        if scalar.text.utf8.count != range.count, let entry = entryInText(range) { return entry }
        var hash = range.upperBound
        while hash < text.count, isBlank(text[hash]) { hash += 1 }
        guard hash + 1 < text.count, text[hash] == UInt8(ascii: "#"), isWordLike(text[hash + 1]) else { return nil }
        let end = LineShape.withoutComment(hash..<lineEnd(hash), of: text).upperBound
        if scalar.text.isEmpty {
            guard range.isEmpty else { return nil }
            return diagnostic(
                YAMLCode.valueIsComment, hash..<end,
                "YAML takes everything after `#` for a comment, so there is no value here",
                help: "put the value in quotes", replacing: hash..<end, with: Self.quoted(string(hash..<end)))
        }
        guard scalar.resolved == .string, hash > range.upperBound else { return nil }
        let whole = range.lowerBound..<end
        let isOneLine = source.lineIndex(ofByte: range.lowerBound) == source.lineIndex(ofByte: hash)
        return diagnostic(
            YAMLCode.cutByHash, hash..<end,
            "YAML takes `\(string(hash..<end))` for a comment: the text would end at `\(lastWords(scalar.text))`",
            help: "put the whole text in quotes; if it is a comment, write a space after `#`",
            replacing: isOneLine ? whole : nil, with: Self.quoted(string(whole)))
    }

    /// A line of a plain text that looks like an entry of a list, but is indented so that it goes on with the text above.
    private func entryInText(_ range: Range<Int>) -> Diagnostic? {
        let first = source.lineIndex(ofByte: range.lowerBound)
        for line in first..<source.lineIndex(ofByte: range.upperBound) {
            let shape = LineShape(source, line + 1)
            guard shape.item > shape.content, shape.content < range.upperBound else { continue }
            return diagnostic(
                YAMLCode.entryInText, shape.content..<max(shape.content, lineEnd(shape.content)),
                "this looks like an entry of a list, but YAML adds it to the text of line \(first + 1)",
                help: "write its `-` exactly below the one above; if it is a text, put quotes around the whole of it")
        }
        return nil
    }

    /// A tag; what looks like a condition that begins with "not" gets its own words.
    func tag(at range: Range<Int>, tag: String, onCollection: Bool) -> Diagnostic {
        let text = source.bytes
        var start = range.lowerBound
        while start < range.upperBound, text[start] != UInt8(ascii: "!") { start += 1 }
        var tagEnd = start
        while tagEnd < text.count, !isSpaceOrBreak(text[tagEnd]), text[tagEnd] != UInt8(ascii: ",") { tagEnd += 1 }
        let value = start..<max(tagEnd, LineShape.withoutComment(start..<lineEnd(start), of: text).upperBound)
        var next = tagEnd
        while next < value.upperBound, isBlank(text[next]) { next += 1 }
        let rest = string(next..<max(next, value.upperBound))
        let isNamed = start + 1 < tagEnd && text[start + 1] != UInt8(ascii: "!")
        let startsOperator = rest.first.map { "&|=<>?+-*/([".contains($0) } ?? true
        let isCondition = isNamed && (startsOperator || rest.hasPrefix("in ") || rest.hasPrefix("!"))
        guard !onCollection, isCondition else {
            return diagnostic(
                YAMLCode.tag, start..<tagEnd,
                "YAML tags such as `\(string(start..<tagEnd))` are not part of the playbook language",
                help: "remove the tag; if the `!` belongs to the text, put the whole value in quotes")
        }
        return notSlip(value)
    }

    /// A value that begins with `!`.
    func notSlip(_ value: Range<Int>) -> Diagnostic {
        diagnostic(
            YAMLCode.exclamationMark, value, "YAML takes a `!` at the beginning for a tag, not for \"not\"",
            help: "put the whole condition in quotes", replacing: value, with: Self.quoted(string(value)))
    }

    /// An alias that names nothing.
    func alias(at range: Range<Int>, message: String) -> Diagnostic {
        let value =
            range
            .lowerBound..<max(
                range.upperBound,
                LineShape.withoutComment(range.lowerBound..<lineEnd(range.lowerBound), of: source.bytes).upperBound)
        let isWhole = LineShape(source, source.lineIndex(ofByte: range.lowerBound)).value.lowerBound == range.lowerBound
        return diagnostic(
            YAMLCode.alias, range, message, help: "if the `*` belongs to the text, put the value in quotes",
            replacing: isWhole ? value : nil, with: Self.quoted(string(value)))
    }

    /// `{{ x }}` without quotes, which YAML takes for a mapping in a mapping.
    func doubleBraces(at range: Range<Int>) -> Diagnostic {
        let line = LineShape(source, source.lineIndex(ofByte: range.lowerBound))
        let isWhole = line.value.lowerBound == range.lowerBound
        let value = isWhole ? line.valueWithoutComment : range
        let whole = value.upperBound < range.upperBound ? range : value
        return diagnostic(
            YAMLCode.doubleBraces, range, "YAML takes `{{` for the beginning of two mappings",
            help: "values are put into text with `${{ … }}`", replacing: whole,
            with: Self.withDollars(string(whole), inFlow: !isWhole))
    }

    /// The text with `${{` for every `{{`, in quotes where YAML needs them.
    static func withDollars(_ text: String, inFlow: Bool) -> String {
        var out = ""
        var previous: Character = " "
        var rest = Substring(text)
        while !rest.isEmpty {
            if rest.hasPrefix("{{") {
                out += previous == "$" ? "{{" : "${{"
                rest.removeFirst(2)
                previous = "{"
            } else if let next = rest.popFirst() {
                out.append(next)
                previous = next
            }
        }
        let isSafe = !inFlow && !out.contains(": ") && !out.contains(" #") && !out.hasSuffix(":")
        return isSafe ? out : quoted(out)
    }

    /// Whether the text of a plain scalar in `{…}` or `[…]` is the beginning of a call whose arguments a comma cut off.
    func isOpenExpression(_ text: String) -> Bool {
        var depth = 0
        var isCall = text.utf8.first == UInt8(ascii: "=")
        var previous: UInt8 = 0x20
        var quote: UInt8?
        for byte in text.utf8 {
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: "(") {
                depth += 1
                if isWordLike(previous) { isCall = true }
            } else if byte == UInt8(ascii: ")") {
                depth -= 1
            }
            previous = byte
        }
        return isCall && depth > 0
    }

    /// An expression in `{…}` or `[…]` that YAML cuts at a comma, bracket or colon.
    func flowExpression(from start: Int) -> Diagnostic {
        let extent = FlowText(source).extent(from: start)
        return diagnostic(
            YAMLCode.expressionInFlow, extent,
            "inside `{…}` and `[…]` YAML cuts `\(string(extent))` at its commas and brackets",
            help: "put the expression in quotes", replacing: extent, with: Self.quoted(string(extent)))
    }

    // MARK: Making diagnostics

    func diagnostic(
        _ code: String, _ range: Range<Int>, _ message: String, help: String?, replacing: Range<Int>? = nil,
        with replacement: String = ""
    ) -> Diagnostic {
        Diagnostic(
            code: code, file: source.path, range: source.range(ofBytes: range), message: message, help: help,
            fixedLine: replacing.flatMap { fixedLine(replacing: $0, with: replacement) })
    }

    /// The line with a part of it replaced; nil when the part is more than one line.
    func fixedLine(replacing range: Range<Int>, with replacement: String) -> String? {
        let line = source.lineBytes(source.lineIndex(ofByte: range.lowerBound))
        guard range.upperBound <= line.upperBound else { return nil }
        return string(line.lowerBound..<range.lowerBound) + replacement + string(range.upperBound..<line.upperBound)
    }

    func string(_ range: Range<Int>) -> String {
        String(decoding: source.bytes[range.clamped(to: 0..<source.bytes.count)], as: UTF8.self)
    }

    func lineEnd(_ byte: Int) -> Int {
        let line = source.lineBytes(source.lineIndex(ofByte: byte))
        var end = line.upperBound
        while end > byte, isBlank(source.bytes[end - 1]) { end -= 1 }
        return max(end, byte)
    }

    /// The text in the quotes that need the fewest escapes.
    static func quoted(_ text: String) -> String {
        if !text.contains("\""), !text.contains("\\") { return "\"\(text)\"" }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    private func lastWords(_ text: String) -> String {
        text.count <= 30 ? text : "…" + text.suffix(30)
    }
}

/// Whether a byte is a letter, a digit, `_`, or part of a character beyond ASCII.
func isWordLike(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
        true
    default: false
    }
}
