public import WorkflowModel

/// What the machine wants done. Whoever does it tells the machine how it ended.
public enum Command: Sendable {
    /// Call an action; for a write tell ``RunMachine/intend(_:input:idempotencyKey:now:)`` first.
    case call(Attempt)
    /// Find out whether an uncertain write has happened; tell ``RunMachine/verified(_:_:now:)``.
    case verify(Attempt)
    /// Look up the events about `subject` that have one of these types and were accepted at `since` or later, once what was decided
    /// is stored; tell ``RunMachine/heard(_:_:now:)``. Nil is the run's subject, ``ListenStep/anySubject`` any.
    case listen(step: String, types: [String], since: Timestamp, subject: String?)
    /// Look up the events of the run's subject that have one of these types and were accepted since the run was made, its own
    /// event not among them; tell ``RunMachine/heardStop(_:now:)``.
    case watch(types: [String])
    /// Find out who of `recipients`, as people write them, can answer a question; tell ``RunMachine/consulted(_:_:now:)``. `names`
    /// are those of the step, for `assignee`.
    case consult(step: String, recipients: [String], names: ValueMap)
    /// Make a run of another playbook, to be stored with what was decided; tell ``RunMachine/began(_:run:inputs:now:)`` or
    /// ``RunMachine/notBegun(_:_:now:)``.
    case begin(step: String, playbook: String, inputs: ValueMap)
    /// Look whether a called run has ended; tell ``RunMachine/looked(_:_:)``.
    case look(step: String, run: RunID)
    /// End a called run, because its caller is being ended; once what was decided is stored.
    case end(step: String, run: RunID)
    /// Look up what is known now under `names`; tell ``RunMachine/refreshed(_:_:)``. `known` is what the run has seen so far.
    case refresh(step: String, names: [String], known: ValueMap)
}

/// An event that a `wait_for` may have waited for.
public struct HeardEvent: Sendable, Hashable {
    /// Its envelope with its data, as `event` shows it.
    public var event: ValueMap
    /// The names that it gives to conditions.
    public var names: ValueMap

    /// An event.
    public init(event: ValueMap, names: ValueMap) {
        self.event = event
        self.names = names
    }
}

/// One try of a step.
public struct Attempt: Sendable {
    /// The step's instance.
    public var step: StepKey
    /// Its key in the journal.
    public var key: String
    /// What people call the step.
    public var label: String
    /// Where the step is written.
    public var place: SourcePlace
    /// The action's full name.
    public var action: String
    /// What the action does to the world.
    public var effect: Effect
    /// From 1.
    public var number: Int
    /// The step's start: `now` for all of its attempts.
    public var startedAt: Timestamp
    /// The inputs: as the playbook gives them for a first attempt, as they were intended for a later attempt of a write.
    public var input: Value
    /// Whether ``input`` was intended before and is complete.
    public var isInputFinal: Bool
    /// The key of the write that was intended before.
    public var idempotencyKey: String?
    /// Whether an earlier attempt without a known outcome makes this one a possible repetition.
    public var mayBeDuplicate: Bool
    /// The time limit that playbook or manifest set; nil for the engine's default.
    public var timeout: Duration?
    /// When the step with all its attempts must have ended.
    public var deadline: Timestamp?
    /// The names that templates see.
    public var names: ValueMap
    /// The output that the playbook gives for rehearsals; only when the machine was made to rehearse.
    public var mock: Value?
    /// Whether it takes a completed step back.
    public var isUndo = false
}

/// What became of an attempt.
public enum AttemptOutcome: Sendable, Hashable {
    /// It gave this output; `note` is a warning to keep.
    case succeeded(Value, note: String? = nil)
    case failed(Failure)
}

/// Whether an uncertain write has happened, as its action answers.
public enum VerifiedAs: Sendable, Hashable {
    case done(Value)
    case notDone
    case unknown
}
