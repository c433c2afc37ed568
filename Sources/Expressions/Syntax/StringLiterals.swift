/// Text and bytes literals: quotes, triple quotes, `r` and `b` prefixes, escapes (langdef.md, "String and Bytes Values").
extension Lexer {
    struct StringPrefix {
        var raw = false
        var bytes = false
        var length = 0
    }

    /// The prefix, when a text or bytes literal begins here.
    func stringPrefix() -> StringPrefix? {
        var prefix = StringPrefix()
        while let scalar = peek(prefix.length) {
            switch scalar {
            case "\"", "'": return prefix
            case "r", "R":
                if prefix.raw { return nil }
                prefix.raw = true
            case "b", "B":
                if prefix.bytes { return nil }
                prefix.bytes = true
            default: return nil
            }
            prefix.length += 1
        }
        return nil
    }

    mutating func string(_ prefix: StringPrefix) throws(ExpressionError) -> Token {
        let start = position
        position += prefix.length
        let quote = scalars[position]
        let triple = peek(1) == quote && peek(2) == quote
        position += triple ? 3 : 1
        var bytes: [UInt8] = []
        while true {
            guard let scalar = peek(), triple || (scalar != "\n" && scalar != "\r") else {
                throw ExpressionError(
                    code: .unclosed, message: "the text that begins here is not closed",
                    range: start..<position,
                    help: "end it with \(triple ? String(repeating: String(quote), count: 3) : String(quote))")
            }
            if scalar == quote, !triple || (peek(1) == quote && peek(2) == quote) {
                position += triple ? 3 : 1
                break
            }
            if scalar == "\\", !prefix.raw {
                try escape(into: &bytes, isBytes: prefix.bytes)
            } else if scalar == "\\", prefix.raw, let next = peek(1) {
                bytes.append(0x5C)
                // In a raw text a backslash keeps its quote from ending the text, and both stay.
                if next == quote { bytes.append(contentsOf: Array(String(next).utf8)) }
                position += next == quote ? 2 : 1
            } else {
                bytes.append(contentsOf: Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter))
                position += 1
            }
        }
        let range = start..<position
        if prefix.bytes { return Token(kind: .bytes(bytes), range: range) }
        return Token(kind: .string(String(decoding: bytes, as: UTF8.self)), range: range)
    }

    private mutating func escape(into bytes: inout [UInt8], isBytes: Bool) throws(ExpressionError) {
        let start = position
        guard let kind = peek(1) else {
            throw ExpressionError(
                code: .unclosed, message: "the text ends after a backslash", range: start..<start + 1)
        }
        position += 2
        func code(_ digits: Int, radix: Int) throws(ExpressionError) -> UInt32 {
            let end = position + digits
            guard end <= scalars.count, let value = UInt32(text(position..<end), radix: radix),
                scalars[position] != "+", scalars[position] != "-"
            else { throw wrongEscape(start) }
            return value
        }
        func put(_ value: UInt32) throws(ExpressionError) {
            guard let scalar = Unicode.Scalar(value), let encoded = UTF8.encode(scalar) else {
                throw wrongEscape(start)
            }
            bytes.append(contentsOf: Array(encoded))
        }
        if let plain = Self.plainEscapes[kind] {
            bytes.append(plain)
            return
        }
        switch kind {
        case "x", "X":
            let value = try code(2, radix: 16)
            position += 2
            if isBytes { bytes.append(UInt8(value)) } else { try put(value) }
        case "u" where !isBytes:
            let value = try code(4, radix: 16)
            position += 4
            try put(value)
        case "U" where !isBytes:
            let value = try code(8, radix: 16)
            position += 8
            try put(value)
        case "0"..."3":
            position -= 1
            let value = try code(3, radix: 8)
            position += 3
            if isBytes { bytes.append(UInt8(value)) } else { try put(value) }
        default: throw wrongEscape(start)
        }
    }

    private static let plainEscapes: [Unicode.Scalar: UInt8] = [
        "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 0x5C, "?": 0x3F, "\"": 0x22, "'": 0x27,
        "`": 0x60,
    ]

    private func wrongEscape(_ start: Int) -> ExpressionError {
        ExpressionError(
            code: .literal, message: "`\(text(start..<min(start + 2, scalars.count)))` is no escape that a text knows",
            range: start..<min(start + 2, scalars.count),
            help:
                "write \\\\ for a backslash, or r\"…\" for a text without escapes (a regular expression, for instance)")
    }
}
