public import WorkflowModel

/// A durable timer.
public struct TimerRecord: Sendable, Hashable {
    /// What happens when it is due.
    public enum Purpose: Sendable, Hashable {
        /// The run goes on; the timer's name is the machine's.
        case run(RunID, name: String)
        /// A plugin's event is emitted.
        case event(plugin: String, key: String, EventDraft)
        /// The gate `gate` of a playbook looks at its memory under `key` again.
        case gate(playbook: String, gate: String, key: String)
        /// The playbook's trigger, counted from 0, fires by its schedule.
        case schedule(playbook: String, trigger: Int)
    }

    /// When it is due.
    public var due: Timestamp
    /// What happens then.
    public var purpose: Purpose

    /// A timer.
    public init(due: Timestamp, purpose: Purpose) {
        self.due = due
        self.purpose = purpose
    }
}
