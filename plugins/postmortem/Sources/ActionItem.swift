import PluginKit
import WorkflowModel

/// An action item, as the collection `postmortem.actions` keeps it.
struct ActionItem: Sendable, Hashable {
    static let collection = "postmortem.actions"

    /// Where an item stands. What somebody says is done is only claimed until somebody else has seen it.
    enum State: String, Sendable, CaseIterable {
        case open
        case doneClaimed = "done_claimed"
        case verified
        case wontDo = "wont_do"

        /// Whether it is over and done with.
        var isClosed: Bool { self == .verified || self == .wontDo }
    }

    var id: String
    var postmortem: String?
    /// The subject that the item belongs to, `incident:INC-7`.
    var subject: String?
    var title: String
    var type: String
    var owner: String?
    var team: String?
    var priority: String
    var state = State.open
    var dueAt: Timestamp
    var evidence: String?
    var verification: String?
    var claimedBy: String?
    var verifiedBy: String?
    /// Why it will not be done.
    var reason: String?
    var url: String?
    var createdAt: Timestamp

    /// An open item.
    init(id: String, title: String, type: String, priority: String, dueAt: Timestamp, createdAt: Timestamp) {
        self.id = id
        self.title = title
        self.type = type
        self.priority = priority
        self.dueAt = dueAt
        self.createdAt = createdAt
    }

    /// The item of a document.
    init?(_ body: ValueMap) {
        guard let id = body["id"]?.string, let dueAt = body["due_at"]?.timestamp else { return nil }
        self.init(
            id: id, title: body["title"]?.string ?? id, type: body["type"]?.string ?? "repair",
            priority: body["priority"]?.string ?? "P2", dueAt: dueAt, createdAt: body["created_at"]?.timestamp ?? dueAt)
        postmortem = body["postmortem"]?.string
        subject = body["subject"]?.string
        owner = body["owner"]?.string
        team = body["team"]?.string
        state = body["state"]?.string.flatMap(State.init(rawValue:)) ?? .open
        evidence = body["evidence"]?.string
        verification = body["verification"]?.string
        claimedBy = body["claimed_by"]?.string
        verifiedBy = body["verified_by"]?.string
        reason = body["reason"]?.string
        url = body["url"]?.string
    }

    /// How long the item has been open past its due date at `now`; nil when it is not.
    func overdue(at now: Timestamp) -> Duration? { state == .open && dueAt <= now ? now - dueAt : nil }

    /// What events and outputs show at `now`.
    func shown(at now: Timestamp) -> ValueMap {
        [
            "id": .string(id), "postmortem": text(postmortem),
            "incident": text(subject.map { ReviewedSubject($0).id }), "title": .string(title), "type": .string(type),
            "owner": text(owner), "team": text(team), "priority": .string(priority), "state": .string(state.rawValue),
            "due_at": .timestamp(dueAt), "overdue_by": overdue(at: now).map(Value.duration) ?? .null,
            "evidence": text(evidence), "verification": text(verification), "claimed_by": text(claimedBy),
            "verified_by": text(verifiedBy), "reason": text(reason), "url": text(url),
        ]
    }

    func put(in store: any PluginStore) throws {
        var body = shown(at: createdAt)
        body["overdue_by"] = nil
        body["subject"] = text(subject)
        body["created_at"] = .timestamp(createdAt)
        try store.put(id, body, in: Self.collection)
    }

    /// The item `id`.
    ///
    /// - Throws: ``Failure`` `unknown_action`.
    static func item(_ id: String, in reader: any PluginStoreReader) throws -> ActionItem {
        guard let body = try reader.document(id, in: collection), let item = ActionItem(body) else {
            throw Failure.permanent("unknown_action", "there is no action item \(id)")
        }
        return item
    }

    private func text(_ value: String?) -> Value { value.map(Value.string) ?? .null }
}
