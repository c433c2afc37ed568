import PluginKit
import WorkflowModel

/// What an order would send, word for word.
struct MessageRehearsal: Sendable {
    let order: MessageOrder

    /// The messages and the output to assume. The acknowledge token is a sample: the real one comes from the step's key.
    func rehearse(in context: ReadContext) async throws -> Rehearsal {
        let sampleKey = "rehearsal \(context.action.caller.key)"
        let messages = order.planned.map {
            ComposedMessage($0, of: order, idempotencyKey: sampleKey, in: context.action)
        }
        let before = try await MessageRecord.earlier(
            than: messages, of: order, now: context.action.now, in: context.documents)
        var shown: [Value] = []
        var entries: [Value] = []
        var tokens: [Value] = []
        for (message, earlier) in zip(messages, before) {
            let token = Value.string(earlier ?? message.token)
            tokens.append(token)
            entries.append([
                "to": .string(message.planned.recipients), "by": .string(message.planned.channel.name), "token": token,
                "deduplicated": .bool(earlier != nil),
            ])
            if earlier == nil { shown.append(message.shown) }
        }
        let output = MessageOutput(
            subject: order.subject, sent: shown.count, deduplicated: shown.isEmpty, tokens: tokens, messages: entries,
            failed: [])
        return Rehearsal(
            summary: summary(of: messages, sent: shown.count), sent: ["messages": .list(shown)], output: output.value)
    }

    private func summary(of messages: [ComposedMessage], sent: Int) -> String {
        let recipients = messages.map(\.planned.recipients).joined(separator: ", ")
        guard sent > 0 else {
            return "Would send nothing: \(recipients) had this message within "
                + "\(DurationText.forPeople(order.dedupeWindow))"
        }
        let kinds = Set(messages.map(\.planned.channel.name)).sorted().joined(separator: ", ")
        let what = order.urgent ? "an urgent message" : "a message"
        return "Would send \(what) by \(kinds) to \(recipients): \(order.subject)"
    }
}
