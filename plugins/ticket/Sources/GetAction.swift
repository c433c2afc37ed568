import PluginKit
import WorkflowModel

/// `ticket.get`.
struct GetAction: ReadAction {
    /// The most duplicates and the most children that are listed.
    private static let most = 100

    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        let id = try input.ticketID(in: context.action)
        return try await context.documents.read { store in
            guard let body = try store.document(id, in: TicketPlugin.tickets) else {
                return ["found": false, "ticket": .null, "history": [], "duplicates": [], "children": []]
            }
            let ticket = KnownTicket(id: id, body: body)
            func ids(_ field: String) throws -> Value {
                let query = DocumentQuery(
                    [.init(field, .equals(.string(id)))], order: "created_at", limit: Self.most)
                return .list(try store.documents(in: TicketPlugin.tickets, query).map { .string($0.id) })
            }
            return [
                "found": true, "ticket": .map(ticket.facts), "history": .list(ticket.history),
                "duplicates": try ids("merged_into"), "children": try ids("parent"),
            ]
        }
    }
}
