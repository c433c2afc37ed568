import PluginKit
import WorkflowModel

/// Something that happened, on the timeline of a post-mortem.
struct TimelineEntry: Sendable, Hashable {
    /// Its id where it comes from: one id is one entry.
    var id: String?
    var at: Timestamp
    var text: String
    var source: String?
    var actor: String?
    var link: String?
    /// `fact`, `decision`, `status` or `comms`.
    var kind: String
    /// Whether it is one of the moments by which an incident is measured.
    var isPinned = false

    /// The entry that somebody wrote; nil when it has no time or text.
    init?(_ value: Value) {
        guard let at = value["at"]?.timestamp, let text = value["text"]?.string else { return nil }
        self.at = at
        self.text = TimelineEntry.oneLine(text)
        id = value["id"]?.string
        source = value["source"]?.string
        actor = value["actor"]?.string
        link = value["link"]?.string
        kind = value["kind"]?.string ?? "fact"
    }

    /// An entry from an event.
    init(id: String, at: Timestamp, text: String, source: String, actor: String?, kind: String, isPinned: Bool) {
        self.id = id
        self.at = at
        self.text = TimelineEntry.oneLine(text)
        self.source = source
        self.actor = actor
        self.kind = kind
        self.isPinned = isPinned
    }

    /// The entry that the incident keeps on its own timeline; it has the id of the event that told it.
    init?(kept document: Document) {
        guard var entry = TimelineEntry(.map(document.body)) else { return nil }
        entry.id = document.body["event"]?.string ?? document.id
        entry.isPinned = document.body["pinned"]?.bool ?? false
        self = entry
    }

    /// A message that was sent.
    init?(message document: Document) {
        guard let at = document.body["sent_at"]?.timestamp else { return nil }
        let title = document.body["title"]?.string.map { ": \($0)" } ?? ""
        self.init(
            id: document.id, at: at, text: "Message to \(document.body["to"]?.string ?? "somebody")\(title)",
            source: "notify", actor: document.body["playbook"]?.string.map { "playbook \($0)" }, kind: "comms",
            isPinned: false)
    }

    /// What templates see.
    var value: Value {
        [
            "at": .timestamp(at), "text": .string(text), "kind": .string(kind), "pinned": .bool(isPinned),
            "source": source.map(Value.string) ?? .null, "actor": actor.map(Value.string) ?? .null,
            "link": link.map(Value.string) ?? .null,
        ]
    }

    private static func oneLine(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count > 300 ? line.prefix(299) + "…" : line
    }
}
