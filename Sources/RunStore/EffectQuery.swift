public import WorkflowModel

/// Which writes of the ledger to list.
public struct EffectQuery: Sendable, Hashable {
    /// Only writes of this run.
    public var run: RunID?
    /// Only writes in one of these states.
    public var states: [EffectRecord.State]?
    /// Only writes by this action, `notify.send`.
    public var action: String?
    /// Only writes whose key begins with this.
    public var keyPrefix: String?
    /// Only writes intended before the one with this key: the cursor for the next page.
    public var before: String?
    /// 1 to 10,000.
    public var limit: Int

    /// A query; the newest intents first.
    public init(
        run: RunID? = nil, states: [EffectRecord.State]? = nil, action: String? = nil, keyPrefix: String? = nil,
        before: String? = nil, limit: Int = 50
    ) {
        self.run = run
        self.states = states
        self.action = action
        self.keyPrefix = keyPrefix
        self.before = before
        self.limit = limit
    }
}
