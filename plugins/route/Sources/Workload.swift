import PluginKit
import WorkflowModel

/// How much each person has, and when each got the last ticket: tickets, and open incidents in which the person has a role.
///
/// An assignment of ours counts from the moment it was made, before the desk's event tells of it; once the ticket's own facts are newer, they
/// decide.
struct Workload {
    /// How long an assignment counts that no event has confirmed.
    private static let unconfirmed = Duration.seconds(86_400)
    private static let most = 10_000

    private let store: any PluginStore
    private let statuses: [Value]
    /// What is to be added to what the tickets themselves say.
    private var corrections: [String: Int] = [:]
    /// What open incidents add.
    private var incidents: [String: Int] = [:]

    /// - Parameters:
    ///   - incidentLoad: As how many tickets an open incident counts for those who have a role in it.
    ///   - own: The ticket that is being assigned: it is nobody's load.
    init(
        _ store: any PluginStore, statuses: [Value], incidentLoad: Int, now: Timestamp, except own: String?
    ) throws {
        self.store = store
        self.statuses = statuses
        if incidentLoad > 0 {
            let open = DocumentQuery([.init("state", .equals("open"))], limit: Self.most)
            for incident in try store.documents(in: RoutePlugin.incidents, open) {
                let people = Set((incident.body["roles"]?.map ?? [:]).compactMap { $0.value.string })
                for person in people { incidents[person, default: 0] += incidentLoad }
            }
        }
        let recent = try store.documents(
            in: RoutePlugin.assignments,
            DocumentQuery([.init("at", .atLeast(.timestamp(now - Self.unconfirmed)))], limit: Self.most))
        for document in recent where document.id != own {
            guard let person = document.body["assignee"]?.string, let at = document.body["at"]?.timestamp else {
                continue
            }
            guard let ticket = try store.document(document.id, in: RoutePlugin.tickets) else {
                // Of a ticket that nothing is known of, the assignment is all there is.
                corrections[person, default: 0] += 1
                continue
            }
            let told = ticket["facts_at"]?["assignee"]?.timestamp
            guard counts(ticket), told.map({ $0 < at }) ?? true else { continue }
            corrections[person, default: 0] += 1
            if let before = ticket["assignee"]?.string { corrections[before, default: 0] -= 1 }
        }
        if let own, let ticket = try store.document(own, in: RoutePlugin.tickets), counts(ticket),
            let person = ticket["assignee"]?.string
        {
            corrections[person, default: 0] -= 1
        }
    }

    /// How much `person` has, in tickets.
    func load(of person: String) throws -> Int {
        let incidents = incidents[person] ?? 0
        guard !statuses.isEmpty else { return max(0, corrections[person] ?? 0) + incidents }
        let told = try store.count(
            in: RoutePlugin.tickets,
            DocumentQuery([.init("assignee", .equals(.string(person))), .init("status", .oneOf(statuses))]))
        return max(0, told + (corrections[person] ?? 0)) + incidents
    }

    /// When `person` was last given one; nil for never.
    func lastAssignment(of person: String) throws -> Timestamp? {
        try store.document(person, in: RoutePlugin.people)?["last_at"]?.timestamp
    }

    private func counts(_ ticket: ValueMap) -> Bool { ticket["status"].map(statuses.contains) ?? false }
}
