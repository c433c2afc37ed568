import ArgumentParser
import Foundation
import RunStore
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel

/// `signalbox backup`: a copy of the database, at any time.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the database into a file, also while an executor is at work.",
        discussion: """
            The copy is checked before it has its name, and it is one file. The outbox and the workspace's own files are not in it.
            """)

    @Argument(help: "The file to make; there must be none yet.")
    var file: String

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let open = try OpenWorkspace.load(place.workspace)
        let store = try StateFolder(place.stateFolder).openExisting(open.collections)
        let size: Int64
        do {
            size = try await store.backup(to: file)
        } catch {
            await store.close()
            throw Executor.readable(error)
        }
        await store.close()
        let console = output.console
        console.line("\(file): \(ByteText.forPeople(size))")
        console.json(["file": .string(file), "bytes": .int(size)])
    }
}

/// `signalbox restore`: a backup in the place of the database.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup in the place of the database; the former one is kept beside it.",
        discussion: """
            No executor may be at work, and no other command. Runs that had not ended when the backup was made go on from there: what \
            they have done to the outside since is done again, with the same idempotency keys.
            """)

    @Argument(help: "The backup.")
    var file: String

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let state = StateFolder(place.stateFolder)
        try state.make()
        let lock: ExecutorLock
        do {
            lock = try ExecutorLock.acquire(folder: state.path, command: "signalbox restore")
        } catch {
            throw CommandFailure(
                .environment, error.description, help: "stop it first: restoring replaces its database")
        }
        defer { lock.release() }
        let time = WallClock.now().rfc3339.prefix(19).replacing(":", with: "")
        let kept: String?
        do {
            kept = try SQLiteRunStore.restore(from: file, into: state.path, keepingAs: ".before-\(time)Z")
        } catch {
            throw Executor.readable(error)
        }
        let console = output.console
        console.line("restored from \(file)")
        if let kept { console.line("the former database is \(kept)") }
        console.remark("runs that had not ended go on with the next executor: signalbox serve")
        console.json(["file": .string(file), "kept": kept.map(Value.string) ?? .null])
    }
}
