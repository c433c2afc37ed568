import PluginKit
import WorkflowModel

/// What is kept of a ticket: everything that happened to it, as far as clocks depend on it.
struct TicketRecord: Sendable {
    /// The most happenings of a ticket that are kept one by one; tests take fewer.
    @TaskLocal static var most = 4000
    /// How many of them stay so when the others are folded.
    static var recent: Int { most / 4 }
    /// The longest id of a ticket, in bytes.
    static let longestID = 900

    let id: String
    private(set) var history: [Happening]
    /// The ticket's fields after the last happening.
    private(set) var fields: ValueMap

    /// The record of `id`; nil when there is none.
    init?(_ id: String, in store: any PluginStoreReader) throws {
        guard let body = try store.document(id, in: SLAPlugin.tickets) else { return nil }
        self.init(id: id, history: (body["history"]?.list ?? []).compactMap { Happening($0) })
    }

    /// A record of these happenings.
    init(id: String, history: [Happening] = []) {
        self.id = id
        self.history = history.sorted(by: Happening.precedes)
        fields = self.history.reduce(ValueMap()) { Timeline.fields($0, after: $1) }
    }

    /// The number that the next happening gets.
    var nextSequence: Int64 { (history.map(\.sequence).max() ?? 0) + 1 }

    /// Whether nothing is known of it but that another ticket was merged into it.
    var isUnheard: Bool { history.allSatisfy { $0.kind == .adopted } }

    /// Whether there was a public reply.
    var hasReply: Bool {
        Timeline(history).moments.contains { moment in
            moment.isReply(nil) || moment.happening.detail["kinds"]?["sla"]?["has_reply"]?.bool == true
        }
    }

    /// Up to when its history is folded; nil when it is kept whole.
    var foldedUntil: Timestamp? { history.first.flatMap { $0.kind == .folded ? $0.at : nil } }

    /// Folds what is old, when there is more than ``most``: clocks go on however much happens to a ticket.
    mutating func fold(by computation: ClockComputation) {
        let (most, recent) = (TicketRecord.most, TicketRecord.recent)
        guard history.count > most,
            let folded = computation.folded(Array(history.dropLast(recent)))
        else { return }
        history = [folded] + history.suffix(recent)
    }

    /// Adds what happened, in its place by time. Fields that a later happening only repeats are kept once, but for those on which
    /// clocks depend most: one that arrives late may come between.
    mutating func add(_ happening: Happening) {
        var happening = happening
        // What was before is no longer there to be told anew.
        if let cut = foldedUntil { happening.at = max(happening.at, cut) }
        if let last = history.last, !Happening.precedes(happening, last) {
            let kept: Set<String> = ["status", "priority", "team", "maintenance_windows"]
            happening.fields = ValueMap(
                uniqueEntries: happening.fields.entries.filter { entry in
                    guard let field = entry.key.string, !kept.contains(field) else { return true }
                    return fields[field] != entry.value
                })
        }
        let place = history.lastIndex { !Happening.precedes(happening, $0) }.map { $0 + 1 } ?? 0
        history.insert(happening, at: place)
        if place == history.count - 1 {
            fields = Timeline.fields(fields, after: happening)
        } else {
            fields = history.reduce(ValueMap()) { Timeline.fields($0, after: $1) }
        }
    }

    /// Keeps the record.
    func put(isOpen: Bool, in store: any PluginStore) throws {
        var body: ValueMap = ["history": .list(history.map(\.value)), "is_open": .bool(isOpen)]
        if let service = fields["service"] { body["service"] = service }
        if let begun = history.first.map({ $0.detail["since"]?.timestamp ?? $0.at }) {
            body["begun_at"] = .timestamp(begun)
        }
        try store.put(id, body, in: SLAPlugin.tickets)
    }
}
