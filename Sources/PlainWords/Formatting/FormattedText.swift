import YAML

/// Writes a tree with its comments.
struct FormattedText {
    private let comments: SourceComments
    private var lines: [String] = []
    /// Whether an empty line here would become a part of the text above.
    private var endsInText = false
    /// The comments that were written, by line of the source: none is written twice.
    private var written: Set<Int> = []

    init(_ comments: SourceComments) { self.comments = comments }

    /// What was written, ending in a line feed.
    var text: String { lines.joined(separator: "\n") + "\n" }

    mutating func document(_ root: YAMLNode) {
        for comment in comments.header {
            if comment.hasBlankAbove { blank() }
            add(comment.text)
        }
        if !comments.header.isEmpty { blank() }
        mapping(root, .playbook, column: 0, lead: nil)
    }

    /// Entries in the order of the reference: known keys first, the others behind in theirs.
    static func ordered(_ entries: [YAMLNode.Entry], _ place: KeyOrder.Place, keepsOrder: Bool) -> [YAMLNode.Entry] {
        let keys = KeyOrder.keys(place)
        guard !keepsOrder, !keys.isEmpty else { return entries }
        let ranks = entries.map { entry in keys.firstIndex(of: entry.key.text ?? "") ?? keys.count }
        return entries.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }.map { entries[$0] }
    }

    // MARK: Lines

    private mutating func add(_ line: String) {
        var line = line
        while line.last == " " { line.removeLast() }
        lines.append(line)
        endsInText = false
    }

    private mutating func blank() {
        if !endsInText, let last = lines.last, !last.isEmpty { lines.append("") }
    }

    /// The comments above a unit, and its empty line. `isFirst`: nothing of its block stands above.
    private mutating func head(_ unit: Int, column: Int, isFirst: Bool, forcesBlank: Bool = false) {
        var isFirst = isFirst
        var forces = forcesBlank
        for comment in comments.above[unit] ?? [] {
            if !isFirst, comment.hasBlankAbove || forces { blank() }
            add(pad(column) + comment.text)
            isFirst = lines.count == 0
            forces = false
        }
        let hasComments = !(comments.above[unit] ?? []).isEmpty
        if hasComments ? comments.blankAbove.contains(unit) : !isFirst && (forces || comments.blankAbove.contains(unit))
        {
            blank()
        }
    }

    private mutating func foot(_ start: Int, isList: Bool, column: Int) {
        for comment in comments.atEnd[.init(start: start, isList: isList)] ?? [] {
            if comment.hasBlankAbove { blank() }
            add(pad(column) + comment.text)
        }
    }

    private func pad(_ column: Int) -> String { String(repeating: " ", count: column) }

    /// The comment at the end of the source's line, once.
    private mutating func trailing(_ line: Int) -> String {
        guard written.insert(line).inserted else { return "" }
        return comments.trailing[line] ?? ""
    }

    // MARK: Collections

    /// A mapping; with `lead` its first entry goes behind that, and its comments have been written.
    private mutating func mapping(_ node: YAMLNode, _ place: KeyOrder.Place, column: Int, lead: String?) {
        guard let entries = node.entries else { return }
        var lead = lead
        let ordered = Self.ordered(entries, place, keepsOrder: comments.hasAnchors)
        for (number, entry) in ordered.enumerated() {
            let unit = entry.key.byteRange.lowerBound
            if lead == nil {
                head(
                    unit, column: column, isFirst: number == 0,
                    forcesBlank: place == .playbook && number > 0
                        && (Self.isSection(entry) || Self.isSection(ordered[number - 1])))
            }
            self.entry(
                entry, place, column: column,
                line: (lead ?? pad(column)) + ScalarText.written(entry.key, inFlow: false) + ":")
            lead = nil
        }
        if let first = entries.first { foot(first.key.byteRange.lowerBound, isList: false, column: column) }
    }

    /// Whether an entry at the top of a playbook has an empty line above it: the large ones.
    private static func isSection(_ entry: YAMLNode.Entry) -> Bool {
        ["trigger", "vars", "steps", "on_failure", "outputs"].contains(entry.key.text ?? "")
            && entry.value.style == .block && entry.value.scalar == nil && entry.value.aliased == nil
    }

    private mutating func entry(_ entry: YAMLNode.Entry, _ place: KeyOrder.Place, column: Int, line: String) {
        let inner = KeyOrder.below(entry.key.text ?? "", of: place)
        value(
            entry.value, inner, line: line, keyLine: comments.line(entry.key.byteRange.lowerBound), column: column,
            below: column + 2)
    }

    private mutating func list(_ node: YAMLNode, _ place: KeyOrder.Place, column: Int, lead: String?) {
        guard let items = node.items else { return }
        let inner = KeyOrder.element(of: place)
        let isSteps = place == .steps && column == 2
        var lead = lead
        for (number, item) in items.enumerated() {
            let dash =
                comments.dashes[.init(list: node.byteRange.lowerBound, number: number)] ?? item.byteRange.lowerBound
            if lead == nil {
                let isLong = number > 0 && (isLong(item) || isLong(items[number - 1]))
                head(dash, column: column, isFirst: number == 0, forcesBlank: isSteps && isLong)
                // Comments of the entry that comes first stand above the dash, too.
                if item.style == .block, item.aliased == nil, let entries = item.entries,
                    let first = Self.ordered(entries, inner, keepsOrder: comments.hasAnchors).first
                {
                    let unit = first.key.byteRange.lowerBound
                    for comment in comments.above[unit] ?? [] { add(pad(column) + comment.text) }
                }
            }
            let start = (lead ?? pad(column)) + "-"
            lead = nil
            value(
                item, inner, line: start, keyLine: comments.line(dash), column: column, below: column + 2, isItem: true)
        }
        let first = comments.dashes[.init(list: node.byteRange.lowerBound, number: 0)] ?? node.byteRange.lowerBound
        foot(first, isList: true, column: column)
    }

    private func isLong(_ node: YAMLNode) -> Bool {
        node.style == .block && node.scalar == nil
            || node.source.bytes[node.byteRange].contains(0x0A)
    }

    // MARK: Values

    /// A value behind `line`, which ends in `:` or `-`.
    private mutating func value(
        _ node: YAMLNode, _ place: KeyOrder.Place, line: String, keyLine: Int, column: Int, below: Int,
        isItem: Bool = false
    ) {
        var line = line
        if let anchor = node.anchor, node.aliased == nil { line += " &\(anchor)" }
        let first = comments.line(node.byteRange.lowerBound)
        if node.aliased != nil { return inline(node, line, keyLine, first) }
        switch node.content {
        case .scalar(let scalar):
            if scalar.style == .literal || scalar.style == .folded { return block(node, line, keyLine, below) }
            if node.byteRange.isEmpty { return add(line + trailing(keyLine)) }
            if node.source.bytes[node.byteRange].contains(0x0A) {
                return copied(node, line, keyLine, first, below)
            }
            inline(node, line, keyLine, first)
        case .mapping where node.style == .block:
            if isItem, node.anchor == nil, keyLine == first || comments.trailing[keyLine] == nil {
                mapping(node, place, column: below, lead: line + " ")
            } else {
                add(line + trailing(keyLine))
                mapping(node, place, column: below, lead: nil)
            }
        case .sequence where node.style == .block:
            if isItem, node.anchor == nil, keyLine == first || comments.trailing[keyLine] == nil {
                list(node, place, column: below, lead: line + " ")
            } else {
                add(line + trailing(keyLine))
                list(node, place, column: below, lead: nil)
            }
        default:
            if node.source.bytes[node.byteRange].contains(0x0A) { return copied(node, line, keyLine, first, below) }
            inline(node, line, keyLine, first, FlowText(comments, place).text(node))
        }
    }

    /// A value of one line.
    private mutating func inline(
        _ node: YAMLNode, _ line: String, _ keyLine: Int, _ first: Int, _ text: String? = nil
    ) {
        let text = text ?? ScalarText.written(node, inFlow: false)
        if first != keyLine, comments.trailing[keyLine] != nil {
            // The value stood below its key, and both have a comment: it stays below.
            add(line + trailing(keyLine))
            add(pad(indent(of: line) + 2) + text + trailing(first))
        } else {
            add(line + " " + text + trailing(first))
        }
    }

    private func indent(of line: String) -> Int { line.prefix { $0 == " " }.count }

    private mutating func block(_ node: YAMLNode, _ line: String, _ keyLine: Int, _ below: Int) {
        let block = BlockScalarLines(node)
        let headerLine = comments.line(node.byteRange.lowerBound)
        if headerLine != keyLine { add(line + trailing(keyLine)) }
        add((headerLine != keyLine ? pad(below) : line + " ") + block.header + trailing(headerLine))
        for text in block.lines { lines.append(text.isEmpty ? "" : pad(below) + text) }
        endsInText = block.keepsEnd
    }

    /// A value of several lines as it stands, moved as a whole.
    private mutating func copied(_ node: YAMLNode, _ line: String, _ keyLine: Int, _ first: Int, _ below: Int) {
        let bytes = node.source.bytes
        let texts = String(decoding: bytes[node.byteRange], as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        let last = comments.line(max(node.byteRange.lowerBound, node.byteRange.upperBound - 1))
        var start = node.byteRange.lowerBound
        while start > 0, bytes[start - 1] != 0x0A { start -= 1 }
        var old = 0
        while start + old < bytes.count, bytes[start + old] == 0x20 { old += 1 }
        let isBelow = first != keyLine
        let move = (isBelow ? below : indent(of: line)) - old
        if isBelow { add(line + trailing(keyLine)) }
        for (number, text) in texts.enumerated() {
            let end = number == texts.count - 1 ? trailing(last) : ""
            if number == 0 {
                // Blanks at the end of a line of a text have no meaning but in the last, which ends in a quote or a word.
                lines.append((isBelow ? pad(below) : line + " ") + text + end)
                continue
            }
            let blanks = text.prefix { $0 == " " }.count
            if blanks == text.count, number < texts.count - 1 {
                lines.append("")
            } else {
                lines.append(pad(max(below, blanks + move)) + text.dropFirst(blanks) + end)
            }
        }
        endsInText = false
    }
}

/// Lists and mappings of one line: `{ key: value }`, `[a, b]`.
struct FlowText {
    private let keepsOrder: Bool
    private let place: KeyOrder.Place

    init(_ comments: SourceComments, _ place: KeyOrder.Place) {
        keepsOrder = comments.hasAnchors
        self.place = place
    }

    func text(_ node: YAMLNode) -> String { text(node, place) }

    private func text(_ node: YAMLNode, _ place: KeyOrder.Place) -> String {
        if node.aliased != nil { return ScalarText.written(node, inFlow: true) }
        let anchor = node.anchor.map { "&\($0) " } ?? ""
        switch node.content {
        case .scalar: return anchor + ScalarText.written(node, inFlow: true)
        case .sequence(let items):
            let inner = KeyOrder.element(of: place)
            return anchor + "[" + items.map { text($0, inner) }.joined(separator: ", ") + "]"
        case .mapping(let entries):
            if entries.isEmpty { return anchor + "{}" }
            // `[a: b]` is a list of a mapping without braces of its own.
            let isBare = node.source.bytes[node.byteRange.lowerBound] != UInt8(ascii: "{")
            let parts = FormattedText.ordered(entries, place, keepsOrder: keepsOrder).map { entry in
                let key = ScalarText.written(entry.key, inFlow: true)
                let value = text(entry.value, KeyOrder.below(entry.key.text ?? "", of: place))
                return value.isEmpty ? "\(key):" : "\(key): \(value)"
            }
            return anchor + (isBare ? parts.joined(separator: ", ") : "{ \(parts.joined(separator: ", ")) }")
        }
    }
}
