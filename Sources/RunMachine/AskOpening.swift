public import WorkflowModel

/// A question as it was put to people: the journal's `asked`. Who may answer was looked up then and stays.
public struct AskOpening: Sendable, Hashable {
    /// The question's id, the same in every replay: made from the run and the step's instance.
    public var id: String
    /// What is asked.
    public var question: String
    /// Whether it is answered by a verdict.
    public var isApproval: Bool
    /// The fields of the form, as the JSON Schema of an answer's values.
    public var fields: Value
    /// The ids of the people who may answer, and addresses that no person has; each once.
    public var who: [String]
    /// How many of them must.
    public var quorum: Int
    /// When it was asked.
    public var at: Timestamp
    /// When it expires.
    public var due: Timestamp
    /// When they are first reminded; nil for never.
    public var reminder: Timestamp?

    var value: Value {
        var map: ValueMap = [
            "id": .string(id), "question": .string(question), "approval": .bool(isApproval), "fields": fields,
            "who": .list(who.map(Value.string)), "quorum": .int(Int64(quorum)), "at": .timestamp(at),
            "due": .timestamp(due),
        ]
        map["reminder"] = reminder.map(Value.timestamp)
        return .map(map)
    }

    init(
        id: String, question: String, isApproval: Bool, fields: Value, who: [String], quorum: Int, at: Timestamp,
        due: Timestamp, reminder: Timestamp?
    ) {
        self.id = id
        self.question = question
        self.isApproval = isApproval
        self.fields = fields
        self.who = who
        self.quorum = quorum
        self.at = at
        self.due = due
        self.reminder = reminder
    }

    init?(_ value: Value) {
        guard let id = value["id"]?.string, let question = value["question"]?.string, let at = value["at"]?.timestamp,
            let due = value["due"]?.timestamp, let who = value["who"]?.list, let quorum = value["quorum"]?.int
        else { return nil }
        self.init(
            id: id, question: question, isApproval: value["approval"]?.bool ?? false, fields: value["fields"] ?? [:],
            who: who.compactMap(\.string), quorum: Int(quorum), at: at, due: due,
            reminder: value["reminder"]?.timestamp)
    }

    /// The id of the question that a step's instance asks: `ask_` and 16 characters (80 bits, FNV-1a of the run and the step,
    /// mixed), short enough to be typed.
    static func id(of run: RunID, _ key: String) -> String {
        var state: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(run.text)/\(key)".utf8 { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
            return mixed ^ mixed >> 31
        }
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        var (digits, bits) = ([UInt8](), [next(), next()])
        for half in 0..<2 {
            for _ in 0..<8 {
                digits.append(alphabet[Int(bits[half] & 31)])
                bits[half] >>= 5
            }
        }
        return "ask_" + String(decoding: digits, as: UTF8.self)
    }
}

/// `ask` and `approve` while they go on.
struct AskState: Sendable {
    enum End: Sendable {
        case answered, rejected, expired
    }

    let opening: AskOpening
    var answers: [AskAnswer] = []
    var reminders = 0
    var nextReminder: Timestamp?
    /// How it ended; nil while it waits.
    var end: End?

    init(_ opening: AskOpening) {
        self.opening = opening
        nextReminder = opening.reminder
    }

    /// When there is something to do without an answer.
    var due: Timestamp { min(opening.due, nextReminder ?? opening.due) }

    /// What the step gives: the fields of the newest answer, or the verdict, and who gave it when.
    func output(_ fields: [InputField], counts reaction: AskStep.Reaction? = nil) -> Value {
        var map = ValueMap()
        if opening.isApproval {
            var isApproved = end == .answered
            var isRejected = end == .rejected
            switch reaction {
            case .approve: isApproved = true
            case .reject: isRejected = true
            default: break
            }
            map["approved"] = .bool(isApproved)
            map["rejected"] = .bool(isRejected)
        } else {
            for field in fields { map[field.name] = answers.last?.values[field.name] ?? .null }
        }
        map["timed_out"] = .bool(end == .expired)
        map["by"] = end == .expired ? .null : answers.last.map { .string($0.by) } ?? .null
        map["comment"] = answers.last?.comment.map(Value.string) ?? .null
        map["answers"] = .list(answers.map(\.value))
        return .map(map)
    }
}

/// A question of the playbook, planned.
struct CompiledAsk: Sendable {
    let isApproval: Bool
    let who: CompiledValue
    let question: CompiledValue
    let fields: [InputField]
    let schema: Schema
    let quorum: Int
    let remindEvery: Duration?
    let timeout: Duration
    let calendar: String?
    let onTimeout: AskStep.Reaction
    let onReject: AskStep.Reaction
    /// The steps of ``onTimeout`` and ``onReject``, when they are steps.
    let timeoutSteps: [CompiledStep]
    let rejectSteps: [CompiledStep]

    init(_ ask: AskStep, _ compile: ([Step]) throws(Failure) -> [CompiledStep]) throws(Failure) {
        isApproval = ask.isApproval
        who = try CompiledValue(ask.who)
        question = try CompiledValue(ask.question)
        fields = ask.fields
        schema = ask.schema
        quorum = ask.quorum
        remindEvery = ask.remindEvery
        timeout = ask.timeout
        calendar = ask.calendar
        onTimeout = ask.onTimeout
        onReject = ask.onReject
        timeoutSteps = try compile(ask.onTimeout.steps)
        rejectSteps = try compile(ask.onReject.steps)
    }
}
