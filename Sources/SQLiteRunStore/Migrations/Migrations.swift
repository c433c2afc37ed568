import GRDB
import RunStore

/// The steps by which a database comes to the present layout. A released step is never changed; a new one is added at the end.
enum Migrations {
    /// The SQL of each step; a database at version n has had the first n.
    static let steps: [String] = [firstLayout, eventIdentities, subscriptions]

    /// The version that this program writes, kept in `PRAGMA user_version`.
    static var version: Int { steps.count }

    /// Kept in `PRAGMA application_id`: "SgBx".
    static let applicationID = 0x5367_4278

    /// Brings a database to the present layout, all in one transaction. Another process may be at it at the same time.
    static func migrate(_ db: Database) throws {
        guard try Int.fetchOne(db, sql: "PRAGMA user_version") != version else { return }
        try db.inTransaction(.immediate) {
            let present = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            guard present < version else { return .commit }
            for step in steps[present...] { try db.execute(sql: step) }
            try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
            return .commit
        }
    }
}
