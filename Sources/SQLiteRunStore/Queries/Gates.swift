import GRDB
import RunStore
import WorkflowModel

private let allColumns = "playbook, gate, key, body, until"

extension GateRecord {
    init(row: ResultRow) throws {
        self.init(
            playbook: row[0], gate: row[1], key: row[2], body: try row.value(3), until: try row.optionalTimestamp(4))
    }
}

extension SQLiteReading {
    func gate(playbook: String, gate: String, key: String) throws -> GateRecord? {
        try db.row(
            "SELECT \(allColumns) FROM gates WHERE gate = ? AND playbook = ? AND key = ?", [gate, playbook, key],
            GateRecord.init(row:))
    }

    func gates(playbook: String?, gate: String, limit: Int) throws -> [GateRecord] {
        try CollectionCatalog.check(limit: limit)
        guard let playbook else {
            return try db.rows(
                "SELECT \(allColumns) FROM gates WHERE gate = ? ORDER BY playbook, key LIMIT ?", [gate, limit],
                GateRecord.init(row:))
        }
        return try db.rows(
            "SELECT \(allColumns) FROM gates WHERE gate = ? AND playbook = ? ORDER BY key LIMIT ?",
            [gate, playbook, limit], GateRecord.init(row:))
    }
}

extension SQLiteTransaction {
    func setGate(_ gate: GateRecord) throws {
        try db.change(
            """
            INSERT INTO gates (\(allColumns)) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET body = excluded.body, until = excluded.until
            """, [gate.playbook, gate.gate, gate.key, TypedJSON.text(gate.body), gate.until?.sortable])
    }

    func removeGate(playbook: String, gate: String, key: String) throws {
        try db.change("DELETE FROM gates WHERE gate = ? AND playbook = ? AND key = ?", [gate, playbook, key])
    }
}
