import CLibYAML

/// Makes nodes of libyaml's events and applies the restrictions of our language to them.
struct TreeBuilder {
    private enum Key {
        case none
        case node(YAMLNode)
        /// A key that was refused: its value is read and dropped.
        case refused
    }

    private struct Frame {
        var isMapping: Bool
        var style: YAMLNode.CollectionStyle
        var start: Int
        var anchor: String?
        var isRefusedKey = false
        var items: [YAMLNode] = []
        var entries: [YAMLNode.Entry] = []
        var key = Key.none
        var seen: Set<String> = []
        var size = 1
        var hasDoubleBraces = false
        var brokenFlowExpression = false
        /// Whether an entry was refused, so that what is missing may have been in it.
        var lacksEntries = false
    }

    private let source: SourceFile
    private let text: UnsafeBufferPointer<UInt8>
    private let index: CharacterIndex
    private let damage: Damage
    private let limits: YAMLLimits
    private let slips: Slips
    private var frames: [Frame] = []
    private var anchors: [String: (node: YAMLNode, size: Int)] = [:]
    private var openAnchors: Set<String> = []
    private var sizeThroughAliases = 0
    private var documents = 0

    private(set) var root: YAMLNode?
    private(set) var diagnostics: [Diagnostic] = []
    /// Whether the rest of the file was not read because a limit was met.
    private(set) var hasStopped = false

    init(
        source: SourceFile, text: UnsafeBufferPointer<UInt8>, index: CharacterIndex, damage: Damage, limits: YAMLLimits
    ) {
        self.source = source
        self.text = text
        self.index = index
        self.damage = damage
        self.limits = limits
        slips = Slips(source: source)
    }

    /// Takes one event; false when nothing more is to be read.
    mutating func take(_ event: yaml_event_t) -> Bool {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            documents += 1
            if documents > 1 {
                let start = byte(event.start_mark)
                report(
                    YAMLCode.secondDocument, start..<start + 3, "a file holds one document, and here a second begins",
                    help: "move what follows into its own file, or remove this line")
                hasStopped = true
            }
        case YAML_SCALAR_EVENT: takeScalar(event)
        case YAML_ALIAS_EVENT: takeAlias(event)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            open(
                event, isMapping: false, anchor: start.anchor, tag: start.tag,
                style: start.style == YAML_FLOW_SEQUENCE_STYLE ? .flow : .block)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            open(
                event, isMapping: true, anchor: start.anchor, tag: start.tag,
                style: start.style == YAML_FLOW_MAPPING_STYLE ? .flow : .block)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: close(byte(event.end_mark))
        default: break
        }
        return !hasStopped
    }

    // MARK: Events

    private mutating func takeScalar(_ event: yaml_event_t) {
        let data = event.data.scalar
        let whole = byte(event.start_mark)..<byte(event.end_mark)
        let hasProperties = data.anchor != nil || data.tag != nil
        let range = hasProperties ? afterProperties(whole)..<whole.upperBound : whole
        let style: YAMLScalar.Style =
            switch data.style {
            case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
            case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
            case YAML_LITERAL_SCALAR_STYLE: .literal
            case YAML_FOLDED_SCALAR_STYLE: .folded
            default: .plain
            }
        let value = String(decoding: UnsafeBufferPointer(start: data.value, count: data.length), as: UTF8.self)
        let scalar = YAMLScalar(text: value, style: style)
        let anchor = data.anchor.map { String(libyaml: $0) }
        var isDamaged = damage.touches(range)
        if let tag = data.tag {
            diagnostics.append(slips.tag(at: whole, tag: String(libyaml: tag), onCollection: false))
            isDamaged = true
        }
        let isKey = expectsKey
        if style == .plain, !isKey, !isDamaged, let slip = slips.plainValue(scalar, at: range) {
            diagnostics.append(slip)
            isDamaged = true
        }
        let node = YAMLNode(
            content: .scalar(isDamaged ? YAMLScalar(text: "", style: .plain) : scalar), source: source,
            byteRange: range,
            anchor: anchor, isDamaged: isDamaged)
        if let anchor { anchors[anchor] = (node, 1) }
        add(node, size: 1)
    }

    private mutating func takeAlias(_ event: yaml_event_t) {
        let name = String(libyaml: event.data.alias.anchor)
        let range = byte(event.start_mark)..<byte(event.end_mark)
        guard !expectsKey else {
            report(YAMLCode.keyIsNotText, range, "a key cannot be an alias", help: "write the key itself")
            return refuseKey()
        }
        guard let target = anchors[name], !openAnchors.contains(name) else {
            let message =
                openAnchors.contains(name)
                ? "`*\(name)` stands inside the very thing that it repeats"
                : "nothing before this line is named `&\(name)`"
            diagnostics.append(slips.alias(at: range, message: message))
            return add(damaged(at: range), size: 1)
        }
        sizeThroughAliases += target.size
        guard sizeThroughAliases <= limits.nodesThroughAliases else {
            report(
                YAMLCode.aliasSize, range,
                "the aliases of this file stand for more than \(limits.nodesThroughAliases) values",
                help: "write the values out, or keep them in a table")
            hasStopped = true
            return
        }
        let node = YAMLNode(
            content: target.node.content, style: target.node.style, source: source, byteRange: range,
            aliased: target.node, isDamaged: target.node.isDamaged, isIncomplete: target.node.isIncomplete)
        add(node, size: target.size)
    }

    private mutating func open(
        _ event: yaml_event_t, isMapping: Bool, anchor: UnsafePointer<UInt8>?, tag: UnsafePointer<UInt8>?,
        style: YAMLNode.CollectionStyle
    ) {
        let whole = byte(event.start_mark)..<byte(event.end_mark)
        let start = anchor != nil || tag != nil ? afterProperties(whole.lowerBound..<text.count) : whole.lowerBound
        guard frames.count < limits.depth else {
            report(
                YAMLCode.tooDeep, start..<start + 1,
                "lists and mappings stand more than \(limits.depth) deep in one another here")
            hasStopped = true
            return
        }
        if let tag {
            diagnostics.append(slips.tag(at: whole, tag: String(libyaml: tag), onCollection: true))
        }
        var frame = Frame(isMapping: isMapping, style: style, start: start, anchor: anchor.map { String(libyaml: $0) })
        if let anchor = frame.anchor { openAnchors.insert(anchor) }
        if expectsKey {
            frame.isRefusedKey = true
            let outer = frames[frames.count - 1]
            if isMapping, style == .flow, outer.style == .flow, start == outer.start + 1 {
                frames[frames.count - 1].hasDoubleBraces = true
            } else if !outer.hasDoubleBraces {
                report(
                    YAMLCode.keyIsNotText, start..<start + 1, "a key must be plain text, not a list or a mapping",
                    help: "put quotes around the key, or around the whole value if it is meant as text")
            }
        }
        frames.append(frame)
    }

    private mutating func close(_ end: Int) {
        guard let frame = frames.popLast() else { return }
        if let anchor = frame.anchor { openAnchors.remove(anchor) }
        let lastEnd = (frame.isMapping ? frame.entries.last?.value : frame.items.last)?.byteRange.upperBound
        let range = frame.start..<max(frame.start, frame.style == .flow ? end : lastEnd ?? frame.start)
        if frame.isRefusedKey { return refuseKey() }
        if frame.hasDoubleBraces || frame.brokenFlowExpression {
            if frame.hasDoubleBraces { diagnostics.append(slips.doubleBraces(at: range)) }
            return add(damaged(at: range), size: 1)
        }
        let node = YAMLNode(
            content: frame.isMapping ? .mapping(frame.entries) : .sequence(frame.items), style: frame.style,
            source: source, byteRange: range, anchor: frame.anchor,
            isIncomplete: frame.lacksEntries || damage.hasLostLines(in: frame.start..<max(frame.start, end)))
        if let anchor = frame.anchor { anchors[anchor] = (node, frame.size) }
        add(node, size: frame.size)
    }

    // MARK: Putting nodes in their places

    private var expectsKey: Bool {
        guard let frame = frames.last, frame.isMapping, case .none = frame.key else { return false }
        return true
    }

    private mutating func refuseKey() {
        guard !frames.isEmpty else { return }
        frames[frames.count - 1].key = .refused
    }

    private mutating func add(_ node: YAMLNode, size: Int) {
        guard !frames.isEmpty else {
            root = node
            return
        }
        let last = frames.count - 1
        frames[last].size += size
        guard frames[last].isMapping else {
            if frames[last].style == .flow { checkFlowExpression(node) }
            frames[last].items.append(node)
            return
        }
        switch frames[last].key {
        case .none:
            let isAccepted = checkKey(node)
            frames[last].key = isAccepted ? .node(node) : .refused
        case .node(let key):
            if frames[last].style == .flow { checkFlowExpression(node) }
            frames[last].entries.append(.init(key: key, value: node))
            frames[last].key = .none
        case .refused:
            frames[last].key = .none
        }
    }

    /// Notices the parts of an expression that a comma or a bracket cut inside `{…}` or `[…]`.
    private mutating func checkFlowExpression(_ node: YAMLNode) {
        let last = frames.count - 1
        guard !frames[last].brokenFlowExpression, let scalar = node.scalar, scalar.style == .plain,
            slips.isOpenExpression(scalar.text)
        else { return }
        frames[last].brokenFlowExpression = true
        diagnostics.append(slips.flowExpression(from: node.byteRange.lowerBound))
    }

    private mutating func checkKey(_ key: YAMLNode) -> Bool {
        guard let scalar = key.scalar, !key.isDamaged else { return false }
        let last = frames.count - 1
        // What a cut expression left behind is no key of anybody's.
        if frames[last].brokenFlowExpression || frames[last].hasDoubleBraces { return false }
        if scalar.style == .plain, scalar.text == "<<" {
            frames[last].lacksEntries = true
            report(
                YAMLCode.mergeKey, key.byteRange, "merge keys (`<<`) are not part of the playbook language",
                help: "write the keys out, or repeat a whole value with `*name`")
            return false
        }
        guard isRepeated(scalar.text) else { return true }
        let first = frames[last].entries.first { $0.key.text == scalar.text }
        let line = first.map { " (first on line \($0.key.range.start.line))" } ?? ""
        let isEntry = frames[last].entries.first.map { entry in
            let shape = LineShape(source, entry.key.range.start.line - 1)
            return shape.item > shape.content && shape.key?.lowerBound == entry.key.byteRange.lowerBound
        }
        report(
            YAMLCode.duplicateKey, key.byteRange, "the key `\(scalar.text)` is here twice\(line)",
            help: isEntry == true
                ? "keep one of the two; or, if a new entry of the list begins here, write its first line with `- `"
                : "keep one of the two")
        return false
    }

    /// Whether the innermost mapping already has a key; many keys are looked up in a set, so that no file takes quadratic time.
    private mutating func isRepeated(_ key: String) -> Bool {
        let last = frames.count - 1
        guard frames[last].entries.count >= 12 else {
            return frames[last].entries.contains { $0.key.text == key }
        }
        if frames[last].seen.isEmpty {
            frames[last].seen = Set(frames[last].entries.compactMap(\.key.text))
        }
        return !frames[last].seen.insert(key).inserted
    }

    private func damaged(at range: Range<Int>) -> YAMLNode {
        YAMLNode(
            content: .scalar(YAMLScalar(text: "", style: .plain)), source: source, byteRange: range, isDamaged: true)
    }

    // MARK: Places

    private func byte(_ mark: yaml_mark_t) -> Int { index.byte(of: Int(mark.index), in: text) }

    /// Where a node begins after its anchor and tag.
    private func afterProperties(_ range: Range<Int>) -> Int {
        var at = range.lowerBound
        while at < range.upperBound, text[at] == UInt8(ascii: "&") || text[at] == UInt8(ascii: "!") {
            // libyaml ends a name at the first character that is no letter, digit, `_` or `-`; a tag ends at a blank.
            let isAnchor = text[at] == UInt8(ascii: "&")
            at += 1
            while at < range.upperBound, !isSpaceOrBreak(text[at]),
                !isAnchor || isWordLike(text[at]) || text[at] == UInt8(ascii: "-")
            { at += 1 }
            while at < range.upperBound, isSpaceOrBreak(text[at]) || text[at] == UInt8(ascii: "#") {
                if text[at] == UInt8(ascii: "#") {
                    while at < range.upperBound, !isBreak(text[at]) { at += 1 }
                } else {
                    at += 1
                }
            }
        }
        return at
    }

    private mutating func report(_ code: String, _ range: Range<Int>, _ message: String, help: String? = nil) {
        diagnostics.append(
            Diagnostic(
                code: code, file: source.path, range: source.range(ofBytes: range), message: message, help: help))
    }
}

@inline(__always)
func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

@inline(__always)
func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

@inline(__always)
func isSpaceOrBreak(_ byte: UInt8) -> Bool { isBlank(byte) || isBreak(byte) }
