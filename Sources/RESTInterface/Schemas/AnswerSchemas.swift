import WorkflowModel

/// What answers are like. Every answer in the tests is checked against these, with no field beyond them.
enum AnswerSchemas {
    /// All of them by name, in the order of the document.
    static let all: [(name: String, schema: Value)] =
        runs + events + deliveries + playbooks + people + ledger + plugins + others
}

extension SchemaWords {
    /// An object with the fields of two lists.
    static func object(
        _ description: String, _ fields: KeyValuePairs<String, Value>, and more: KeyValuePairs<String, Value>,
        optional: KeyValuePairs<String, Value> = [:], and moreOptional: KeyValuePairs<String, Value> = [:]
    ) -> Value {
        let (first, second) = (object("", fields, optional: optional), object("", more, optional: moreOptional))
        let properties = (first["properties"]?.map ?? [:]).merging(second["properties"]?.map ?? [:])
        return [
            "type": "object", "description": .string(description), "properties": .map(properties),
            "required": .list((first["required"]?.list ?? []) + (second["required"]?.list ?? [])),
        ]
    }
}
