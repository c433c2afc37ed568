import PluginKit
import WorkflowModel

/// A post-mortem, as the collection `postmortem.postmortems` keeps it.
struct Review {
    static let collection = "postmortem.postmortems"

    var id: String
    var subject: ReviewedSubject
    var title: String
    var severity: String?
    var status = "draft"
    var owner: String?
    var openedAt: Timestamp
    var dueAt: Timestamp
    var document = ""
    /// The length of the timeline.
    var entries = 0

    /// A post-mortem that is opened now.
    init(
        id: String, subject: ReviewedSubject, title: String, severity: String?, owner: String?, openedAt: Timestamp,
        dueAt: Timestamp
    ) {
        self.id = id
        self.subject = subject
        self.title = title
        self.severity = severity
        self.owner = owner
        self.openedAt = openedAt
        self.dueAt = dueAt
    }

    /// The post-mortem of a document.
    init?(_ body: ValueMap) {
        guard let id = body["id"]?.string, let subject = body["subject"]?.string,
            let openedAt = body["opened_at"]?.timestamp, let dueAt = body["due_at"]?.timestamp
        else { return nil }
        self.init(
            id: id, subject: ReviewedSubject(subject), title: body["title"]?.string ?? id,
            severity: body["severity"]?.string, owner: body["owner"]?.string, openedAt: openedAt, dueAt: dueAt)
        status = body["status"]?.string ?? "draft"
        document = body["document"]?.string ?? ""
        entries = body["entries"]?.int.map(Int.init) ?? 0
    }

    /// What events, outputs and templates show.
    var shown: ValueMap {
        [
            "id": .string(id), "incident": .string(subject.id), "subject": .string(subject.subject),
            "title": .string(title), "severity": severity.map(Value.string) ?? .null, "status": .string(status),
            "owner": owner.map(Value.string) ?? .null, "opened_at": .timestamp(openedAt), "due_at": .timestamp(dueAt),
        ]
    }

    func put(in store: any PluginStore) throws {
        var body = shown
        body["document"] = .string(document)
        body["entries"] = .int(Int64(entries))
        try store.put(id, body, in: Self.collection)
    }

    /// The post-mortem of `subject`, if it has one.
    static func of(_ subject: ReviewedSubject, in reader: any PluginStoreReader) throws -> Review? {
        try reader.documents(
            in: collection, DocumentQuery([.init("subject", .equals(.string(subject.subject)))], limit: 1)
        ).first.flatMap { Review($0.body) }
    }
}
