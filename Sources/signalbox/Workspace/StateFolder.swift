import Foundation
import PluginKit
import RunStore
import SQLiteRunStore

/// The folder with the database, the outbox and the executor's lock.
struct StateFolder {
    let path: String

    init(_ path: String) { self.path = path }

    /// The folder of messages that leave the machine through nothing but it.
    var outbox: String { "\(path)/outbox" }

    /// Opens the database, and makes it when there is none; `observer` is told of each commit.
    func open(
        _ collections: [String: CollectionDeclaration], observer: (@Sendable (CommitReport) -> Void)? = nil
    ) throws -> SQLiteRunStore {
        do {
            return try SQLiteRunStore(folder: path, collections: collections, observer: observer)
        } catch let error as StoreError {
            throw CommandFailure(
                .environment, error.message,
                help: error.code == .readOnly ? "--state-dir DIR names another folder" : nil)
        }
    }

    /// Opens the database of earlier runs.
    ///
    /// - Throws: ``CommandFailure`` when there is none: looking must not make one.
    func openExisting(_ collections: [String: CollectionDeclaration]) throws -> SQLiteRunStore {
        try checkExists()
        return try open(collections)
    }

    /// Opens the database of earlier runs for looking only: nothing of it is changed, and no right to write there is needed.
    ///
    /// - Throws: ``CommandFailure`` when there is none, or it cannot be read as it is.
    func openForReading(_ collections: [String: CollectionDeclaration]) throws -> SQLiteRunStore {
        try checkExists()
        do {
            return try SQLiteRunStore(readingFolder: path, collections: collections)
        } catch let error as StoreError {
            throw CommandFailure(.environment, error.message)
        }
    }

    /// Opens the database of earlier runs for a rehearsal: for reading only, and for writing only when it has to be brought up to date
    /// first. Nil when there is none.
    func openForRehearsal(_ collections: [String: CollectionDeclaration]) async throws -> SQLiteRunStore? {
        guard mayHoldSomething else { return nil }
        do {
            try checkExists()
            let store = try SQLiteRunStore(readingFolder: path, collections: collections)
            if store.hasAllCollections { return store }
            await store.close()
        } catch let error as StoreError where error.code != .olderVersion {
            throw CommandFailure(.environment, error.message)
        } catch is StoreError {}
        return try open(collections)
    }

    private func checkExists() throws {
        guard exists else {
            guard !isClosed else {
                throw CommandFailure(
                    .environment, "the state folder \(path) may not be looked into by this user",
                    help: "ask whoever runs Signalbox, or run the command as the user who does")
            }
            throw CommandFailure(
                .failed, "nothing has happened in this workspace yet: \(path) has no database",
                help: "signalbox emit --event FILE hands it an event")
        }
    }

    /// Makes the folder, if it is not there.
    func make() throws {
        do {
            // Tickets and messages are nobody else's business on this machine.
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(
                .environment, "cannot make the state folder \(path): \(error.localizedDescription)",
                help: "--state-dir DIR names another folder")
        }
    }

    /// Whether the folder is there and its rights keep us out, so that nothing is known of what is in it.
    private var isClosed: Bool {
        FileManager.default.fileExists(atPath: path) && !FileManager.default.isExecutableFile(atPath: path)
    }

    /// Whether there is a database, or something that this user may not look at.
    var mayHoldSomething: Bool { exists || isClosed }

    /// Whether there is a database.
    var exists: Bool { FileManager.default.fileExists(atPath: "\(path)/\(SQLiteRunStore.fileName)") }
}
