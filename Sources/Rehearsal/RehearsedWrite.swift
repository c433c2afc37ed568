public import WorkflowModel

/// A write that a rehearsal came to: what would have been sent.
public struct RehearsedWrite: Sendable, Hashable {
    /// The run.
    public var run: RunID
    /// The instance of the step.
    public var step: String
    /// The action's full name.
    public var action: String
    /// One line for people.
    public var summary: String
    /// The exact message or request, secrets redacted.
    public var sent: Value
    /// The output that the playbook went on with.
    public var output: Value
    /// Whether the output is the playbook's `mock` rather than what the action foresees.
    public var isMocked: Bool
}
