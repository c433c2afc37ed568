import WorkflowModel

/// The words of which the schemas of answers are made: JSON Schema 2020-12, as OpenAPI 3.1 has it.
enum SchemaWords {
    /// A reference to one of ``AnswerSchemas``.
    static func ref(_ name: String) -> Value { ["$ref": .string("#/components/schemas/\(name)")] }

    static func text(_ description: String) -> Value { ["type": "string", "description": .string(description)] }

    static func word(_ words: [String], _ description: String) -> Value {
        ["type": "string", "enum": .list(words.map(Value.string)), "description": .string(description)]
    }

    static func number(_ description: String) -> Value { ["type": "integer", "description": .string(description)] }

    static func flag(_ description: String) -> Value { ["type": "boolean", "description": .string(description)] }

    static func instant(_ description: String) -> Value {
        ["type": "string", "format": "date-time", "description": .string(description)]
    }

    static func anything(_ description: String) -> Value { ["description": .string(description)] }

    static func map(_ description: String) -> Value { ["type": "object", "description": .string(description)] }

    static func list(_ items: Value, _ description: String) -> Value {
        ["type": "array", "items": items, "description": .string(description)]
    }

    /// `schema` of one type, or null.
    static func orNull(_ schema: Value) -> Value {
        guard case .map(var map) = schema else { return schema }
        if let type = map["type"]?.string {
            map["type"] = .list([.string(type), "null"])
            if let words = map["enum"]?.list { map["enum"] = .list(words + [.null]) }
            return .map(map)
        }
        return ["anyOf": .list([schema, ["type": "null"]])]
    }

    /// An object that always has `fields`, and `optional` ones when there is something to say.
    static func object(
        _ description: String, _ fields: KeyValuePairs<String, Value>, optional: KeyValuePairs<String, Value> = [:]
    ) -> Value {
        var properties = ValueMap()
        for (name, schema) in fields { properties[name] = schema }
        for (name, schema) in optional { properties[name] = schema }
        return [
            "type": "object", "description": .string(description), "properties": .map(properties),
            "required": .list(fields.map { .string($0.key) }),
        ]
    }

    /// A page of a list.
    static func page(of item: String) -> Value {
        object(
            "A page of a list, newest first where there is an order.",
            [
                "items": list(ref(item), "What is on this page."),
                "next": orNull(
                    text(
                        "The cursor of the next page; null at the end. A page may have fewer items than wanted before that."
                    )),
            ])
    }
}
