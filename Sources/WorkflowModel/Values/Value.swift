/// The one value of the whole house: what events, conditions, step inputs and outputs, variables and the journal hold.
///
/// The kinds are those of the Common Expression Language without protocol buffers. `int`, `uint` and `double` stay apart;
/// JSON's poorer types are mapped at the border only. `type` and `optional` occur inside expressions alone: no journal,
/// event or plugin ever holds one.
public enum Value: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case timestamp(Timestamp)
    case duration(Duration)
    case list([Value])
    case map(ValueMap)
    /// A text with at least one secret in it, held as a reference: see ``SecretText``.
    case secret(SecretText)
    /// A CEL type value, by its CEL name (`int`, `google.protobuf.Timestamp`, …). Expressions only.
    case type(String)
    /// A CEL optional: empty, or one value in a list of one (an enum payload may not hold itself). Expressions only.
    case optional([Value])
}

extension Value {
    /// The kind's name as people know it, for messages: "text", "number", "list", …
    public var kindForPeople: String {
        switch self {
        case .null: "nothing (null)"
        case .bool: "true/false"
        case .int, .uint: "whole number"
        case .double: "number"
        case .string: "text"
        case .bytes: "bytes"
        case .timestamp: "time"
        case .duration: "duration"
        case .list: "list"
        case .map: "map"
        case .secret: "text with a secret"
        case .type: "type"
        case .optional: "optional"
        }
    }

    /// The value of a map's text key; nil when this is no map or has no such key.
    public subscript(key: String) -> Value? {
        guard case .map(let map) = self else { return nil }
        return map[key]
    }

    /// Follows text keys from map to map; nil as soon as one is missing.
    public func at(_ path: some Sequence<some StringProtocol>) -> Value? {
        var value = self
        for key in path {
            guard let next = value[String(key)] else { return nil }
            value = next
        }
        return value
    }

    /// The text, when this is one.
    public var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    /// The truth value, when this is one.
    public var bool: Bool? {
        if case .bool(let value) = self { return value }
        return nil
    }

    /// The whole number, from an `int`, or a `uint` or integral `double` that fits.
    public var int: Int64? {
        switch self {
        case .int(let value): value
        case .uint(let value): Int64(exactly: value)
        case .double(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// The number as a double, from any of the three number kinds.
    public var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .uint(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// The elements, when this is a list.
    public var list: [Value]? {
        if case .list(let items) = self { return items }
        return nil
    }

    /// The map, when this is one.
    public var map: ValueMap? {
        if case .map(let map) = self { return map }
        return nil
    }

    /// The instant, from a timestamp or an RFC 3339 text.
    public var timestamp: Timestamp? {
        switch self {
        case .timestamp(let instant): instant
        case .string(let text): Timestamp(rfc3339: text)
        default: nil
        }
    }

    /// The duration, from a duration or a duration text such as `90s` or `1h30m`.
    public var duration: Duration? {
        switch self {
        case .duration(let duration): duration
        case .string(let text): DurationText.parse(text)
        default: nil
        }
    }

    /// True for null.
    public var isNull: Bool {
        if case .null = self { return true }
        return false
    }

    /// True when a secret is anywhere inside.
    public var holdsSecret: Bool {
        switch self {
        case .secret: true
        case .list(let items): items.contains(where: \.holdsSecret)
        case .map(let map): map.contains { $0.value.holdsSecret }
        case .optional(let inner): inner.contains(where: \.holdsSecret)
        default: false
        }
    }
}

/// Structural equality: same kind, same content. (CEL's `==` across number kinds is the evaluator's business.)
/// Texts are equal when their code points are, as CEL has it; Swift's own `==` would also unite composed and decomposed forms.
extension Value: Hashable {
    /// Same kind, same content; NaN equals NaN, so that every value equals itself.
    public static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.uint(let a), .uint(let b)): a == b
        case (.double(let a), .double(let b)): a == b || (a.isNaN && b.isNaN)
        case (.string(let a), .string(let b)): a.sameCodePoints(as: b)
        case (.bytes(let a), .bytes(let b)): a == b
        case (.timestamp(let a), .timestamp(let b)): a == b
        case (.duration(let a), .duration(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.map(let a), .map(let b)): a == b
        case (.secret(let a), .secret(let b)): a == b
        case (.type(let a), .type(let b)): a == b
        case (.optional(let a), .optional(let b)): a == b
        default: false
        }
    }

    /// Equal values hash alike.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(value)
        case .uint(let value): hasher.combine(value)
        case .double(let value): hasher.combine(value.isNaN ? Double.nan : value)
        case .string(let value): hasher.combine(value)
        case .bytes(let value): hasher.combine(value)
        case .timestamp(let value): hasher.combine(value)
        case .duration(let value): hasher.combine(value)
        case .list(let value): hasher.combine(value)
        case .map(let value): hasher.combine(value)
        case .secret(let value): hasher.combine(value)
        case .type(let value): hasher.combine(value)
        case .optional(let value): hasher.combine(value)
        }
    }
}

extension String {
    /// True when both texts are the same sequence of code points, whatever Unicode calls equivalent.
    @inlinable
    public func sameCodePoints(as other: String) -> Bool {
        // Equal code points are equal bytes of UTF-8. Native strings, nearly all, give theirs without a copy.
        let count = utf8.count
        guard count == other.utf8.count else { return false }
        let isSame: Bool?? = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in
                var index = 0
                while index < count, left[index] == right[index] { index += 1 }
                return index == count
            }
        }
        if case .some(.some(let isSame)) = isSame { return isSame }
        return utf8.elementsEqual(other.utf8)
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A signed whole number.
    public init(integerLiteral value: Int64) { self = .int(value) }
    /// `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A floating-point number.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A list.
    public init(arrayLiteral elements: Value...) { self = .list(elements) }
    /// A map in the order written.
    public init(dictionaryLiteral elements: (String, Value)...) {
        self = .map(ValueMap(elements.map { (MapKey.string($0.0), $0.1) }))
    }
    /// `null`.
    public init(nilLiteral: ()) { self = .null }
}
