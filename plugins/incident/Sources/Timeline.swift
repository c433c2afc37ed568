import PluginKit
import WorkflowModel

/// The timeline of an incident: what was kept of it, and the messages that were sent about it.
struct Timeline {
    private static let messages = "notify.messages"

    /// The newest entries, in order of time.
    let entries: [Value]
    /// How many older ones there are.
    let leftOut: Int

    init(of incident: Incident, limit: Int, in reader: any PluginStoreReader) throws {
        let kept = DocumentQuery(
            [.init("incident", .equals(.string(incident.id)))], order: "at", descending: true, limit: limit)
        let sent = DocumentQuery(
            [.init("subject", .equals(.string("incident:\(incident.id)")))], order: "sent_at", descending: true,
            limit: limit)
        var all = try reader.documents(in: TimelineEntry.collection, kept).map(Self.shown)
        all += try reader.documents(in: Self.messages, sent).compactMap(Self.message)
        all.sort { a, b in a.0 == b.0 ? a.1 < b.1 : a.0 < b.0 }
        let count =
            try reader.count(in: TimelineEntry.collection, kept) + reader.count(in: Self.messages, sent)
            + Int(incident["entries_dropped"]?.int ?? 0)
        entries = all.suffix(limit).map(\.2)
        leftOut = max(0, count - entries.count)
    }

    private static func shown(_ document: Document) -> (Timestamp, String, Value) {
        var body = document.body
        body["incident"] = nil
        return (body["at"]?.timestamp ?? .earliest, document.id, .map(body))
    }

    private static func message(_ document: Document) -> (Timestamp, String, Value)? {
        guard let at = document.body["sent_at"]?.timestamp else { return nil }
        let to = document.body["to"]?.string ?? "somebody"
        let title = document.body["title"]?.string.map { ": \($0)" } ?? ""
        var entry = TimelineEntry(
            incident: "", at: at, text: "Message to \(to)\(title)", kind: "comms", source: "notify")
        entry.actor = document.body["playbook"]?.string.map { "playbook \($0)" }
        return (at, document.id, entry.value)
    }
}
