import PluginKit
import WorkflowModel

/// `ticket.find`.
struct FindAction: ReadAction {
    /// The most hits of a text that are looked at.
    static let mostHits = 1000
    /// The most tickets that one question looks at when it cannot be left to the store alone.
    static let most = 10_000

    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        let search = try TicketSearch(input, now: context.action.now)
        let limit = try input.optionalInt("limit") ?? 50
        let skip = try input.optionalInt("skip") ?? 0
        let excluded = try input.optionalText("exclude")
        let text = try input.optionalText("text")
        let related = try input.optionalText("related_to")
        return try await context.documents.read { store in
            if text == nil, excluded == nil, related == nil, let conditions = search.alternatives.first,
                search.alternatives.count == 1
            {
                let query = DocumentQuery(
                    conditions, order: search.order, descending: search.isDescending,
                    limit: min(skip + limit, Self.most))
                let found = try store.documents(in: TicketPlugin.tickets, query)
                let count = try store.count(in: TicketPlugin.tickets, query)
                return Self.output(found.dropFirst(skip), count: count, more: count > skip + limit)
            }
            var (found, isCut) = try search.documents(relatedTo: related, in: store)
            found.removeAll { $0.id == excluded }
            if let text {
                let hits = try store.search(text, in: TicketPlugin.tickets, limit: Self.mostHits)
                let fitting = Set(found.map(\.id))
                found = hits.map(\.document).filter { fitting.contains($0.id) }
                isCut = isCut || hits.count == Self.mostHits
            }
            return Self.output(
                found.dropFirst(skip).prefix(limit), count: found.count, more: isCut || found.count > skip + limit)
        }
    }

    private static func output(_ documents: ArraySlice<Document>, count: Int, more: Bool) -> Value {
        let tickets = documents.map { Value.map(KnownTicket(id: $0.id, body: $0.body).facts) }
        return ["tickets": .list(tickets), "count": .int(Int64(count)), "more": .bool(more)]
    }
}
