import GRDB
public import PluginKit
public import RunStore

/// The store on disk: one SQLite database in a folder. Readers see the last commit and never wait for the writer, and other
/// processes may read and write beside this one.
public final class SQLiteRunStore: RunStore {
    /// How the database is used.
    public struct Options: Sendable, Hashable {
        /// How long another process's change is waited for.
        public var busyTimeout: Duration
        /// The largest size of the database in bytes, rounded down to pages of 4 KiB; nil for no limit but the disk's. A change
        /// beyond it is refused with ``StoreError/Code/full``.
        public var maximumSize: Int64?
        /// The most changes that wait for the writer in line; a caller beyond that is held back until there is room.
        public var maximumWaiting: Int

        /// Options.
        public init(busyTimeout: Duration = .seconds(5), maximumSize: Int64? = nil, maximumWaiting: Int = 4096) {
            self.busyTimeout = busyTimeout
            self.maximumSize = maximumSize
            self.maximumWaiting = maximumWaiting
        }
    }

    /// The name of the database's file in its folder.
    public static let fileName = "signalbox.sqlite"
    /// The version of the layout that this program writes.
    public static var version: Int { Migrations.version }

    /// The database's file.
    public let path: String

    let pool: DatabasePool
    private let catalog: OpenCatalog
    private let queue: CommitQueue
    let readers = ReaderExecutor()
    private let isForReading: Bool
    private let unchanged: UnchangedFile?

    /// Opens the store in `folder`, which is made when it is not there, and brings an older layout up to date. Blocks while it
    /// does so.
    ///
    /// - Parameter collections: the document collections by full name, `ticket.tickets`. One whose indexes have changed is
    ///   indexed again.
    /// - Parameter observer: is told of each commit, on the writer's thread, before the callers are; it must be quick and must not
    ///   call the store. ``CommitReport`` says what it hears; ``writeLoad`` has the last one.
    /// - Throws: ``StoreError``: the folder cannot be written, the file is no database of Signalbox or is damaged, a newer version has
    ///   written it, another process holds it too long.
    public init(
        folder: String, collections: [String: CollectionDeclaration], options: Options = Options(),
        observer: (@Sendable (CommitReport) -> Void)? = nil
    ) throws {
        let opening = Opening(folder: folder, options: options)
        let (pool, catalog) = try opening.open(CollectionCatalog(collections))
        self.pool = pool
        self.catalog = catalog
        path = pool.path
        isForReading = false
        unchanged = nil
        queue = CommitQueue(
            pool: pool, catalog: catalog, capacity: options.maximumWaiting, observer: observer)
    }

    /// Opens the store in `folder` for reading only: nothing is made, nothing is brought up to date, and no right to write is needed
    /// as long as somebody else has it open or it was closed well. Every `write` is refused with ``StoreError/Code/readOnly``.
    ///
    /// - Parameter collections: as for writing; those that are stored otherwise cannot be looked up.
    /// - Throws: ``StoreError``: there is no database, it is none of Signalbox or damaged, a newer version has written it
    ///   (`newer_version`) or an older one (`older_version`), it may not be read.
    public init(
        readingFolder folder: String, collections: [String: CollectionDeclaration], options: Options = Options()
    ) throws {
        let opening = ReadingOpening(folder: folder, options: options)
        let (pool, catalog, unchanged) = try opening.open(CollectionCatalog(collections))
        self.pool = pool
        self.catalog = catalog
        self.unchanged = unchanged
        path = folder + "/" + SQLiteRunStore.fileName
        isForReading = true
        queue = CommitQueue(pool: pool, catalog: catalog, capacity: options.maximumWaiting, observer: nil)
    }

    /// Whether all collections that were asked for are there with their indexes. Opened for writing they always are; opened for reading
    /// they are not after plugins have changed, until a command that may write has opened the store once.
    public var hasAllCollections: Bool { catalog.numbers.count == catalog.catalog.declarations.count }

    /// What waits for the writer, and what its last commit was.
    public var writeLoad: WriteLoad { queue.load }

    /// Runs `body` on one consistent view, the last commit, on a thread for readers.
    ///
    /// - Throws: what `body` throws, or ``StoreError``.
    public func read<Result: Sendable>(
        view body: @Sendable (any StoreReader) throws -> Result
    ) async throws -> Result {
        try await withTaskExecutorPreference(readers) { try readNow(body) }
    }

    /// Runs `body` in one transaction of the writer; returns when it is on disk.
    ///
    /// - Throws: what `body` throws, or ``StoreError``; then nothing of `body` is stored. `CancellationError` when the task is
    ///   cancelled while it is held back by a full queue (``Options/maximumWaiting``), and only then: a change in line is made.
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Result
    ) async throws -> Result {
        guard !isForReading else {
            throw StoreError(.readOnly, "\(path) was opened for reading only; nothing can be changed through it")
        }
        return try await queue.write(body)
    }

    /// The store as it is now, for as long as it is held; a dry run is laid over it. Blocks while it opens a connection.
    ///
    /// - Throws: ``StoreError``.
    public func snapshotReader() throws -> any StoreSnapshot {
        try checkOpen()
        do {
            return SQLiteSnapshot(snapshot: try pool.makeSnapshot(), catalog: catalog, unchanged: unchanged)
        } catch {
            throw StoreError(error, at: path)
        }
    }

    /// Waits for the changes that wait, moves the log into the database and closes. Later calls throw `closed`.
    public func close() async {
        guard !queue.isClosed else { return }
        await queue.close()
        do {
            if !isForReading { try await pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) } }
            try pool.close()
        } catch {
            // Another process still reads, or a view is still held: the log stays beside the database and is read at the next
            // opening. All that was committed is on disk already.
        }
    }

    /// What `PRAGMA name` says on the writing connection.
    package func writerSetting(_ name: String) async throws -> String? {
        try await pool.writeWithoutTransaction { db in try String.fetchOne(db, sql: "PRAGMA \(name)") }
    }

    /// Changes the database as no caller of the contract can; for tests of what earlier versions and accidents have left.
    package func changeLayout(_ sql: String) async throws {
        try await pool.writeWithoutTransaction { db in try db.execute(sql: sql) }
    }

    /// Makes the database that a program with the layout `version` made in `folder`, filled by `sql`; for tests of updates.
    package static func makeDatabase(ofVersion version: Int, in folder: String, filledBy sql: String) throws {
        try Migrations.makeDatabase(ofVersion: version, at: folder + "/" + fileName, filledBy: sql)
    }

    private func readNow<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
        try checkOpen()
        do {
            let result = try pool.read { db in try body(SQLiteReader(db: db, catalog: catalog)) }
            try unchanged?.check()
            return result
        } catch let error as DatabaseError {
            throw StoreError(error, at: path)
        }
    }

    private func checkOpen() throws {
        if queue.isClosed { throw StoreError(.closed, "the store has been closed; open it again") }
    }
}
