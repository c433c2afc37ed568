import PluginKit
import WorkflowModel

/// What is known of a ticket.
typealias KnownTicket = FactSheet

extension FactSheet.Kind {
    /// Tickets.
    static let ticket = FactSheet.Kind(
        name: "ticket", eventType: "ticket.created",
        watched: [
            "status", "assignee", "team", "queue", "priority", "severity", "service", "merged_into", "parent",
            "incident",
            "problem",
        ])
}

extension FactSheet {
    /// The ticket `id` from its document.
    init(id: String, body: ValueMap?) { self.init(.ticket, id: id, body: body) }
}
