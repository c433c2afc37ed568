import PluginKit
import WorkflowModel

/// Emits what happens to clocks. One change may concern thousands of tickets: beyond what one event may lead to, the rest is told by
/// timers that are due at once.
final class ClockTeller {
    private static let atOnce = 200
    private let store: any PluginStore
    private let now: Timestamp
    private var count = 0

    init(_ store: any PluginStore, now: Timestamp) {
        self.store = store
        self.now = now
    }

    /// The event `sla.TYPE` of the ticket's clock. `key` is the same for the same thing.
    static func draft(_ type: String, _ ticket: String, _ view: ValueMap, key: String) -> EventDraft {
        EventDraft(
            type: "sla.\(type)", subject: "ticket:\(ticket)",
            data: ["sla": .map(view), "ticket": ["id": .string(ticket)]], key: key)
    }

    func tell(_ draft: EventDraft) throws {
        count += 1
        if count <= Self.atOnce {
            try store.emit(draft)
        } else {
            try store.setTimer("tell:\(draft.type):\(draft.key ?? "")", due: now, emitting: draft)
        }
    }
}
