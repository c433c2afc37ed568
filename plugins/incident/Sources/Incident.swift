import PluginKit
import WorkflowModel

extension FactSheet.Kind {
    /// Major incidents.
    static let incident = FactSheet.Kind(
        name: "incident", eventType: "incident.declared",
        watched: ["status", "severity", "commander", "merged_into"],
        hidden: ["revision", "dedupe_key", "role_times", "promised_at", "entry_count", "entries_dropped"])
}

/// A major incident as it is known.
struct Incident {
    /// What an incident is while somebody works on it; any other word of another system counts as open, too.
    static let openStatuses = ["investigating", "identified", "monitoring"]
    static let closedStatuses: Set<String> = [
        "resolved", "merged", "closed", "cancelled", "canceled", "completed", "postmortem",
    ]
    static let mostTickets = 500
    static let mostRelated = 200
    static let mostRoles = 30

    private(set) var sheet: FactSheet

    init(id: String, body: ValueMap?) { sheet = FactSheet(.incident, id: id, body: body) }

    var id: String { sheet["id"]?.string ?? "" }
    var body: ValueMap { sheet.body }
    var facts: ValueMap { sheet.facts }
    var status: String? { sheet["status"]?.string }
    var severity: String? { sheet["severity"]?.string }
    var isOpen: Bool { !Self.closedStatuses.contains(status ?? "") }
    var mergedInto: String? { sheet["merged_into"]?.string }
    /// Counts the changes that were made here; part of the keys of their events.
    var revision: Int64 { sheet["revision"]?.int ?? 0 }

    subscript(field: String) -> Value? { sheet[field] }

    mutating func learn(_ field: String, _ value: Value, at instant: Timestamp, by: String? = nil) {
        sheet.learn(field, value, at: instant, by: by)
    }

    mutating func keep(_ field: String, _ value: Value) { sheet.keep(field, value) }

    mutating func advance(_ field: String, to instant: Timestamp) { sheet.advance(field, to: instant) }

    mutating func add(_ values: [String], to field: String) {
        let values = values.filter(FactSheet.isID).map(Value.string)
        sheet.add(values, to: field, most: field == "tickets" ? Self.mostTickets : Self.mostRelated)
    }

    mutating func bump() { sheet.count("revision") }

    /// Takes in that the incident had this status at `instant`, with what follows from it.
    ///
    /// - Returns: whether it has it now; false when something newer is known, or it had it before.
    @discardableResult
    mutating func learnStatus(_ new: String, at instant: Timestamp, by: String?) -> Bool {
        let (before, wasOpen) = (status, isOpen)
        sheet.learn("status", .string(new), at: instant, by: by)
        guard status == new, before != new else { return false }
        if isOpen, !wasOpen, before != nil {
            for field in ["resolved_at", "resolved_by", "merged_into", "mitigated_at"] {
                sheet.learn(field, .null, at: instant, by: by)
            }
            sheet.count("reopen_count")
            sheet.advance("reopened_at", to: instant)
        }
        switch new {
        case "resolved":
            sheet.learn("resolved_at", .timestamp(instant), at: instant)
            if let by { sheet.learn("resolved_by", .string(by), at: instant) }
            if sheet["mitigated_at"] == nil { sheet.learn("mitigated_at", .timestamp(instant), at: instant) }
        case "monitoring" where sheet["mitigated_at"] == nil:
            sheet.learn("mitigated_at", .timestamp(instant), at: instant)
        default: break
        }
        return true
    }

    /// When `role` was given to whoever has it.
    func roleTime(_ role: String) -> Timestamp? { sheet["role_times"]?[role]?.timestamp }

    /// The roles with their people, by name.
    var roles: [(role: String, person: String)] {
        (sheet["roles"]?.map ?? [:]).compactMap { entry in
            guard let role = entry.key.string, let person = entry.value.string else { return nil }
            return (role, person)
        }.sorted { $0.role < $1.role }
    }

    /// Takes in that `person`, or with nil nobody, had `role` from `instant` on; nothing when something newer is known.
    mutating func learnRole(_ role: String, _ person: String?, at instant: Timestamp, by: String?) {
        guard role.utf8.count <= 100 else { return }
        if let known = roleTime(role), known > instant { return }
        var roles = sheet["roles"]?.map ?? [:]
        guard roles[role]?.string != person, roles[role] != nil || roles.count < Self.mostRoles else { return }
        roles[role] = person.map(Value.string)
        var times = sheet["role_times"]?.map ?? [:]
        times[role] = .timestamp(instant)
        sheet.keep("roles", .map(roles))
        sheet.keep("role_times", .map(times))
        if role == "commander" {
            sheet.learn("commander", person.map(Value.string) ?? .null, at: instant, by: by)
        }
    }

    /// Takes in that people were told something at `instant`.
    mutating func learnNews(_ text: String?, promised: Timestamp?, at instant: Timestamp) {
        if let known = sheet["news_at"]?.timestamp, known > instant { return }
        if let text { sheet.learn("news", .string(text), at: instant) }
        sheet.advance("news_at", to: instant)
        sheet.keep("promised_at", promised.map(Value.timestamp) ?? .null)
    }

    /// Works out what follows from the facts: open or closed, the times, when there must be news.
    mutating func settle(_ severities: SeverityTable) {
        sheet.keep("state", isOpen ? "open" : "closed")
        if isOpen {
            for field in ["resolved_at", "resolved_by"] where sheet[field] != nil { sheet.keep(field, .null) }
        }
        let start = sheet["declared_at"]?.timestamp
        func since(_ field: String) -> Value {
            guard let start, let end = sheet[field]?.timestamp else { return .null }
            return .duration(max(end - start, .zero))
        }
        sheet.keep("time_to_acknowledge", since("acknowledged_at"))
        sheet.keep("time_to_mitigate", since("mitigated_at"))
        sheet.keep("time_to_resolve", since("resolved_at"))
        var next = Value.null
        if isOpen, let news = sheet["news_at"]?.timestamp {
            if let promised = sheet["promised_at"]?.timestamp {
                next = .timestamp(promised)
            } else if let every = severities.newsEvery(severity) {
                next = .timestamp(news + every)
            }
        }
        sheet.keep("next_news_at", next)
    }
}
