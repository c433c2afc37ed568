import PluginKit
import WorkflowModel

/// `incident.list`.
struct ListAction: ReadAction {
    private static let most = 10_000
    private static let mostHits = 1000

    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        let query = try query(input)
        let limit = try input.optionalInt("limit") ?? 50
        let skip = try input.optionalInt("skip") ?? 0
        let text = try input.optionalText("text")
        let (service, ticket) = (try input.optionalText("service"), try input.optionalText("ticket"))
        let person = try input.optionalText("person")
        return try await context.documents.read { reader in
            var found: [Incident]
            var isCut: Bool
            let fitting = try reader.documents(in: IncidentShelf.collection, query)
            isCut = fitting.count == Self.most
            if let text {
                let hits = try reader.search(text, in: IncidentShelf.collection, limit: Self.mostHits)
                let ids = Set(fitting.map(\.id))
                isCut = isCut || hits.count == Self.mostHits
                found = hits.map(\.document).filter { ids.contains($0.id) }.map { Incident(id: $0.id, body: $0.body) }
            } else {
                found = fitting.map { Incident(id: $0.id, body: $0.body) }
            }
            found = found.filter { incident in
                (service.map { incident["services"]?.list?.contains(.string($0)) ?? false } ?? true)
                    && (ticket.map { incident["tickets"]?.list?.contains(.string($0)) ?? false } ?? true)
                    && (person.map { person in incident.roles.contains { $0.person == person } } ?? true)
            }
            return [
                "incidents": .list(found.dropFirst(skip).prefix(limit).map { .map($0.facts) }),
                "count": .int(Int64(found.count)), "more": .bool(isCut || found.count > skip + limit),
            ]
        }
    }

    private func query(_ input: ActionInput) throws(Failure) -> DocumentQuery {
        var conditions: [DocumentQuery.Condition] = []
        let state = try input.optionalText("state") ?? "all"
        if state != "all" { conditions.append(.init("state", .equals(.string(state)))) }
        for field in ["severity", "status"] {
            let values = try input.texts(field).map(Value.string)
            if !values.isEmpty { conditions.append(.init(field, .oneOf(values))) }
        }
        if let person = try input.optionalText("commander") {
            conditions.append(.init("commander", .equals(.string(person))))
        }
        if let instant = try input.optionalTimestamp("declared_after") {
            conditions.append(.init("declared_at", .atLeast(.timestamp(instant))))
        }
        if let instant = try input.optionalTimestamp("declared_before") {
            conditions.append(.init("declared_at", .lessThan(.timestamp(instant))))
        }
        if let instant = try input.optionalTimestamp("news_due_before") {
            conditions.append(.init("next_news_at", .lessThan(.timestamp(instant))))
        }
        return DocumentQuery(conditions, order: "declared_at", descending: true, limit: Self.most)
    }
}
