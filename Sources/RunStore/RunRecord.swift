public import WorkflowModel

/// A run's row: a projection of its journal.
public struct RunRecord: Sendable, Hashable {
    /// Whether the run acts.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Started by an event.
        case live
        /// Started by a person.
        case manual
        /// Rehearses only.
        case shadow
    }

    /// What run this one was made from, when a person had a run done again.
    public enum Origin: Sendable, Hashable {
        /// Goes on with what `run` had done before the step `from`.
        case retry(of: RunID, from: String)
        /// Does all of `run` again.
        case replay(of: RunID)

        /// The run that it was made from.
        public var run: RunID {
            switch self {
            case .retry(let run, _), .replay(let run): run
            }
        }
    }

    /// Its id.
    public var id: RunID
    /// The playbook's name.
    public var playbook: String
    /// Whether it acts.
    public var kind: Kind
    /// The hash of the bundle that it is pinned to.
    public var bundle: String
    /// The event's place in the order; nil without one.
    public var event: Int64?
    /// What it is about, if it is about something.
    public var subject: String?
    /// Where it stands.
    public var state: RunState
    /// When it was made.
    public var createdAt: Timestamp
    /// When a worker first had it.
    public var startedAt: Timestamp?
    /// When it ended.
    public var endedAt: Timestamp?
    /// When it goes on by itself, while it waits.
    public var wakesAt: Timestamp?
    /// Why it failed, if it did.
    public var failure: Failure?
    /// What it gave, once it has succeeded.
    public var outputs: Value?
    /// Who started it, for a manual run.
    public var requestedBy: String?
    /// What it was started with.
    public var inputs: ValueMap
    /// Depth in the chain of causes.
    public var depth: Int
    /// The number of journal entries.
    public var entries: Int
    /// The generation of the executor that has it; nil when none has.
    public var lease: Int64?
    /// The slot that it holds or waits for until it ends, `playbook/key`; nil when its playbook limits nothing. Slots are counted
    /// from the runs that have not ended, so that none can leak.
    public var slot: String?
    /// Whether it was made but waits for a place in its slot: nobody works on it before it is let go.
    public var isHeld = false
    /// The run that called it; nil when none did.
    public var parent: RunID?
    /// The key of the calling step in the journal of `parent`.
    public var parentStep: String?
    /// How many calls it is below a run that nobody called, from 0.
    public var callDepth = 0
    /// What run it was made from, if it was made from one.
    public var origin: Origin?

    /// A run that has just been made.
    public init(
        id: RunID, playbook: String, kind: Kind, bundle: String, event: Int64?, subject: String?, createdAt: Timestamp,
        requestedBy: String? = nil, inputs: ValueMap = ValueMap(), depth: Int = 0
    ) {
        self.id = id
        self.playbook = playbook
        self.kind = kind
        self.bundle = bundle
        self.event = event
        self.subject = subject
        self.state = .queued
        self.createdAt = createdAt
        self.requestedBy = requestedBy
        self.inputs = inputs
        self.depth = depth
        self.entries = 0
    }
}
