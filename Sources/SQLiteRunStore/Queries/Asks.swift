import GRDB
import RunStore
import WorkflowModel

private let allColumns = """
    id, run, step, label, playbook, subject, question, is_approval, fields, who, quorum, answers, state, opened_at, due_at, \
    settled_at
    """

extension AskRecord {
    init(row: ResultRow) throws {
        self.init(
            id: row[0], run: RunID(row[1]), step: row[2], label: row[3], playbook: row[4], subject: row[5],
            question: row[6], isApproval: row[7], fields: try row.value(8),
            who: (try row.value(9).list ?? []).compactMap(\.string), quorum: row[10],
            openedAt: try row.timestamp(13), dueAt: try row.optionalTimestamp(14))
        answers = try (try row.value(11).list ?? []).map { try Answer(stored: $0) }
        state = try row.choice(12)
        settledAt = try row.optionalTimestamp(15)
    }
}

extension AskRecord.Answer {
    var stored: Value {
        [
            "by": .string(by), "at": .timestamp(at), "verdict": verdict.map { .string($0.rawValue) } ?? .null,
            "values": .map(values), "comment": comment.map(Value.string) ?? .null,
        ]
    }

    init(stored value: Value) throws(StoreError) {
        guard let by = value["by"]?.string, case .timestamp(let at)? = value["at"], let values = value["values"]?.map
        else { throw StoreError.unreadable("an answer to a question") }
        self.init(
            by: by, at: at, verdict: value["verdict"]?.string.flatMap(AskRecord.Verdict.init(rawValue:)),
            values: values, comment: value["comment"]?.string)
    }
}

extension SQLiteReading {
    func ask(_ id: String) throws -> AskRecord? {
        try db.row("SELECT \(allColumns) FROM asks WHERE id = ?", [id], AskRecord.init(row:))
    }

    func asks(_ query: AskQuery) throws -> [AskRecord] {
        try CollectionCatalog.check(limit: query.limit, maximum: 1000)
        var conditions: [String] = []
        var arguments: [Database.Argument] = []
        // Written out, so that the index of the open ones can be used.
        if let states = query.states {
            let words = Set(states).map { "'\($0.rawValue)'" }.sorted()
            conditions.append(words.count == 1 ? "state = \(words[0])" : "state IN (\(words.joined(separator: ", ")))")
        }
        if let run = query.run {
            conditions.append("run = ?")
            arguments.append(run.text)
        }
        if let who = query.who {
            conditions.append("EXISTS (SELECT 1 FROM json_each(asks.who) WHERE value = ?)")
            arguments.append(who)
        }
        if let before = query.before {
            conditions.append("number < (SELECT number FROM asks WHERE id = ?)")
            arguments.append(before)
        }
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return try db.rows(
            "SELECT \(allColumns) FROM asks \(filter) ORDER BY number DESC LIMIT ?", arguments + [query.limit],
            AskRecord.init(row:))
    }
}

extension SQLiteTransaction {
    func putAsk(_ ask: AskRecord) throws {
        try db.change(
            """
            INSERT INTO asks (\(allColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET step = excluded.step, label = excluded.label, playbook = excluded.playbook,
                subject = excluded.subject, question = excluded.question, is_approval = excluded.is_approval,
                fields = excluded.fields, who = excluded.who, quorum = excluded.quorum, answers = excluded.answers,
                state = excluded.state, opened_at = excluded.opened_at, due_at = excluded.due_at,
                settled_at = excluded.settled_at
            WHERE run = excluded.run
            """,
            [
                ask.id, ask.run.text, ask.step, ask.label, ask.playbook, ask.subject, ask.question, ask.isApproval,
                TypedJSON.text(ask.fields), TypedJSON.text(.list(ask.who.map(Value.string))), ask.quorum,
                TypedJSON.text(.list(ask.answers.map(\.stored))), ask.state.rawValue, ask.openedAt.sortable,
                ask.dueAt?.sortable, ask.settledAt?.sortable,
            ])
        guard db.changesCount == 1 else { throw ask.isOfAnotherRun }
    }
}
