/// `ask` or `approve`: people answer a question.
public struct AskStep: Sendable, Hashable {
    /// What follows when nobody answers in time, or when somebody rejects.
    public enum Reaction: Sendable, Hashable {
        /// `fail`: the step fails. The default.
        case fail
        /// `approve`: as if it had been approved; only for the time-out of `approve`.
        case approve
        /// `reject`: as if it had been rejected; only for the time-out of `approve`.
        case reject
        /// `continue`: the run goes on, and later steps look at what happened.
        case goOn
        /// These steps; the step ends well when they do.
        case steps([Step])

        /// The steps inside.
        public var steps: [Step] { if case .steps(let steps) = self { steps } else { [] } }

        /// The same with its steps changed by `change`.
        func mapping(_ change: ([Step]) -> [Step]) -> Reaction {
            if case .steps(let steps) = self { .steps(change(steps)) } else { self }
        }
    }

    /// Whether it is `approve`: the answer is a verdict instead of fields.
    public var isApproval: Bool
    /// Who may answer: a recipient as people write it, or a list of them.
    public var who: ValueSource
    /// What is asked.
    public var question: ValueSource
    /// The fields of the form; none for `approve`.
    public var fields: [InputField]
    /// How many different people must answer, 1 to ``maximumQuorum``.
    public var quorum: Int
    /// From one reminder to the next; nil for none.
    public var remindEvery: Duration?
    /// How long there is to answer.
    public var timeout: Duration
    /// The business calendar whose open time ``timeout`` counts; nil for all time.
    public var calendar: String?
    /// What follows when it is not answered in time.
    public var onTimeout: Reaction
    /// What follows a rejection; only for `approve`.
    public var onReject: Reaction

    /// A question.
    public init(
        isApproval: Bool = false, who: ValueSource, question: ValueSource, fields: [InputField] = [], quorum: Int = 1,
        remindEvery: Duration? = nil, timeout: Duration = AskStep.standardTimeout, onTimeout: Reaction = .fail,
        onReject: Reaction = .fail
    ) {
        self.isApproval = isApproval
        self.who = who
        self.question = question
        self.fields = fields
        self.quorum = quorum
        self.remindEvery = remindEvery
        self.timeout = timeout
        self.onTimeout = onTimeout
        self.onReject = onReject
    }

    /// The time to answer when the playbook does not say: 24 hours.
    public static let standardTimeout = Duration.seconds(86_400)
    /// The most people that may have to answer.
    public static let maximumQuorum = 20
    /// The most people who may be asked.
    public static let maximumPeople = 100
    /// The most fields of a form.
    public static let maximumFields = 50
    /// The shortest time between two reminders.
    public static let shortestReminder = Duration.seconds(60)
    /// The most reminders of one question; then it only waits for its time-out.
    public static let maximumReminders = 100
    /// The most characters of a question.
    public static let longestQuestion = 10_000
    /// The most characters of a comment.
    public static let longestComment = 2_000
    /// The names that the step gives beside its fields; no field may have one.
    public static let resultNames = [
        "status", "failure", "output", "approved", "rejected", "timed_out", "by", "comment", "answers",
    ]

    /// The fields as a schema of what an answer may hold.
    public var schema: Schema { InputField.schema(of: fields) }
}

extension InputField {
    /// The schema of a map that holds `fields` and nothing else.
    public static func schema(of fields: [InputField]) -> Schema {
        var schema = Schema(types: ["object"])
        schema.properties = fields.map { Schema.Property($0.name, $0.schema) }
        schema.required = fields.filter(\.isRequired).map(\.name)
        schema.allowsOthers = false
        return schema
    }
}
