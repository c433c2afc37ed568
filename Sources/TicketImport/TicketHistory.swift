import WorkflowModel

/// The updates of one ticket, in the order in which they happened, and the events that they mean.
struct TicketHistory {
    /// One row with its place in the order.
    struct Update {
        let row: HistoryTable.Row
        let time: Timestamp
        /// What the order column says; rows without a number come after those with one.
        let order: Int64?

        /// By time, then by the order column, then by row.
        static func precedes(_ a: Update, _ b: Update) -> Bool {
            if a.time != b.time { return a.time < b.time }
            if a.order != b.order { return (a.order ?? .max) < (b.order ?? .max) }
            return a.row.number < b.row.number
        }
    }

    /// The types that an import makes, in the order in which one update's events come.
    static let types = [
        "ticket.created", "ticket.reopened", "ticket.updated", "ticket.assigned", "ticket.resolved", "ticket.closed",
    ]

    let id: String
    let source: String
    private var labels: [String: Int] = [:]
    private var before: ValueMap?

    init(id: String, source: String) {
        self.id = id
        self.source = source
    }

    /// The events of the next update, in the order of ``types``. `sequence` counts the ticket's updates from 0.
    mutating func events(_ update: Update, sequence: Int, ticket: ValueMap) -> [Event] {
        let label = label(update.order.map(String.init) ?? String(sequence))
        let kinds: [String]
        let changes: ValueMap
        if let before {
            changes = TicketHistory.changes(from: before, to: ticket)
            kinds = TicketHistory.kinds(from: before, to: ticket, changes: changes)
        } else {
            changes = ValueMap()
            kinds = TicketHistory.firstKinds(ticket)
        }
        let previous = before?["assignee"]
        before = ticket
        return kinds.map { kind in
            var data: ValueMap = ["ticket": .map(ticket)]
            if sequence > 0 { data["changes"] = .map(changes) }
            if kind == "assigned", let previous { data["previous_assignee"] = previous }
            return Event(
                id: "\(id)-\(label)-\(kind)", source: source, type: "ticket.\(kind)", time: update.time, data: data)
        }
    }

    /// A ticket that is first seen when it is solved or closed was solved, too: nobody else would say so.
    private static func firstKinds(_ ticket: ValueMap) -> [String] {
        switch ticket["status"]?.string {
        case "solved"?: ["created", "resolved"]
        case "closed"?: ["created", "closed"]
        default: ["created"]
        }
    }

    private static func kinds(from before: ValueMap, to ticket: ValueMap, changes: ValueMap) -> [String] {
        var kinds: [String] = []
        let (old, new) = (before["status"]?.string, ticket["status"]?.string)
        let wasDone = old == "solved" || old == "closed"
        let isDone = new == "solved" || new == "closed"
        if wasDone, !isDone { kinds.append("reopened") }
        var told = TicketHistory.consequences
        if changes["assignee"] != nil || changes["team"] != nil {
            kinds.append("assigned")
            told.formUnion(["assignee", "team"])
        }
        if new == "solved", !wasDone { kinds.append("resolved") }
        if new == "closed", old != "closed" { kinds.append("closed") }
        if kinds.contains(where: { $0 != "assigned" }) { told.insert("status") }
        // What no other event tells is an update of its own, so that a playbook on ticket.updated misses no change.
        let untold = changes.contains { $0.key.string.map { !told.contains($0) } ?? true }
        if kinds.isEmpty || untold {
            kinds.insert("updated", at: kinds.first == "reopened" ? 1 : 0)
        }
        return kinds
    }

    /// Fields that follow from other changes and mean no update by themselves.
    private static let consequences: Set<String> = [
        "updated_at", "resolved_at", "closed_at", "reopen_count", "reassignment_count", "resolved_by", "closed_by",
        "closed_code", "made_sla",
    ]

    private static func changes(from before: ValueMap, to ticket: ValueMap) -> ValueMap {
        var changes = ValueMap()
        let names = ticket.keys + before.keys.filter { ticket[$0] == nil }
        for name in names where name != .string("updated_at") {
            let (old, new) = (before[name] ?? .null, ticket[name] ?? .null)
            if old != new { changes[name] = ["from": old, "to": new] }
        }
        return changes
    }

    /// The update's name inside its ticket: the order column's, so that a longer export of the same ticket names it the same; an
    /// update whose name is taken gets `.2`.
    private mutating func label(_ wanted: String) -> String {
        let times = labels[wanted, default: 0] + 1
        labels[wanted] = times
        return times == 1 ? wanted : "\(wanted).\(times)"
    }
}
