import PluginKit
import WorkflowModel

/// `incident.get`.
struct GetAction: ReadAction {
    private static let mostTickets = 100

    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        let id = try IncidentShelf.id(input, context.action)
        let limit = try input.optionalInt("entries") ?? 100
        return try await context.documents.read { reader in
            guard let incident = try IncidentShelf.find(id, in: reader) else {
                return [
                    "found": false, "incident": .null, "roles": [], "timeline": [], "timeline_left_out": 0,
                    "history": [], "tickets": [],
                ]
            }
            let timeline = try Timeline(of: incident, limit: limit, in: reader)
            let roles = incident.roles.map { role, person -> Value in
                [
                    "role": .string(role), "person": .string(person),
                    "since": incident.roleTime(role).map(Value.timestamp) ?? .null,
                ]
            }
            return [
                "found": true, "incident": .map(incident.facts), "roles": .list(roles),
                "timeline": .list(timeline.entries), "timeline_left_out": .int(Int64(timeline.leftOut)),
                "history": .list(incident.sheet.history), "tickets": .list(try Self.tickets(of: incident, in: reader)),
            ]
        }
    }

    /// The tickets of the incident, with what is known of them.
    private static func tickets(of incident: Incident, in reader: any PluginStoreReader) throws -> [Value] {
        try (incident["tickets"]?.list ?? []).prefix(mostTickets).compactMap { value -> Value? in
            guard let id = value.string else { return nil }
            var shown: ValueMap = ["id": .string(id)]
            if let ticket = try reader.document(id, in: "ticket.tickets") {
                for field in ["title", "status", "priority", "assignee"] { shown[field] = ticket[field] ?? .null }
            }
            return .map(shown)
        }
    }
}
