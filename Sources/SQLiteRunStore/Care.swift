import Foundation
import GRDB
import RunStore

/// Looking after the database: is it whole, how large is it, a copy of it, and a copy back.
extension SQLiteRunStore {
    /// What SQLite finds wrong with the file (`PRAGMA quick_check`, sqlite.org/pragma.html): nothing, or at most 20 lines.
    ///
    /// - Throws: ``StoreError`` when not even that can be asked.
    public func integrityProblems() async throws -> [String] {
        do {
            return try await pool.read { db in try db.integrityProblems() }
        } catch {
            throw StoreError(error, at: path)
        }
    }

    /// The bytes of the database and of its log on the disk.
    public var size: (database: Int64, log: Int64) {
        (SQLiteRunStore.size(of: path), SQLiteRunStore.size(of: path + "-wal"))
    }

    /// Copies the database as it is now into a new file, while others read and write; the file is complete or not there.
    ///
    /// - Returns: its size in bytes.
    /// - Throws: ``StoreError``: there is such a file already, or it cannot be written.
    public func backup(to file: String) async throws -> Int64 {
        try await withTaskExecutorPreference(readers) {
            let partial = file + ".partial"
            guard !FileManager.default.fileExists(atPath: file) else {
                throw StoreError(.misuse, "there is a file \(file) already; name one that is not there")
            }
            try DatabaseCopy.make(from: pool, to: partial)
            defer { _ = unlink(partial) }
            // Not a rename, which would replace what somebody else has made meanwhile.
            guard link(partial, file) == 0 else { throw StoreError.cannotWrite(file) }
            return SQLiteRunStore.size(of: file)
        }
    }

    /// Puts a backup in the place of the database of `folder`. The caller holds the right to execute there. The database that was
    /// there is kept beside it.
    ///
    /// - Parameters:
    ///   - file: the backup; it is not changed.
    ///   - suffix: what the name of the kept database ends in.
    /// - Returns: the file that the former database is in now; nil when there was none.
    /// - Throws: ``StoreError``: the backup is none, is damaged or of a newer version, or the folder cannot be written. Then the
    ///   former database is still in its place.
    public static func restore(from file: String, into folder: String, keepingAs suffix: String) throws -> String? {
        let target = folder + "/" + fileName
        let incoming = target + ".restoring"
        guard FileManager.default.fileExists(atPath: file) else {
            throw StoreError(.readOnly, "there is no file \(file)")
        }
        do {
            var configuration = Configuration()
            configuration.readonly = true
            let source = try DatabaseQueue(path: file, configuration: configuration)
            _ = try source.inDatabase { db in try Opening.checkIsOurs(db, at: file, mayBeEmpty: false) }
            try DatabaseCopy.make(from: source, to: incoming)
            try source.close()
        } catch {
            throw StoreError(error, at: file)
        }
        defer { _ = unlink(incoming) }
        let kept = try keep(target, as: target + suffix)
        guard rename(incoming, target) == 0 else { throw StoreError.cannotWrite(target) }
        try DatabaseCopy.syncFolder(folder)
        return kept
    }

    /// Gives the database a second name, and takes its log away from the first: a log beside another database would be read
    /// into it.
    private static func keep(_ target: String, as first: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: target) else { return nil }
        do {
            let queue = try DatabaseQueue(path: target)
            try queue.inDatabase { db in _ = try db.checkpoint(.truncate) }
            try queue.close()
        } catch {
            // A damaged one cannot be tidied up; it is kept as it is, with its log.
        }
        var (kept, number) = (first, 1)
        // Two in one second are rare and keep a name each.
        while FileManager.default.fileExists(atPath: kept) {
            number += 1
            kept = "\(first)-\(number)"
        }
        guard link(target, kept) == 0 else { throw StoreError.cannotWrite(kept) }
        for part in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: target + part) {
            guard rename(target + part, kept + part) == 0 else { throw StoreError.cannotWrite(kept + part) }
        }
        return kept
    }

    private static func size(of path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }
}

/// Copies a database into a file of its own.
enum DatabaseCopy {
    /// Copies `source` to `path`, over what an earlier attempt may have left there. The copy is whole, synced, and without a log.
    static func make(from source: any DatabaseReader, to path: String) throws {
        for part in ["", "-wal", "-shm", "-journal"] { _ = unlink(path + part) }
        // What is stored is for those who run Signalbox: made here, because SQLite would let others read it.
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StoreError.cannotWrite(path) }
        close(file)
        do {
            let copy = try DatabaseQueue(path: path)
            try source.backup(to: copy)
            try copy.inDatabase { db in
                // One file that can be carried away and opened read-only.
                _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
                let problems = try db.integrityProblems()
                guard problems.isEmpty else {
                    throw StoreError(
                        .damaged,
                        "the copy in \(path) is damaged as the original is: \(problems.joined(separator: "; "))")
                }
            }
            try copy.close()
            try sync(path, O_RDONLY)
            try syncFolder((path as NSString).deletingLastPathComponent)
        } catch {
            _ = unlink(path)
            throw StoreError(error, at: path)
        }
    }

    /// Makes the names in a folder durable.
    static func syncFolder(_ folder: String) throws { try sync(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY) }

    private static func sync(_ path: String, _ flags: Int32) throws {
        let file = open(path, flags | O_CLOEXEC)
        guard file >= 0 else { throw StoreError.cannotWrite(path) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw StoreError.cannotWrite(path) }
    }
}

extension Database {
    fileprivate func integrityProblems() throws -> [String] {
        try String.fetchAll(self, sql: "PRAGMA quick_check(20)").filter { $0 != "ok" }
    }
}

extension StoreError {
    /// What the system says of a file that cannot be written.
    fileprivate static func cannotWrite(_ path: String) -> StoreError {
        let code: Code = errno == ENOSPC || errno == EDQUOT ? .full : .readOnly
        return StoreError(code, "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
