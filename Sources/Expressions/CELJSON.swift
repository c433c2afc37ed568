public import WorkflowModel

/// CEL's mapping of values to JSON (langdef.md, "JSON Data Conversion"; protobuf's JSON mapping), and the typed encoding in which
/// conformance data and `eval --typed` write values.
public enum CELJSON {
    /// `value` as plain JSON holds it: bytes as base64, times as RFC 3339, durations as `90.5s`, NaN and infinities as texts, types
    /// and addresses by their names, keys as texts, an empty optional as null, secrets as `‹secret NAME›`.
    public static func value(_ value: Value) -> Value {
        switch value {
        case .null, .bool, .int, .uint, .string: return value
        case .double(let number): return number.isFinite ? value : .string(StringFormat.number(number))
        case .bytes(let bytes): return .string(Base64Text.encode(bytes))
        case .timestamp(let instant): return .string(instant.rfc3339)
        case .duration(let duration): return .string(DurationText.seconds(duration))
        case .secret(let secret): return .string(secret.redacted)
        case .type(let name): return .string(name)
        case .list(let items): return .list(items.map(self.value))
        case .map(let map):
            return .map(ValueMap(map.entries.map { (MapKey.string($0.key.jsonText), self.value($0.value)) }))
        case .optional(let inner):
            if let address = NetworkValue(value) { return .string(address.text) }
            return inner.first.map(self.value) ?? .null
        }
    }

    /// `value` as `{"type": "int", "value": "5"}`: exact for every kind.
    public static func typed(_ value: Value) -> Value {
        func made(_ type: String, _ content: Value) -> Value { ["type": .string(type), "value": content] }
        switch value {
        case .null: return made("null", .null)
        case .bool: return made("bool", value)
        case .int(let number): return made("int", .string(String(number)))
        case .uint(let number): return made("uint", .string(String(number)))
        case .double(let number):
            return made("double", .string(number.isFinite ? "\(number)" : StringFormat.number(number)))
        case .string: return made("string", value)
        case .bytes(let bytes): return made("bytes", .string(Base64Text.encode(bytes)))
        case .timestamp(let instant): return made("timestamp", .string(instant.rfc3339))
        case .duration(let duration): return made("duration", .string(DurationText.seconds(duration)))
        case .type(let name): return made("type", .string(name))
        case .secret(let secret): return made("secret", .string(secret.redacted))
        case .list(let items): return made("list", .list(items.map(typed)))
        case .map(let map):
            return made("map", .list(map.entries.map { .list([typed($0.key.value), typed($0.value)]) }))
        case .optional(let inner):
            if let address = NetworkValue(value) { return made(address.typeName, .string(address.text)) }
            return made("optional", .list(inner.map(typed)))
        }
    }

    /// Reads what ``typed(_:)`` writes; nil for an unknown type or content that does not fit it. Secrets are not read back.
    public static func untyped(_ encoded: Value) -> Value? {
        guard let type = encoded["type"]?.string else { return nil }
        let content = encoded["value"] ?? .null
        switch type {
        case "null": return .null
        case "bool": return content.bool.map { .bool($0) }
        case "int": return content.string.flatMap { Int64($0) }.map { .int($0) }
        case "uint": return content.string.flatMap { UInt64($0) }.map { .uint($0) }
        case "double":
            switch content.string {
            case "NaN": return .double(.nan)
            case "Infinity": return .double(.infinity)
            case "-Infinity": return .double(-.infinity)
            default: return content.string.flatMap { Double($0) }.map { .double($0) }
            }
        case "string": return content.string.map { .string($0) }
        case "bytes": return content.string.flatMap { Base64Text.decode($0) }.map { .bytes($0) }
        case "timestamp": return content.string.flatMap { Timestamp(rfc3339: $0) }.map { .timestamp($0) }
        case "duration": return content.string.flatMap { DurationText.parse($0) }.map { .duration($0) }
        case "type": return content.string.map { .type($0) }
        case "list":
            guard let items = content.list else { return nil }
            let values = items.compactMap(untyped)
            return values.count == items.count ? .list(values) : nil
        case "map":
            var map = ValueMap()
            for pair in content.list ?? [] {
                guard let pair = pair.list, pair.count == 2, let key = untyped(pair[0]).flatMap({ MapKey($0) }),
                    let held = untyped(pair[1])
                else { return nil }
                map[key] = held
            }
            return .map(map)
        default: return nil
        }
    }
}
