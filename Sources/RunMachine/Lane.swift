import WorkflowModel

/// A list of steps that is being gone through: the playbook's own, a branch, an iteration. A run has one lane for each such list
/// it is inside of; those of `parallel` exist at the same time.
struct Lane: Sendable {
    /// What the lane does at its current step.
    enum Activity: Sendable {
        /// The step has not begun.
        case ready
        case call(CallState)
        case branch
        case parallel(remaining: Int, failure: Failure?)
        case loop(items: [Value], index: Int, results: [Value])
        /// The step is ending the run.
        case ending
    }

    let steps: [CompiledStep]
    var position = 0
    /// The lane at whose current step this one belongs.
    let parent: Int?
    let indices: [Int]
    /// Loop variables that the lane sees.
    let locals: [(name: String, value: Value)]
    /// The results of this iteration's steps; nil when they go to the lane around.
    var results: ValueMap?
    let isOnFailure: Bool
    /// Whether the lane ends with its current step.
    var isStopping = false
    var activity = Activity.ready

    var step: CompiledStep? { position < steps.count ? steps[position] : nil }

    func key(of step: CompiledStep) -> StepKey { StepKey(step.path, indices) }
}

/// A call of an action from its first attempt to its end.
struct CallState: Sendable {
    enum Phase: Sendable {
        /// The next attempt is to be made.
        case again
        /// An attempt is being made.
        case running
        /// The next attempt is made at this time.
        case waiting(due: Timestamp)
        /// A write ended without a known outcome; nothing has been decided.
        case uncertain(Failure)
        /// The action is being asked whether it has happened.
        case verifying(Failure)
        /// A person must settle it.
        case attention(Failure)
    }

    /// The attempt that is made, or was made last.
    var attempt: Int
    /// The attempts that are known to have failed.
    var failures = 0
    var startedAt: Timestamp
    var phase: Phase
    /// What was intended, for a write.
    var input: Value?
    var key: String?
    var mayBeDuplicate = false

    var isWaiting: Bool { if case .waiting = phase { true } else { false } }
}
