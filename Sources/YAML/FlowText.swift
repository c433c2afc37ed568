/// Reads `{…}` and `[…]` the way their author meant them: an expression or a `${{ }}` is one value, whatever it contains.
struct FlowText {
    let source: SourceFile

    init(_ source: SourceFile) { self.source = source }

    /// Something in a flow collection that needs quotes.
    enum Finding {
        /// `${{ … }}`, with the text around it.
        case template(Range<Int>)
        /// `{{ … }}`.
        case doubleBraces(Range<Int>)
        /// `=…` with a comma, bracket or colon.
        case expression(Range<Int>)
    }

    /// The first value after `start`, where a bracket opens, that needs quotes.
    func firstFinding(from start: Int) -> Finding? {
        let text = source.bytes
        let limit = min(text.count, start + 20_000)
        var at = start
        var depth = 0
        while at < limit {
            let byte = text[at]
            if isSpaceOrBreak(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") {
                at += 1
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                guard let close = LineShape.closingQuote(from: at, in: at..<limit, of: text) else { return nil }
                at = close + 1
            } else if byte == UInt8(ascii: "{"), depth > 0, at + 1 < limit, text[at + 1] == byte {
                return .doubleBraces(extent(from: at))
            } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                depth += 1
                at += 1
            } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
                depth -= 1
                at += 1
                if depth <= 0 { return nil }
            } else if byte == UInt8(ascii: "#"), at > start, isSpaceOrBreak(text[at - 1]) {
                while at < limit, !isBreak(text[at]) { at += 1 }
            } else {
                let isExpression = byte == UInt8(ascii: "=")
                let end = isExpression ? extent(from: at).upperBound : plainEnd(from: at, limit: limit)
                let scalar = String(decoding: text[at..<end], as: UTF8.self)
                if scalar.contains("${{") { return .template(at..<end) }
                if isExpression, scalar.utf8.contains(where: { ",[]{}".utf8.contains($0) }) || scalar.contains(": ") {
                    return .expression(at..<end)
                }
                at = max(end, at + 1)
            }
        }
        return nil
    }

    /// From the beginning of a value to the comma or bracket that ends it, brackets and quotes of its own skipped; in one line.
    func extent(from start: Int) -> Range<Int> {
        let text = source.bytes
        let line = source.lineBytes(source.lineIndex(ofByte: start))
        var at = start
        var depth = 0
        scan: while at < line.upperBound {
            switch text[at] {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                if let close = LineShape.closingQuote(from: at, in: line, of: text) { at = close }
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: ")") where depth > 0: depth -= 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if depth == 0 { break scan }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: break scan
            default: break
            }
            at += 1
        }
        while at > start, isBlank(text[at - 1]) { at -= 1 }
        return start..<at
    }

    /// Where the bracket that opens at `start` closes in its line; nil when it does not.
    func closingBracket(from start: Int) -> Int? {
        let text = source.bytes
        let line = source.lineBytes(source.lineIndex(ofByte: start))
        var depth = 0
        var at = start
        while at < line.upperBound {
            switch text[at] {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                if let close = LineShape.closingQuote(from: at, in: line, of: text) { at = close }
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return at }
            default: break
            }
            at += 1
        }
        return nil
    }

    /// The end of a plain value, with `${{ … }}` taken as a part of it.
    private func plainEnd(from start: Int, limit: Int) -> Int {
        let text = source.bytes
        var at = start
        while at < limit, !isBreak(text[at]) {
            let byte = text[at]
            if byte == UInt8(ascii: "$"), at + 2 < limit, text[at + 1] == UInt8(ascii: "{"),
                text[at + 2] == UInt8(ascii: "{")
            {
                var close = at + 3
                while close + 1 < limit, !isBreak(text[close]),
                    !(text[close] == UInt8(ascii: "}") && text[close + 1] == UInt8(ascii: "}"))
                { close += 1 }
                at = min(close + 2, limit)
                continue
            }
            if ",[]{}".utf8.contains(byte) { break }
            if byte == UInt8(ascii: ":"), at + 1 >= limit || isSpaceOrBreak(text[at + 1]) { break }
            at += 1
        }
        while at > start, isSpaceOrBreak(text[at - 1]) { at -= 1 }
        return at
    }
}
