/// How busy the writer of a store is, at this moment.
public struct WriteLoad: Sendable, Hashable {
    /// Changes that wait for the writer, those in the commit being made included.
    public var waiting: Int
    /// Callers that wait until there is room for their change (``capacity``).
    public var heldBack: Int
    /// The most changes that wait in line for a commit; who comes then waits outside. 0 for a store without a queue.
    public var capacity: Int
    /// The last commit that was tried; nil before the first.
    public var last: CommitReport?

    /// A load.
    public init(waiting: Int = 0, heldBack: Int = 0, capacity: Int = 0, last: CommitReport? = nil) {
        self.waiting = waiting
        self.heldBack = heldBack
        self.capacity = capacity
        self.last = last
    }
}

/// What one commit was: told to the observer of a store after each, on the writer's thread, before the callers hear of it. The
/// observer must be quick and must not call the store.
public struct CommitReport: Sendable, Hashable {
    /// How many changes were in it; those that undid themselves are counted.
    public var changes: Int
    /// How many of them undid themselves.
    public var undone: Int
    /// From its beginning until it was on disk.
    public var duration: Duration
    /// The part of ``duration`` that writing it to the disk took, after the changes were made.
    public var syncDuration: Duration
    /// How long the first of its changes had waited for its beginning.
    public var waited: Duration
    /// How many changes still waited when it was done.
    public var waiting: Int
    /// How many callers were held back then.
    public var heldBack: Int
    /// Why it failed; nil when it is durable. Then nothing of it is stored, and each caller gets the error.
    public var failure: StoreError?

    /// A report.
    public init(
        changes: Int, undone: Int = 0, duration: Duration, syncDuration: Duration = .zero, waited: Duration = .zero,
        waiting: Int = 0, heldBack: Int = 0, failure: StoreError? = nil
    ) {
        self.changes = changes
        self.undone = undone
        self.duration = duration
        self.syncDuration = syncDuration
        self.waited = waited
        self.waiting = waiting
        self.heldBack = heldBack
        self.failure = failure
    }
}
