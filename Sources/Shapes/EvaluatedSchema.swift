import WorkflowModel

/// Writes the schema of an input as editors need it: everywhere an expression may stand in the value's place.
enum EvaluatedSchema {
    private static let expression: Value = ["type": "string", "pattern": "^="]
    private static let text: Value = ["type": "string", "pattern": #"\$\{\{"#]

    /// The schema of `with`, a map whose values may be expressions.
    static func value(_ schema: Schema) -> Value {
        var map = SettingSchema.head(schema)
        map["type"] = ["object", "null"]
        map["properties"] = .map(
            ValueMap(
                strings: schema.properties.map {
                    ($0.name, element($0.schema, isRequired: schema.required.contains($0.name)))
                }))
        let required = schema.required.filter { schema.property($0)?.defaultValue == nil }
        if !required.isEmpty {
            map["type"] = "object"
            map["required"] = .list(required.map(Value.string))
        }
        if let others = schema.others.first {
            map["additionalProperties"] = element(others, isRequired: true)
        } else if !schema.properties.isEmpty || !schema.allowsOthers {
            map["additionalProperties"] = false
        }
        return .map(map)
    }

    /// What may stand where a value of `schema` is wanted. That texts are of a form is left to `check`.
    private static func element(_ schema: Schema, isRequired: Bool) -> Value {
        var head = SettingSchema.head(schema)
        var forms: [Value] = []
        let parts = schema.anyOf.isEmpty ? [schema] : schema.anyOf
        for part in parts {
            guard !part.types.isEmpty || part.allowed != nil else { return .map(head) }
            forms.append(plain(part))
        }
        if !isRequired { forms.append(["type": "null"]) }
        forms.append(expression)
        if parts.contains(where: { $0.types.isEmpty || $0.types.contains("string") }) { forms.append(text) }
        head["anyOf"] = .list(forms)
        return .map(head)
    }

    private static func plain(_ schema: Schema) -> Value {
        if let allowed = schema.allowed { return ["enum": .list(allowed)] }
        var bare = schema
        (bare.description, bare.format, bare.defaultValue) = (nil, nil, nil)
        (bare.properties, bare.required, bare.others, bare.items) = ([], [], [], [])
        bare.allowsOthers = true
        guard case .map(var map) = SchemaJSON.value(bare) else { return .map(ValueMap()) }
        if let items = schema.items.first { map["items"] = element(items, isRequired: true) }
        if !schema.properties.isEmpty {
            map["properties"] = .map(
                ValueMap(
                    strings: schema.properties.map {
                        ($0.name, element($0.schema, isRequired: schema.required.contains($0.name)))
                    }))
            if !schema.allowsOthers { map["additionalProperties"] = false }
        }
        return .map(map)
    }
}

/// Writes the schema of settings, in which references to secrets may stand in a value's place.
enum SettingSchema {
    static func value(_ schema: Schema) -> Value {
        guard case .map(var map) = SchemaJSON.value(schema) else { return .map(ValueMap()) }
        // Names that `check` looks up in the workspace are no formats of JSON Schema.
        map["format"] = nil
        if !schema.properties.isEmpty {
            map["properties"] = .map(
                ValueMap(
                    strings: schema.properties.map {
                        (
                            $0.name,
                            [
                                "description": .string($0.schema.description ?? ""),
                                "anyOf": [value($0.schema), reference],
                            ]
                        )
                    }))
        }
        if let items = schema.items.first { map["items"] = value(items) }
        if let others = schema.others.first { map["additionalProperties"] = value(others) }
        return .map(map)
    }

    private static let reference: Value = ["type": "string", "pattern": #"^=\s*secrets\.|\$\{\{"#]

    /// Description and default.
    static func head(_ schema: Schema) -> ValueMap {
        var map = ValueMap()
        var text = schema.description ?? ""
        let formats = [
            "duration": "A duration such as `30s`.", "date-time": "A time such as `2026-03-02T09:00:00Z`.",
            "recipient":
                "A recipient: `assignee`, `lead of TEAM`, `on-call of SCHEDULE`, `group:NAME`, an id, an address.",
            "template": "The name of a template.", "table": "The name of a lookup table.",
            "channel": "The name of a channel.", "timezone": "A time zone such as `Europe/Berlin`.",
        ]
        if let format = schema.format.flatMap({ formats[$0] }) { text += (text.isEmpty ? "" : " ") + format }
        if !text.isEmpty { map["description"] = .string(text) }
        if let standard = schema.defaultValue { map["default"] = standard }
        return map
    }
}
