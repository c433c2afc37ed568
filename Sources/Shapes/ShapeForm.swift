public import WorkflowModel

/// What may stand at a place of a document.
public indirect enum ShapeForm: Sendable {
    /// What a name stands for, of which a workspace knows those that there are.
    public enum NameKind: String, Sendable, Hashable, CaseIterable {
        case action, event, calendar, playbook, step, plugin, secret, channel
    }

    /// A text that is shown as it stands.
    case text
    /// A text that is not empty and is not evaluated, with what it looks like: `Europe/Berlin`.
    case plain(example: String)
    /// A text of a pattern (ECMA 262), with its rule in words.
    case pattern(String, rule: String)
    /// One of these words.
    case word([ShapeWord])
    /// True or false.
    case flag
    /// A positive duration such as `30s`.
    case duration
    /// A whole number within limits.
    case count(ClosedRange<Int>)
    /// A number above 0 and at most 1.
    case share
    /// An expression, without `=`; a condition must be true or false.
    case expression(isCondition: Bool)
    /// Any value, in which `=EXPR` and `${{ EXPR }}` are evaluated.
    case value
    /// A text, in which `${{ EXPR }}` is evaluated, or `=EXPR`.
    case message
    /// One value that is not evaluated.
    case scalar
    /// A map of names to values, in which expressions are evaluated; `isVariables` when the names are variables.
    case values(isVariables: Bool)
    /// A name of something; `isOpen` when it may also be one that nobody knows here.
    case name(NameKind, isOpen: Bool)
    /// A list of at least `atLeast` elements.
    case list(ShapeForm, atLeast: Int)
    /// A map of names of `pattern` to values of a form.
    case map(ShapeForm, pattern: String?)
    /// A map with the keys of the shape of this id.
    case shape(String)
    /// One of several forms.
    case either([ShapeForm])
    /// What a JSON Schema says.
    case schema(Schema)
    /// A map of names to what each name's own schema says, such as the settings of plugins.
    case named(NameKind)
    /// No value.
    case nothing
    /// Anything.
    case anything

    /// One of `form`, or a list of them.
    public static func oneOrMore(_ form: ShapeForm, atLeast: Int = 1) -> ShapeForm {
        .either([form, .list(form, atLeast: atLeast)])
    }

    /// The form in a few words, for people.
    public var words: String {
        switch self {
        case .text, .plain, .pattern: "text"
        case .message: "text with `${{ }}`, or `=EXPR`"
        case .word(let words): words.map { "`\($0.word)`" }.joined(separator: ", ")
        case .flag: "`true` or `false`"
        case .duration: "duration"
        case .count(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .share: "number above 0, at most 1"
        case .expression(let isCondition): isCondition ? "condition" : "expression"
        case .value: "any value"
        case .scalar: "value"
        case .values: "names with values"
        case .name(.action, _): "action"
        case .name(.event, _): "event type"
        case .name(let kind, _): kind.rawValue
        case .list(let form, _): "list of \(form.plural)"
        case .map(let form, _): "names, each with: \(form.words)"
        case .shape(let id): "map (`\(id)`)"
        case .either(let forms): forms.map(\.words).joined(separator: "; or ")
        case .schema, .named: "map"
        case .nothing: "nothing"
        case .anything: "anything"
        }
    }

    private var plural: String {
        switch self {
        case .shape("step"): "steps"
        case .shape(let id): "maps (`\(id)`)"
        case .name(.event, _): "event types"
        case .scalar: "values"
        case .either: "these: \(words)"
        default: "\(words)s"
        }
    }
}

/// The shapes of one kind of document, and those that its forms refer to.
public struct ShapeLibrary: Sendable {
    /// The shape of the document as a whole.
    public let root: Shape
    /// The shapes in the order in which they are told, the root first.
    public let shapes: [Shape]
    private let positions: [String: Int]

    /// A library; of shapes with the same id the first counts.
    public init(_ root: Shape, _ others: [Shape]) {
        self.root = root
        shapes = [root] + others
        positions = Dictionary(shapes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The shape of this id.
    public subscript(id: String) -> Shape? { positions[id].map { shapes[$0] } }
}

/// What is known of a workspace's names, for those who complete and check them.
public struct ShapeNames: Sendable {
    /// A name, with what is known of it.
    public struct Entry: Sendable {
        /// The name.
        public var name: String
        /// One line for people.
        public var summary: String
        /// What it takes: an action's inputs, a plugin's settings; nil when nothing is known.
        public var input: Schema?

        /// A name of these parts.
        public init(_ name: String, _ summary: String = "", input: Schema? = nil) {
            self.name = name
            self.summary = summary
            self.input = input
        }
    }

    /// The names of each kind; a kind that is not here may have any name.
    public var known: [ShapeForm.NameKind: [Entry]] = [:]

    /// Nothing is known.
    public init() {}

    /// The entries of a kind; nil when its names are not known.
    public subscript(kind: ShapeForm.NameKind) -> [Entry]? {
        get { known[kind] }
        set { known[kind] = newValue }
    }
}
