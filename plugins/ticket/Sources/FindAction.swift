import PluginKit
import WorkflowModel

/// `ticket.find`.
struct FindAction: ReadAction {
    static let unresolved: [Value] = ["new", "open", "pending", "hold"]
    private static let mostHits = 1000
    private static let most = 10_000

    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        let alternatives = try conditions(input, now: context.action.now)
        let limit = try input.optionalInt("limit") ?? 50
        let excluded = try input.optionalText("exclude")
        let text = try input.optionalText("text")
        return try await context.documents.read { store in
            if text == nil, excluded == nil, let conditions = alternatives.first, alternatives.count == 1 {
                let query = DocumentQuery(conditions, order: "created_at", limit: limit)
                let found = try store.documents(in: TicketPlugin.tickets, query)
                return Self.output(found[...], count: try store.count(in: TicketPlugin.tickets, query))
            }
            var found: [Document] = []
            for conditions in alternatives {
                let query = DocumentQuery(conditions, order: "created_at", limit: Self.most)
                found += try store.documents(in: TicketPlugin.tickets, query)
            }
            found.removeAll { $0.id == excluded }
            if let text {
                let hits = try store.search(text, in: TicketPlugin.tickets, limit: Self.mostHits)
                let fitting = Set(found.map(\.id))
                found = hits.map(\.document).filter { fitting.contains($0.id) }
            } else if alternatives.count > 1 {
                found.sort(by: Self.older)
            }
            return Self.output(found.prefix(limit), count: found.count)
        }
    }

    private static func output(_ documents: ArraySlice<Document>, count: Int) -> Value {
        let tickets = documents.map { Value.map(KnownTicket(id: $0.id, body: $0.body).facts) }
        return ["tickets": .list(tickets), "count": .int(Int64(count))]
    }

    /// Lists of conditions of which one must hold as a whole; no ticket fits two of them.
    private func conditions(_ input: ActionInput, now: Timestamp) throws -> [[DocumentQuery.Condition]] {
        var conditions: [DocumentQuery.Condition] = []
        for field in ["status", "priority"] {
            let values = try input.texts(field).map(Value.string)
            if !values.isEmpty { conditions.append(.init(field, .oneOf(values))) }
        }
        if try input.flag("unresolved") { conditions.append(.init("status", .oneOf(Self.unresolved))) }
        let equalities = [
            ("assignee", "assignee"), ("team", "team"), ("queue", "queue"), ("service", "service"),
            ("category", "category"), ("requester", "requester.id"), ("customer", "customer.id"),
        ]
        for (name, field) in equalities {
            if let text = try input.optionalText(name) { conditions.append(.init(field, .equals(.string(text)))) }
        }
        if try input.flag("unassigned") {
            guard input["assignee"] == nil else {
                throw Failure.invalidInput("assignee and unassigned contradict each other; give one of them")
            }
            conditions.append(.init("assignee", .isNull))
        }
        func before(_ name: String) throws -> Value? {
            try input.optionalDuration(name).map { .timestamp(now - $0) }
        }
        if let instant = try before("older_than") { conditions.append(.init("created_at", .lessThan(instant))) }
        if let instant = try before("newer_than") { conditions.append(.init("created_at", .atLeast(instant))) }
        if let instant = try before("no_update_for") { conditions.append(.init("updated_at", .lessThan(instant))) }
        guard let instant = try before("no_public_update_for") else { return [conditions] }
        return [
            conditions + [.init("last_public_reply_at", .lessThan(instant))],
            conditions + [.init("last_public_reply_at", .isNull), .init("created_at", .lessThan(instant))],
        ]
    }

    private static func older(_ a: Document, _ b: Document) -> Bool {
        let (x, y) = (a.body["created_at"]?.timestamp ?? .earliest, b.body["created_at"]?.timestamp ?? .earliest)
        return x == y ? a.id < b.id : x < y
    }
}
