public import WorkflowModel

/// One measurement of a ticket: a metric of a policy, in one of its cycles, as it is at an instant.
public struct Clock: Sendable, Hashable {
    /// Whether and how a clock goes on.
    public enum State: String, Sendable, Hashable {
        case running
        case paused
        /// Fulfilled, in time or not.
        case met
        /// Not to be fulfilled any more.
        case cancelled
    }

    /// A target that was missed.
    public struct Breach: Sendable, Hashable {
        /// When the time was up.
        public var at: Timestamp
        /// What the target was then.
        public var target: Duration
        /// The priority it was for.
        public var priority: String?
        /// `target_changed` when a change made the target one that was missed already.
        public var cause: String?
    }

    /// A threshold that is reached, at an instant that may lie ahead.
    public struct Firing: Sendable, Hashable {
        /// Which.
        public var threshold: Threshold
        /// When.
        public var at: Timestamp
        /// Which arming of the clock's thresholds it belongs to, from 0: a change of the target arms those again that it moves ahead.
        public var arm: Int
        /// How much time had passed on the clock.
        public var elapsed: Duration
        /// The target that it is counted against.
        public var target: Duration
        /// The priority it is for.
        public var priority: String?
        /// The policy it is by.
        public var policy: String?
        /// `target_changed` when it was reached by a change and not by time.
        public var cause: String?
        /// Whether another, higher one was reached at the same instant, so that nobody needs to hear of this one.
        public var isSkipped = false
        /// Whether the policy wants nobody told, because only a change made it so.
        public var isQuiet = false

        /// The same for the same threshold of the same arming.
        public var key: String { "\(threshold.label)/\(arm)" }
    }

    /// One target after the other.
    public struct Stretch: Sendable, Hashable {
        /// From when it was so.
        public var from: Timestamp
        /// The policy; nil when none fitted.
        public var policy: String?
        /// The version of the policies.
        public var version: String?
        /// The priority.
        public var priority: String?
        /// The target; nil when there was none for it.
        public var target: Duration?
        /// The instant from which its time counts.
        public var countsFrom: Timestamp
        /// What made it so: `start`, `priority`, `policy`, `zone`, `reapply`, `pin`.
        public var cause: String
        /// The due date that somebody set by hand.
        public var pinnedDue: Timestamp?
        /// Who.
        public var pinnedBy: String?
    }

    /// What is measured.
    public var metric: Metric
    /// Whose agreement.
    public var kind: Policy.Kind
    /// From 1.
    public var cycle: Int
    /// When it began.
    public var start: Timestamp
    /// Whether it goes on.
    public var state: State
    /// Why it stopped: `replied`, `solved`, `left`, `merged`, `no_policy`, `no_target`, or what somebody wrote.
    public var cause: String?
    /// When it stopped.
    public var stop: Timestamp?
    /// The version of the policies that it is measured by.
    public var version: String?
    /// The policy in force, by id.
    public var policy: String?
    /// The priority that the target is for.
    public var priority: String?
    /// The time there is; nil when it has none.
    public var target: Duration?
    /// The time that has passed of it.
    public var elapsed: Duration
    /// When the time is up; nil while it is paused, because nobody knows.
    public var due: Timestamp?
    /// When a pause with a known end is over.
    public var resumes: Timestamp?
    /// The name of the calendar; nil for always.
    public var calendar: String?
    /// The zone of the calendar's hours; nil for always.
    public var zone: String?
    /// Its pauses by source, in order; they may overlap.
    public var pauses: [PauseSpan]
    /// Its targets, one after the other.
    public var stretches: [Stretch]
    /// The targets that were missed.
    public var breaches: [Breach]
    /// Every threshold with its instant, in order; those ahead as far as they are known.
    public var firings: [Firing]

    /// Whether a target was missed, be it an earlier one.
    public var isBreached: Bool { !breaches.isEmpty }

    /// The time that is left, below zero when it is over; nil without target.
    public var remaining: Duration? { target.map { $0 - elapsed } }

    /// Whether it may still change.
    public var isOpen: Bool { state == .running || state == .paused }

    /// The name of the clock on its ticket: `first_reply/1`, `ola:ownership/2`.
    public var key: String { "\(kind == .ola ? "ola:" : "")\(metric.rawValue)/\(cycle)" }

    /// Who set its due date by hand.
    public var pinnedBy: String? { stretches.last?.pinnedBy }
}

/// What is not measured, and why.
public struct Unmeasured: Sendable, Hashable {
    /// What.
    public var metric: Metric
    /// `no_policy` or `no_target`.
    public var reason: String
    /// The policy without a target, when there is one.
    public var policy: String?
    /// The priority without one.
    public var priority: String?
}

/// The clocks of one ticket at an instant.
public struct ClockBook: Sendable {
    /// In the order in which they began.
    public var clocks: [Clock]
    /// What has no clock though it began.
    public var unmeasured: [Unmeasured]
}
