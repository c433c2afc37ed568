import PluginKit
import WorkflowModel

/// An order as a file in the outbox: lines for people, then the same as JSON for programs.
struct OutboxMessage {
    /// Made from the key, so that a repeated delivery is the same file.
    let name: String
    /// The message field by field.
    let fields: Value
    private let headline: String
    private let comment: String?

    init(_ order: DeskOrder, key: String, in context: ActionContext) {
        name = "ticket-\(order.action)-\(Self.plain(order.ticket).prefix(40))-\(Self.plain(key).prefix(100)).txt"
        var fields: ValueMap = [
            "ticket": .string(order.ticket), "action": .string("ticket.\(order.action)"), "at": .timestamp(context.now),
            "playbook": context.playbook.map(Value.string) ?? .null,
            "run": context.run.map { .string($0.text) } ?? .null,
        ]
        if let comment = order.comment {
            fields["public"] = .bool(comment.isPublic)
            fields["text"] = .string(comment.text)
        }
        if !order.changes.isEmpty { fields["changes"] = .map(order.changes) }
        self.fields = .map(fields)
        comment = order.comment?.text
        headline = order.words
    }

    var text: String {
        var lines = ["Ticket desk: \(headline)", ""]
        if let comment { lines += [comment, ""] }
        for entry in fields["changes"]?.map ?? [:] {
            lines.append("  \(entry.key.jsonText): \(entry.value.string ?? JSONWriter.text(entry.value))")
        }
        if lines.last?.isEmpty == false { lines.append("") }
        return lines.joined(separator: "\n") + "\n" + JSONWriter.text(fields, indent: 2) + "\n"
    }

    private static func plain(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" })
    }
}
