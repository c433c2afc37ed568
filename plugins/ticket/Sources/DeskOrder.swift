import PluginKit
import WorkflowModel

/// What an action wants of the desk.
struct DeskOrder: Sendable, Hashable {
    /// A message on the ticket.
    struct Comment: Sendable, Hashable {
        var text: String
        var isPublic: Bool
    }

    /// The action's short name.
    var action: String
    var ticket: String
    /// Fields to set; null empties one.
    var fields = ValueMap()
    var comment: Comment?
    var addedTags: [String] = []
    var removedTags: [String] = []
    /// Another ticket or a page, and how it belongs to this one.
    var link: (to: String, relation: String)?

    static func == (a: DeskOrder, b: DeskOrder) -> Bool {
        a.action == b.action && a.ticket == b.ticket && a.changes == b.changes && a.comment == b.comment
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(action)
        hasher.combine(ticket)
        hasher.combine(changes)
        hasher.combine(comment)
    }

    /// The changes beside the message, in reading order.
    var changes: ValueMap {
        var changes = fields
        if !addedTags.isEmpty { changes["add_tags"] = .list(addedTags.map(Value.string)) }
        if !removedTags.isEmpty { changes["remove_tags"] = .list(removedTags.map(Value.string)) }
        if let link {
            changes["related"] = .string(link.to)
            changes["relation"] = .string(link.relation)
        }
        return changes
    }

    /// `a public reply to ticket 4711`.
    var words: String {
        switch comment {
        case let comment? where comment.isPublic: "a reply to ticket \(ticket) that the customer sees"
        case _?: "an internal note on ticket \(ticket)"
        case nil: "a change of ticket \(ticket): \(changes.keys.map(\.jsonText).joined(separator: ", "))"
        }
    }

    /// Teaches what is known of the ticket that the order was carried out at `instant`.
    func teach(_ ticket: inout KnownTicket, at instant: Timestamp) {
        for entry in fields { ticket.learn(entry.key.jsonText, entry.value, at: instant) }
        if fields["status"] == "solved" { ticket.learn("resolved_at", .timestamp(instant), at: instant) }
        if comment?.isPublic == true {
            ticket.advance("last_public_reply_at", to: instant)
            if ticket.advance("last_message_at", to: instant) {
                ticket.keep("last_message_by", "agent")
                ticket.keep("last_message_author", .null)
            }
        }
        if !addedTags.isEmpty || !removedTags.isEmpty {
            var tags = ticket["tags"]?.list ?? []
            tags.removeAll { $0.string.map(removedTags.contains) ?? false }
            tags += addedTags.map(Value.string).filter { !tags.contains($0) }
            ticket.learn("tags", .list(tags), at: instant)
        }
        if let link {
            ticket.add([.string(link.to)], to: "related", most: 200)
            if link.relation == "duplicate_of" { ticket.learn("duplicate_of", .string(link.to), at: instant) }
        }
        ticket.advance("updated_at", to: instant)
    }
}

/// Makes the order of one action from its inputs.
protocol DeskOrderMaker: Sendable {
    func order(_ input: ActionInput, in context: ActionContext) throws -> DeskOrder
}

extension ActionInput {
    /// The id of the ticket: the input `ticket`, else the ticket of the run.
    func ticketID(in context: ActionContext) throws -> String {
        if let id = try optionalText("ticket") { return id }
        if let id = context.names["ticket"]?["id"]?.string { return id }
        if let subject = context.subject, subject.hasPrefix("ticket:") { return String(subject.dropFirst(7)) }
        throw Failure.invalidInput("no ticket is named and the run is about none; give `ticket: ID`")
    }
}
