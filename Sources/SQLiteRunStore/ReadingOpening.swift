import Foundation
import GRDB
import RunStore

/// Opens the database of a folder for reading only: nothing of it is changed, and no right to write is needed.
///
/// A database that another process has open has its log and the log's index beside it (`-wal`, `-shm`), and who may read all three
/// may read along (sqlite.org/wal.html, "Read-Only Databases"). A database that was closed has none, and SQLite would have to make
/// them: where it must not, the file is read as one that nobody changes, and refused as soon as somebody does.
struct ReadingOpening {
    let folder: String
    let options: SQLiteRunStore.Options

    private var path: String { (folder as NSString).appendingPathComponent(SQLiteRunStore.fileName) }

    func open(_ collections: CollectionCatalog) throws -> (DatabasePool, OpenCatalog, UnchangedFile?) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError(.readOnly, "there is no database \(path) to read")
        }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw StoreError(
                .readOnly, "\(path) may not be read by this user; run the command as the user who runs Signalbox")
        }
        do {
            let (pool, catalog) = try look(path, collections)
            return (pool, catalog, nil)
        } catch let error as DatabaseError where Self.needsMore(error) {
            return try openUnchanging(collections, error)
        } catch {
            throw StoreError(error, at: path)
        }
    }

    private func openUnchanging(
        _ collections: CollectionCatalog, _ cause: DatabaseError
    ) throws -> (DatabasePool, OpenCatalog, UnchangedFile?) {
        guard let file = UnchangedFile(path) else {
            throw StoreError(
                .readOnly,
                "\(path) cannot be read by this user: it has a log that only a user who may write in its folder can read in. "
                    + "Start signalbox as the user who runs it, or read while `signalbox serve` runs (\(cause.message ?? ""))"
            )
        }
        do {
            let (pool, catalog) = try look(file.address, collections)
            return (pool, catalog, file)
        } catch {
            throw StoreError(error, at: path)
        }
    }

    private func look(_ address: String, _ collections: CollectionCatalog) throws -> (DatabasePool, OpenCatalog) {
        var configuration = Configuration()
        configuration.label = "signalbox.reader"
        configuration.readonly = true
        configuration.busyMode = .timeout(options.busyTimeout / .seconds(1))
        configuration.maximumReaderCount = 2
        let pool = try DatabasePool(path: address, configuration: configuration)
        let catalog = try pool.read { db in
            let version = try Opening.checkIsOurs(db, at: path, mayBeEmpty: false)
            guard version == Migrations.version else {
                throw StoreError(
                    .olderVersion,
                    "\(path) was written by an older Signalbox: its layout has version \(version), this program reads "
                        + "\(Migrations.version). Start `signalbox serve`, or run `signalbox prune` once: it is brought up to date, "
                        + "and a copy from before is kept beside it")
            }
            return try OpenCatalog(reading: collections, in: db)
        }
        return (pool, catalog)
    }

    /// Whether SQLite wants to make files beside the database, or to write to them, and may not.
    private static func needsMore(_ error: DatabaseError) -> Bool {
        error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY
    }
}

/// A database without a log that is read as one that nobody changes, and what shows that it is.
struct UnchangedFile: Sendable {
    private struct Look: Equatable {
        var size: Int64
        var seconds: Int
        var nanoseconds: Int
        var number: UInt64
    }

    private let path: String
    private let first: Look

    /// nil when the file is not there or has a log, which would have to be read in first.
    init?(_ path: String) {
        guard let look = UnchangedFile.look(at: path), UnchangedFile.hasNoLog(path) else { return nil }
        self.path = path
        first = look
    }

    /// The address under which SQLite takes no locks and looks for no log (sqlite.org/uri.html).
    var address: String {
        let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
        return "file:\(escaped)?immutable=1"
    }

    /// - Throws: ``StoreError`` with `busy` when somebody has begun to change the file: what was read may be half of each.
    func check() throws {
        guard UnchangedFile.look(at: path) == first, UnchangedFile.hasNoLog(path) else {
            throw StoreError(
                .busy, "another process has begun to change \(path) while it was read; run the command again")
        }
    }

    private static func hasNoLog(_ path: String) -> Bool { (look(at: path + "-wal")?.size ?? 0) == 0 }

    private static func look(at path: String) -> Look? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Look(
            size: Int64(status.st_size), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec,
            number: UInt64(status.st_ino))
    }
}
