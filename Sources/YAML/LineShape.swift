/// What a line of block YAML looks like to a reader: `- - key: value`.
struct LineShape {
    let source: SourceFile
    /// The line, from 0.
    let line: Int
    /// The line's bytes without its line break.
    let bytes: Range<Int>
    /// Where the line's first character that is not a space stands.
    let content: Int
    /// Where the text after all leading `- ` begins.
    let item: Int
    /// The key, without the colon.
    let key: Range<Int>?
    /// The value, without blanks at its ends, but with a comment if there is one; what follows the dashes when there is no key.
    let value: Range<Int>

    init(_ source: SourceFile, _ line: Int) {
        self.source = source
        self.line = line
        let bytes = source.lineBytes(line)
        self.bytes = bytes
        let text = source.bytes
        func skipBlanks(_ from: Int) -> Int {
            var at = from
            while at < bytes.upperBound, isBlank(text[at]) { at += 1 }
            return at
        }
        var end = bytes.upperBound
        while end > bytes.lowerBound, isBlank(text[end - 1]) { end -= 1 }
        content = skipBlanks(bytes.lowerBound)
        var at = content
        while at < end, text[at] == UInt8(ascii: "-"), at + 1 >= end || isBlank(text[at + 1]) {
            at = skipBlanks(at + 1)
        }
        item = at
        let key = Self.key(in: at..<max(at, end), of: text)
        self.key = key
        if let key {
            var colon = key.upperBound
            while colon < end, text[colon] != UInt8(ascii: ":") { colon += 1 }
            let start = min(skipBlanks(colon + 1), max(end, key.upperBound))
            value = start..<max(start, end)
        } else {
            value = at..<max(at, end)
        }
    }

    /// Where the lines that belong to this entry end: those that are indented deeper, blank, or only close brackets.
    var entryEnd: Int {
        let column = item - bytes.lowerBound
        var end = bytes.upperBound
        var next = line + 1
        while next < source.lineStarts.count {
            let range = source.lineBytes(next)
            var at = range.lowerBound
            while at < range.upperBound, source.bytes[at] == 0x20 { at += 1 }
            if at < range.upperBound {
                let isCloser = source.bytes[at] == UInt8(ascii: "}") || source.bytes[at] == UInt8(ascii: "]")
                guard at - range.lowerBound > column || isCloser else { break }
                end = range.upperBound
            }
            next += 1
        }
        return end
    }

    /// The key of a line: a quoted text or words without brackets and quotes, before a colon that a blank or the end follows.
    private static func key(in range: Range<Int>, of text: [UInt8]) -> Range<Int>? {
        guard let first = range.first else { return nil }
        func endsKey(_ at: Int) -> Bool {
            text[at] == UInt8(ascii: ":") && (at + 1 >= range.upperBound || isBlank(text[at + 1]))
        }
        if let close = closingQuote(from: first, in: range, of: text) {
            var at = close + 1
            while at < range.upperBound, isBlank(text[at]) { at += 1 }
            return at < range.upperBound && endsKey(at) ? first..<close + 1 : nil
        }
        for at in range {
            if endsKey(at) { return at > first ? first..<at : nil }
            switch text[at] {
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "("),
                UInt8(ascii: "?"), UInt8(ascii: "="), UInt8(ascii: "#"):
                return nil
            default: continue
            }
        }
        return nil
    }

    /// Where the quote that opens at `open` closes; nil when there is none or it does not close in the range.
    static func closingQuote(from open: Int, in range: Range<Int>, of text: [UInt8]) -> Int? {
        let quote = text[open]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        var at = open + 1
        while at < range.upperBound {
            if text[at] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                at += 2
                continue
            }
            if text[at] == quote {
                guard quote == UInt8(ascii: "'"), at + 1 < range.upperBound, text[at + 1] == quote else { return at }
                at += 1
            }
            at += 1
        }
        return nil
    }

    /// The value without a comment (` # …`) that stands outside of quotes. A `#` with text right behind it is no comment here:
    /// its author hardly meant one.
    var valueWithoutComment: Range<Int> { Self.withoutComment(value, of: source.bytes) }

    static func withoutComment(_ range: Range<Int>, of text: [UInt8]) -> Range<Int> {
        var at = range.lowerBound
        while at < range.upperBound {
            if at == range.lowerBound || isBlank(text[at - 1]),
                let close = closingQuote(from: at, in: range, of: text)
            {
                at = close + 1
                continue
            }
            if text[at] == UInt8(ascii: "#"), at > range.lowerBound, isBlank(text[at - 1]),
                at + 1 >= range.upperBound || isBlank(text[at + 1])
            {
                var end = at
                while end > range.lowerBound, isBlank(text[end - 1]) { end -= 1 }
                return range.lowerBound..<end
            }
            at += 1
        }
        return range
    }
}
