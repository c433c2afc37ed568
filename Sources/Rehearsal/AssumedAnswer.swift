import InMemoryRunStore
import RunStore
import WorkflowEngine
public import WorkflowModel

/// An answer that a rehearsal assumes for a question, in place of its time-out.
public struct AssumedAnswer: Sendable, Hashable {
    /// The verdict, for an approval.
    public var verdict: AskAnswer.Verdict?
    /// The fields, for a form; texts are read as their fields' types.
    public var values: ValueMap
    /// What is said with it.
    public var comment: String?
    /// Who answers; nil for the first of those who are asked, and with a quorum for as many of them as it takes.
    public var by: String?
    /// How long after the question it is answered.
    public var after: Duration

    /// An answer.
    public init(
        verdict: AskAnswer.Verdict? = nil, values: ValueMap = ValueMap(), comment: String? = nil, by: String? = nil,
        after: Duration = .zero
    ) {
        self.verdict = verdict
        self.values = values
        self.comment = comment
        self.by = by
        self.after = after
    }

    /// The values with texts read as the fields' types; a text that cannot be read stays one, and is refused as such.
    func values(for fields: Value) -> ValueMap {
        let properties = fields["properties"]?.map ?? ValueMap()
        var read = values
        for entry in values.entries {
            guard let text = entry.value.string else { continue }
            switch properties[entry.key]?["type"]?.string {
            case "integer": if let number = Int64(text) { read[entry.key] = .int(number) }
            case "number": if let number = Double(text), number.isFinite { read[entry.key] = .double(number) }
            case "boolean": if text == "true" || text == "false" { read[entry.key] = .bool(text == "true") }
            case "array", "object": if let value = try? JSON.parse(text) { read[entry.key] = value }
            default: break
            }
        }
        return read
    }
}

/// The answers that a rehearsal assumes, by the step's id or path. Inside a loop one answer serves all of its turns.
public typealias AssumedAnswers = [String: AssumedAnswer]

extension Stage {
    /// When the next answer is to be given, and to which question; nil when none is left.
    func nextAnswer(_ answers: AssumedAnswers, beside given: Set<String>) throws -> (
        ask: AskRecord, answer: AssumedAnswer, at: Timestamp
    )? {
        guard !answers.isEmpty else { return nil }
        let open = try store.withReader { try $0.asks(AskQuery(states: [.open], limit: 1000)) }
        // Oldest first; of those of the same time in the order in which they were asked.
        let due = open.reversed().filter { !given.contains($0.id) }.compactMap {
            ask -> (ask: AskRecord, answer: AssumedAnswer, at: Timestamp)? in
            let step = ask.label.split(separator: "#").first.map(String.init) ?? ask.label
            let path = ask.step.split(separator: "#").first.map(String.init) ?? ask.step
            guard let answer = answers[ask.label] ?? answers[step] ?? answers[path] else { return nil }
            let at = ask.openedAt + answer.after
            return ask.dueAt.map { at < $0 } ?? true ? (ask, answer, at) : nil
        }
        return due.min { $0.at < $1.at }
    }

    /// Gives an assumed answer, by as many people as the question wants.
    ///
    /// - Throws: ``WorkflowModel/Failure`` when the answer does not fit the question.
    func give(_ answer: AssumedAnswer, to ask: AskRecord) async throws {
        let missing = max(1, ask.quorum - ask.answers.count)
        let people =
            answer.by.map { [$0] }
            ?? Array(ask.who.filter { id in !ask.answers.contains { $0.by == id } }.prefix(missing))
        for person in people {
            let now = try await engine.answer(
                ask.id, by: person, verdict: answer.verdict, values: answer.values(for: ask.fields),
                comment: answer.comment)
            if now.state != .open { return }
        }
    }
}
