import WorkflowModel

/// What is known of a ticket: the newest value of each field, and when that was so.
///
/// Events may come late and out of order. Each field remembers the time of its fact, and an older fact never replaces a newer one.
struct KnownTicket {
    /// The most changes that are kept.
    static let longestHistory = 30
    /// The longest id, in bytes.
    static let longestID = 1000
    /// The most fields of a ticket; what senders add beyond is not kept.
    static let mostFields = 200
    /// The fields whose changes are kept.
    static let watched: Set<String> = ["status", "assignee", "team", "queue", "priority", "service"]
    private static let known = Set(
        EventCatalog.standard.schema(ofType: "ticket.created")?.property("ticket")?.properties.map(\.name) ?? [])
    private static let notFacts = ["facts_at", "history"]

    private(set) var body: ValueMap

    init(id: String, body: ValueMap?) {
        self.body = body ?? [:]
        self.body["id"] = .string(id)
    }

    subscript(field: String) -> Value? {
        guard let value = body[field], !value.isNull else { return nil }
        return value
    }

    /// The fields alone, as conditions and steps see them: every field of the ticket's schema is there.
    var facts: ValueMap {
        var facts = body
        for key in Self.notFacts { facts[key] = nil }
        let bound = EventCatalog.standard.bound(["ticket": .map(facts)], ofType: "ticket.created")
        return bound["ticket"]?.map ?? facts
    }

    /// The latest changes, oldest first.
    var history: [Value] { body["history"]?.list ?? [] }

    /// When the newest fact about `field` was so.
    func factTime(_ field: String) -> Timestamp? { body["facts_at"]?[field]?.timestamp }

    /// Takes in that `field` was `value` at `instant`; nothing when something newer is known.
    mutating func learn(_ field: String, _ value: Value, at instant: Timestamp) {
        if let known = factTime(field), known > instant { return }
        guard body[field] != nil || body.count < Self.mostFields || Self.known.contains(field) else { return }
        var times = body["facts_at"]?.map ?? [:]
        times[field] = .timestamp(instant)
        body["facts_at"] = .map(times)
        let old = self[field] ?? .null
        guard old != value else { return }
        body[field] = value
        guard Self.watched.contains(field) else { return }
        var changes = history
        changes.append([
            "at": .timestamp(instant), "field": .string(field), "from": old, "to": value,
        ])
        body["history"] = .list(changes.suffix(Self.longestHistory))
    }

    /// Takes in the fields of a person or company, each on its own.
    mutating func learn(_ field: String, parts: ValueMap, at instant: Timestamp) {
        if let known = factTime(field), known > instant, self[field] != nil {
            // Late, but what it adds to a gap is still worth knowing.
            let present = self[field]?.map ?? [:]
            body[field] = .map(KnownTicket.filled(parts).merging(KnownTicket.filled(present)))
            return
        }
        let present = self[field]?.map ?? [:]
        learn(field, .map(present.merging(KnownTicket.filled(parts))), at: instant)
    }

    /// Moves an instant forward, never back.
    mutating func advance(_ field: String, to instant: Timestamp) {
        if let known = self[field]?.timestamp, known >= instant { return }
        body[field] = .timestamp(instant)
    }

    private static func filled(_ map: ValueMap) -> ValueMap {
        ValueMap(uniqueEntries: map.entries.filter { !$0.value.isNull })
    }
}
