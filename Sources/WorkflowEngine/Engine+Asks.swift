import PluginKit
import RunMachine
public import RunStore
public import WorkflowModel

/// Answers of people.
extension Engine {
    /// The most bytes that an answer may have.
    static let maximumAnswer = 64 * 1024

    /// A person answers a question; returns the question as it is then, when that is durable. The run goes on by itself.
    ///
    /// - Parameters:
    ///   - id: the question's id, `ask_…`.
    ///   - person: the id or address of the person who answers.
    ///   - verdict: the answer to an approval.
    ///   - values: the fields of a form.
    ///   - comment: what the person adds in words, at most ``WorkflowModel/AskStep/longestComment`` characters.
    ///   - typist: who typed it, when that was somebody else.
    /// - Throws: ``EngineError`` when there is no such question or it is not open any more; ``WorkflowModel/Failure`` when the person
    ///   may not answer, has answered already or is too late, or the answer does not fit. Nothing has changed then.
    @discardableResult
    public func answer(
        _ id: String, by person: String, verdict: AskAnswer.Verdict? = nil, values: ValueMap = ValueMap(),
        comment: String? = nil, typedBy typist: String? = nil
    ) async throws -> AskRecord {
        try await answer(
            id, by: person, verdict: verdict, values: values, comment: comment, typedBy: typist, noting: nil)
    }

    /// The same, with `note` in the transaction that makes it durable.
    @discardableResult
    func answer(
        _ id: String, by person: String, verdict: AskAnswer.Verdict?, values: ValueMap, comment: String?,
        typedBy typist: String?, noting note: RequestNote<Void>?
    ) async throws -> AskRecord {
        guard let record = try await core.store.read(view: { try $0.ask(id) }) else {
            throw EngineError(.notFound, "there is no question \(id)")
        }
        try Engine.checkOpen(record)
        guard !ValueSize.exceeds(Engine.maximumAnswer, .map(values)) else {
            throw EngineError(.badInput, "an answer has at most \(Engine.maximumAnswer) bytes")
        }
        let directory = core.rules.services.workspace().directory
        let by = Answerers.id(of: person, in: directory)
        let schema = try Schema(record.fields)
        if let problem = Answerers.unknownName(in: values, schema, directory) {
            throw EngineError(.badInput, problem)
        }
        let comment = comment.flatMap { $0.isEmpty ? nil : $0 }
        var detail: ValueMap = ["run": .string(record.run.text), "step": .string(record.label)]
        if verdict == nil { detail["values"] = .map(values) }
        detail["comment"] = comment.map(Value.string)
        let audited = audited(verdict?.rawValue ?? "answer", by: by, typedBy: typist, of: id, .map(detail), then: note)
        let answer = AskAnswer(
            by: by, at: core.services.clock.now, verdict: verdict, values: values, comment: comment)
        try await ask(record.run, noting: audited) { .answer(id, answer, $0) }
        return try await core.store.read(view: { try $0.ask(id) }) ?? record
    }

    /// Refuses an answer to a question that is settled.
    private static func checkOpen(_ ask: AskRecord) throws(EngineError) {
        let when = ask.settledAt.map { " at \($0.rfc3339)" } ?? ""
        switch ask.state {
        case .open: return
        case .answered:
            let people = ask.answers.map(\.by).joined(separator: ", ")
            throw EngineError(.ended, "\(ask.id) was answered by \(people)\(when) already")
        case .expired: throw EngineError(.ended, "\(ask.id) could be answered until its time was over\(when)")
        case .withdrawn:
            throw EngineError(.ended, "run \(ask.run) no longer asks \(ask.id): it ended or went another way\(when)")
        }
    }
}

extension StoreTransaction {
    /// Withdraws the questions of a run that ends without its machine.
    func withdrawAsks(of run: RunID, at now: Timestamp) throws {
        for var ask in try asks(AskQuery(states: [.open], run: run, limit: 1000)) {
            ask.state = .withdrawn
            ask.settledAt = now
            try putAsk(ask)
        }
    }
}
