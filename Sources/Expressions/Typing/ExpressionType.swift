/// What kind of value an expression gives, as far as that is known before it runs.
///
/// CEL's types (cel-spec, doc/langdef.md, "Gradual Type Checking"), and beside them what schemas know: objects with their fields, texts
/// of which only some words are possible, values that may be null. ``dyn`` is a value of which nothing is known; it goes with everything.
public indirect enum ExpressionType: Sendable, Hashable {
    /// Nothing is known of it.
    case dyn
    /// Nothing stands there that could have a type yet: an element of `[]`. It goes with everything and leaves the other's type alone.
    case free
    case null
    case bool
    case int
    case uint
    case double
    case string
    case bytes
    case timestamp
    case duration
    /// A text that is one of these words.
    case words([String])
    case list(ExpressionType)
    case map(ExpressionType, ExpressionType)
    /// A map of which the fields are known.
    case object(ObjectType)
    /// A value, or null: what a schema says by `type: [string, "null"]`.
    case nullable(ExpressionType)
    /// A value that may not be there at all: what a step gives that may not have run. Only asking for it is safe.
    case absent(ExpressionType)
    /// CEL's `optional_type`.
    case optional(ExpressionType)
    /// A type as a value: what `type(x)` gives.
    case type(ExpressionType)
    /// One of several; never one within another, and never null.
    case oneOf([ExpressionType])
    /// A type that has only a name, and what it is made of: `net.IP`.
    case named(String, [ExpressionType])
    /// A text that holds a secret: it can be passed on and joined to a text only.
    case secret
    /// A name whose fields the environment knows one by one (``TypeEnvironment/member(_:of:tested:)``).
    case space(Int)
    /// What a signature leaves open, by number.
    case parameter(Int)

    /// A whole number or one with a fraction: JSON Schema's `number`.
    public static let number = ExpressionType.oneOf([.int, .double])
    /// Any of CEL's numbers.
    static let anyNumber = ExpressionType.oneOf([.int, .uint, .double])
    static let ipAddress = ExpressionType.named("net.IP", [])
    static let network = ExpressionType.named("net.CIDR", [])
    /// A map of which nothing is known.
    public static let openMap = ExpressionType.map(.string, .dyn)
    /// A list of which nothing is known.
    public static let openList = ExpressionType.list(.dyn)
}

extension ExpressionType {
    /// Whether nothing is known of it.
    public var isUnknown: Bool {
        switch self {
        case .dyn, .free, .parameter: true
        default: false
        }
    }

    /// The type of the value when it is not null.
    public var present: ExpressionType {
        switch self {
        case .nullable(let inner), .absent(let inner): inner.present
        default: self
        }
    }

    /// This type, or null.
    public var orNull: ExpressionType {
        switch self {
        case .nullable, .null, .dyn, .free, .absent: self
        default: .nullable(self)
        }
    }

    /// Whether null is among what it may be, as far as that is known.
    public var mayBeNull: Bool {
        switch self {
        case .nullable, .null, .absent: true
        default: false
        }
    }

    /// Whether it is a number of any kind, and nothing else.
    public var isNumber: Bool {
        switch self {
        case .int, .uint, .double: true
        case .oneOf(let members): members.allSatisfy(\.isNumber)
        case .nullable(let inner), .absent(let inner): inner.isNumber
        default: false
        }
    }

    /// Whether it is a text, and nothing else.
    public var isText: Bool {
        switch self {
        case .string, .words: true
        case .oneOf(let members): members.allSatisfy(\.isText)
        case .nullable(let inner), .absent(let inner): inner.isText
        default: false
        }
    }

    /// Whether it is a map, and nothing else.
    public var isMap: Bool {
        switch self {
        case .map, .object, .space: true
        case .oneOf(let members): members.allSatisfy(\.isMap)
        case .nullable(let inner), .absent(let inner): inner.isMap
        default: false
        }
    }

    /// The kinds that it may be; empty when nothing is known.
    var members: [ExpressionType] {
        switch self {
        case .oneOf(let members): members
        case .dyn, .free, .parameter: []
        default: [self]
        }
    }

    /// The words that a text may be, when they are known.
    public var knownWords: [String]? {
        switch present {
        case .words(let words): return words
        case .oneOf(let members):
            var words: [String] = []
            for member in members {
                guard case .words(let some) = member else { return nil }
                words += some
            }
            return words
        default: return nil
        }
    }

    /// The type of a text, when only single words are known of it: what holds for more than one expression.
    public var widened: ExpressionType {
        switch self {
        case .words: .string
        case .list(let element): .list(element.widened)
        case .map(let key, let value): .map(key.widened, value.widened)
        case .nullable(let inner): .nullable(inner.widened)
        case .absent(let inner): .absent(inner.widened)
        case .optional(let inner): .optional(inner.widened)
        case .oneOf(let members): members.map(\.widened).reduce(.free) { $0.joined($1) }
        default: self
        }
    }

    /// What the value is, in the words of messages: "text", "a number", "a list".
    public var inWords: String {
        switch self {
        case .dyn, .free, .parameter: "any value"
        case .null: "nothing (null)"
        case .bool: "true or false"
        case .int, .uint, .double: "a number"
        case .string, .words: "text"
        case .bytes: "bytes"
        case .timestamp: "a time"
        case .duration: "a duration"
        case .list: "a list"
        case .map, .object, .space: "a map"
        case .nullable(let inner), .absent(let inner): inner.inWords
        case .optional: "an optional"
        case .type: "a type"
        case .named("net.IP", _): "an IP address"
        case .named("net.CIDR", _): "a network"
        case .named(let name, _): name
        case .secret: "a secret"
        case .oneOf(let members): Self.alternatives(members)
        }
    }

    private static func alternatives(_ members: [ExpressionType]) -> String {
        var words: [String] = []
        for member in members where !words.contains(member.inWords) { words.append(member.inWords) }
        return words.joined(separator: " or ")
    }

    /// The type in the notation of CEL's own tools: `list(int)`, `map(string, dyn)`.
    public var celName: String {
        switch self {
        case .dyn, .free, .space, .parameter: "dyn"
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string, .words, .secret: "string"
        case .bytes: "bytes"
        case .timestamp: "google.protobuf.Timestamp"
        case .duration: "google.protobuf.Duration"
        case .list(let element): "list(\(element.celName))"
        case .map(let key, let value): "map(\(key.celName), \(value.celName))"
        case .object: "map(string, dyn)"
        case .absent(let inner): inner.celName
        case .optional(let inner): "optional_type(\(inner.celName))"
        case .type(let inner): "type(\(inner.celName))"
        case .oneOf: "dyn"
        case .named(let name, let parts):
            parts.isEmpty ? name : "\(name)(\(parts.map(\.celName).joined(separator: ", ")))"
        case .nullable(let inner):
            switch inner {
            case .bool, .int, .uint, .double, .string, .bytes: "wrapper(\(inner.celName))"
            default: inner.celName
            }
        }
    }
}
