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
        case loop(LoopState)
        case choice
        case attempt(AttemptState)
        case rounds(RoundsState)
        /// The steps that follow a question which was rejected or not answered; what it gave.
        case reaction(output: Value)
        /// A run of another playbook.
        case sub(SubState)
        /// A wait of the playbook.
        case pause(PauseState)
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
    /// What `failure` is inside a `rescue`.
    var failure: Failure?
    /// Whether the lane takes a step back.
    var isUndo = false
    /// Whether the lane ends with its current step.
    var isStopping = false
    /// Whether the events that it waits for are being looked up.
    var isLooking = false
    /// The events that had ended a `wait_for` before the lane began to wait.
    var arrivedBefore: Set<Value> = []
    var activity = Activity.ready

    var step: CompiledStep? { position < steps.count ? steps[position] : nil }

    /// When its wait is over; nil when it does not wait.
    var due: Timestamp? {
        switch activity {
        case .call(let call): if case .waiting(let due) = call.phase { due } else { nil }
        case .pause(.waiting(let due)), .pause(.listening(_, _, let due, _)): due
        case .pause(.asking(let ask)): ask.due
        case .rounds(let rounds): if case .waiting(let due) = rounds.phase { due } else { nil }
        default: nil
        }
    }

    /// The rounds that the lane stands between, when an event can end them.
    var waitingRounds: RoundsState? {
        guard case .rounds(let rounds) = activity, case .waiting = rounds.phase,
            case .rounds(let compiled)? = step?.kind, compiled.until != nil
        else { return nil }
        return rounds
    }

    /// Whether it waits for a called run.
    var isCalling: Bool { if case .sub(.waiting) = activity { true } else { false } }

    func key(of step: CompiledStep) -> StepKey { StepKey(step.path, indices) }
}

/// `for_each` while it goes on.
struct LoopState: Sendable {
    var items: [Value]
    /// The element that begins next.
    var next = 0
    /// The elements that are under way.
    var open = 0
    var results: [Value] = []
    var failure: Failure?
}

/// `try` while it goes on.
struct AttemptState: Sendable {
    enum Part: Sendable {
        case steps, rescue, always
    }

    var part = Part.steps
    var isRescued = false
    /// How the parts before `always` ended.
    var end: RunMachine.LaneEnd = .well
}

/// `repeat` while it goes on.
struct RoundsState: Sendable {
    enum Phase: Sendable {
        case round
        /// What is known is being read afresh, after a round or after a wait.
        case refreshing(afterWait: Bool)
        /// `until` is to be asked.
        case asking(afterWait: Bool)
        case waiting(due: Timestamp)
    }

    var phase = Phase.round
    /// The round that is, or was last, under way; from 1.
    var number: Int
    var startedAt: Timestamp
    var results: [Value] = []
}

/// `wait` while it goes on.
enum PauseState: Sendable {
    case waiting(due: Timestamp)
    /// A `wait_for`.
    case listening(types: [String], since: Timestamp, due: Timestamp, subject: String?)
    /// Who may answer the question is being looked up.
    case consulting(question: String)
    /// A question waits for answers.
    case asking(AskState)
    /// The question is settled; what is known is being read afresh, or has been.
    case settled(AskState, isFresh: Bool)
    /// It is over; what is known is being read afresh.
    case refreshing(output: Value?)
}

/// A completed step that is taken back when the run fails later.
struct UndoItem: Sendable {
    let step: CompiledStep
    let indices: [Int]
    let locals: [(name: String, value: Value)]
    /// The results that only the step's own iteration sees.
    let results: ValueMap
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
    /// Whether an attempt of a write may have happened: it ended without a known outcome, and nobody has said since that it did not.
    var isUnsettled = false
    /// Whether the attempt that is being made is in the journal.
    var isIntended = false

    var isWaiting: Bool { if case .waiting = phase { true } else { false } }
}
