import Digests
import PluginKit
import WorkflowModel

/// One line of an incident's timeline, as the collection `incident.entries` keeps it.
struct TimelineEntry {
    static let collection = "incident.entries"
    /// The most entries that are kept of one incident; beyond it they are counted only.
    static let most: Int64 = 5000
    private static let longest = 2000

    var incident: String
    var at: Timestamp
    var text: String
    /// Who did it; nil when nobody is known.
    var actor: String?
    /// `fact`, `decision`, `status` or `comms`.
    var kind = "fact"
    /// Where it is known from.
    var source: String
    var link: String?
    /// Whether it is one of the moments by which the incident is measured.
    var isPinned = false
    /// The id of the event that told it, so that nobody lists it twice.
    var event: String?

    /// What lists show.
    var value: Value {
        [
            "at": .timestamp(at), "text": .string(text), "kind": .string(kind), "pinned": .bool(isPinned),
            "actor": actor.map(Value.string) ?? .null, "source": .string(source),
            "link": link.map(Value.string) ?? .null, "event": event.map(Value.string) ?? .null,
        ]
    }

    /// Keeps the entry under `key`: the same key again is the same entry.
    ///
    /// - Returns: the incident with its count of entries.
    func keep(under key: String, of incident: Incident, in store: any PluginStore) throws -> Incident {
        var incident = incident
        let id = "\(SHA256.hex(of: incident.id).prefix(16))/\(SHA256.hex(of: key).prefix(32))"
        guard try store.document(id, in: Self.collection) == nil else { return incident }
        guard (incident["entry_count"]?.int ?? 0) < Self.most else {
            incident.keep("entries_dropped", .int((incident["entries_dropped"]?.int ?? 0) + 1))
            return incident
        }
        incident.keep("entry_count", .int((incident["entry_count"]?.int ?? 0) + 1))
        var body = value.map ?? [:]
        body["incident"] = .string(incident.id)
        body["text"] = .string(text.count > Self.longest ? text.prefix(Self.longest - 1) + "…" : text)
        try store.put(id, body, in: Self.collection)
        return incident
    }
}
