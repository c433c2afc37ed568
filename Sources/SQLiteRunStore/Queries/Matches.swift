import GRDB
import RunStore
import WorkflowModel

extension SQLiteReading {
    func matches(ofEvent sequence: Int64) throws -> [MatchRecord] {
        try db.rows(
            """
            SELECT playbook, trigger_index, outcome, reason, detail, run FROM matches WHERE event = ? ORDER BY number
            """, [sequence]
        ) { row in
            MatchRecord(
                event: sequence, playbook: row[0], trigger: row[1], outcome: try row.choice(2), reason: row[3],
                detail: row[4], run: (row[5] as String?).map { RunID($0) })
        }
    }

    func edges(ofSubject subject: String) throws -> [EdgeRecord] {
        try db.rows(
            "SELECT playbook, condition, since FROM edges WHERE subject = ? ORDER BY playbook", [subject]
        ) { row in
            EdgeRecord(playbook: row[0], subject: subject, condition: row[1], since: try row.timestamp(2))
        }
    }
}

extension SQLiteTransaction {
    func insertMatch(_ match: MatchRecord) throws {
        try db.change(
            """
            INSERT INTO matches (event, playbook, trigger_index, outcome, reason, detail, run)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                match.event, match.playbook, match.trigger, match.outcome.rawValue, match.reason, match.detail,
                match.run?.text,
            ])
    }

    func setEdge(_ edge: EdgeRecord) throws {
        try db.change(
            """
            INSERT INTO edges (subject, playbook, condition, since) VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET condition = excluded.condition, since = excluded.since
            """, [edge.subject, edge.playbook, edge.condition, edge.since.sortable])
    }

    func clearEdge(playbook: String, subject: String) throws {
        try db.change("DELETE FROM edges WHERE subject = ? AND playbook = ?", [subject, playbook])
    }
}
