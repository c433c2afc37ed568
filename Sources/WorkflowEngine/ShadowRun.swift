public import RunStore
public import WorkflowModel

/// Rehearses a run that `mode: shadow` asks for, without any effect, and gives what is kept of it.
public typealias ShadowRunner = @Sendable (RunRecord, EventRecord?, ActivePlaybook) async throws -> ShadowResult

/// What a rehearsed run would have done.
public struct ShadowResult: Sendable {
    /// Its journal.
    public var journal: [JournalRecord]
    /// What it would have ended in.
    public var state: RunState
    /// What it would have failed with.
    public var failure: Failure?
    /// What it would have given back.
    public var outputs: Value?

    /// A result.
    public init(journal: [JournalRecord], state: RunState, failure: Failure? = nil, outputs: Value? = nil) {
        self.journal = journal
        self.state = state
        self.failure = failure
        self.outputs = outputs
    }
}
