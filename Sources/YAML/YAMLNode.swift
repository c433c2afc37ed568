/// A node of a YAML document: what it holds and where it stands in its file.
///
/// Immutable. The children of an alias are shared with what it names, so an expanded tree costs no memory.
public final class YAMLNode: Sendable {
    /// What a node holds.
    public enum Content: Sendable {
        /// One value.
        case scalar(YAMLScalar)
        /// A list.
        case sequence([YAMLNode])
        /// Keys with values, in the order of the file. Keys are scalars and none occurs twice.
        case mapping([Entry])
    }

    /// A key with its value.
    public struct Entry: Sendable {
        /// The key; always a scalar.
        public let key: YAMLNode
        /// The value; a null scalar where the file has none.
        public let value: YAMLNode

        /// Makes an entry from its parts.
        public init(key: YAMLNode, value: YAMLNode) {
            self.key = key
            self.value = value
        }
    }

    /// How a list or a mapping is written.
    public enum CollectionStyle: Sendable, Hashable {
        /// One entry per line, by indentation.
        case block
        /// In `[…]` or `{…}`.
        case flow
    }

    /// What the node holds.
    public let content: Content
    /// How a list or a mapping is written; `.block` for scalars, whose own style is `YAMLScalar.style`.
    public let style: CollectionStyle
    /// The file in which the node stands.
    public let source: SourceFile
    /// The bytes of the node in `source.bytes`. An alias has the place of its `*name`.
    public let byteRange: Range<Int>
    /// The name after `&`, when the node has an anchor.
    public let anchor: String?
    /// The node that this one repeats, when it is written as `*name`.
    public let aliased: YAMLNode?
    /// Whether the text here could not be read (a syntax error was reported) and the content is only a null in its place.
    /// Checks should say nothing more about such a node.
    public let isDamaged: Bool
    /// Whether lines inside this list or mapping could not be read: that a key is missing then proves nothing.
    public let isIncomplete: Bool

    init(
        content: Content, style: CollectionStyle = .block, source: SourceFile, byteRange: Range<Int>,
        anchor: String? = nil, aliased: YAMLNode? = nil, isDamaged: Bool = false,
        isIncomplete: Bool = false
    ) {
        self.content = content
        self.style = style
        self.source = source
        self.byteRange = byteRange
        self.anchor = anchor
        self.aliased = aliased
        self.isDamaged = isDamaged
        self.isIncomplete = isIncomplete
    }

    /// Where the node stands. Quotes and brackets are inside; the end of a block collection is that of its last entry.
    public var range: SourceRange { source.range(ofBytes: byteRange) }

    /// The scalar, when the node is one.
    public var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { return scalar }
        return nil
    }

    /// The text of a scalar, whatever it resolves to.
    public var text: String? { scalar?.text }

    /// Whether the node is a scalar that stands for nothing: `null`, `~`, or no text at all.
    public var isNull: Bool { scalar?.resolved == .null }

    /// The entries of a list, when the node is one.
    public var items: [YAMLNode]? {
        if case .sequence(let items) = content { return items }
        return nil
    }

    /// The entries of a mapping, when the node is one.
    public var entries: [Entry]? {
        if case .mapping(let entries) = content { return entries }
        return nil
    }

    /// The value of a key, when the node is a mapping that has it.
    public subscript(key: String) -> YAMLNode? { entry(key)?.value }

    /// The entry of a key, when the node is a mapping that has it.
    public func entry(_ key: String) -> Entry? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key.text == key }
    }

    /// What the node is, in words for a person: "text", "a number", "a list", …
    public var kindInWords: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping of keys to values"
        case .scalar(let scalar):
            switch scalar.resolved {
            case .null: "nothing"
            case .bool: "true or false"
            case .int, .float: "a number"
            case .string: "text"
            }
        }
    }
}

/// A scalar as it was written and as it is understood.
public struct YAMLScalar: Sendable, Hashable {
    /// How a scalar is written.
    public enum Style: Sendable, Hashable {
        /// Without quotes.
        case plain
        /// In `'…'`.
        case singleQuoted
        /// In `"…"`.
        case doubleQuoted
        /// After `|`.
        case literal
        /// After `>`.
        case folded
    }

    /// The text, with escapes, folding and indentation done.
    public let text: String
    /// How it is written.
    public let style: Style
    /// What it stands for by the core schema; only plain scalars are anything but text.
    public let resolved: CoreScalar

    /// Makes a scalar; what it stands for follows from text and style.
    public init(text: String, style: Style) {
        self.text = text
        self.style = style
        resolved = style == .plain ? CoreScalar(resolving: text) : .string
    }
}
