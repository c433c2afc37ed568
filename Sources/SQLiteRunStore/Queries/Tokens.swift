import Access
import GRDB
import RunStore
import WorkflowModel

private let allColumns = """
    id, name, person, role, scopes, hash, created_at, created_by, expires_at, revoked_at, last_used_at
    """

extension TokenRecord {
    init(row: ResultRow) throws {
        let scopes = try (try row.value(4).list ?? []).map { word in
            guard let scope = word.string.flatMap(TokenScope.init(rawValue:)) else {
                throw StoreError.unreadable("a token's scope")
            }
            return scope
        }
        self.init(
            id: row[0], name: row[1], person: row[2], role: try row.choice(3), scopes: scopes, hash: row[5],
            createdAt: try row.timestamp(6), createdBy: row[7], expiresAt: try row.optionalTimestamp(8))
        revokedAt = try row.optionalTimestamp(9)
        lastUsedAt = try row.optionalTimestamp(10)
    }
}

extension SQLiteReading {
    func token(_ id: String) throws -> TokenRecord? {
        try db.row("SELECT \(allColumns) FROM tokens WHERE id = ?", [id], TokenRecord.init(row:))
    }

    func tokens() throws -> [TokenRecord] {
        try db.rows(
            "SELECT \(allColumns) FROM tokens ORDER BY created_at, id LIMIT ?", [TokenRecord.maximumCount],
            TokenRecord.init(row:))
    }
}

extension SQLiteTransaction {
    func putToken(_ token: TokenRecord) throws {
        try db.change(
            """
            INSERT INTO tokens (\(allColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, person = excluded.person, role = excluded.role,
                scopes = excluded.scopes, hash = excluded.hash, created_at = excluded.created_at,
                created_by = excluded.created_by, expires_at = excluded.expires_at, revoked_at = excluded.revoked_at,
                last_used_at = excluded.last_used_at
            """,
            [
                token.id, token.name, token.person, token.role.rawValue,
                TypedJSON.text(.list(token.scopes.map { .string($0.rawValue) })), token.hash, token.createdAt.sortable,
                token.createdBy, token.expiresAt?.sortable, token.revokedAt?.sortable, token.lastUsedAt?.sortable,
            ])
    }

    func noteUse(ofToken id: String, at now: Timestamp) throws {
        try db.change(
            "UPDATE tokens SET last_used_at = ?1 WHERE id = ?2 AND (last_used_at IS NULL OR last_used_at < ?1)",
            [now.sortable, id])
    }

    func removeToken(_ id: String) throws { try db.change("DELETE FROM tokens WHERE id = ?", [id]) }
}
