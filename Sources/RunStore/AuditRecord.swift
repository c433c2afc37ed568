public import WorkflowModel

/// What a person did, to be put into the audit log.
public struct AuditDraft: Sendable, Hashable {
    /// When.
    public var at: Timestamp
    /// Who: a person's id.
    public var by: String
    /// What was done, in a word: `answer`, `approve`, `pause`, …
    public var action: String
    /// What it was done to: an ask, a run, a playbook, …
    public var target: String
    /// What else is to be known of it.
    public var detail: Value

    /// A draft.
    public init(at: Timestamp, by: String, action: String, target: String, detail: Value = [:]) {
        self.at = at
        self.by = by
        self.action = action
        self.target = target
        self.detail = detail
    }
}

/// An entry of the audit log. Entries are added and never changed; each holds the hash of the one before it, so that what was
/// changed afterwards shows.
public struct AuditRecord: Sendable, Hashable {
    /// Its place, from 1, without gaps.
    public var sequence: Int64
    /// When.
    public var at: Timestamp
    /// Who: a person's id.
    public var by: String
    /// What was done, in a word.
    public var action: String
    /// What it was done to.
    public var target: String
    /// What else is to be known of it.
    public var detail: Value
    /// The hash of the entry before; ``AuditChain/start`` in the first.
    public var previous: String
    /// SHA-256 over ``AuditChain/text(of:)``, in 64 lower-case hexadecimal digits.
    public var hash: String

    /// An entry as it is stored.
    public init(
        sequence: Int64, at: Timestamp, by: String, action: String, target: String, detail: Value, previous: String,
        hash: String
    ) {
        self.sequence = sequence
        self.at = at
        self.by = by
        self.action = action
        self.target = target
        self.detail = detail
        self.previous = previous
        self.hash = hash
    }

    /// The entry that follows `last`, the newest; nil when the log is empty.
    public init(_ draft: AuditDraft, after last: AuditRecord?) {
        self.init(
            sequence: (last?.sequence ?? 0) + 1, at: draft.at, by: draft.by, action: draft.action,
            target: draft.target, detail: draft.detail, previous: last?.hash ?? AuditChain.start, hash: "")
        hash = AuditChain.hash(of: self)
    }
}
