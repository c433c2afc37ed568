import PluginKit
import WorkflowModel

/// How much each person has, and when each got the last ticket.
///
/// An assignment of ours counts from the moment it was made, before the desk's event tells of it; once the ticket's own facts are newer, they
/// decide.
struct Workload {
    /// How long an assignment counts that no event has confirmed.
    private static let unconfirmed = Duration.seconds(86_400)
    private static let most = 10_000

    private var tickets: [String: Set<String>] = [:]
    private let store: any PluginStore

    init(_ store: any PluginStore, statuses: [Value], now: Timestamp, except own: String?) throws {
        self.store = store
        let recent = try store.documents(
            in: RoutePlugin.assignments,
            DocumentQuery([.init("at", .atLeast(.timestamp(now - Self.unconfirmed)))], limit: Self.most))
        var newest: [String: (person: String, at: Timestamp)] = [:]
        for document in recent {
            guard let person = document.body["assignee"]?.string, let at = document.body["at"]?.timestamp else {
                continue
            }
            newest[document.id] = (person, at)
        }
        let open = try store.documents(
            in: RoutePlugin.tickets, DocumentQuery([.init("status", .oneOf(statuses))], limit: Self.most))
        for document in open where document.id != own {
            let told = document.body["facts_at"]?["assignee"]?.timestamp
            if let assignment = newest[document.id], told.map({ $0 < assignment.at }) ?? true {
                tickets[assignment.person, default: []].insert(document.id)
            } else if let person = document.body["assignee"]?.string {
                tickets[person, default: []].insert(document.id)
            }
        }
        let known = Set(open.map(\.id))
        for (ticket, assignment) in newest where !known.contains(ticket) && ticket != own {
            // In another status it is no load; of a ticket that nothing is known of, the assignment is all there is.
            guard try store.document(ticket, in: RoutePlugin.tickets) == nil else { continue }
            tickets[assignment.person, default: []].insert(ticket)
        }
    }

    /// How many tickets `person` has.
    func load(of person: String) -> Int { tickets[person]?.count ?? 0 }

    /// When `person` was last given one; nil for never.
    func lastAssignment(of person: String) throws -> Timestamp? {
        try store.document(person, in: RoutePlugin.people)?["last_at"]?.timestamp
    }
}
