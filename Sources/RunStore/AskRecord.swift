public import WorkflowModel

/// A question that a step of a run has put to people.
public struct AskRecord: Sendable, Hashable {
    /// Where a question stands.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// It waits for answers.
        case open
        /// It has the answers that it needs.
        case answered
        /// Its time was over first.
        case expired
        /// The run no longer asks: it was cancelled, or went another way.
        case withdrawn
    }

    /// What an answer to an approval says.
    public typealias Verdict = AskAnswer.Verdict
    /// What one person answered.
    public typealias Answer = AskAnswer

    /// Its id, unique in the store.
    public var id: String
    /// The run that asks.
    public var run: RunID
    /// The step's key in the journal.
    public var step: String
    /// The step's label.
    public var label: String
    /// The playbook's name.
    public var playbook: String
    /// What the run is about, if it is about something.
    public var subject: String?
    /// The question in words.
    public var question: String
    /// Whether it is to be approved or rejected.
    public var isApproval: Bool
    /// The fields to fill in, as the playbook declares them.
    public var fields: Value
    /// The ids of the people who may answer.
    public var who: [String]
    /// How many different people must answer.
    public var quorum: Int
    /// The answers so far, in their order.
    public var answers: [Answer]
    /// Where it stands.
    public var state: State
    /// When it was asked.
    public var openedAt: Timestamp
    /// When it expires; nil for never.
    public var dueAt: Timestamp?
    /// When it was answered, expired or was withdrawn; nil until then.
    public var settledAt: Timestamp?

    /// A question that has just been put.
    public init(
        id: String, run: RunID, step: String, label: String, playbook: String, subject: String? = nil,
        question: String, isApproval: Bool = false, fields: Value = [:], who: [String], quorum: Int = 1,
        openedAt: Timestamp, dueAt: Timestamp? = nil
    ) {
        self.id = id
        self.run = run
        self.step = step
        self.label = label
        self.playbook = playbook
        self.subject = subject
        self.question = question
        self.isApproval = isApproval
        self.fields = fields
        self.who = who
        self.quorum = quorum
        self.answers = []
        self.state = .open
        self.openedAt = openedAt
        self.dueAt = dueAt
    }
}

/// Which questions to list.
public struct AskQuery: Sendable, Hashable {
    /// Only questions in one of these states.
    public var states: [AskRecord.State]?
    /// Only questions of this run.
    public var run: RunID?
    /// Only questions that this person may answer.
    public var who: String?
    /// Only questions put before the one with this id: the cursor for the next page.
    public var before: String?
    /// 1 to 1,000.
    public var limit: Int

    /// A query; newest questions first.
    public init(
        states: [AskRecord.State]? = nil, run: RunID? = nil, who: String? = nil, before: String? = nil, limit: Int = 50
    ) {
        self.states = states
        self.run = run
        self.who = who
        self.before = before
        self.limit = limit
    }
}

extension AskRecord {
    /// The refusal to give an id to a second run.
    public var isOfAnotherRun: StoreError {
        StoreError(.misuse, "the question \(id) is of another run than \(run); an id belongs to one run")
    }
}
