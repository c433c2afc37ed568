/// Writes ``Value`` as JSON text, by CEL's JSON mapping where JSON has no such kind: bytes as base64, timestamps as RFC 3339,
/// durations as seconds (`90.5s`), NaN and infinities as texts, secrets redacted.
public struct JSONWriter: Sendable {
    /// The text so far, as UTF-8.
    public private(set) var bytes: [UInt8] = []
    private let indent: Int?

    /// A writer; `indent` spaces a level, or all on one line when nil.
    public init(indent: Int? = nil) {
        self.indent = indent
        bytes.reserveCapacity(256)
    }

    /// The JSON text of `value`.
    public static func text(_ value: Value, indent: Int? = nil) -> String {
        String(decoding: data(value, indent: indent), as: UTF8.self)
    }

    /// The JSON text of `value` as UTF-8.
    public static func data(_ value: Value, indent: Int? = nil) -> [UInt8] {
        var writer = JSONWriter(indent: indent)
        writer.write(value)
        return writer.bytes
    }

    /// Adds `value` at the end of the text in the form of ``TypedJSON``, which keeps every kind.
    mutating func writeTyped(_ value: Value) {
        switch value {
        case .null, .bool, .int, .string: write(value, depth: 0)
        case .timestamp(let instant): write(special: "$time", instant.rfc3339)
        case .list(let items):
            bytes.append(0x5B)
            var isFirst = true
            for item in items {
                if !isFirst { bytes.append(0x2C) }
                isFirst = false
                writeTyped(item)
            }
            bytes.append(0x5D)
        case .map(let map) where TypedJSON.isPlain(map):
            bytes.append(0x7B)
            var isFirst = true
            for entry in map.entries {
                if !isFirst { bytes.append(0x2C) }
                isFirst = false
                append(quoted: entry.key.jsonText)
                bytes.append(0x3A)
                writeTyped(entry.value)
            }
            bytes.append(0x7D)
        default: write(TypedJSON.plain(value), depth: 0)
        }
    }

    private mutating func write(special key: String, _ text: String) {
        append("{\"")
        append(key)
        append("\":")
        append(quoted: text)
        bytes.append(0x7D)
    }

    /// Adds `value` at the end of the text.
    public mutating func write(_ value: Value) { write(value, depth: 0) }

    /// Adds bytes as they are, such as a line end between values.
    public mutating func append(raw: some Sequence<UInt8>) { bytes.append(contentsOf: raw) }

    private mutating func write(_ value: Value, depth: Int) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .int(let number): append(decimal: number.magnitude, negative: number < 0)
        case .uint(let number): append(decimal: UInt64(number), negative: false)
        case .double(let number): append(JSONWriter.number(number))
        case .string(let text): append(quoted: text)
        case .bytes(let data): append(quoted: Base64Text.encode(data))
        case .timestamp(let instant): append(quoted: instant.rfc3339)
        case .duration(let duration): append(quoted: DurationText.seconds(duration))
        case .secret(let secret): append(quoted: secret.redacted)
        case .type(let name): append(quoted: name)
        case .optional(let inner): write(inner.first ?? .null, depth: depth)
        case .list(let items):
            bytes.append(0x5B)
            for (position, item) in items.enumerated() {
                if position > 0 { bytes.append(0x2C) }
                newline(depth + 1)
                write(item, depth: depth + 1)
            }
            if !items.isEmpty { newline(depth) }
            bytes.append(0x5D)
        case .map(let map):
            bytes.append(0x7B)
            for (position, entry) in map.entries.enumerated() {
                if position > 0 { bytes.append(0x2C) }
                newline(depth + 1)
                append(quoted: entry.key.jsonText)
                bytes.append(0x3A)
                if indent != nil { bytes.append(0x20) }
                write(entry.value, depth: depth + 1)
            }
            if !map.isEmpty { newline(depth) }
            bytes.append(0x7D)
        }
    }

    /// The shortest decimal that reads back as the same double, with a point or exponent so that it stays a double.
    static func number(_ number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "\"NaN\"" : number < 0 ? "\"-Infinity\"" : "\"Infinity\"" }
        return "\(number)"
    }

    private mutating func newline(_ depth: Int) {
        guard let indent else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: depth * indent))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func append(decimal magnitude: UInt64, negative: Bool) {
        if negative { bytes.append(0x2D) }
        if magnitude < 10 {
            bytes.append(0x30 + UInt8(magnitude))
        } else {
            bytes.append(contentsOf: String(magnitude).utf8)
        }
    }

    private mutating func append(quoted text: String) {
        var text = text
        text.withUTF8 { append(quoted: $0) }
    }

    private mutating func append(quoted text: UnsafeBufferPointer<UInt8>) {
        bytes.append(0x22)
        // Nearly all texts need no escape: they are copied in stretches.
        var start = 0
        var place = 0
        while place < text.count {
            place = PlainRun.end(in: text, from: place, isASCII: false)
            let stop = min(place + 8, text.count)
            while place < stop {
                let byte = text[place]
                if byte < 0x20 || byte == 0x22 || byte == 0x5C {
                    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<place]))
                    start = place + 1
                    escape(byte)
                }
                place += 1
            }
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
        bytes.append(0x22)
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22, 0x5C:
            bytes.append(0x5C)
            bytes.append(byte)
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        default:
            append("\\u00")
            bytes.append(byte >> 4 == 0 ? 0x30 : 0x31)
            let low = byte & 0x0F
            bytes.append(low < 10 ? 0x30 + low : 0x57 + low)
        }
    }
}

/// Base64 (RFC 4648 section 4) for bytes inside JSON.
public enum Base64Text {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The base64 text of `bytes`, padded.
    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let group =
                UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
                | (left > 2 ? UInt32(bytes[index + 2]) : 0)
            text.append(alphabet[Int(group >> 18 & 63)])
            text.append(alphabet[Int(group >> 12 & 63)])
            text.append(left > 1 ? alphabet[Int(group >> 6 & 63)] : 0x3D)
            text.append(left > 2 ? alphabet[Int(group & 63)] : 0x3D)
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a base64 text, padded or not; nil when it is none.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var group: UInt32 = 0
        var count = 0
        var padding = 0
        for byte in text.utf8 {
            if byte == 0x3D {
                padding += 1
                continue
            }
            guard padding == 0, let digit = alphabet.firstIndex(of: byte) else { return nil }
            group = group << 6 | UInt32(digit)
            count += 1
            if count == 4 {
                bytes += [
                    UInt8(truncatingIfNeeded: group >> 16), UInt8(truncatingIfNeeded: group >> 8),
                    UInt8(truncatingIfNeeded: group),
                ]
                group = 0
                count = 0
            }
        }
        switch count {
        case 0: return padding == 0 ? bytes : nil
        case 2 where padding == 0 || padding == 2: return bytes + [UInt8(truncatingIfNeeded: group >> 4)]
        case 3 where padding <= 1:
            return bytes + [UInt8(truncatingIfNeeded: group >> 10), UInt8(truncatingIfNeeded: group >> 2)]
        default: return nil
        }
    }
}
