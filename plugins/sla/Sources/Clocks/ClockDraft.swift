import Calendars
import WorkflowModel

/// A clock while its ticket's history is gone through: what happened to it, without arithmetic.
struct ClockDraft: Sendable {
    /// One target with what it is counted by.
    struct Part: Sendable {
        var stretch: Clock.Stretch
        var policy: Policy?
        var rule: MetricRule?
        var calendar: BusinessCalendar?
        /// The target as written; a pin has none.
        var target: Target?
        /// Its pauses up to where the history is folded; nil when it begins later.
        var past: [PauseSpan]?
    }

    let metric: Metric
    let kind: Policy.Kind
    let cycle: Int
    var start: Timestamp
    var version: String?
    var parts: [Part] = []
    /// Times that it did not run whatever the policy says: between solving and re-opening.
    var gaps: [PauseSpan] = []
    /// Pauses that came with a clock of another ticket or are folded, and from when on the ticket's own count.
    var adopted: [PauseSpan] = []
    var ownPausesFrom: Timestamp?
    var stop: (at: Timestamp, state: Clock.State, cause: String)?

    var isPinned: Bool { parts.last?.stretch.pinnedDue != nil }
    var isMeasured: Bool { parts.contains { $0.target != nil || $0.stretch.pinnedDue != nil } }
}
