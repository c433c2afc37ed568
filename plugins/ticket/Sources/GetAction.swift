import PluginKit
import WorkflowModel

/// `ticket.get`.
struct GetAction: ReadAction {
    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        let id = try input.ticketID(in: context.action)
        let body = try await context.documents.read { try $0.document(id, in: TicketPlugin.tickets) }
        guard let body else { return ["found": false, "ticket": .null, "history": []] }
        let ticket = KnownTicket(id: id, body: body)
        return ["found": true, "ticket": .map(ticket.facts), "history": .list(ticket.history)]
    }
}
