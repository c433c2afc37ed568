public import RunStore
public import WorkflowModel

/// What the engine tells while it works: for a terminal, a log or a test. What a step gave is told after it is durable.
public enum Progress: Sendable {
    /// A worker has begun with a run, or goes on with it after a stop (`resumed`).
    case runStarted(RunRecord, resumed: Bool)
    /// A run was made, or has come to another state that is not its end.
    case runChanged(RunRecord)
    /// Events were taken in, with all that they led to; those refused and those known already are among them.
    case accepted([EventReceipt])
    /// An attempt begins.
    case stepStarted(RunID, step: String, action: String, attempt: Int)
    /// A step has ended.
    case stepEnded(RunID, step: String, StepStatus, output: Value?, Failure?)
    /// An attempt failed; there is another at `due`.
    case stepRetries(RunID, step: String, Failure, due: Timestamp)
    /// A timer fired later than it was due, because nothing executed.
    case late(RunID, step: String, by: Duration)
    /// A write has no known outcome and a person must settle it.
    case needsAttention(RunID, step: String, Failure)
    /// A question was put to people.
    case asked(AskRecord)
    /// Somebody has answered it.
    case answered(AskRecord)
    /// Something that a person should know and that stops nothing.
    case warning(RunID?, String)
    /// The run waits; nothing of it is in memory.
    case runParked(RunRecord)
    /// The run is over.
    case runEnded(RunRecord)
    /// A request of another process has its answer, so long after it was made.
    case requestAnswered(kind: String, by: String, after: Duration)
    /// A newer executor has begun on the same store: this one has stopped, and commits nothing any more.
    case replaced(message: String)
    /// The run stays where it is: what it needs could not be read or stored.
    case runStalled(RunID, message: String)
}

/// Points around the commits of a run, where a test lets the process die.
public enum FaultPoint: String, Sendable, Hashable, CaseIterable {
    /// Before an event and its runs are committed, and after.
    case beforeAccept, afterAccept
    /// Before timers that are due are committed with what they led to, and after.
    case beforeTimers, afterTimers
    /// Before any commit of a run, and after.
    case beforeCommit, afterCommit
    /// After the intent of a write is durable, before the call.
    case beforeWrite
    /// After the call, before the outcome is durable.
    case afterWrite
    /// Inside the transaction of a `state` action, after the action.
    case insideState
}
