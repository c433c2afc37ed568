public import WorkflowModel

/// What is known of one thing: the newest value of each field, and when that was so.
///
/// Events may come late and out of order. Each field remembers the time of its fact, and an older fact never replaces a newer one.
public struct FactSheet: Sendable {
    /// What kind of thing a sheet is about.
    public final class Kind: Sendable {
        /// The name under which events carry it, `ticket`.
        public let name: String
        /// A known event type with the thing's schema, `ticket.created`.
        public let eventType: String
        /// The fields whose changes are kept.
        public let watched: Set<String>
        /// Fields that are the plugin's own business and no facts for conditions.
        public let hidden: Set<String>
        /// The schema of the thing; nil when no known event type carries it.
        public let schema: Schema?
        let known: Set<String>

        /// A kind of thing.
        public init(name: String, eventType: String, watched: Set<String>, hidden: Set<String> = []) {
            self.name = name
            self.eventType = eventType
            self.watched = watched
            self.hidden = hidden.union(["facts_at", "history"])
            schema = EventCatalog.standard.schema(ofType: eventType)?.property(name)
            known = Set(schema?.properties.map(\.name) ?? [])
        }
    }

    /// The most changes that are kept.
    public static let longestHistory = 30
    /// The longest id, in bytes.
    public static let longestID = 1000
    /// The most fields of a thing; what senders add beyond is not kept.
    public static let mostFields = 200

    /// The kind of thing.
    public let kind: Kind
    /// The fields and `history`. A `facts_at` in it is that of the beginning.
    private var fields: ValueMap
    /// The time of the fact of each field.
    private var times: ValueMap

    /// What is kept: the fields, `facts_at` with the time of each, and `history`.
    public var body: ValueMap {
        guard !times.isEmpty else { return fields }
        var body = fields
        body["facts_at"] = .map(times)
        return body
    }

    /// The sheet of the thing `id` from its document; an empty one when there is none.
    public init(_ kind: Kind, id: String, body: ValueMap?) {
        self.kind = kind
        fields = body ?? [:]
        times = fields["facts_at"]?.map ?? [:]
        fields["id"] = .string(id)
    }

    /// Whether `id` can name a document.
    public static func isID(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.count <= longestID && !id.utf8.contains(0)
    }

    /// The value of a field; nil when it is null or not known.
    public subscript(field: String) -> Value? {
        guard let value = fields[field], !value.isNull else { return nil }
        return value
    }

    /// The fields alone, as conditions and steps see them: every field of the thing's schema is there.
    public var facts: ValueMap {
        let facts = ValueMap(
            uniqueEntries: fields.entries.filter { entry in
                entry.key.string.map { !kind.hidden.contains($0) } ?? true
            })
        let bound = EventCatalog.standard.bound(
            ValueMap(strings: [(kind.name, .map(facts))]), ofType: kind.eventType)
        return bound[kind.name]?.map ?? facts
    }

    /// The latest changes of watched fields in the order in which they were learned, each `at`, `field`, `from`, `to` and perhaps
    /// `by`.
    public var history: [Value] { fields["history"]?.list ?? [] }

    /// When the newest fact about `field` was so.
    public func factTime(_ field: String) -> Timestamp? { times[field]?.timestamp }

    /// Takes in that `field` was `value` at `instant`; nothing when something newer is known.
    ///
    /// - Parameter by: who changed it, for the history.
    public mutating func learn(_ field: String, _ value: Value, at instant: Timestamp, by: String? = nil) {
        if let known = factTime(field), known > instant { return }
        let present = fields[field]
        guard present != nil || fields.count < Self.mostFields || kind.known.contains(field) else { return }
        times[field] = .timestamp(instant)
        let old = present ?? .null
        guard old != value else { return }
        fields[field] = value
        guard kind.watched.contains(field) else { return }
        var change: ValueMap = [
            "at": .timestamp(instant), "field": .string(field), "from": old, "to": value,
        ]
        change["by"] = by.map(Value.string)
        fields["history"] = .list((history + [.map(change)]).suffix(Self.longestHistory))
    }

    /// Takes in the fields of a person or company, each on its own.
    public mutating func learn(_ field: String, parts: ValueMap, at instant: Timestamp) {
        if let known = factTime(field), known > instant, self[field] != nil {
            // Late, but what it adds to a gap is still worth knowing.
            let present = self[field]?.map ?? [:]
            fields[field] = .map(Self.filled(parts).merging(Self.filled(present)))
            return
        }
        let present = self[field]?.map ?? [:]
        learn(field, .map(present.merging(Self.filled(parts))), at: instant)
    }

    /// Sets a field that events do not tell, such as a count or a moment worked out from others.
    public mutating func keep(_ field: String, _ value: Value) { fields[field] = value }

    /// Adds one to a field. Counts hold whatever the order of the events.
    public mutating func count(_ field: String) { fields[field] = .int((self[field]?.int ?? 0) + 1) }

    /// Moves an instant forward, never back.
    ///
    /// - Returns: whether it was moved.
    @discardableResult
    public mutating func advance(_ field: String, to instant: Timestamp) -> Bool {
        if let known = self[field]?.timestamp, known >= instant { return false }
        fields[field] = .timestamp(instant)
        return true
    }

    /// Adds to a list what is not in it yet; the newest `most` stay.
    public mutating func add(_ values: [Value], to field: String, most: Int) {
        let present = self[field]?.list ?? []
        var known = Set(present)
        let missing = values.filter { known.insert($0).inserted }
        guard !missing.isEmpty else { return }
        fields[field] = .list((present + missing).suffix(most))
    }

    private static func filled(_ map: ValueMap) -> ValueMap {
        ValueMap(uniqueEntries: map.entries.filter { !$0.value.isNull })
    }
}
