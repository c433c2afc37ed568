import RunMachine
public import RunStore
import WorkflowModel

/// The questions of a run as rows of the store, and what is told of them.
struct AskProjection: Sendable {
    /// The rows of the questions that wait for answers, by the step's key.
    var open: [String: AskRecord] = [:]
    /// The rows that are to be stored, in order.
    private(set) var changed: [AskRecord] = []

    /// A question was put.
    mutating func ask(
        _ opening: AskOpening, _ step: String, _ run: RunID, _ compiled: CompiledWorkflow, _ subject: String?
    )
        -> AskRecord
    {
        let record = AskRecord(
            id: opening.id, run: run, step: step, label: compiled.label(of: step), playbook: compiled.workflow.id,
            subject: subject, question: opening.question, isApproval: opening.isApproval, fields: opening.fields,
            who: opening.who, quorum: opening.quorum, openedAt: opening.at, dueAt: opening.due)
        open[step] = record
        changed.append(record)
        return record
    }

    /// Somebody answered; gives the row as it is now.
    mutating func answer(_ answer: AskAnswer, _ step: String, at now: Timestamp) -> AskRecord? {
        change(step) { record in
            record.answers.append(answer)
            guard record.answers.settle(quorum: record.quorum) else { return }
            record.state = .answered
            record.settledAt = now
        }
    }

    mutating func expire(_ step: String, at now: Timestamp) -> AskRecord? { settle(step, .expired, now) }

    /// The questions that the run no longer asks, those beside `keys`, are withdrawn.
    mutating func withdraw(keeping keys: Set<String>, at now: Timestamp) {
        for step in open.keys.sorted() where !keys.contains(step) { _ = settle(step, .withdrawn, now) }
    }

    private mutating func settle(_ step: String, _ state: AskRecord.State, _ now: Timestamp) -> AskRecord? {
        change(step) { record in
            record.state = state
            record.settledAt = now
        }
    }

    private mutating func change(_ step: String, _ change: (inout AskRecord) -> Void) -> AskRecord? {
        guard var record = open[step] else { return nil }
        change(&record)
        open[step] = record.state == .open ? record : nil
        changed.append(record)
        return record
    }

    func save(in transaction: any StoreTransaction) throws {
        for record in changed { try transaction.putAsk(record) }
    }

    mutating func clear() { changed = [] }
}

extension AskRecord {
    /// The event that tells of the question. `key` names the happening, so that it is told once.
    func news(_ type: String, key: String, reminder: Int? = nil) -> EventDraft {
        var ask: ValueMap = [
            "id": .string(id), "kind": isApproval ? "approval" : "form", "run": .string(run.text),
            "step": .string(label),
            "playbook": .string(playbook), "about": subject.map(Value.string) ?? .null, "question": .string(question),
            "who": .list(who.map(Value.string)), "quorum": .int(Int64(quorum)),
            "fields": .list(AskRecord.fieldList(fields)), "opened_at": .string(openedAt.rfc3339),
            "due_at": dueAt.map { .string($0.rfc3339) } ?? .null, "state": .string(state.rawValue),
            "how_to_answer": .string(howToAnswer),
        ]
        ask["reminder"] = reminder.map { .int(Int64($0)) }
        if let last = answers.last {
            ask["answer"] = last.verdict.map { .string($0.rawValue) } ?? .map(AskRecord.plain(last.values))
            ask["answered_by"] = .string(last.by)
            ask["answered_at"] = .string(last.at.rfc3339)
            ask["comment"] = last.comment.map(Value.string) ?? .null
            ask["answers"] = .int(Int64(answers.count))
        }
        return EventDraft(type: type, data: ["ask": .map(ask)], key: key)
    }

    /// What to type on the command line.
    public var howToAnswer: String {
        guard !isApproval else { return "signalbox answer \(id) approve, or reject" }
        let names = (fields["properties"]?.map?.keys ?? []).map { " \($0.jsonText)=…" }.joined()
        return "signalbox answer \(id)" + (names.isEmpty ? " --comment …" : names)
    }

    /// The fields as a list: name, type, whether it must be given, what it is, the choices.
    static func fieldList(_ schema: Value) -> [Value] {
        let required = (schema["required"]?.list ?? []).compactMap(\.string)
        return (schema["properties"]?.map ?? ValueMap()).map { entry in
            let name = entry.key.jsonText
            var field: ValueMap = ["name": .string(name), "required": .bool(required.contains(name))]
            field["type"] = .string(AskRecord.typeName(entry.value))
            field["description"] = entry.value["description"] ?? .null
            field["choices"] = entry.value["enum"] ?? .null
            field["default"] = entry.value["default"]
            return .map(field)
        }
    }

    /// The word of the playbook language for a field's type.
    private static func typeName(_ schema: Value) -> String {
        switch (schema["type"]?.string, schema["format"]?.string) {
        case ("string", "date-time"): "time"
        case ("string", let format?): format
        case ("string", nil): "text"
        case ("array", _): "list"
        case ("object", _): "map"
        case (let type?, _): type
        case (nil, _): "any"
        }
    }

    /// Values as an event carries them: times and durations as text.
    private static func plain(_ values: ValueMap) -> ValueMap {
        ValueMap(
            uniqueEntries: values.entries.map { entry in
                var entry = entry
                switch entry.value {
                case .timestamp(let instant): entry.value = .string(instant.rfc3339)
                case .duration(let duration): entry.value = .string(DurationText.forPeople(duration))
                default: break
                }
                return entry
            })
    }
}
