public import WorkflowModel

/// An accepted event.
public struct EventRecord: Sendable, Hashable {
    /// Its place in the total order, from 1; given by the store.
    public var sequence: Int64
    /// What happened.
    public var event: Event
    /// What consumers attached: names that conditions see beside the event's own.
    public var facts: ValueMap
    /// When it was accepted.
    public var acceptedAt: Timestamp
    /// The generation of the active set that matched it.
    public var generation: Int64
    /// Whether it was older than the newest event of its subject.
    public var isOutOfOrder: Bool

    /// A record; the store sets `sequence`.
    public init(
        sequence: Int64 = 0, event: Event, facts: ValueMap = ValueMap(), acceptedAt: Timestamp, generation: Int64 = 0,
        isOutOfOrder: Bool = false
    ) {
        self.sequence = sequence
        self.event = event
        self.facts = facts
        self.acceptedAt = acceptedAt
        self.generation = generation
        self.isOutOfOrder = isOutOfOrder
    }
}

/// What became of an event for one playbook. Non-matches are not kept; they are computed again when somebody asks.
public struct MatchRecord: Sendable, Hashable {
    /// The outcome of the gates.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// A run was made.
        case fired
        /// A run was made that only rehearses (`mode: shadow`).
        case shadowed
        /// The condition held but a gate stopped it.
        case suppressed
        /// The condition could not be evaluated.
        case failed
    }

    /// The event's place in the order.
    public var event: Int64
    /// The playbook's name.
    public var playbook: String
    /// Which trigger, from 0.
    public var trigger: Int
    /// What the gates said.
    public var outcome: Outcome
    /// Why, in a word: `edge`, `loop`, `no_such_field`, …
    public var reason: String
    /// Why, in a sentence.
    public var detail: String
    /// The run that was made, if one was.
    public var run: RunID?

    /// A record.
    public init(
        event: Int64, playbook: String, trigger: Int, outcome: Outcome, reason: String = "", detail: String = "",
        run: RunID? = nil
    ) {
        self.event = event
        self.playbook = playbook
        self.trigger = trigger
        self.outcome = outcome
        self.reason = reason
        self.detail = detail
        self.run = run
    }
}

/// One entry of a run's journal, as it is stored.
public struct JournalRecord: Sendable, Hashable {
    /// Its place in the run, from 1.
    public var sequence: Int
    /// When it was made.
    public var at: Timestamp
    /// What it records: `started`, `completed`, …; the RunMachine's business.
    public var kind: String
    /// The instance of the step, if it is about one.
    public var step: String?
    /// The format version of `body`.
    public var version: Int
    /// The content.
    public var body: Value { didSet { encoded = EncodedBody() } }
    private var encoded = EncodedBody()

    /// The content as JSON that keeps every kind (``WorkflowModel/TypedJSON``).
    public var bodyText: String { encoded.text ?? TypedJSON.text(body) }

    /// Makes ``bodyText`` now, so that the one writer of a store need not.
    public mutating func encode() { encoded.text = TypedJSON.text(body) }

    /// Whether it was made already says nothing about the entry: all are equal.
    private struct EncodedBody: Sendable, Hashable {
        var text: String?

        static func == (left: EncodedBody, right: EncodedBody) -> Bool { true }

        func hash(into hasher: inout Hasher) {}
    }

    /// An entry.
    public init(sequence: Int, at: Timestamp, kind: String, step: String?, version: Int, body: Value) {
        self.sequence = sequence
        self.at = at
        self.kind = kind
        self.step = step
        self.version = version
        self.body = body
    }
}

/// A write that was ever intended: the effect ledger.
public struct EffectRecord: Sendable, Hashable {
    /// What is known of it.
    public enum State: String, Sendable, Hashable, CaseIterable {
        case intended, done, failed, uncertain, skipped
    }

    /// The idempotency key.
    public var key: String
    /// The run that it is of.
    public var run: RunID
    /// The instance of the step.
    public var step: String
    /// The action's full name, `notify.send`.
    public var action: String
    /// How often it was called.
    public var attempts: Int
    /// What was sent, secrets as references.
    public var sent: Value
    /// What is known of it.
    public var state: State
    /// When it was first intended.
    public var intendedAt: Timestamp
    /// When its outcome was known; nil until then.
    public var settledAt: Timestamp?
    /// Whether it may have happened twice (called again after an attempt without outcome).
    public var mayBeDuplicate: Bool

    /// A write that is about to be called for the first time.
    public init(key: String, run: RunID, step: String, action: String, sent: Value, intendedAt: Timestamp) {
        self.key = key
        self.run = run
        self.step = step
        self.action = action
        self.attempts = 1
        self.sent = sent
        self.state = .intended
        self.intendedAt = intendedAt
        self.mayBeDuplicate = false
    }
}

/// Something that another process asks of the executor.
public struct RequestRecord: Sendable, Hashable {
    /// Given by the store.
    public var id: Int64
    /// `emit`, `run`, `cancel`, `resolve`, …
    public var kind: String
    /// The content.
    public var body: Value
    /// Who asks.
    public var by: String
    /// When it was made.
    public var at: Timestamp
    /// By which the same request is known when it is made again; nil for one that is made once. Unique in the store.
    public var key: String?
    /// The answer; nil until the executor has acted.
    public var answer: Value?

    /// A request; the store sets `id`.
    public init(
        id: Int64 = 0, kind: String, body: Value, by: String, at: Timestamp, key: String? = nil, answer: Value? = nil
    ) {
        self.id = id
        self.kind = kind
        self.body = body
        self.by = by
        self.at = at
        self.key = key
        self.answer = answer
    }
}

/// The playbooks that were matched from some moment on.
public struct GenerationRecord: Sendable, Hashable {
    /// One playbook of the set.
    public struct Member: Sendable, Hashable {
        /// The playbook's name.
        public var playbook: String
        /// The hash of the bundle.
        public var bundle: String
        /// Whether it ran or only rehearsed.
        public var mode: Workflow.Mode

        /// A playbook with the bundle that was active.
        public init(playbook: String, bundle: String, mode: Workflow.Mode) {
            self.playbook = playbook
            self.bundle = bundle
            self.mode = mode
        }
    }

    /// From 1; given by the store.
    public var number: Int64
    /// When it was made.
    public var at: Timestamp
    /// The playbooks of the set.
    public var members: [Member]

    /// A set; the store sets `number`.
    public init(number: Int64 = 0, at: Timestamp, members: [Member]) {
        self.number = number
        self.at = at
        self.members = members
    }
}

/// That a playbook's condition holds for a subject: edge memory. There is a row only while it holds.
public struct EdgeRecord: Sendable, Hashable {
    /// The playbook's name.
    public var playbook: String
    /// What the condition holds for.
    public var subject: String
    /// The hash of the playbook's triggers; a row of another one counts as not there.
    public var condition: String
    /// Since when it holds.
    public var since: Timestamp

    /// A row.
    public init(playbook: String, subject: String, condition: String, since: Timestamp) {
        self.playbook = playbook
        self.subject = subject
        self.condition = condition
        self.since = since
    }
}

/// That a step of a run waits for events of a type about a subject.
public struct SubscriptionRecord: Sendable, Hashable {
    /// The run that waits.
    public var run: RunID
    /// The step's key in the journal.
    public var step: String
    /// The event type.
    public var type: String
    /// What the events must be about; ``anySubject`` for any event of the type.
    public var subject: String

    /// The subject of a subscription to a type, whatever the events are about.
    public static let anySubject = "*"

    /// A subscription.
    public init(run: RunID, step: String, type: String, subject: String) {
        self.run = run
        self.step = step
        self.type = type
        self.subject = subject
    }
}

extension RequestRecord {
    /// The refusal to store a second request of the same key.
    public var isThere: StoreError { StoreError(.misuse, "there is a request with the key \(key ?? "") already") }
}

extension EffectRecord {
    /// The refusal to give a key to a second run.
    public var isOfAnotherRun: StoreError {
        StoreError(.misuse, "the write \(key) is of another run than \(run); a key belongs to one run")
    }
}

extension [JournalRecord] {
    /// Checks that the entries follow entry `last` of the run's journal without a gap.
    ///
    /// - Throws: ``StoreError`` with `misuse` naming both numbers.
    public func checkSequence(after last: Int, of run: RunID) throws(StoreError) {
        for (position, entry) in enumerated() where entry.sequence != last + 1 + position {
            throw StoreError(
                .misuse,
                "entry \(entry.sequence) does not follow entry \(last + position) of the journal of \(run); "
                    + "somebody else has written to it")
        }
    }
}
