import GRDB
import RunStore
import WorkflowModel

private let allColumns = "sequence, at, by, action, target, detail, previous, hash"

extension AuditRecord {
    init(row: ResultRow) throws {
        self.init(
            sequence: row[0], at: try row.timestamp(1), by: row[2], action: row[3], target: row[4],
            detail: try row.value(5), previous: row[6], hash: row[7])
    }
}

extension SQLiteReading {
    func audit(after: Int64, limit: Int) throws -> [AuditRecord] {
        try CollectionCatalog.check(limit: limit)
        return try db.rows(
            "SELECT \(allColumns) FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?", [after, limit],
            AuditRecord.init(row:))
    }

    func newestAudit() throws -> AuditRecord? {
        try db.row("SELECT \(allColumns) FROM audit ORDER BY sequence DESC LIMIT 1", [], AuditRecord.init(row:))
    }
}

extension SQLiteTransaction {
    func appendAudit(_ draft: AuditDraft) throws -> AuditRecord {
        let record = AuditRecord(draft, after: try newestAudit())
        try db.change(
            "INSERT INTO audit (\(allColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                record.sequence, record.at.sortable, record.by, record.action, record.target,
                TypedJSON.text(record.detail), record.previous, record.hash,
            ])
        return record
    }
}
