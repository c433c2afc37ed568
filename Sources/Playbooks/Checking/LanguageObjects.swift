import Expressions
import WorkflowModel

/// The types of the names that the language itself gives.
enum LanguageObjects {
    typealias Field = ObjectType.Field

    static let failure = ExpressionType.object(
        ObjectType([
            Field("code", .string, description: "The error's code"),
            Field("message", .string, description: "What went wrong, in words"),
            Field("kind", .string, description: "transient, permanent, timeout, …"),
            Field("step", .nullable(.string), description: "The step that has failed"),
            Field("retry_after", .nullable(.duration)), Field("place", .dyn),
        ]))

    static let run = ExpressionType.object(
        ObjectType([
            Field("id", .string, description: "The run's id"),
            Field("url", .string, description: "The page of the run"),
            Field("started_at", .timestamp),
        ]))

    /// The envelope of an event, which may have more attributes (CloudEvents 1.0, "Extension Context Attributes").
    static func event(data: ExpressionType) -> ExpressionType {
        .object(
            ObjectType(
                [
                    Field("specversion", .string), Field("id", .string), Field("source", .string),
                    Field("type", .string, description: "The type, such as ticket.created"),
                    Field("subject", .string, description: "What it is about, such as ticket:4711"),
                    Field("time", .timestamp, description: "When it happened"), Field("origin", .string),
                    Field("depth", .int), Field("causedby", .string), Field("data", data),
                ], others: .dyn))
    }

    static let anyEvent = event(data: .dyn)

    static let status = ExpressionType.words(["succeeded", "failed", "skipped", "cancelled"])

    /// What every step has, beside its output.
    static let step: [Field] = [
        Field("status", status, description: "succeeded, failed, skipped or cancelled"),
        Field("failure", failure, description: "Why it failed"),
    ]

    static func object(_ fields: [Field]) -> ExpressionType { .object(ObjectType(fields + step)) }

    static let other = object([])
    static let loop = object([Field("items", .openList, description: "The results of each element")])
    static let rounds = object([
        Field("items", .openList, description: "The results of each round"), Field("rounds", .int),
        Field("done", .bool, description: "Whether `until` came true"),
    ])
    static let listen = object([
        Field("timed_out", .bool, description: "Whether the event did not come in time"),
        Field("event", .nullable(anyEvent), description: "The event that came"),
    ])
    static let attempt = object([Field("rescued", .bool, description: "Whether `rescue` ran")])

    private static let answers = ExpressionType.list(
        .object(
            ObjectType([
                Field("by", .string), Field("at", .timestamp), Field("verdict", .nullable(.string)),
                Field("comment", .nullable(.string)), Field("values", .openMap),
            ])))

    /// What a question gives: its fields, or with nil the verdict of an approval.
    static func ask(_ form: [InputField]?) -> ExpressionType {
        let verdict = form == nil ? [Field("approved", .bool), Field("rejected", .bool)] : []
        return object(
            (form ?? []).map(field) + verdict + [
                Field("timed_out", .bool, description: "Whether nobody answered in time"),
                Field("by", .string, description: "Who answered"),
                Field("comment", .nullable(.string)), Field("answers", answers),
            ])
    }

    /// An input of a playbook, or a field of a question: null when it is not given.
    static func field(_ input: InputField) -> Field {
        let type = SchemaTyping.type(input.schema)
        let isSure = input.isRequired || input.schema.defaultValue != nil
        return Field(input.name, isSure ? type : type.orNull, description: input.schema.description)
    }
}
