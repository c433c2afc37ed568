/// Reads one scalar's source and notes for each character of its text where it stands.
///
/// Follows the folding rules of YAML 1.2 (sections 6.5, 7.3 and 8.1) in the way of libyaml's scanner, so that both give one text.
struct ScalarReader {
    private(set) var scalars: [Unicode.Scalar] = []
    private(set) var places: [Range<Int>] = []
    private let text: [UInt8]
    private let end: Int
    private var at: Int

    /// Characters that are not yet known to belong to the text.
    private typealias Pending = [(scalar: Unicode.Scalar, place: Range<Int>)]

    init(source: SourceFile, range: Range<Int>) {
        text = source.bytes
        at = range.lowerBound
        end = min(range.upperBound, source.bytes.count)
    }

    /// Reads the scalar; `indentation` is that of a block scalar's lines, 0 to find it out. False when the source is not of the style.
    mutating func read(_ style: YAMLScalar.Style, indentation: Int) -> Bool {
        switch style {
        case .plain: readFlow(quote: nil)
        case .singleQuoted: readFlow(quote: UInt8(ascii: "'"))
        case .doubleQuoted: readFlow(quote: UInt8(ascii: "\""))
        case .literal: return readBlock(isFolded: false, indentation)
        case .folded: return readBlock(isFolded: true, indentation)
        }
        return true
    }

    // MARK: Plain and quoted

    private mutating func readFlow(quote: UInt8?) {
        if quote != nil { at += 1 }
        while at < end {
            var hadBreak = false
            // One run of characters that are neither blank nor a break.
            while at < end, !isBlank(text[at]), breakLength(at) == 0 {
                if text[at] == quote {
                    guard quote == UInt8(ascii: "'"), at + 1 < end, text[at + 1] == quote else { return }
                    append("'", at..<at + 2)
                    at += 2
                } else if quote == UInt8(ascii: "\""), text[at] == UInt8(ascii: "\\") {
                    if at + 1 < end, breakLength(at + 1) > 0 {
                        at += 1
                        at += breakLength(at)
                        hadBreak = true
                        break
                    }
                    readEscape()
                } else {
                    appendCharacter()
                }
            }
            // Blanks and breaks up to the next run.
            let start = at
            var blanks: Pending = []
            var breaks: Pending = []
            var leading: Pending = []
            while at < end, isBlank(text[at]) || breakLength(at) > 0 {
                if isBlank(text[at]) {
                    if !hadBreak { blanks.append((Unicode.Scalar(text[at]), at..<at + 1)) }
                    at += 1
                } else {
                    let one = takeBreak()
                    if hadBreak {
                        breaks.append(one)
                    } else {
                        hadBreak = true
                        blanks = []
                        leading = [one]
                    }
                }
            }
            if quote == nil, at >= end { return }
            if !hadBreak {
                append(blanks)
            } else if leading.first?.scalar == "\n" {
                if breaks.isEmpty { append(" ", start..<at) } else { append(breaks) }
            } else {
                append(leading)
                append(breaks)
            }
        }
    }

    private mutating func readEscape() {
        let start = at
        guard at + 1 < end else {
            at = end
            return
        }
        let code = text[at + 1]
        at += 2
        let digits = code == UInt8(ascii: "x") ? 2 : code == UInt8(ascii: "u") ? 4 : code == UInt8(ascii: "U") ? 8 : 0
        if digits > 0 {
            let last = min(at + digits, end)
            let value = UInt32(String(decoding: text[at..<last], as: UTF8.self), radix: 16)
            at = last
            append(value.flatMap { Unicode.Scalar($0) } ?? "\u{FFFD}", start..<at)
            return
        }
        let scalar: Unicode.Scalar =
            switch code {
            case UInt8(ascii: "0"): "\0"
            case UInt8(ascii: "a"): "\u{7}"
            case UInt8(ascii: "b"): "\u{8}"
            case UInt8(ascii: "t"), 0x09: "\t"
            case UInt8(ascii: "n"): "\n"
            case UInt8(ascii: "v"): "\u{B}"
            case UInt8(ascii: "f"): "\u{C}"
            case UInt8(ascii: "r"): "\r"
            case UInt8(ascii: "e"): "\u{1B}"
            case UInt8(ascii: "N"): "\u{85}"
            case UInt8(ascii: "_"): "\u{A0}"
            case UInt8(ascii: "L"): "\u{2028}"
            case UInt8(ascii: "P"): "\u{2029}"
            default: Unicode.Scalar(code)
            }
        append(scalar, start..<at)
    }

    // MARK: Literal and folded

    private mutating func readBlock(isFolded: Bool, _ indentation: Int) -> Bool {
        guard at < end, text[at] == UInt8(ascii: isFolded ? ">" : "|") else { return false }
        at += 1
        var keepsLast = true
        var keepsAll = false
        while at < end, breakLength(at) == 0 {
            if text[at] == UInt8(ascii: "-") { keepsLast = false }
            if text[at] == UInt8(ascii: "+") { keepsAll = true }
            if text[at] == UInt8(ascii: "#") {
                while at < end, breakLength(at) == 0 { at += 1 }
                break
            }
            at += 1
        }
        if at < end { _ = takeBreak() }
        var indentation = indentation
        var trailing: Pending = []
        if indentation == 0 { indentation = max(1, detectIndentation()) }
        var column = takeBreaks(indentation, into: &trailing)
        var leading: Pending = []
        var wasBlank = false
        while at < end, column == indentation {
            let isBlankLine = isBlank(text[at])
            if isFolded, leading.first?.scalar == "\n", !wasBlank, !isBlankLine {
                if trailing.isEmpty, let fold = leading.first { append(" ", fold.place.lowerBound..<at) }
            } else {
                append(leading)
            }
            append(trailing)
            leading = []
            trailing = []
            wasBlank = isBlankLine
            while at < end, breakLength(at) == 0 { appendCharacter() }
            if at < end { leading = [takeBreak()] }
            column = takeBreaks(indentation, into: &trailing)
        }
        if keepsLast { append(leading) }
        if keepsAll { append(trailing) }
        return true
    }

    /// Takes empty lines and the indentation of the next; answers the column it stops in.
    private mutating func takeBreaks(_ indentation: Int, into breaks: inout Pending) -> Int {
        while true {
            var column = 0
            while at < end, column < indentation, text[at] == 0x20 {
                at += 1
                column += 1
            }
            guard at < end, breakLength(at) > 0 else { return column }
            breaks.append(takeBreak())
        }
    }

    private func detectIndentation() -> Int {
        var cursor = at
        var deepest = 0
        while true {
            var column = 0
            while cursor < end, text[cursor] == 0x20 {
                cursor += 1
                column += 1
            }
            deepest = max(deepest, column)
            let length = cursor < end ? breakLength(cursor) : 0
            guard length > 0 else { return deepest }
            cursor += length
        }
    }

    // MARK: Characters

    /// The bytes of the line break here, 0 when there is none: CR LF, CR, LF, U+0085, U+2028, U+2029.
    private func breakLength(_ index: Int) -> Int {
        switch text[index] {
        case 0x0A: return 1
        case 0x0D: return index + 1 < text.count && text[index + 1] == 0x0A ? 2 : 1
        case 0xC2: return index + 1 < text.count && text[index + 1] == 0x85 ? 2 : 0
        case 0xE2:
            return index + 2 < text.count && text[index + 1] == 0x80
                && (text[index + 2] == 0xA8 || text[index + 2] == 0xA9)
                ? 3 : 0
        default: return 0
        }
    }

    private mutating func takeBreak() -> (scalar: Unicode.Scalar, place: Range<Int>) {
        let length = breakLength(at)
        let scalar: Unicode.Scalar = length < 3 ? "\n" : text[at + 2] == 0xA8 ? "\u{2028}" : "\u{2029}"
        at += length
        return (scalar, at - length..<at)
    }

    private mutating func appendCharacter() {
        let first = text[at]
        let length = min(first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4, text.count - at)
        let scalar =
            length == 1
            ? Unicode.Scalar(first)
            : String(decoding: text[at..<at + length], as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}"
        append(scalar, at..<at + length)
        at += length
    }

    private mutating func append(_ scalar: Unicode.Scalar, _ place: Range<Int>) {
        scalars.append(scalar)
        places.append(place)
    }

    private mutating func append(_ pending: Pending) {
        for one in pending { append(one.scalar, one.place) }
    }
}
