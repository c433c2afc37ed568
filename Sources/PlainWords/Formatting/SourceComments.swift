import YAML

/// The comments of a file with what they stand by, since libyaml drops them. Lines of the file must end in a line feed alone.
struct SourceComments {
    /// A comment on a line of its own.
    struct Line: Hashable {
        /// From `#` to the end, without blanks at the end.
        var text: String
        /// Whether an empty line stands above it.
        var hasBlankAbove: Bool
    }

    /// Something that begins a line: an entry of a block mapping, or an element of a block list. Named by the byte where it begins.
    typealias Unit = Int

    /// The comments at the top of the file, up to the last empty line before the first key: they stay there.
    private(set) var header: [Line] = []
    /// The comments above a unit.
    private(set) var above: [Unit: [Line]] = [:]
    /// Units with an empty line directly above them.
    private(set) var blankAbove: Set<Unit> = []
    /// The comments at the end of a block mapping or list, by the unit with which it begins and its column.
    private(set) var atEnd: [Collection: [Line]] = [:]
    /// The comment at the end of a line with the blanks before it, by the line from 1.
    private(set) var trailing: [Int: String] = [:]
    /// The texts of all comments, sorted: what may not get lost.
    private(set) var all: [String] = []
    /// Where the dash of an element of a block list stands, by the list's begin and the element's number.
    private(set) var dashes: [Element: Int] = [:]
    /// Why the file cannot be formatted; nil when it can.
    private(set) var obstacle: String?
    /// Whether a value has a name by which others repeat it, so that the order of keys may matter.
    private(set) var hasAnchors = false

    /// A block list or mapping, by its unit and kind.
    struct Collection: Hashable {
        var start: Unit
        var isList: Bool
    }

    /// An element of a list.
    struct Element: Hashable {
        var list: Int
        var number: Int
    }

    private struct Span {
        var id: Collection
        var column: Int
        var lines: ClosedRange<Int>
    }

    private let source: SourceFile
    private let bytes: [UInt8]
    private var unitAtLine: [Int: Unit] = [:]
    /// Bytes that are text, so that a `#` in them is none of ours.
    private var texts: [Range<Int>] = []
    /// Values of several lines that are copied with all that is in them.
    private var copies: [Range<Int>] = []
    private var collections: [Span] = []

    init(_ root: YAMLNode) {
        source = root.source
        bytes = source.bytes
        walk(root)
        texts.sort { $0.lowerBound < $1.lowerBound }
        copies = Self.outermost(copies)
        attach()
        all.sort()
    }

    /// The line of a byte, from 1.
    func line(_ byte: Int) -> Int { source.position(ofByte: byte).line }

    // MARK: What begins lines

    private mutating func walk(_ node: YAMLNode) {
        if node.anchor != nil || node.aliased != nil { hasAnchors = true }
        guard node.aliased == nil else { return texts.append(node.byteRange) }
        switch node.content {
        case .scalar(let scalar):
            guard scalar.style == .literal || scalar.style == .folded else {
                texts.append(node.byteRange)
                copy(node.byteRange)
                return
            }
            let block = BlockScalarLines(node)
            if block.hasIndicator { obstacle = "a text says how far it is indented (`\(block.header)`)" }
            let start = node.byteRange.lowerBound
            let header = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            texts.append(start..<start + block.header.utf8.count)
            if header < block.end {
                texts.append(header..<block.end)
                copies.append(header + 1..<max(header + 1, block.end))
            }
        case .sequence(let items) where node.style == .block:
            var from = node.byteRange.lowerBound
            for (number, item) in items.enumerated() {
                let dash = dash(from: from, to: item.byteRange.lowerBound)
                dashes[Element(list: node.byteRange.lowerBound, number: number)] = dash
                begin(dash)
                walk(item)
                from = max(from, item.byteRange.upperBound)
            }
            close(node, isList: true, dashes[Element(list: node.byteRange.lowerBound, number: 0)])
        case .mapping(let entries) where node.style == .block:
            for entry in entries {
                begin(entry.key.byteRange.lowerBound)
                walk(entry.key)
                walk(entry.value)
            }
            close(node, isList: false, entries.first?.key.byteRange.lowerBound)
        case .sequence(let items):
            copy(node.byteRange)
            for item in items { walk(item) }
        case .mapping(let entries):
            copy(node.byteRange)
            for entry in entries {
                walk(entry.key)
                walk(entry.value)
            }
        }
    }

    /// Where the first dash stands that is in no comment.
    private func dash(from: Int, to: Int) -> Int {
        var at = from
        while at < min(to, bytes.count) {
            if bytes[at] == UInt8(ascii: "#") { while at < to, bytes[at] != 0x0A { at += 1 } }
            if at < to, bytes[at] == UInt8(ascii: "-") { return at }
            at += 1
        }
        return at
    }

    private mutating func begin(_ byte: Int) {
        // The outermost thing that begins on a line has the comments above the line.
        let line = line(byte)
        if unitAtLine[line] == nil { unitAtLine[line] = byte }
    }

    private mutating func close(_ node: YAMLNode, isList: Bool, _ start: Int?) {
        guard let start else { return }
        let position = source.position(ofByte: start)
        collections.append(
            Span(
                id: Collection(start: start, isList: isList), column: position.column,
                lines: position.line...max(position.line, line(max(start, node.byteRange.upperBound - 1)))))
    }

    private mutating func copy(_ range: Range<Int>) {
        if bytes[range].contains(0x0A) { copies.append(range) }
    }

    // MARK: Comments

    private mutating func attach() {
        var own: [(line: Int, column: Int, text: String)] = []
        var isContent = [Bool](repeating: false, count: source.lineCount + 2)
        var isBlank = [Bool](repeating: true, count: source.lineCount + 2)
        var start = 0
        var text = 0
        for number in 1...max(1, source.lineCount) {
            var end = start
            while end < bytes.count, bytes[end] != 0x0A { end += 1 }
            var first = start
            while first < end, bytes[first] == 0x20 || bytes[first] == 0x09 { first += 1 }
            isBlank[number] = first == end
            let isMarker =
                end - start >= 3 && [Array("---".utf8), Array("...".utf8)].contains(Array(bytes[start..<start + 3]))
            if (isMarker || start < end && bytes[start] == UInt8(ascii: "%")), !isInside(texts, start) {
                obstacle = "it has lines with `---`, `...` or `%`"
            }
            var at = first
            while at < end {
                while text < texts.count, texts[text].upperBound <= at { text += 1 }
                if text < texts.count, texts[text].contains(at) {
                    at = min(texts[text].upperBound, end)
                    continue
                }
                if bytes[at] == UInt8(ascii: "#"), at == start || bytes[at - 1] == 0x20 || bytes[at - 1] == 0x09 {
                    break
                }
                at += 1
            }
            isContent[number] = first < end && first != at || isInside(texts, first)
            if at < end {
                let comment = Self.trimmed(bytes[at..<end])
                all.append(comment)
                if first == at {
                    if !isInside(copies, at) { own.append((number, at - start + 1, comment)) }
                } else if !isInside(copies, at) {
                    var before = at
                    while before > start, bytes[before - 1] == 0x20 || bytes[before - 1] == 0x09 { before -= 1 }
                    trailing[number] = String(repeating: " ", count: max(1, at - before)) + comment
                }
            }
            start = end + 1
        }
        for (number, unit) in unitAtLine where number > 1 && isBlank[number - 1] { blankAbove.insert(unit) }
        takeHeader(&own, isContent, isBlank)
        var previous = 0
        var isLeading = false
        for (number, column, text) in own {
            if previous == 0 || isContent[previous + 1..<number].contains(true) { isLeading = false }
            previous = number
            let line = Line(text: text, hasBlankAbove: number > 1 && isBlank[number - 1])
            let next = (number + 1..<isContent.count).first { isContent[$0] }
            if !isLeading, let end = end(before: number, column, next, isContent) {
                atEnd[end, default: []].append(line)
            } else if let next, let unit = unitAtLine[next] {
                isLeading = true
                above[unit, default: []].append(line)
            } else if let unit = unitAtLine.filter({ $0.key < number }).max(by: { $0.key < $1.key })?.value {
                above[unit, default: []].append(line)
            } else {
                obstacle = "a comment on line \(number) stands by nothing"
            }
        }
    }

    private mutating func takeHeader(
        _ own: inout [(line: Int, column: Int, text: String)], _ isContent: [Bool], _ isBlank: [Bool]
    ) {
        guard let content = isContent.firstIndex(of: true),
            let gap = (1..<content).last(where: { isBlank[$0] }), let first = own.first, first.line < gap
        else { return }
        while let next = own.first, next.line < gap {
            header.append(Line(text: next.text, hasBlankAbove: next.line > 1 && isBlank[next.line - 1]))
            own.removeFirst()
        }
    }

    /// The list or mapping at whose end a comment stands: it is indented like that, and deeper than what comes next.
    private func end(before number: Int, _ column: Int, _ next: Int?, _ isContent: [Bool]) -> Collection? {
        guard let last = (1..<number).last(where: { isContent[$0] }) else { return nil }
        let floor = next.flatMap { unitAtLine[$0] }.map { source.position(ofByte: $0).column } ?? 0
        if next != nil, floor == 0 { return nil }
        return collections.filter { $0.lines.contains(last) && $0.column <= column && $0.column > floor }
            .max { ($0.column, $0.id.start) < ($1.column, $1.id.start) }?.id
    }

    /// The ranges that lie in no other, in order.
    private static func outermost(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var kept: [Range<Int>] = []
        for range in ranges.sorted(by: { ($0.lowerBound, -$0.upperBound) < ($1.lowerBound, -$1.upperBound) }) {
            if let last = kept.last, range.upperBound <= last.upperBound { continue }
            kept.append(range)
        }
        return kept
    }

    /// Whether one of the ranges, which are in order and apart, has the byte.
    private func isInside(_ ranges: [Range<Int>], _ byte: Int) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound <= byte { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(byte)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
