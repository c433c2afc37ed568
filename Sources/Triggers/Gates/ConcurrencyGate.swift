public import WorkflowModel

/// The gate `concurrency`: at most so many runs of a slot are at work.
public enum ConcurrencyGate {
    /// What becomes of an event's run.
    public enum Entry: Sendable, Hashable {
        /// It begins.
        case begins
        /// It is made and waits for a place.
        case waits
        /// It is made and waits for a place, and those at work and in line are cancelled.
        case replaces
        /// None is made.
        case stopped(StopReason)
    }

    /// What becomes of one more run.
    ///
    /// - Parameters:
    ///   - working: how many runs of the slot have not ended and do not wait for a place.
    ///   - waiting: how many wait for a place in it.
    public static func enter(_ rule: ConcurrencyRule, working: Int, waiting: Int) -> Entry {
        // Who waits goes first: a run that comes at the moment when a place is free must not overtake it.
        guard working + waiting >= rule.limit, working > 0 || waiting > 0 else { return .begins }
        switch rule.ifBusy {
        case .runToo: return .begins
        case .skip: return .stopped(.busy)
        case .replace: return .replaces
        case .wait: return waiting < ConcurrencyRule.longestLine ? .waits : .stopped(.lineFull)
        }
    }

    /// How many of those that wait may begin now.
    ///
    /// - Parameter limit: nil when the playbook has no such gate any more: then all may.
    public static func released(limit: Int?, working: Int, waiting: Int) -> Int {
        guard let limit else { return waiting }
        return min(waiting, max(0, limit - working))
    }
}
