import GRDB
import RunStore

/// The steps by which a database comes to the present layout. A released step is never changed; a new one is added at the end.
enum Migrations {
    /// The SQL of each step; a database at version n has had the first n.
    static let steps: [String] = [firstLayout, eventIdentities, subscriptions, peopleAndGates, tokens, requestKeys]

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
            try bring(db, from: present, to: version)
            return .commit
        }
    }

    private static func bring(_ db: Database, from present: Int, to version: Int) throws {
        for step in steps[present..<version] { try db.execute(sql: step) }
        try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
    }

    /// Makes the database that an earlier program made, with `sql` run on it; for tests of updates.
    static func makeDatabase(ofVersion version: Int, at path: String, filledBy sql: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { db in
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
            try db.inTransaction {
                try bring(db, from: 0, to: version)
                try db.execute(sql: sql)
                return .commit
            }
        }
        try queue.close()
    }
}
