/// Says in a person's words why YAML refuses a text, and which line to leave out to read on.
struct SyntaxExplainer {
    private let source: SourceFile
    private let slips: Slips
    private let failure: SyntaxFailure
    private let problem: Int
    private let context: Int?

    /// What is wrong.
    typealias Explanation = (diagnostic: Diagnostic, line: Int)

    init(source: SourceFile, failure: SyntaxFailure, problem: Int, context: Int?) {
        self.source = source
        slips = Slips(source: source)
        self.failure = failure
        self.problem = problem
        self.context = context
    }

    /// The diagnostic and the line, from 0, that is at fault.
    func explain() -> Explanation {
        let problemLine = lastWrittenLine(upTo: source.lineIndex(ofByte: problem))
        let contextLine = context.map { source.lineIndex(ofByte: $0) }
        let isAboutContext =
            failure.context.contains("quoted scalar") && !failure.problem.contains("escape")
            || failure.context.contains("simple key") || failure.context.contains("flow")
        let first = isAboutContext ? contextLine ?? problemLine : problemLine
        var lines = [first]
        for line in [problemLine, contextLine ?? problemLine] where !lines.contains(line) { lines.append(line) }
        if failure.problem.contains("escape") || failure.problem.contains("hexdecimal") {
            return (escape(problemLine), problemLine)
        }
        if let open = openQuoteInFlow(before: problemLine) { return open }
        if failure.context.contains("flow"), let comma = missingComma(above: problemLine) { return comma }
        if let colon = missingSpace(above: problemLine) { return colon }
        for line in lines {
            if let slip = slip(in: LineShape(source, line)) { return (slip, line) }
        }
        if let open = openQuote(before: problemLine) { return open }
        if let context, failure.context.contains("quoted scalar"), context < source.bytes.count {
            let quote = slips.string(context..<context + 1)
            let diagnostic = slips.diagnostic(
                YAMLCode.openQuote, context..<context + 1, "this quote is not closed",
                help: "write a \(quote) at the end of the text")
            return (diagnostic, contextLine ?? problemLine)
        }
        if let context, failure.context.contains("flow") { return (flow(from: context), first) }
        return (general(LineShape(source, first)), first)
    }

    // MARK: Slips that YAML refuses

    private func slip(in line: LineShape) -> Diagnostic? {
        let text = source.bytes
        let value = line.valueWithoutComment
        guard let first = value.first else { return nil }
        let whole = slips.string(value)
        if whole.hasPrefix("{{") {
            return slips.doubleBraces(at: value)
        }
        switch text[first] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            return afterQuote(line, value, whole)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return inFlow(from: first) ?? hashInFlow(line) ?? afterBracket(value, whole)
        case UInt8(ascii: "!"):
            return slips.notSlip(value)
        case UInt8(ascii: "@"), UInt8(ascii: "`"), UInt8(ascii: "%"), UInt8(ascii: "*"), UInt8(ascii: "&"),
            UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"):
            guard line.key != nil || line.item > line.content else { return nil }
            return quoteStart(value, whole)
        case UInt8(ascii: ">"), UInt8(ascii: "|"):
            let isHeader = whole.utf8.dropFirst().allSatisfy { "+-0123456789".utf8.contains($0) }
            return isHeader ? nil : quoteStart(value, whole)
        case UInt8(ascii: "-") where whole.hasPrefix("- ") && line.key != nil:
            return slips.diagnostic(
                YAMLCode.indentation, value, "a list cannot begin on the line of its key",
                help: "begin the list on the next line; if it is a text, put quotes around it", replacing: value,
                with: Slips.quoted(whole))
        default:
            return line.key == nil && line.item == line.content ? missingSpace(line, value) : colon(line, value, whole)
        }
    }

    private func quoteStart(_ value: Range<Int>, _ whole: String) -> Diagnostic {
        slips.diagnostic(
            YAMLCode.specialStart, value, "a text that begins with `\(whole.prefix(1))` has a special meaning in YAML",
            help: "put the whole value in quotes", replacing: value, with: Slips.quoted(whole))
    }

    private func afterQuote(_ line: LineShape, _ value: Range<Int>, _ whole: String) -> Diagnostic? {
        let text = source.bytes
        guard let close = LineShape.closingQuote(from: value.lowerBound, in: value, of: text) else { return nil }
        var rest = close + 1
        while rest < value.upperBound, isBlank(text[rest]) { rest += 1 }
        guard rest < value.upperBound, text[rest] != UInt8(ascii: "#") else { return nil }
        let quote = text[value.lowerBound]
        let isApostrophe = quote == UInt8(ascii: "'") && text[value.upperBound - 1] == quote && rest == close + 1
        let isWhole = isApostrophe && isWordLike(text[rest])
        let meant = isWhole ? String(whole.dropFirst().dropLast()) : whole
        return slips.diagnostic(
            YAMLCode.textAfterQuote, rest..<value.upperBound,
            "the value ends at its closing quote, but `\(slips.string(rest..<value.upperBound))` follows",
            help: isWhole ? "an apostrophe inside '…' ends the text: use \"…\"" : "put quotes around the whole value",
            replacing: value, with: Slips.quoted(meant))
    }

    private func colon(_ line: LineShape, _ value: Range<Int>, _ whole: String) -> Diagnostic? {
        let text = source.bytes
        guard
            let colon = value.first(where: {
                text[$0] == UInt8(ascii: ":") && ($0 + 1 >= value.upperBound || isBlank(text[$0 + 1]))
            })
        else {
            if whole.contains(" #") {
                guard let hash = value.first(where: { text[$0] == UInt8(ascii: "#") && isBlank(text[$0 - 1]) }) else {
                    return nil
                }
                return slips.diagnostic(
                    YAMLCode.cutByHash, hash..<value.upperBound, "YAML takes everything after ` #` for a comment",
                    help: "put the whole text in quotes", replacing: value, with: Slips.quoted(whole))
            }
            return nil
        }
        return slips.diagnostic(
            YAMLCode.colonInText, colon..<colon + 1, "a colon with a space after it begins a new key in YAML",
            help: "put the whole value in quotes", replacing: value, with: Slips.quoted(whole))
    }

    private func missingSpace(_ line: LineShape, _ value: Range<Int>) -> Diagnostic? {
        let text = source.bytes
        guard failure.problem.contains("expected ':'"),
            let colon = value.first(where: { text[$0] == UInt8(ascii: ":") }), colon > value.lowerBound,
            text[value.lowerBound..<colon].allSatisfy({ isWordLike($0) || $0 == UInt8(ascii: "-") })
        else { return nil }
        return slips.diagnostic(
            YAMLCode.spaceAfterColon, value.lowerBound..<colon + 1, "there is no space after this colon",
            help: "write a space between the colon and the value", replacing: colon..<colon + 1, with: ": ")
    }

    /// `- uses:ticket.note`, with keys in the lines below that then belong to nothing.
    private func missingSpace(above line: Int) -> Explanation? {
        guard line > 0,
            failure.problem.contains("mapping values") || failure.problem.contains("block end")
                || failure.problem.contains("'-' indicator")
        else { return nil }
        let above = lastWrittenLine(upTo: line - 1)
        let shape = LineShape(source, above)
        let value = shape.value
        let text = source.bytes
        guard shape.key == nil, shape.item > shape.content, LineShape(source, line).key != nil,
            let colon = value.first(where: { text[$0] == UInt8(ascii: ":") }), colon > value.lowerBound,
            colon + 1 < value.upperBound, isWordLike(text[colon + 1]),
            text[value.lowerBound..<colon].allSatisfy({ isWordLike($0) || $0 == UInt8(ascii: "-") }),
            !value.contains(where: { text[$0] == 0x20 })
        else { return nil }
        let diagnostic = slips.diagnostic(
            YAMLCode.spaceAfterColon, value.lowerBound..<colon + 1, "there is no space after this colon",
            help: "write a space between the colon and the value", replacing: colon..<colon + 1, with: ": ")
        return (diagnostic, line)
    }

    /// A line inside `{…}` that begins a new key, though the one above does not end with a comma.
    private func missingComma(above line: Int) -> Explanation? {
        let text = source.bytes
        guard line > 0 else { return nil }
        let above = lastWrittenLine(upTo: line - 1)
        let bytes = source.lineBytes(above)
        var end = bytes.upperBound
        while end > bytes.lowerBound, isBlank(text[end - 1]) { end -= 1 }
        guard LineShape(source, line).key != nil, end > bytes.lowerBound, !",{[".utf8.contains(text[end - 1]),
            text[bytes].contains(UInt8(ascii: "{")), !text[bytes].contains(UInt8(ascii: "#"))
        else { return nil }
        let diagnostic = slips.diagnostic(
            YAMLCode.syntax, end..<end, "a comma is missing at the end of this line",
            help: "inside `{…}` a comma stands between two keys", replacing: end..<end, with: ",")
        return (diagnostic, line)
    }

    private func inFlow(from start: Int) -> Diagnostic? {
        switch FlowText(source).firstFinding(from: start) {
        case .template(let extent):
            return slips.diagnostic(
                YAMLCode.templateInFlow, extent,
                "inside `{…}` and `[…]` YAML takes the braces of `${{ … }}` for its own",
                help: "put the value in quotes", replacing: extent, with: Slips.quoted(slips.string(extent)))
        case .doubleBraces(let extent): return slips.doubleBraces(at: extent)
        case .expression(let extent): return slips.flowExpression(from: extent.lowerBound)
        case nil: return nil
        }
    }

    /// `{ to: #support }`, of which YAML takes the end for a comment.
    private func hashInFlow(_ line: LineShape) -> Diagnostic? {
        let text = source.bytes
        var quote: UInt8?
        for at in line.value.dropFirst() {
            if let open = quote {
                if text[at] == open { quote = nil }
                continue
            }
            if text[at] == UInt8(ascii: "\"") || text[at] == UInt8(ascii: "'") { quote = text[at] }
            guard text[at] == UInt8(ascii: "#"), isBlank(text[at - 1]), at + 1 < line.value.upperBound,
                isWordLike(text[at + 1])
            else { continue }
            var before = at - 1
            while before > line.value.lowerBound, isBlank(text[before]) { before -= 1 }
            guard ":,[{".utf8.contains(text[before]) else { return nil }
            var end = at
            while end < line.value.upperBound, !",]} ".utf8.contains(text[end]) { end += 1 }
            return slips.diagnostic(
                YAMLCode.valueIsComment, at..<end, "YAML takes everything after `#` for a comment",
                help: "put the value in quotes", replacing: at..<end, with: Slips.quoted(slips.string(at..<end)))
        }
        return nil
    }

    private func afterBracket(_ value: Range<Int>, _ whole: String) -> Diagnostic? {
        let text = source.bytes
        guard let close = FlowText(source).closingBracket(from: value.lowerBound) else { return nil }
        var rest = close + 1
        while rest < value.upperBound, isBlank(text[rest]) { rest += 1 }
        guard rest < value.upperBound, text[rest] != UInt8(ascii: "#") else { return nil }
        let left = slips.string(rest..<value.upperBound)
        let isBracket = left.utf8.allSatisfy { "]} ".utf8.contains($0) }
        return slips.diagnostic(
            YAMLCode.textAfterBracket, rest..<value.upperBound,
            "the value ends at its closing bracket, but `\(left)` follows",
            help: isBracket ? "remove the bracket that has no partner" : "put quotes around the whole value",
            replacing: isBracket ? rest..<value.upperBound : value, with: isBracket ? "" : Slips.quoted(whole))
    }

    // MARK: Other mistakes

    /// A line below a key that already has its value.
    private func belowValue(_ line: LineShape) -> Diagnostic? {
        let indentation = line.content - line.bytes.lowerBound
        var above = line.line - 1
        while above >= 0, line.line - above < 50 {
            let shape = LineShape(source, above)
            above -= 1
            guard shape.content < shape.bytes.upperBound, source.bytes[shape.content] != UInt8(ascii: "#") else {
                continue
            }
            guard shape.item - shape.bytes.lowerBound < indentation else { continue }
            guard let key = shape.key, let first = shape.valueWithoutComment.first,
                !"|>{[&#".utf8.contains(source.bytes[first])
            else { return nil }
            let name = slips.string(key)
            return slips.diagnostic(
                YAMLCode.indentation, line.content..<max(line.content, slips.lineEnd(line.content)),
                "line \(shape.line + 1) already gives `\(name)` a value, so no key can stand below it",
                help: name == "if"
                    ? "write `then:` exactly below `if`, and under it the steps, each with `- `"
                    : "if this belongs to the text, write `\(name): |` and the whole text on the lines below; "
                        + "if it is a key, indent it as far as `\(name)`")
        }
        return nil
    }

    private func escape(_ line: Int) -> Diagnostic {
        // libyaml stands on the backslash, or behind the letter where digits should follow.
        var start = min(problem, max(0, source.bytes.count - 1))
        let earliest = max(0, start - 3)
        while start > earliest, source.bytes[start] != UInt8(ascii: "\\") { start -= 1 }
        let end = min(max(problem, start + 2), source.bytes.count)
        let shape = LineShape(source, line)
        let value = shape.valueWithoutComment
        let text = slips.string(value)
        let isWhole = text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"") && !text.contains("'")
        return slips.diagnostic(
            YAMLCode.escape, start..<max(end, start),
            "a backslash in \"…\" begins an escape, and this is none that YAML knows",
            help: "use '…', in which a backslash is itself, or write it twice", replacing: isWhole ? value : nil,
            with: "'" + text.dropFirst().dropLast() + "'")
    }

    /// A quote that does not close on its line swallows the lines after it; the mistake is where it opened. When a quote of a later
    /// line closes it, that line is where YAML stumbles.
    private func openQuote(before line: Int) -> Explanation? {
        let limit = source.lineBytes(line).upperBound
        var unclosed: LineShape?
        for candidate in stride(from: line, through: max(0, line - 50), by: -1) {
            let shape = LineShape(source, candidate)
            guard let first = shape.value.first,
                source.bytes[first] == UInt8(ascii: "\"") || source.bytes[first] == UInt8(ascii: "'"),
                LineShape.closingQuote(from: first, in: shape.value, of: source.bytes) == nil
            else { continue }
            guard let close = LineShape.closingQuote(from: first, in: first..<max(first, limit), of: source.bytes)
            else {
                unclosed = unclosed ?? shape
                continue
            }
            if source.lineIndex(ofByte: close) == line { return openQuote(in: shape) }
        }
        return unclosed.map(openQuote(in:))
    }

    /// A quote inside `{…}` or `[…]` that does not close on its line, and is closed by a quote of the line where YAML stumbles.
    private func openQuoteInFlow(before line: Int) -> Explanation? {
        let text = source.bytes
        let limit = source.lineBytes(line).upperBound
        for candidate in stride(from: line - 1, through: max(0, line - 50), by: -1) {
            let shape = LineShape(source, candidate)
            guard let first = shape.value.first, text[first] == UInt8(ascii: "{") || text[first] == UInt8(ascii: "[")
            else { continue }
            var at = first
            while at < shape.value.upperBound {
                guard text[at] == UInt8(ascii: "\"") || text[at] == UInt8(ascii: "'"), at > 0,
                    isBlank(text[at - 1]) || "[{,:".utf8.contains(text[at - 1])
                else {
                    at += 1
                    continue
                }
                if let close = LineShape.closingQuote(from: at, in: at..<shape.value.upperBound, of: text) {
                    at = close + 1
                    continue
                }
                guard let close = LineShape.closingQuote(from: at, in: at..<max(at, limit), of: text),
                    source.lineIndex(ofByte: close) == line
                else { break }
                let quote = slips.string(at..<at + 1)
                let diagnostic = slips.diagnostic(
                    YAMLCode.openQuote, at..<at + 1, "this quote is not closed",
                    help: "write a \(quote) where the text ends")
                return (diagnostic, candidate)
            }
        }
        return nil
    }

    private func openQuote(in line: LineShape) -> Explanation {
        let value = line.valueWithoutComment
        let quote = slips.string(value.lowerBound..<value.lowerBound + 1)
        return (
            slips.diagnostic(
                YAMLCode.openQuote, value.lowerBound..<value.lowerBound + 1, "this quote is not closed",
                help: "write a \(quote) at the end of the text", replacing: value, with: slips.string(value) + quote),
            line.line
        )
    }

    private func flow(from start: Int) -> Diagnostic {
        let bracket = slips.string(start..<start + 1)
        return slips.diagnostic(
            YAMLCode.syntax, start..<start + 1,
            "the `\(bracket)` that opens here is not closed, or a comma is missing before it closes",
            help: "write each entry on a line of its own, or put quotes around values with commas, colons or brackets")
    }

    private func general(_ line: LineShape) -> Diagnostic {
        let whole = line.content..<max(line.content, slips.lineEnd(line.content))
        let end = min(problem + 1, source.bytes.count)
        let place = whole.isEmpty ? problem..<max(problem, end) : whole
        if failure.problem.contains("mapping values"), let slip = belowValue(line) { return slip }
        if line.content + 1 < line.bytes.upperBound, source.bytes[line.content] == UInt8(ascii: "-"),
            isWordLike(source.bytes[line.content + 1])
        {
            return slips.diagnostic(
                YAMLCode.indentation, line.content..<line.content + 1, "there is no space after this `-`",
                help: "an entry of a list begins with `- `", replacing: line.content..<line.content + 1, with: "- ")
        }
        if failure.problem.contains("'-' indicator") || failure.problem.contains("expected key")
            || failure.problem.contains("block end") || failure.problem.contains("document start")
            || failure.problem.contains("mapping values") || failure.problem.contains("sequence entries")
        {
            return slips.diagnostic(
                YAMLCode.indentation, place, "this line does not fit to the lines above it",
                help: "keys of one mapping begin in the same column, entries of one list too, each with `- `")
        }
        if failure.problem.contains("expected ':'") {
            return slips.diagnostic(
                YAMLCode.syntax, place, "a key with a colon was expected here",
                help: "write `key: value`; a text of several lines begins with `|` after its key")
        }
        return slips.diagnostic(
            YAMLCode.syntax, place, "YAML cannot read this: \(failure.problem)",
            help: failure.context.isEmpty ? nil : "it was \(failure.context)")
    }

    private func lastWrittenLine(upTo line: Int) -> Int {
        var line = line
        while line > 0, source.bytes[source.lineBytes(line)].allSatisfy(isBlank) { line -= 1 }
        return line
    }
}
