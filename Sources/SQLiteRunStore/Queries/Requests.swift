import GRDB
import RunStore
import WorkflowModel

private let allColumns = "id, kind, body, requested_by, at, answer, key"

extension RequestRecord {
    init(row: ResultRow) throws {
        self.init(
            id: row[0], kind: row[1], body: try row.value(2), by: row[3], at: try row.timestamp(4),
            key: row[6], answer: try row.optionalValue(5))
    }
}

extension SQLiteReading {
    func openRequests(limit: Int) throws -> [RequestRecord] {
        try CollectionCatalog.check(limit: limit)
        return try db.rows(
            "SELECT \(allColumns) FROM requests WHERE answer IS NULL ORDER BY id LIMIT ?", [limit],
            RequestRecord.init(row:))
    }

    func request(_ id: Int64) throws -> RequestRecord? {
        try db.row("SELECT \(allColumns) FROM requests WHERE id = ?", [id], RequestRecord.init(row:))
    }

    func request(withKey key: String) throws -> RequestRecord? {
        try db.row("SELECT \(allColumns) FROM requests WHERE key = ?", [key], RequestRecord.init(row:))
    }
}

extension SQLiteTransaction {
    func insertRequest(_ request: RequestRecord) throws -> Int64 {
        if let key = request.key, try self.request(withKey: key) != nil { throw request.isThere }
        try db.change(
            "INSERT INTO requests (kind, body, requested_by, at, answer, key) VALUES (?, ?, ?, ?, ?, ?)",
            [
                request.kind, TypedJSON.text(request.body), request.by, request.at.sortable,
                request.answer.map { TypedJSON.text($0) }, request.key,
            ])
        return db.lastInsertedRowID
    }

    func answerRequest(_ id: Int64, _ answer: Value) throws {
        try db.change("UPDATE requests SET answer = ? WHERE id = ?", [TypedJSON.text(answer), id])
        guard db.changesCount == 1 else { throw StoreError(.misuse, "there is no request \(id) to answer") }
    }
}
