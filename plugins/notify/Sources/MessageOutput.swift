import WorkflowModel

/// What a step learns of its messages.
struct MessageOutput {
    var subject: String
    /// How many messages left now.
    var sent: Int
    /// True when nothing left because everybody had been told before.
    var deduplicated: Bool
    var tokens: [Value]
    var messages: [Value]
    var failed: [Value]

    /// The output, as the manifest describes it.
    var value: Value {
        [
            "subject": .string(subject), "sent": .int(Int64(sent)), "deduplicated": .bool(deduplicated),
            "to": .list(messages.compactMap { $0["to"] }), "token": tokens.first ?? .null, "tokens": .list(tokens),
            "messages": .list(messages), "failed": .list(failed),
        ]
    }
}
