import Glibc
import WorkflowModel

/// `"…".format([…])` with the verbs `%s %d %f %e %b %o %x %X %%` (cel-go, ext/strings), and values as plain text.
enum StringFormat {
    /// A value as `%s` and `string()` show it.
    static func plain(_ value: Value) -> String {
        switch value {
        case .null: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return String(number)
        case .uint(let number): return String(number)
        case .double(let number): return self.number(number)
        case .string(let text): return text
        case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
        case .timestamp(let instant): return instant.rfc3339
        case .duration(let duration): return DurationText.seconds(duration)
        case .type(let name): return name
        case .secret(let secret): return secret.redacted
        case .list(let items): return "[" + items.map(plain).joined(separator: ", ") + "]"
        case .map(let map):
            let pairs = map.entries.map { (plain($0.key.value), plain($0.value)) }.sorted { $0.0 < $1.0 }
            return "{" + pairs.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + "}"
        case .optional(let inner):
            if let address = NetworkValue(value) { return address.text }
            return inner.first.map { "optional(\(plain($0)))" } ?? "optional.none()"
        }
    }

    /// The shortest decimal form, without a `.0`.
    static func number(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    static func format(_ value: Value, _ arguments: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        guard case .string(let pattern) = value else { throw StandardFunctions.mismatch("format", value) }
        guard case .list(let items) = arguments else { throw StandardFunctions.mismatch("format", arguments) }
        var result = ""
        var rest = pattern.unicodeScalars[...]
        var next = 0
        while let scalar = rest.popFirst() {
            guard scalar == "%" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            guard var verb = rest.popFirst() else { throw wrong("it ends after %") }
            if verb == "%" {
                result += "%"
                continue
            }
            var precision = 6
            if verb == "." {
                let digits = rest.prefix { $0.isDigit }
                guard let number = Int(String(String.UnicodeScalarView(digits))), number <= 100 else {
                    throw wrong("the number of digits after %. is missing or over 100")
                }
                precision = number
                rest = rest[digits.endIndex...]
                guard let after = rest.popFirst() else { throw wrong("it ends after %.") }
                verb = after
            }
            guard next < items.count else { throw wrong("there are only \(items.count) values for it") }
            let part = try one(items[next], verb, precision)
            try frame.spend(textOf: part.utf8.count + 16)
            result += part
            if result.utf8.count > Limits.textLength { try frame.spend(textOf: result.utf8.count) }
            next += 1
        }
        return .string(result)
    }

    private static func wrong(_ what: String) -> EvalFailure {
        EvalFailure(.invalidArgument, "the format cannot be used: \(what)")
    }

    private static func one(_ value: Value, _ verb: Unicode.Scalar, _ precision: Int) throws(EvalFailure) -> String {
        guard Sizes.fits(value) else { throw Sizes.tooLarge }
        if value.holdsSecret { throw Secrecy.failure }
        switch (verb, value) {
        case ("s", _): return plain(value)
        case ("d", .int), ("d", .uint), ("d", .double): return plain(value)
        case ("f", .double(let number)), ("e", .double(let number)): return fixed(number, verb, precision)
        case ("f", .int(let number)), ("e", .int(let number)): return fixed(Double(number), verb, precision)
        case ("f", .uint(let number)), ("e", .uint(let number)): return fixed(Double(number), verb, precision)
        case ("b", .bool(let flag)): return flag ? "1" : "0"
        case ("b", .int(let number)): return String(number, radix: 2)
        case ("b", .uint(let number)): return String(number, radix: 2)
        case ("o", .int(let number)): return String(number, radix: 8)
        case ("o", .uint(let number)): return String(number, radix: 8)
        case ("x", .int(let number)): return String(number, radix: 16)
        case ("x", .uint(let number)): return String(number, radix: 16)
        case ("X", .int(let number)): return String(number, radix: 16, uppercase: true)
        case ("X", .uint(let number)): return String(number, radix: 16, uppercase: true)
        case ("x", .string(let text)): return hex(text.utf8, uppercase: false)
        case ("X", .string(let text)): return hex(text.utf8, uppercase: true)
        case ("x", .bytes(let bytes)): return hex(bytes, uppercase: false)
        case ("X", .bytes(let bytes)): return hex(bytes, uppercase: true)
        case ("d", _), ("f", _), ("e", _), ("b", _), ("o", _), ("x", _), ("X", _):
            throw EvalFailure(.noSuchOverload, "%\(verb) cannot show a \(value.kindForPeople)")
        default: throw wrong("there is no %\(verb)")
        }
    }

    private static func hex(_ bytes: some Sequence<UInt8>, uppercase: Bool) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: uppercase) }.joined()
    }

    private static func fixed(_ number: Double, _ verb: Unicode.Scalar, _ precision: Int) -> String {
        guard number.isFinite else { return self.number(number) }
        // 309 digits before the point, 100 after it, sign and point.
        var buffer = [CChar](repeating: 0, count: 420)
        let count = withVaList([Int32(precision), number]) {
            vsnprintf(&buffer, 420, verb == "e" ? "%.*e" : "%.*f", $0)
        }
        return String(
            decoding: buffer.prefix(Int(max(0, min(count, 419)))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
