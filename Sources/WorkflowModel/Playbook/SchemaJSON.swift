/// Writes a ``Schema`` as JSON Schema.
public enum SchemaJSON {
    /// The JSON Schema of `schema`; `true` where anything is allowed.
    public static func value(_ schema: Schema) -> Value {
        var map = ValueMap()
        if let description = schema.description { map["description"] = .string(description) }
        switch schema.types.count {
        case 0: break
        case 1: map["type"] = .string(schema.types[0])
        default: map["type"] = .list(schema.types.map(Value.string))
        }
        if let allowed = schema.allowed { map["enum"] = .list(allowed) }
        if let words = schema.words { map["x-words"] = .list(words.map(Value.string)) }
        if let format = schema.format { map["format"] = .string(format) }
        if let minimum = schema.minimum { map["minimum"] = .double(minimum) }
        if let maximum = schema.maximum { map["maximum"] = .double(maximum) }
        for (name, limit) in [
            ("minLength", schema.minLength), ("maxLength", schema.maxLength), ("minItems", schema.minItems),
            ("maxItems", schema.maxItems),
        ] {
            if let limit { map[name] = .int(Int64(limit)) }
        }
        if let items = schema.items.first { map["items"] = value(items) }
        if !schema.anyOf.isEmpty { map["anyOf"] = .list(schema.anyOf.map(value)) }
        if let other = schema.defaultValue { map["default"] = other }
        if !schema.properties.isEmpty {
            map["properties"] = .map(ValueMap(strings: schema.properties.map { ($0.name, value($0.schema)) }))
        }
        if !schema.required.isEmpty { map["required"] = .list(schema.required.map(Value.string)) }
        if !schema.allowsOthers {
            map["additionalProperties"] = false
        } else if let others = schema.others.first {
            map["additionalProperties"] = value(others)
        }
        return map.isEmpty ? true : .map(map)
    }
}
