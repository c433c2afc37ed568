/// Why a text is no Base64.
public struct Base64Failure: Error, Equatable, CustomStringConvertible {
    /// The offset of the first byte that does not fit, in UTF-8 bytes from 0.
    public let offset: Int
    /// What is wrong there.
    public let reason: String

    /// The reason with its place.
    public var description: String { "not Base64: \(reason) at byte \(offset)" }
}

/// Base64 and its URL-safe form (RFC 4648 sections 4 and 5).
public enum Base64 {
    private static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlSafe = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The standard alphabet, padded with `=`.
    public static func encode(_ bytes: [UInt8]) -> String { encode(bytes, alphabet: standard, padded: true) }

    /// The alphabet with `-` and `_`, without padding.
    public static func encodeURLSafe(_ bytes: [UInt8]) -> String { encode(bytes, alphabet: urlSafe, padded: false) }

    /// The bytes that `text` stands for. Strict as RFC 4648 section 3 asks: padding must be there, nothing may stand
    /// beside the alphabet, and unused bits must be zero, so that one value has one spelling.
    ///
    /// - Throws: ``Base64Failure`` with the offset of the first fault.
    public static func decode(_ text: String) throws(Base64Failure) -> [UInt8] {
        var symbols = Array(text.utf8)
        guard symbols.count.isMultiple(of: 4) else {
            throw Base64Failure(offset: symbols.count, reason: "the length is no multiple of 4")
        }
        var padding = 0
        while padding < 2, symbols.last == UInt8(ascii: "=") {
            symbols.removeLast()
            padding += 1
        }
        return try decode(symbols, plus: UInt8(ascii: "+"), slash: UInt8(ascii: "/"))
    }

    /// The bytes that an unpadded URL-safe `text` stands for, as strictly as ``decode(_:)``.
    ///
    /// - Throws: ``Base64Failure`` with the offset of the first fault.
    public static func decodeURLSafe(_ text: String) throws(Base64Failure) -> [UInt8] {
        try decode(Array(text.utf8), plus: UInt8(ascii: "-"), slash: UInt8(ascii: "_"))
    }

    private static func encode(_ bytes: [UInt8], alphabet: [UInt8], padded: Bool) -> String {
        var out: [UInt8] = []
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let first = bytes[index]
            let second = left > 1 ? bytes[index + 1] : 0
            let third = left > 2 ? bytes[index + 2] : 0
            out.append(alphabet[Int(first >> 2)])
            out.append(alphabet[Int((first & 3) << 4 | second >> 4)])
            if left > 1 { out.append(alphabet[Int((second & 15) << 2 | third >> 6)]) }
            if left > 2 { out.append(alphabet[Int(third & 63)]) }
            if padded, left < 3 { out.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - left)) }
            index += 3
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func decode(_ symbols: [UInt8], plus: UInt8, slash: UInt8) throws(Base64Failure) -> [UInt8] {
        guard symbols.count % 4 != 1 else {
            throw Base64Failure(offset: symbols.count, reason: "a single character is left over")
        }
        var out: [UInt8] = []
        out.reserveCapacity(symbols.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for (offset, symbol) in symbols.enumerated() {
            let value: UInt8
            switch symbol {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = symbol - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = symbol - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = symbol - UInt8(ascii: "0") + 52
            case plus: value = 62
            case slash: value = 63
            default: throw Base64Failure(offset: offset, reason: "a character outside the alphabet")
            }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> bitCount))
                bits &= (1 << bitCount) - 1
            }
        }
        guard bits == 0 else {
            throw Base64Failure(offset: symbols.count - 1, reason: "unused bits that are not zero")
        }
        return out
    }
}
