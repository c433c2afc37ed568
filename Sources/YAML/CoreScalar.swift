/// What a scalar stands for by the core schema of YAML 1.2 (section 10.3.2): `on`, `yes` and `no` are text.
public enum CoreScalar: Sendable, Hashable {
    /// Nothing, `~`, `null`, `Null`, `NULL`.
    case null
    /// `true`, `True`, `TRUE`, `false`, `False`, `FALSE`.
    case bool(Bool)
    /// Decimal, `0o…` or `0x…`, that fits 64 bits.
    case int(Int64)
    /// With a point or an exponent, `.inf`, `.nan`; also a whole number that does not fit 64 bits.
    case float(Double)
    /// Everything else.
    case string

    /// Resolves the text of a plain scalar.
    public init(resolving text: String) {
        var text = text
        self = text.withUTF8 { Self.resolve($0) }
    }

    private static func resolve(_ text: UnsafeBufferPointer<UInt8>) -> CoreScalar {
        guard let first = text.first else { return .null }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return number(text) ?? .string
        case UInt8(ascii: "~") where text.count == 1:
            return .null
        case UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"),
            UInt8(ascii: "F"):
            guard text.count <= 5 else { return .string }
            switch String(decoding: text, as: UTF8.self) {
            case "null", "Null", "NULL": return .null
            case "true", "True", "TRUE": return .bool(true)
            case "false", "False", "FALSE": return .bool(false)
            default: return .string
            }
        default:
            return .string
        }
    }

    private static func number(_ text: UnsafeBufferPointer<UInt8>) -> CoreScalar? {
        guard text.count <= 400 else { return nil }
        let word = String(decoding: text, as: UTF8.self)
        if word.hasPrefix("0o") { return radix(word.dropFirst(2), 8) }
        if word.hasPrefix("0x") { return radix(word.dropFirst(2), 16) }
        switch word {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
        case ".nan", ".NaN", ".NAN": return .float(.nan)
        default: break
        }
        var index = 0
        func digits() -> Int {
            let start = index
            while index < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[index]) { index += 1 }
            return index - start
        }
        if text[0] == UInt8(ascii: "+") || text[0] == UInt8(ascii: "-") { index = 1 }
        let whole = digits()
        if whole > 0, index == text.count { return Int64(word).map { .int($0) } ?? Double(word).map { .float($0) } }
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            if digits() + whole == 0 { return nil }
        } else if whole == 0 {
            return nil
        }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index += 1 }
            if digits() == 0 { return nil }
        }
        guard index == text.count else { return nil }
        return Double(word).map { .float($0) }
    }

    private static func radix(_ digits: Substring, _ radix: Int) -> CoreScalar? {
        guard let first = digits.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
        if let value = Int64(digits, radix: radix) { return .int(value) }
        guard digits.utf8.allSatisfy({ Int64(String(UnicodeScalar($0)), radix: radix) != nil }) else { return nil }
        return .float(
            digits.utf8.reduce(0) { $0 * Double(radix) + Double(Int64(String(UnicodeScalar($1)), radix: radix) ?? 0) })
    }
}
