/// A map of a document whose keys are known: the one table from which readers refuse unknown keys, editors complete and explain, and
/// the reference is written.
public struct Shape: Sendable {
    /// The name by which forms refer to it, such as `trigger`.
    public var id: String
    /// What messages and headings call it: `a trigger`, `` `retry` ``.
    public var title: String
    /// What it is for, in a sentence or two of Markdown.
    public var summary: String
    /// The keys, in the order in which they are told.
    public var keys: [ShapeKey]
    /// What must hold between keys.
    public var rules: [ShapeRule]

    /// A shape of these parts.
    public init(
        _ id: String, title: String, summary: String, keys: [ShapeKey], rules: [ShapeRule] = []
    ) {
        self.id = id
        self.title = title
        self.summary = summary
        self.keys = keys
        self.rules = rules
    }

    /// The names of the keys.
    public var names: [String] { keys.map(\.name) }

    /// The names of the keys that must be there.
    public var required: [String] { keys.filter(\.isRequired).map(\.name) }

    /// The key of this name.
    public func key(_ name: String) -> ShapeKey? { keys.first { $0.name == name } }

    /// The keys of which exactly one says what the map is, each with those that may stand beside it alone; empty when it is always the
    /// same.
    public var kinds: [(key: String, beside: [String])] {
        for rule in rules { if case .oneKind(let kinds) = rule { return kinds.map { ($0.key, $0.beside) } } }
        return []
    }
}

/// A key of a ``Shape``.
public struct ShapeKey: Sendable {
    /// The key as it is written.
    public var name: String
    /// What it is for, in a sentence or two of Markdown.
    public var summary: String
    /// What may stand there.
    public var form: ShapeForm
    /// Whether it must be there.
    public var isRequired: Bool
    /// Whether it may be written without a value, as if it were not there.
    public var allowsNothing: Bool
    /// What holds without it, in words; nil when nothing does.
    public var standard: String?

    /// A key of these parts.
    public init(
        _ name: String, _ form: ShapeForm, _ summary: String, isRequired: Bool = false, allowsNothing: Bool = false,
        standard: String? = nil
    ) {
        self.name = name
        self.form = form
        self.summary = summary
        self.isRequired = isRequired
        self.allowsNothing = allowsNothing
        self.standard = standard
    }
}

/// What must hold between the keys of a map.
public enum ShapeRule: Sendable {
    /// A key that says what the map is.
    public struct Kind: Sendable {
        /// The key.
        public var key: String
        /// The keys that may stand beside it, and beside others only when those say so.
        public var beside: [String]
        /// The keys that must stand beside it.
        public var needs: [String]
        /// Of these at least one must stand beside it; empty for no such rule.
        public var needsOne: [String]

        /// The kind that `key` makes.
        public init(_ key: String, beside: [String] = [], needs: [String] = [], needsOne: [String] = []) {
            self.key = key
            self.beside = beside
            self.needs = needs
            self.needsOne = needsOne
        }
    }

    /// Exactly one of these keys says what the map is.
    case oneKind([Kind])
    /// At most one of these keys is there.
    case atMostOne([String])
    /// The key has a meaning only beside one of the others.
    case needs(String, oneOf: [String])
    /// The map has one key and no more.
    case single
    /// The map may have other keys, too.
    case open
    /// What the key `inputs` may hold follows from the name in the key `of`.
    case inputs(String, of: String, kind: ShapeForm.NameKind)
}

/// A word out of a list, with its meaning.
public struct ShapeWord: Sendable, Hashable {
    /// The word as it is written.
    public var word: String
    /// What it means; empty when the word says it.
    public var meaning: String

    /// `word` means `meaning`.
    public init(_ word: String, _ meaning: String = "") {
        self.word = word
        self.meaning = meaning
    }

    /// The words of an enumeration, which thereby are those that its reader knows.
    public static func all<E: RawRepresentable & CaseIterable>(
        of type: E.Type, _ meanings: [String: String] = [:]
    ) -> [ShapeWord] where E.RawValue == String {
        E.allCases.map { ShapeWord($0.rawValue, meanings[$0.rawValue] ?? "") }
    }
}
