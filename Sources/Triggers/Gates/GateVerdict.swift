/// What a gate makes of an event whose condition holds.
public enum GateVerdict: Sendable, Hashable {
    /// It lets the event through to the next gate.
    case passes
    /// It stops the event: the reason in a word, and in a sentence that a coordinator understands.
    case stops(StopReason, String)
}

/// Why an event that matches starts no run, in a word: what ``MatchDecision/Outcome/suppressed(reason:detail:)`` and the rows of the
/// store say. A word never changes its meaning.
public enum StopReason: String, Sendable, Hashable, CaseIterable {
    /// It repeats one that was acted on (`ignore_repeats_for`).
    case repeated
    /// It is kept for the run that acts on all that come (`collect_for`).
    case collected
    /// Not enough have come yet (`only_if`).
    case tooFew = "too_few"
    /// A person has paused the playbook, or all of them.
    case paused
    /// The playbook failed too often, or began too often, and rests.
    case breakerOpen = "breaker_open"
    /// The playbook began too often for this subject.
    case loopStopped = "loop_stopped"
    /// As many runs as are allowed have begun in the span (`throttle`).
    case throttled
    /// As many runs as are allowed are at work (`concurrency` with `if_busy: skip`).
    case busy
    /// Too many runs wait for the slot already.
    case lineFull = "line_full"
    /// The playbook is there no more, or was switched off, when its collection was due.
    case switchedOff = "switched_off"
}
