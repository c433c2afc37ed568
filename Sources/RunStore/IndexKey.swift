public import WorkflowModel

/// The place of a value in an index, as bytes that compare as the values do: nothing, false, true, numbers (exactly, whatever
/// their kind), texts (by code point), instants, durations, and last whatever has no order.
///
/// Every driver sorts and compares by these bytes, so that all give the same documents in the same order.
public struct IndexKey: Sendable, Hashable, Comparable {
    /// The kind in the first byte, then what orders values of this kind.
    public let bytes: [UInt8]

    private enum Kind: UInt8 {
        case missing = 0
        case bool, number, text, timestamp, duration, unordered
    }

    /// The key of a field without a value.
    public static let missing = IndexKey(kind: .missing, [])

    /// The key of a field's value; nil is a field that is missing, which counts as null. Lists, maps, bytes and secrets have the
    /// one key of what cannot be compared.
    public init(_ value: Value?) {
        switch value {
        case nil, .null?: self = .missing
        case .bool(let flag)?: self.init(kind: .bool, [flag ? 1 : 0])
        case .int(let number)?: self.init(kind: .number, Self.number(Double(number), exactly: Int128(number)))
        case .uint(let number)?: self.init(kind: .number, Self.number(Double(number), exactly: Int128(number)))
        case .double(let number)?: self.init(kind: .number, Self.number(number, exactly: nil))
        case .string(let text)?: self.init(kind: .text, Array(text.utf8))
        case .timestamp(let instant)?:
            self.init(kind: .timestamp, Self.bigEndian(instant.seconds) + Self.bigEndian(Int64(instant.nanoseconds)))
        case .duration(let duration)?:
            let (seconds, attoseconds) = duration.components
            // A negative duration has a negative rest too, so the pair compares as the duration does.
            self.init(kind: .duration, Self.bigEndian(seconds) + Self.bigEndian(attoseconds))
        case .list?, .map?, .bytes?, .secret?, .type?, .optional?: self.init(kind: .unordered, [])
        }
    }

    private init(kind: Kind, _ rest: [UInt8]) {
        bytes = [kind.rawValue] + rest
    }

    /// Whether queries may compare with this key: not with null, nor with what has no order.
    public var isComparable: Bool {
        bytes.first != Kind.missing.rawValue && bytes.first != Kind.unordered.rawValue
    }

    /// The least key of the same kind: a range holds values of one kind only.
    public var kindStart: [UInt8] { Array(bytes.prefix(1)) }

    /// What follows the last key of the same kind.
    public var kindEnd: [UInt8] { [(bytes.first ?? 0) + 1] }

    /// Whether `left` comes first in the index.
    public static func < (left: IndexKey, right: IndexKey) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// The nearest double in an order of bytes, then how far the whole number is from it: large whole numbers stay apart.
    private static func number(_ nearest: Double, exactly whole: Int128?) -> [UInt8] {
        guard !nearest.isNaN else { return [UInt8](repeating: 0xFF, count: 10) }
        // Zero has two signs and one place.
        let bits = (nearest == 0 ? 0 : nearest).bitPattern
        let ordered = bits >> 63 == 1 ? ~bits : bits | 1 << 63
        var distance: Int128 = 0
        if let whole, let double = Int128(exactly: nearest) { distance = whole - double }
        let offset = UInt16(clamping: distance + 0x8000)
        return bigEndian(unsigned: ordered) + [UInt8(offset >> 8), UInt8(truncatingIfNeeded: offset)]
    }

    private static func bigEndian(_ number: Int64) -> [UInt8] {
        // With the sign bit turned, negative numbers come first.
        bigEndian(unsigned: UInt64(bitPattern: number) ^ 1 << 63)
    }

    private static func bigEndian(unsigned number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
    }
}
