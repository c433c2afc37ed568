/// Why a JSON text was refused, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, in words.
    public let message: String
    /// Bytes from the start of the text.
    public let offset: Int
    /// Line, from 1.
    public let line: Int
    /// Column in bytes, from 1.
    public let column: Int

    /// `line 3, column 7: …`.
    public var description: String { "line \(line), column \(column): \(message)" }
}

/// JSON (RFC 8259) read strictly into ``Value``: a number without fraction and exponent is an `int` (a `uint` or `double` when it
/// does not fit), any other a `double`; duplicate keys, unpaired surrogates, invalid UTF-8 and anything after the value are errors.
public enum JSON {
    /// Reads one JSON text.
    ///
    /// - Parameter maximumDepth: how deep arrays and objects may nest.
    /// - Throws: ``JSONError`` with the place of the first mistake.
    public static func parse(_ bytes: some Collection<UInt8>, maximumDepth: Int = 64) throws(JSONError) -> Value {
        let result: Result<Value, JSONError>? = bytes.withContiguousStorageIfAvailable {
            read($0, maximumDepth, isTyped: false)
        }
        return try (result ?? Array(bytes).withUnsafeBufferPointer { read($0, maximumDepth, isTyped: false) }).get()
    }

    /// Reads one JSON text.
    public static func parse(_ text: String, maximumDepth: Int = 64) throws(JSONError) -> Value {
        try parse(text, maximumDepth: maximumDepth, isTyped: false)
    }

    /// Reads one JSON text; with `isTyped` the objects that stand for other kinds become those, see ``TypedJSON``.
    static func parse(_ text: String, maximumDepth: Int, isTyped: Bool) throws(JSONError) -> Value {
        var text = text
        let result = text.withUTF8 { read($0, maximumDepth, isTyped: isTyped) }
        return try result.get()
    }

    /// Reads one JSON text; with `isTyped` the objects that stand for other kinds become those, see ``TypedJSON``.
    static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int, isTyped: Bool
    ) throws(JSONError) -> Value {
        try read(bytes, maximumDepth, isTyped: isTyped).get()
    }

    private static func read(
        _ bytes: UnsafeBufferPointer<UInt8>, _ maximumDepth: Int, isTyped: Bool
    ) -> Result<Value, JSONError> {
        var reader = JSONReader(bytes: bytes, maximumDepth: maximumDepth, isTyped: isTyped)
        do throws(JSONReader.Failure) {
            return .success(try reader.document())
        } catch {
            var line = 1
            var lineStart = 0
            for index in 0..<min(error.offset, bytes.count) where bytes[index] == 0x0A {
                line += 1
                lineStart = index + 1
            }
            return .failure(
                JSONError(
                    message: error.message, offset: error.offset, line: line, column: error.offset - lineStart + 1))
        }
    }
}

private struct JSONReader: ~Copyable {
    struct Failure: Error {
        let message: String
        let offset: Int
    }

    let bytes: UnsafeBufferPointer<UInt8>
    let maximumDepth: Int
    /// Whether objects with one key that begins with `$` are values of other kinds.
    let isTyped: Bool
    var at = 0
    var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int, isTyped: Bool) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        self.isTyped = isTyped
    }

    mutating func document() throws(Failure) -> Value {
        skipSpace()
        guard at < bytes.count else {
            throw Failure(message: "the text is empty; a JSON value is expected", offset: at)
        }
        let value = try value()
        skipSpace()
        guard at == bytes.count else {
            throw Failure(message: "there is something after the end of the JSON value", offset: at)
        }
        return value
    }

    @inline(__always)
    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 {
            at += 1
        }
    }

    private func fail(_ message: String, at offset: Int? = nil) -> Failure {
        Failure(message: message, offset: offset ?? at)
    }

    private mutating func value() throws(Failure) -> Value {
        guard at < bytes.count else { throw fail("the text ends where a value is expected") }
        switch bytes[at] {
        case 0x22: return .string(try string())
        case 0x7B: return try object()
        case 0x5B: return try array()
        case 0x74: return try word("true", .bool(true))
        case 0x66: return try word("false", .bool(false))
        case 0x6E: return try word("null", .null)
        case 0x2D, 0x30...0x39: return try number()
        default: throw fail("a value cannot begin here")
        }
    }

    private mutating func word(_ word: StaticString, _ value: Value) throws(Failure) -> Value {
        let length = word.utf8CodeUnitCount
        guard at + length <= bytes.count else { throw fail("a value cannot begin here") }
        for index in 0..<length where bytes[at + index] != word.utf8Start[index] {
            throw fail("a value cannot begin here")
        }
        at += length
        return value
    }

    private mutating func enter() throws(Failure) {
        depth += 1
        guard depth <= maximumDepth else { throw fail("nested deeper than \(maximumDepth) levels") }
        at += 1
        skipSpace()
    }

    private mutating func array() throws(Failure) -> Value {
        try enter()
        var items: [Value] = []
        if at < bytes.count, bytes[at] == 0x5D {
            at += 1
            depth -= 1
            return .list([])
        }
        while true {
            items.append(try value())
            skipSpace()
            guard at < bytes.count else { throw fail("the list is not closed; `]` is missing") }
            if bytes[at] == 0x5D { break }
            guard bytes[at] == 0x2C else { throw fail("a comma or `]` is expected") }
            at += 1
            skipSpace()
        }
        at += 1
        depth -= 1
        return .list(items)
    }

    private mutating func object() throws(Failure) -> Value {
        let start = at
        try enter()
        var entries: [ValueMap.Entry] = []
        if at < bytes.count, bytes[at] == 0x7D {
            at += 1
            depth -= 1
            return .map(ValueMap())
        }
        entries.reserveCapacity(8)
        var seen: Set<String>?
        while true {
            let keyStart = at
            guard at < bytes.count, bytes[at] == 0x22 else { throw fail("a key in double quotes is expected") }
            let key = try string()
            // A set only where a scan would grow quadratic.
            if seen == nil, entries.count >= 16 { seen = Set(entries.compactMap(\.key.string)) }
            let isNew =
                if seen != nil { seen?.insert(key).inserted ?? true } else {
                    !entries.contains { $0.hasKey(key) }
                }
            guard isNew else { throw fail("the key \"\(key)\" is there twice", at: keyStart) }
            skipSpace()
            guard at < bytes.count, bytes[at] == 0x3A else { throw fail("a colon is expected after the key") }
            at += 1
            skipSpace()
            entries.append(ValueMap.Entry(key: .string(key), value: try value()))
            skipSpace()
            guard at < bytes.count else { throw fail("the object is not closed; `}` is missing") }
            if bytes[at] == 0x7D { break }
            guard bytes[at] == 0x2C else { throw fail("a comma or `}` is expected") }
            at += 1
            skipSpace()
        }
        at += 1
        depth -= 1
        if isTyped, entries.count == 1, let key = entries[0].key.string, key.utf8.first == 0x24 {
            guard let value = TypedJSON.special(key, entries[0].value) else {
                throw fail("the stored form \(key) cannot be read", at: start)
            }
            return value
        }
        return .map(ValueMap(uniqueEntries: entries))
    }

    private mutating func number() throws(Failure) -> Value {
        let start = at
        let negative = bytes[at] == 0x2D
        if negative { at += 1 }
        let digitsStart = at
        var magnitude: UInt64 = 0
        var fits = true
        while at < bytes.count, bytes[at] &- 0x30 < 10 {
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(bytes[at] &- 0x30))
            if overflow || carry { fits = false }
            magnitude = sum
            at += 1
        }
        guard at > digitsStart else { throw fail("a digit is expected") }
        guard bytes[digitsStart] != 0x30 || at == digitsStart + 1 else {
            throw fail("a number cannot begin with 0", at: digitsStart)
        }
        var whole = true
        if at < bytes.count, bytes[at] == 0x2E {
            whole = false
            at += 1
            let fraction = at
            while at < bytes.count, bytes[at] &- 0x30 < 10 { at += 1 }
            guard at > fraction else { throw fail("a digit is expected after the point") }
        }
        if at < bytes.count, bytes[at] | 0x20 == 0x65 {
            whole = false
            at += 1
            if at < bytes.count, bytes[at] == 0x2B || bytes[at] == 0x2D { at += 1 }
            let exponent = at
            while at < bytes.count, bytes[at] &- 0x30 < 10 { at += 1 }
            guard at > exponent else { throw fail("a digit is expected in the exponent") }
        }
        if whole, fits {
            if negative {
                if magnitude <= UInt64(Int64.max) { return .int(-Int64(magnitude)) }
                if magnitude == UInt64(Int64.max) + 1 { return .int(.min) }
            } else {
                if magnitude <= UInt64(Int64.max) { return .int(Int64(magnitude)) }
                return .uint(magnitude)
            }
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        guard let number = Double(text), number.isFinite else { throw fail("the number is out of range", at: start) }
        return .double(number)
    }

    private mutating func string() throws(Failure) -> String {
        at += 1
        let start = at
        var ascii = true
        at = PlainRun.end(in: bytes, from: at, isASCII: true)
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x22 {
                let slice = UnsafeBufferPointer(rebasing: bytes[start..<at])
                at += 1
                if ascii { return String(decoding: slice, as: UTF8.self) }
                guard let text = String(validating: slice, as: UTF8.self) else {
                    throw fail("the text is not valid UTF-8", at: start)
                }
                return text
            }
            if byte == 0x5C { return try escapedString(from: start) }
            guard byte >= 0x20 else { throw fail("a control character must be written as \\u00XX in a text") }
            if byte >= 0x80 { ascii = false }
            at += 1
        }
        throw fail("the text is not closed; a double quote is missing", at: start - 1)
    }

    private mutating func escapedString(from start: Int) throws(Failure) -> String {
        var unescaped = Array(bytes[start..<at])
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            switch byte {
            case 0x22:
                guard let text = String(validating: unescaped, as: UTF8.self) else {
                    throw fail("the text is not valid UTF-8", at: start)
                }
                return text
            case 0x5C:
                guard at < bytes.count else {
                    throw fail("the text is not closed; a double quote is missing", at: start - 1)
                }
                let escape = bytes[at]
                at += 1
                switch escape {
                case 0x22, 0x5C, 0x2F: unescaped.append(escape)
                case 0x62: unescaped.append(0x08)
                case 0x66: unescaped.append(0x0C)
                case 0x6E: unescaped.append(0x0A)
                case 0x72: unescaped.append(0x0D)
                case 0x74: unescaped.append(0x09)
                case 0x75:
                    var scalar = try hex()
                    if (0xD800..<0xDC00).contains(scalar) {
                        guard at + 1 < bytes.count, bytes[at] == 0x5C, bytes[at + 1] == 0x75 else {
                            throw fail("half of a surrogate pair stands alone")
                        }
                        at += 2
                        let low = try hex()
                        guard (0xDC00..<0xE000).contains(low) else {
                            throw fail("half of a surrogate pair stands alone")
                        }
                        scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
                    }
                    guard let unicode = Unicode.Scalar(scalar) else {
                        throw fail("half of a surrogate pair stands alone")
                    }
                    unescaped.append(contentsOf: Array(String(Character(unicode)).utf8))
                default: throw fail("unknown escape in a text", at: at - 1)
                }
            case 0..<0x20: throw fail("a control character must be written as \\u00XX in a text", at: at - 1)
            default: unescaped.append(byte)
            }
        }
        throw fail("the text is not closed; a double quote is missing", at: start - 1)
    }

    private mutating func hex() throws(Failure) -> UInt32 {
        guard at + 4 <= bytes.count else { throw fail("four hex digits are expected after \\u") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes[at]
            let digit: UInt8 =
                switch byte {
                case 0x30...0x39: byte - 0x30
                case 0x41...0x46: byte - 0x37
                case 0x61...0x66: byte - 0x57
                default: throw fail("four hex digits are expected after \\u")
                }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }
}
