public import WorkflowModel

/// Which runs to list.
public struct RunQuery: Sendable, Hashable {
    /// Only runs of this playbook.
    public var playbook: String?
    /// Only runs in one of these states.
    public var states: [RunState]?
    /// Only runs about this subject.
    public var subject: String?
    /// Only runs that this event started.
    public var event: Int64?
    /// Only runs of one of these kinds.
    public var kinds: [RunRecord.Kind]?
    /// Only runs that this run called.
    public var parent: RunID?
    /// Only runs that were made from this run, by a retry or a replay.
    public var origin: RunID?
    /// Only runs that were made at this moment or later.
    public var since: Timestamp?
    /// Only runs whose id sorts before this one: the cursor for the next page.
    public var before: RunID?
    /// 1 to 1,000.
    public var limit: Int

    /// A query; newest runs first.
    public init(
        playbook: String? = nil, states: [RunState]? = nil, subject: String? = nil, event: Int64? = nil,
        kinds: [RunRecord.Kind]? = nil, parent: RunID? = nil, origin: RunID? = nil, since: Timestamp? = nil,
        before: RunID? = nil,
        limit: Int = 50
    ) {
        self.playbook = playbook
        self.states = states
        self.subject = subject
        self.event = event
        self.kinds = kinds
        self.parent = parent
        self.origin = origin
        self.since = since
        self.before = before
        self.limit = limit
    }
}
