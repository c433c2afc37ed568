import PluginKit
import WorkflowModel

/// A maintenance window: services, and a half-open time [start, end) in which work is done on them.
struct Window: Sendable, Hashable {
    /// Where a window stands. `proposed` waits for an approver; the last two are for good.
    enum State: String, Sendable, CaseIterable {
        case proposed
        case scheduled
        case inProgress = "in_progress"
        case completed
        case cancelled

        /// Whether the window is over.
        var isOver: Bool { self == .completed || self == .cancelled }
    }

    /// How a window came to be; as change management has it.
    enum Kind: String, Sendable, CaseIterable {
        case normal
        case standard
        case emergency
    }

    var id: String
    var title: String
    var services: [String]
    var start: Timestamp
    var end: Timestamp
    /// The end as it was first agreed.
    var originalEnd: Timestamp
    /// The zone to show it in, an IANA name.
    var zone: String
    var state: State
    var kind: Kind
    var impact: String?
    var owner: String?
    var requestedBy: String?
    var approvedBy: String?
    var reason: String?
    /// Whether it is completed at its end by itself.
    var completesItself = true
    /// Counts the changes; part of the keys of its events, so that each change tells its own.
    var revision = 1
    /// True for a window that another system keeps and tells us of.
    var isForeign = false
    /// The conflicts known when it was scheduled.
    var conflicts: [Value] = []

    /// Whether the window and [start, end) share an instant; windows that touch do not.
    func overlaps(_ start: Timestamp, _ end: Timestamp) -> Bool { self.start < end && start < self.end }

    /// What events, outputs and templates show.
    var shown: ValueMap {
        [
            "id": .string(id), "title": .string(title), "services": .list(services.map(Value.string)),
            "starts_at": .timestamp(start), "ends_at": .timestamp(end), "original_ends_at": .timestamp(originalEnd),
            "zone": .string(zone), "state": .string(state.rawValue), "kind": .string(kind.rawValue),
            "impact": text(impact), "owner": text(owner), "requested_by": text(requestedBy),
            "approved_by": text(approvedBy), "reason": text(reason), "conflicts": .list(conflicts),
        ]
    }

    private func text(_ value: String?) -> Value { value.map(Value.string) ?? .null }
}
