import Foundation
import GRDB
import RunStore

/// Opens the database of a folder: looks at what is there before changing anything of it.
struct Opening {
    let folder: String
    let options: SQLiteRunStore.Options

    private var path: String { (folder as NSString).appendingPathComponent(SQLiteRunStore.fileName) }

    func open(_ collections: CollectionCatalog) throws -> (DatabasePool, OpenCatalog) {
        try makeFolder()
        do {
            try look()
            let pool = try DatabasePool(path: path, configuration: configuration)
            let catalog = try pool.writeWithoutTransaction { db in
                try prepareWriter(db)
                try Migrations.migrate(db)
                return try OpenCatalog(opening: collections, in: db)
            }
            return (pool, catalog)
        } catch {
            throw StoreError(error, at: path)
        }
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "signalbox.store"
        configuration.busyMode = .timeout(options.busyTimeout / .seconds(1))
        configuration.maximumReaderCount = 4
        // GRDB ends the process when a transaction is left open, which a failing disk can do to a rollback.
        configuration.allowsUnsafeTransactions = true
        return configuration
    }

    private func makeFolder() throws {
        do {
            // What is stored is for those who run Signalbox.
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StoreError(
                .readOnly,
                "the folder \(folder) cannot be made: \(error.localizedDescription); "
                    + "name a folder that this user may write to")
        }
    }

    /// Refuses a file that is not ours, or is newer, before anything is written to it.
    private func look() throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let version = try queue.inDatabase { db in try Self.checkIsOurs(db, at: path, mayBeEmpty: true) }
        if version > 0, version < Migrations.version { try keepCopy(of: queue, version) }
        try queue.close()
    }

    /// Bringing a database up to date cannot be undone: what it was before is kept beside it, as `signalbox.sqlite.layout-1`.
    private func keepCopy(of queue: DatabaseQueue, _ version: Int) throws {
        let copy = "\(path).layout-\(version)"
        guard !FileManager.default.fileExists(atPath: copy) else { return }
        let partial = "\(copy).partial-\(getpid())"
        try DatabaseCopy.make(from: queue, to: partial)
        // Of two processes that open at the same time, one copy is as good as the other.
        guard rename(partial, copy) == 0 else {
            throw StoreError(.readOnly, "\(copy), the copy from before the update, cannot be written")
        }
    }

    /// Refuses what no program of this version can read; gives the version of the layout, 0 for an empty file.
    static func checkIsOurs(_ db: Database, at path: String, mayBeEmpty: Bool) throws -> Int {
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard application == Migrations.applicationID || mayBeEmpty && application == 0 && tables == 0 else {
            throw StoreError(
                .damaged,
                "\(path) is no database of Signalbox; move it away, or name another state folder")
        }
        guard version <= Migrations.version else {
            throw StoreError(
                .newerVersion,
                "\(path) was written by a newer Signalbox: its layout has version \(version), this program knows "
                    + "\(Migrations.version). Use the newer program, or another state folder")
        }
        return version
    }

    private func prepareWriter(_ db: Database) throws {
        // GRDB sets NORMAL for WAL when it opens, under which a commit can be lost with the power: FULL must come after.
        try db.execute(sql: "PRAGMA synchronous = FULL")
        // The pages of documents and indexes that events touch again and again need not be read each time: 16 MiB.
        try db.execute(sql: "PRAGMA cache_size = -16384")
        // After a burst the log is cut back to this, 64 MiB.
        try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
        if let size = options.maximumSize {
            try db.execute(sql: "PRAGMA max_page_count = \(max(1, size / 4096))")
        }
    }
}
