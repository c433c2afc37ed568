import Logging
import SignalboxServer
import Synchronization
import UnixSignals
import WorkflowEngine
import WorkflowModel
import Workspaces
import YAML

/// Reads the workspace anew for a running executor: all of it or nothing. With a mistake in any file everything stays as it was.
final class WorkspaceReloader: Sendable {
    /// Files that cannot be gone by.
    struct Refusal: Error, Sendable {
        var at: Timestamp
        /// How many mistakes there are.
        var mistakes: Int
        /// The first, in a sentence with its place.
        var sentence: String
        /// All of them, as `check` prints them.
        var text: String
    }

    private struct State {
        var isReading = false
        var refusal: Refusal?
        /// Where the server says how it stands.
        var server: ServerState?
        /// The reading that is gone by.
        var open: OpenWorkspace
    }

    private let path: String
    private let executor: Executor
    private let metrics: EngineMetrics
    private let watched: String?
    private let asRead: UInt64
    private let log: Logger
    private let clock: any EngineClock
    private let state: Mutex<State>

    /// - Parameters:
    ///   - path: the workspace's folder.
    ///   - open: the reading that `executor` goes by.
    ///   - asRead: what the files were like just before `open` was read, so that no change falls between.
    ///   - stateFolder: whose files are none of the workspace's; nil when files are not watched.
    init(
        _ path: String, _ open: OpenWorkspace, asRead: UInt64, _ executor: Executor, metrics: EngineMetrics,
        watchingBeside stateFolder: String?,
        log: Logger, clock: any EngineClock = SystemClock()
    ) {
        self.path = path
        self.executor = executor
        self.metrics = metrics
        watched = stateFolder
        self.asRead = asRead
        state = Mutex(State(open: open))
        self.log = log
        self.clock = clock
    }

    /// Why the files as they are now are not gone by; nil when they are.
    var refusal: Refusal? { state.withLock(\.refusal) }

    /// Reads the workspace and goes by it.
    ///
    /// - Parameters:
    ///   - cause: why, for the log.
    ///   - person: who asked, for the audit log; nil when nobody did.
    /// - Returns: what has changed, and what has changed and is used only after a restart.
    /// - Throws: ``Refusal``; ``EngineError`` `busy` while it is being read; ``StoreError``. What was gone by stays.
    @discardableResult
    func reload(
        _ cause: String, by person: String? = nil, typedBy typist: String? = nil
    ) async throws -> (reloading: Engine.Reloading, afterRestart: [String]) {
        let isFree = state.withLock { state in
            defer { state.isReading = true }
            return !state.isReading
        }
        guard isFree else {
            throw EngineError(.busy, "the workspace is being read at this moment; try again when that is done")
        }
        defer { state.withLock { $0.isReading = false } }
        do {
            let open = try read()
            let reloading = try await executor.follow(open, by: person, typedBy: typist)
            let left = needsRestart(open)
            state.withLock { state in
                state.refusal = nil
                state.server?.warn(nil)
                state.open = open
            }
            metrics.reloaded(isRefused: false)
            log.notice(
                "the workspace was read anew",
                metadata: [
                    "cause": "\(cause)", "generation": "\(reloading.generation)", "playbooks": "\(reloading.playbooks)",
                    "added": "\(reloading.added.joined(separator: " "))",
                    "changed": "\(reloading.changed.joined(separator: " "))",
                    "removed": "\(reloading.removed.joined(separator: " "))",
                ])
            for what in left { log.warning("\(what) is used after a restart", metadata: ["file": "signalbox.yaml"]) }
            return (reloading, left)
        } catch let refusal as Refusal {
            state.withLock { state in
                state.refusal = refusal
                // Whoever asks for this needs no token, so it tells no names.
                state.server?.warn("workspace: its files have mistakes, and the former ones are gone by")
            }
            metrics.reloaded(isRefused: true)
            log.error(
                "the workspace was not read anew; the former one is kept\n\(refusal.text)",
                metadata: ["cause": "\(cause)", "mistakes": "\(refusal.mistakes)"])
            throw refusal
        } catch {
            metrics.reloaded(isRefused: true, hasMistakes: false)
            log.error(
                "the workspace was not read anew; the former one is kept",
                metadata: ["cause": "\(cause)", "failure": "\((error as? CommandFailure)?.message ?? "\(error)")"])
            throw error
        }
    }

    private func read() throws -> OpenWorkspace {
        let open: OpenWorkspace
        do {
            open = try OpenWorkspace.load(path)
        } catch let failure as CommandFailure {
            throw Refusal(at: clock.now, mistakes: 1, sentence: failure.message, text: failure.message)
        }
        let errors = open.diagnostics.filter { $0.severity == .error }
        if let first = errors.first {
            let place = first.range.map { "\(first.file):\($0.start.line): " } ?? "\(first.file): "
            throw Refusal(
                at: clock.now, mistakes: errors.count, sentence: place + first.message,
                text: errors.map { CodeFrame.render($0, source: open.sources[$0.file], colour: false) }
                    .joined(separator: "\n"))
        }
        let (before, after) = (state.withLock { $0.open.workspace.settings.name }, open.workspace.settings.name)
        guard before == after else {
            let sentence =
                "signalbox.yaml: the workspace's name was \(before) and is \(after); it is part of every idempotency key, so it "
                + "changes only with a restart"
            throw Refusal(at: clock.now, mistakes: 1, sentence: sentence, text: sentence)
        }
        return open
    }

    /// What was changed and cannot be changed while the process runs.
    private func needsRestart(_ open: OpenWorkspace) -> [String] {
        let (before, after) = (state.withLock { $0.open.workspace.settings }, open.workspace.settings)
        var left: [String] = []
        if before.retention != after.retention { left.append("the changed `retention`") }
        if before.server != after.server { left.append("the changed `server`") }
        return left
    }

    /// Tells a server from now on whether the files are gone by.
    func tell(_ server: ServerState?) { state.withLock { $0.server = server } }

    /// Acts on a request of another process.
    func answer(by person: String, typedBy typist: String?) async -> Value {
        do {
            let (reloading, left) = try await reload("signalbox reload", by: person, typedBy: typist)
            let rest: ValueMap = ["ok": true, "after_restart": .list(left.map(Value.string))]
            return .map((reloading.value.map ?? [:]).merging(rest))
        } catch let refusal as Refusal {
            return [
                "ok": false, "code": "bad_workspace", "mistakes": .int(Int64(refusal.mistakes)),
                "message": .string(
                    "\(refusal.text)\nthe executor keeps what it has: "
                        + (refusal.mistakes == 1
                            ? "the workspace has a mistake" : "the workspace has \(refusal.mistakes) mistakes")
                ),
            ]
        } catch let error as EngineError {
            return RequestAnswer.refused(error.code.rawValue, error.message)
        } catch {
            return RequestAnswer.refused("reload_failed", "\(error)")
        }
    }

    /// Reads the workspace on each SIGHUP, and whenever its files have changed and are left alone; until the task is cancelled.
    func run(_ hangups: UnixSignalsSequence) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in hangups {
                    // What is wrong is in the log.
                    do { try await self.reload("SIGHUP") } catch { continue }
                }
            }
            if let watched { group.addTask { await self.watch(excluding: watched) } }
        }
    }

    private func watch(excluding stateFolder: String) async {
        var watch = ChangeWatch(asRead)
        while true {
            do { try await clock.pause(for: WorkspaceReloader.look) } catch { return }
            let fingerprint = FileFingerprint.of(path, excluding: stateFolder)
            guard watch.look(fingerprint, after: WorkspaceReloader.look) else { continue }
            // What is wrong has been logged, and counts until the files change again.
            do { try await reload("files changed") } catch { continue }
        }
    }

    /// How often files are looked at.
    static let look = Duration.milliseconds(500)
}
