import WorkflowModel

/// The strings extension (cel-go, ext/strings): positions count Unicode code points.
enum StringFunctions {
    static let all: [FunctionLibrary.Function] = [
        .method("charAt", charAt), .method("indexOf", 2...3, indexOf), .method("lastIndexOf", 2...3, lastIndexOf),
        .method("join", 1...2, join), .global("strings.quote", quote), .method("replace", 3...4, replace),
        .method("split", 2...3, split), .method("substring", 2...3, substring), .method("trim", trim),
        .method("upperAscii", upperAscii), .method("lowerAscii", lowerAscii), .method("reverse", reverse),
        .method("format", StringFormat.format),
    ]

    private static func text(_ value: Value, _ name: String, _ frame: inout Frame) throws(EvalFailure) -> String {
        guard case .string(let text) = value else { throw StandardFunctions.mismatch(name, value) }
        try frame.spend(text.utf8.count >> 4)
        return text
    }

    private static func scalars(
        _ value: Value, _ name: String, _ frame: inout Frame
    ) throws(EvalFailure) -> [Unicode.Scalar] {
        let text = try text(value, name, &frame)
        try frame.spend(text.utf8.count >> 3)
        return Array(text.unicodeScalars)
    }

    /// The price of a plain search, which may compare the whole part at every place.
    static func spend(searching part: Int, in text: Int, _ frame: inout Frame) throws(EvalFailure) {
        try frame.spend((text * part) >> 10)
    }

    private static func position(
        _ value: Value, _ name: String, upTo limit: Int
    ) throws(EvalFailure) -> Int {
        guard case .int(let position) = value else { throw StandardFunctions.mismatch(name, value) }
        guard position >= 0, position <= Int64(limit) else {
            throw EvalFailure(.outOfRange, "the position \(position) is outside the text of \(limit) characters")
        }
        return Int(position)
    }

    static func string(_ scalars: some Sequence<Unicode.Scalar>) -> Value {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return .string(String(view))
    }

    static func charAt(_ value: Value, _ position: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        let scalars = try scalars(value, "charAt", &frame)
        let position = try self.position(position, "charAt", upTo: scalars.count)
        return string(scalars[position..<min(position + 1, scalars.count)])
    }

    static func indexOf(_ values: [Value], _ frame: inout Frame) throws(EvalFailure) -> Value {
        let scalars = try scalars(values[0], "indexOf", &frame)
        let part = try self.scalars(values[1], "indexOf", &frame)
        try spend(searching: part.count, in: scalars.count, &frame)
        let start = values.count > 2 ? try position(values[2], "indexOf", upTo: scalars.count) : 0
        var index = start
        while index + part.count <= scalars.count {
            if scalars[index..<index + part.count].elementsEqual(part) { return .int(Int64(index)) }
            index += 1
        }
        return .int(-1)
    }

    static func lastIndexOf(_ values: [Value], _ frame: inout Frame) throws(EvalFailure) -> Value {
        let scalars = try scalars(values[0], "lastIndexOf", &frame)
        let part = try self.scalars(values[1], "lastIndexOf", &frame)
        try spend(searching: part.count, in: scalars.count, &frame)
        let start = values.count > 2 ? try position(values[2], "lastIndexOf", upTo: scalars.count) : scalars.count
        var index = min(start, scalars.count - part.count)
        while index >= 0 {
            if scalars[index..<index + part.count].elementsEqual(part) { return .int(Int64(index)) }
            index -= 1
        }
        return .int(-1)
    }

    static func join(_ values: [Value], _ frame: inout Frame) throws(EvalFailure) -> Value {
        guard case .list(let items) = values[0] else { throw StandardFunctions.mismatch("join", values[0]) }
        let separator = values.count > 1 ? try text(values[1], "join", &frame) : ""
        var result = ""
        for (index, item) in items.enumerated() {
            guard case .string(let part) = item else { throw StandardFunctions.mismatch("join", item) }
            if index > 0 { result += separator }
            result += part
            try frame.spend(textOf: part.utf8.count + separator.utf8.count)
            if result.utf8.count > Limits.textLength { try frame.spend(textOf: result.utf8.count) }
        }
        return .string(result)
    }

    private static let escapes: [Unicode.Scalar: String] = [
        "\u{07}": "\\a", "\u{08}": "\\b", "\u{0C}": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{0B}": "\\v",
        "\\": "\\\\", "\"": "\\\"",
    ]

    static func quote(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        var quoted = "\""
        for scalar in try scalars(value, "strings.quote", &frame) {
            if let escape = escapes[scalar] { quoted += escape } else { quoted.unicodeScalars.append(scalar) }
        }
        return .string(quoted + "\"")
    }

    static func replace(_ values: [Value], _ frame: inout Frame) throws(EvalFailure) -> Value {
        let bytes = Array(try text(values[0], "replace", &frame).utf8)
        let old = Array(try text(values[1], "replace", &frame).utf8)
        let new = Array(try text(values[2], "replace", &frame).utf8)
        try spend(searching: old.count, in: bytes.count, &frame)
        var left = Int.max
        if values.count > 3 {
            guard case .int(let limit) = values[3] else { throw StandardFunctions.mismatch("replace", values[3]) }
            left = limit < 0 ? .max : Int(limit)
        }
        var result: [UInt8] = []
        var index = 0
        while index <= bytes.count {
            let atStart = index == bytes.count || bytes[index] & 0xC0 != 0x80
            let found = old.isEmpty ? atStart : bytes[index...].starts(with: old)
            if left > 0, found {
                left -= 1
                result += new
                try frame.spend(1)
                if result.count > Limits.textLength { try frame.spend(textOf: result.count) }
                if !old.isEmpty {
                    index += old.count
                    continue
                }
            }
            if index < bytes.count { result.append(bytes[index]) }
            index += 1
        }
        try frame.spend(textOf: result.count)
        return .string(String(decoding: result, as: UTF8.self))
    }

    static func split(_ values: [Value], _ frame: inout Frame) throws(EvalFailure) -> Value {
        let scalars = try scalars(values[0], "split", &frame)
        let separator = try self.scalars(values[1], "split", &frame)
        try spend(searching: separator.count, in: scalars.count, &frame)
        var left = Int.max
        if values.count > 2 {
            guard case .int(let limit) = values[2] else { throw StandardFunctions.mismatch("split", values[2]) }
            if limit == 0 { return .list([]) }
            left = limit < 0 ? .max : Int(limit)
        }
        var parts: [Value] = []
        var start = 0
        var index = 0
        if separator.isEmpty {
            while index < scalars.count, parts.count + 1 < left {
                parts.append(string(scalars[index..<index + 1]))
                index += 1
            }
            if index < scalars.count { parts.append(string(scalars[index...])) }
            try frame.spend(listOf: parts.count)
            return .list(parts)
        }
        while index + separator.count <= scalars.count, parts.count + 1 < left {
            if scalars[index..<index + separator.count].elementsEqual(separator) {
                parts.append(string(scalars[start..<index]))
                index += separator.count
                start = index
            } else {
                index += 1
            }
        }
        parts.append(string(scalars[start...]))
        try frame.spend(listOf: parts.count)
        return .list(parts)
    }

    static func substring(_ values: [Value], _ frame: inout Frame) throws(EvalFailure) -> Value {
        let scalars = try scalars(values[0], "substring", &frame)
        let start = try position(values[1], "substring", upTo: scalars.count)
        let end = values.count > 2 ? try position(values[2], "substring", upTo: scalars.count) : scalars.count
        guard start <= end else { throw EvalFailure(.outOfRange, "substring cannot go from \(start) to \(end)") }
        return string(scalars[start..<end])
    }

    static func trim(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        let scalars = try scalars(value, "trim", &frame)
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return .string("") }
        return string(scalars[first...last])
    }

    private static func mapBytes(
        _ value: Value, _ name: String, _ frame: inout Frame, _ change: (UInt8) -> UInt8
    ) throws(EvalFailure) -> Value {
        let text = try text(value, name, &frame)
        return .string(String(decoding: text.utf8.map(change), as: UTF8.self))
    }

    static func upperAscii(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        try mapBytes(value, "upperAscii", &frame) { (0x61...0x7A).contains($0) ? $0 - 32 : $0 }
    }

    static func lowerAscii(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        try mapBytes(value, "lowerAscii", &frame) { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
    }

    static func reverse(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        if case .list(let items) = value {
            try frame.spend(items.count)
            return .list(items.reversed())
        }
        return string(try scalars(value, "reverse", &frame).reversed())
    }
}
