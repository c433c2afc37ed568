import GRDB

/// What the writing connection has done, for measurements.
extension SQLiteRunStore {
    /// How many rows it has inserted, changed or removed since it was opened.
    package func changedRows() async throws -> Int {
        try await pool.writeWithoutTransaction { db in try Int.fetchOne(db, sql: "SELECT total_changes()") ?? 0 }
    }
}
