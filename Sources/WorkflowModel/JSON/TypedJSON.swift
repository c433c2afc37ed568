/// The journal's encoding of ``Value``: JSON that keeps every kind exactly and reads back as the same value.
///
/// null, bool, int, text, list and map are plain JSON. Everything else is an object with one key that begins with `$`:
/// `{"$uint":"5"}`, `{"$double":"0.1"}`, `{"$bytes":base64}`, `{"$time":RFC 3339}`, `{"$duration":"90.5s"}`,
/// `{"$secret":["text",{"ref":"NAME"}]}`, and `{"$map":[[key,value],…]}` for maps whose keys are not all texts or begin with `$`.
public enum TypedJSON {
    /// The encoded text.
    public static func text(_ value: Value) -> String { String(decoding: data(value), as: UTF8.self) }

    /// The encoded text as UTF-8.
    public static func data(_ value: Value) -> [UInt8] {
        var writer = JSONWriter()
        writer.writeTyped(value)
        return writer.bytes
    }

    /// Reads an encoded text back.
    ///
    /// - Throws: ``JSONError`` when the text is no JSON or uses an unknown `$` form.
    public static func parse(_ text: String) throws(JSONError) -> Value {
        // Wrapping adds up to two levels for each level of the value itself.
        try JSON.parse(text, maximumDepth: 256, isTyped: true)
    }

    /// Reads an encoded text back from its bytes.
    ///
    /// - Throws: ``JSONError`` when the text is no JSON or uses an unknown `$` form.
    public static func parse(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) -> Value {
        try JSON.parse(text, maximumDepth: 256, isTyped: true)
    }

    /// `value` rewritten so that plain JSON holds it.
    static func plain(_ value: Value) -> Value {
        switch value {
        case .null, .bool, .int, .string: return value
        case .uint(let number): return ["$uint": .string(String(number))]
        case .double(let number): return ["$double": .string("\(number)")]
        case .bytes(let bytes): return ["$bytes": .string(Base64Text.encode(bytes))]
        case .timestamp(let instant): return ["$time": .string(instant.rfc3339)]
        case .duration(let duration): return ["$duration": .string(DurationText.seconds(duration))]
        case .list(let items): return .list(items.map(plain))
        case .secret(let secret):
            return [
                "$secret": .list(
                    secret.segments.map { segment in
                        switch segment {
                        case .plain(let text): .string(text)
                        case .reference(let name): ["ref": .string(name)]
                        }
                    })
            ]
        case .map(let map):
            guard isPlain(map) else {
                return ["$map": .list(map.map { .list([plain($0.key.value), plain($0.value)]) })]
            }
            return .map(ValueMap(uniqueEntries: map.entries.map { .init(key: $0.key, value: plain($0.value)) }))
        case .type(let name): return ["$type": .string(name)]
        case .optional(let inner): return ["$optional": .list(inner.map(plain))]
        }
    }

    /// Whether plain JSON holds the keys of `map` as they are.
    static func isPlain(_ map: ValueMap) -> Bool {
        map.entries.allSatisfy { entry in
            guard case .string(let key) = entry.key else { return false }
            return key.utf8.first != 0x24
        }
    }

    /// The value of an object with the one key `key`, which begins with `$`; nil when there is none. What is inside has been read
    /// already.
    static func special(_ key: String, _ content: Value) -> Value? {
        switch (key, content) {
        case ("$uint", .string(let text)):
            return UInt64(text).map(Value.uint)
        case ("$double", .string(let text)):
            return Double(text).map(Value.double)
        case ("$bytes", .string(let text)):
            return Base64Text.decode(text).map(Value.bytes)
        case ("$time", .string(let text)):
            return Timestamp(rfc3339: text).map(Value.timestamp)
        case ("$duration", .string(let text)):
            return DurationText.parse(text).map(Value.duration)
        case ("$type", .string(let name)): return .type(name)
        case ("$optional", .list(let inner)):
            return .optional(inner)
        case ("$secret", .list(let parts)):
            var secret = SecretText([])
            for part in parts {
                if let text = part.string {
                    secret.append(.plain(text))
                } else if let name = part["ref"]?.string {
                    secret.append(.reference(name))
                } else {
                    return .none
                }
            }
            return .secret(secret)
        case ("$map", .list(let pairs)):
            var map = ValueMap()
            for pair in pairs {
                guard let pair = pair.list, pair.count == 2, let key = MapKey(pair[0]) else { return .none }
                map[key] = pair[1]
            }
            return .map(map)
        // A bare `nil` would be the value null.
        default: return .none
        }
    }
}
