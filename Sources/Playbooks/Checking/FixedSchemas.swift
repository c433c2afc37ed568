import WorkflowModel

/// What is known of the names that the language itself gives.
enum FixedSchemas {
    static let time = scalar("string", "date-time")
    static let failure = object([
        ("code", scalar("string")), ("message", scalar("string")), ("kind", scalar("string")),
        ("step", scalar("string")), ("retry_after", scalar("string", "duration")), ("place", .anything),
    ])
    static let run = object([
        ("id", scalar("string")), ("url", scalar("string")), ("started_at", time),
    ])
    static let event = object([
        ("specversion", scalar("string")), ("id", scalar("string")), ("source", scalar("string")),
        ("type", scalar("string")), ("subject", scalar("string")), ("time", time), ("origin", scalar("string")),
        ("depth", scalar("integer")), ("causedby", scalar("string")), ("data", .anything),
    ])
    /// What every step has, beside its output.
    static let step = object([("status", scalar("string")), ("failure", failure)])
    static let loop = object(
        step.properties.map { ($0.name, $0.schema) } + [("items", Schema(types: ["array"]))])

    static let rounds = object(
        loop.properties.map { ($0.name, $0.schema) } + [("rounds", scalar("integer")), ("done", scalar("boolean"))])
    static let listen = object(
        step.properties.map { ($0.name, $0.schema) } + [("timed_out", scalar("boolean")), ("event", event)])
    static let sub = object(step.properties.map { ($0.name, $0.schema) } + [("run", scalar("string"))])
    static let attempt = object(
        step.properties.map { ($0.name, $0.schema) } + [("rescued", scalar("boolean"))])

    /// What a question gives: its fields, or with nil the verdict of an approval.
    static func ask(_ fields: [InputField]?) -> Schema {
        let answer = object([
            ("by", scalar("string")), ("at", time), ("verdict", scalar("string")), ("comment", scalar("string")),
            ("values", Schema(types: ["object"])),
        ])
        var answers = Schema(types: ["array"])
        answers.items = [answer]
        let verdict =
            fields == nil ? [("approved", scalar("boolean")), ("rejected", scalar("boolean"))] : []
        return object(
            step.properties.map { ($0.name, $0.schema) } + (fields ?? []).map { ($0.name, $0.schema) } + verdict + [
                ("timed_out", scalar("boolean")), ("by", scalar("string")), ("comment", scalar("string")),
                ("answers", answers),
            ])
    }

    private static func scalar(_ type: String, _ format: String? = nil) -> Schema {
        var schema = Schema(types: [type])
        schema.format = format
        return schema
    }

    private static func object(_ fields: [(String, Schema)]) -> Schema {
        var schema = Schema(types: ["object"])
        schema.properties = fields.map { Schema.Property($0.0, $0.1) }
        return schema
    }
}
