import PluginKit
import RunStore
import WorkflowModel

/// Records to put into stores.
enum Sample {
    static let start = Timestamp(seconds: 1_800_000_000)

    static let collections: [String: CollectionDeclaration] = [
        "ticket.tickets": CollectionDeclaration(
            name: "tickets", indexes: ["status", "priority", "requester.id", "opened", "is_vip", "effort"],
            search: ["title", "notes"]),
        "ticket.comments": CollectionDeclaration(name: "comments", indexes: ["ticket"], search: ["text"]),
        "route.members": CollectionDeclaration(name: "members"),
    ]

    static func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: start.seconds + seconds) }

    static func event(
        _ id: String, source: String = "test", subject: String? = "ticket:1", at seconds: Int64 = 0,
        isOutOfOrder: Bool = false
    ) -> EventRecord {
        let event = Event(
            id: id, source: source, type: "test.happened", subject: subject, time: at(seconds),
            data: ["number": .int(seconds)])
        return EventRecord(event: event, acceptedAt: at(seconds + 1), generation: 1, isOutOfOrder: isOutOfOrder)
    }

    /// A run whose id sorts by `number`.
    static func run(
        _ number: Int, playbook: String = "greet", kind: RunRecord.Kind = .live, event: Int64? = nil,
        subject: String? = nil, state: RunState = .queued
    ) -> RunRecord {
        var run = RunRecord(
            id: id(number), playbook: playbook, kind: kind, bundle: "b1", event: event, subject: subject,
            createdAt: at(Int64(number)))
        run.state = state
        return run
    }

    static func id(_ number: Int) -> RunID {
        RunID(at: at(Int64(number)), random: [UInt8](repeating: 7, count: 10))
    }

    static func entry(_ sequence: Int, _ body: Value = ["x": 1]) -> JournalRecord {
        JournalRecord(
            sequence: sequence, at: at(Int64(sequence)), kind: "completed", step: "steps[0]", version: 1, body: body)
    }

    static func effect(_ key: String, run: Int = 1) -> EffectRecord {
        EffectRecord(
            key: key, run: id(run), step: "steps[0]", action: "notify.send", sent: ["to": "user@example.com"],
            intendedAt: start)
    }

    static func draft(_ key: String) -> EventDraft {
        EventDraft(
            type: "ticket.overdue", subject: "ticket:1", data: ["late": true, "after": .duration(.seconds(90))],
            key: key)
    }
}

extension RunStore {
    /// Puts documents into `ticket.tickets`.
    func putTickets(_ tickets: [(String, ValueMap)]) async throws {
        try await write { transaction in
            let store = transaction.pluginStore(of: "ticket")
            for (id, body) in tickets { try store.put(id, body, in: "ticket.tickets") }
        }
    }

    /// The ids of the tickets that a query gives, in order.
    func tickets(_ query: DocumentQuery) async throws -> [String] {
        try await read { documents in try documents.documents(in: "ticket.tickets", query).map(\.id) }
    }

    /// The ids of the tickets that a search gives, in order.
    func search(_ text: String, limit: Int = 100) async throws -> [String] {
        try await read { documents in
            try documents.search(text, in: "ticket.tickets", limit: limit).map(\.document.id)
        }
    }
}
