import Digests
import Foundation
import Logging
import Outbound
import Playbooks
import PluginKit
import Prometheus
import Rehearsal
import RunStore
import SQLiteRunStore
import SignalboxServer
import UnixSignals
import WorkflowEngine
import WorkflowModel
import Workspaces
import YAML

/// The executor of a workspace while a command runs: the lock, the store and the engine.
struct Executor {
    let engine: Engine
    let store: SQLiteRunStore
    /// Whether time is that of the events.
    let isReplay: Bool
    let secrets: WorkspaceSecrets
    /// The reading of the workspace that is gone by.
    let current: CurrentWorkspace
    let metrics: EngineMetrics
    private let lock: ExecutorLock

    /// Becomes the executor: takes the lock, opens the store, recovers what an earlier executor left.
    ///
    /// - Parameters:
    ///   - command: what this process runs, for the message that another one gets.
    ///   - log: what actions log to.
    ///   - metrics: keeps what monitoring is told; nil for nobody.
    ///   - replays: whether time is that of the events.
    ///   - reloads: where other processes ask that the workspace is read anew; nil when that is not done.
    ///   - progress: told what happens.
    /// - Throws: ``CommandFailure`` when another process executes or the folder cannot be used.
    static func open(
        _ workspace: OpenWorkspace, _ state: StateFolder, command: String, log: Logger = Logger(label: "signalbox"),
        metrics: PrometheusRegistry? = nil, replays: Bool = false, reloads: ReloadDesk? = nil,
        progress: (@Sendable (WorkflowEngine.Progress) -> Void)? = nil
    ) async throws -> Executor {
        do {
            return try await open(
                workspace, state, try take(state, command), log, metrics.map(EngineMetrics.init) ?? .none, progress,
                replays: replays, reloads)
        } catch let refusal as ExecutorLock.Refusal {
            throw CommandFailure(.environment, refusal.description)
        }
    }

    /// The same, or nil when another process executes: then it can be handed the work. Nobody begins by files that have mistakes.
    static func openUnlessHeld(_ workspace: OpenWorkspace, _ state: StateFolder, command: String) async throws
        -> Executor?
    {
        if workspace.hasMistakes {
            guard ExecutorLock.holder(of: state.path) == nil else { return nil }
            try workspace.refuseMistakes()
        }
        let lock: ExecutorLock
        do {
            lock = try take(state, command)
        } catch ExecutorLock.Refusal.held {
            return nil
        } catch let refusal as ExecutorLock.Refusal {
            throw CommandFailure(.environment, refusal.description)
        }
        return try await open(workspace, state, lock, Logger(label: "signalbox"), .none, nil)
    }

    private static func take(_ state: StateFolder, _ command: String) throws -> ExecutorLock {
        try state.make()
        return try ExecutorLock.acquire(folder: state.path, command: "signalbox \(command)")
    }

    private static func open(
        _ workspace: OpenWorkspace, _ state: StateFolder, _ lock: ExecutorLock, _ log: Logger,
        _ metrics: EngineMetrics, _ progress: (@Sendable (WorkflowEngine.Progress) -> Void)?, replays: Bool = false,
        _ reloads: ReloadDesk? = nil
    ) async throws -> Executor {
        let store = try state.open(workspace.collections) { metrics.committed($0) }
        do {
            return try await open(workspace, state, lock, store, log, metrics, progress, replays: replays, reloads)
        } catch {
            await store.close()
            lock.release()
            throw readable(error)
        }
    }

    private static func open(
        _ workspace: OpenWorkspace, _ state: StateFolder, _ lock: ExecutorLock, _ store: SQLiteRunStore,
        _ log: Logger, _ metrics: EngineMetrics, _ progress: (@Sendable (WorkflowEngine.Progress) -> Void)?,
        replays: Bool, _ reloads: ReloadDesk?
    ) async throws -> Executor {
        let secrets = secrets(of: workspace)
        var services = services(workspace, state, store, log, progress, secrets)
        services.metrics = metrics
        if let reloads { services.reload = { await reloads.answer(by: $0, typedBy: $1) } }
        if replays { services.clock = ReplayClock(try await store.read(view: { try ReplayMark.time(in: $0) })) }
        let engine = try await Engine.open(
            store: store, playbooks: try ActiveSet(workspace.playbooks), settings: settings(workspace),
            services: services)
        return Executor(
            engine: engine, store: store, isReplay: replays, secrets: secrets, current: CurrentWorkspace(workspace),
            metrics: metrics, lock: lock)
    }

    /// The numbers and names of a workspace's engine.
    static func settings(_ workspace: OpenWorkspace) -> EngineSettings {
        var settings = EngineSettings(workspaceID: workspace.workspace.settings.name)
        let limits = workspace.workspace.settings.limits
        settings.maximumOutput = limits.outputBytes
        settings.longestRun = limits.runTime
        settings.maximumEntries = limits.journalEntries
        settings.breaker = limits.breaker
        settings.subjectLimit = limits.runsPerSubject.map { SubjectLimit(runs: $0.runs, per: $0.per) }
        return settings
    }

    private static func secrets(of workspace: OpenWorkspace) -> WorkspaceSecrets {
        WorkspaceSecrets(resolver: workspace.secrets)
    }

    /// What the engine needs from this process.
    static func services(
        _ workspace: OpenWorkspace, _ state: StateFolder, _ store: SQLiteRunStore, _ log: Logger,
        _ progress: (@Sendable (WorkflowEngine.Progress) -> Void)?, _ secrets: WorkspaceSecrets? = nil
    ) -> EngineServices {
        let performer = LivePerformer(
            http: CurlHTTPClient(), mail: CurlMailClient(), outbox: FolderOutbox(folder: state.outbox),
            documents: store, secrets: secrets ?? self.secrets(of: workspace))
        let tables = workspace.tables
        var services = EngineServices(
            registry: workspace.registry, performer: performer, workspace: { tables },
            readBundle: ActivePlaybook.stored,
            log: log)
        services.progress = progress
        follow(workspace, store, &services)
        return services
    }

    /// What of the engine's services is the workspace's.
    private static func follow(_ workspace: OpenWorkspace, _ store: SQLiteRunStore, _ services: inout EngineServices) {
        let settings = workspace.workspace.settings
        let tables = workspace.tables
        services.workspace = { tables }
        services.pluginSettings = settings.plugins
        services.secretNames = settings.secrets.keys.sorted()
        services.calendars = workspace.calendars
        services.businessTime = workspace.businessTime
        services.businessCalendars = workspace.businessCalendars
        services.shadowRunner = ShadowRehearsal.runner {
            workspace.rehearsal(base: try store.snapshotReader(), http: nil)
        }
    }

    /// Has the engine go by another reading of the workspace.
    ///
    /// - Throws: ``EngineError``, ``StoreError``; then it goes on by the former.
    func follow(
        _ workspace: OpenWorkspace, by person: String?, typedBy typist: String?
    ) async throws -> Engine.Reloading {
        let store = store
        let reloading = try await engine.reload(ActiveSet(workspace.playbooks), by: person, typedBy: typist) {
            var settings = Executor.settings(workspace)
            settings.runURL = $0.runURL
            $0 = settings
            Executor.follow(workspace, store, &$1)
        }
        secrets.follow(workspace.secrets)
        current.follow(workspace)
        return reloading
    }

    /// Works until `body` has ended; SIGINT and SIGTERM let what is under way end, leave the rest where it is, and end the command.
    func work<Result: Sendable>(_ body: @escaping @Sendable (Engine) async throws -> Result) async throws -> Result {
        let engine = engine
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let watcher = Task {
            for await signal in signals {
                Console.standardError("signalbox: \(signal) received; stopping after the step that is under way\n")
                InputStop.ask()
                await engine.drain(within: .seconds(10))
                return true
            }
            return false
        }
        do {
            try await engine.recover()
            engine.start()
            let result = try await body(engine)
            watcher.cancel()
            await close()
            return result
        } catch {
            watcher.cancel()
            await close()
            throw Executor.readable(error)
        }
    }

    /// Has the engine note a decision, without beginning or going on with any run.
    func decide<Result: Sendable>(_ body: @Sendable (Engine) async throws -> Result) async throws -> Result {
        do {
            let result = try await body(engine)
            await close()
            return result
        } catch {
            await close()
            throw Executor.readable(error)
        }
    }

    /// Works until SIGINT or SIGTERM: then what is under way has 10 seconds to end, and the rest is left to the next executor.
    ///
    /// - Parameters:
    ///   - retention: how long things are kept; what is older is deleted every hour.
    ///   - metrics: written while it works.
    ///   - serving: the server, which listens before anything is worked on.
    ///   - reloader: reads the workspace anew on SIGHUP, and when its files change.
    ///   - started: told how many runs of an earlier executor go on.
    /// - Throws: ``CommandFailure``, also when a newer executor has begun on the same folder.
    func serve(
        _ log: Logger, _ retention: Retention, _ metrics: MetricsFile?, _ serving: Serving,
        _ reloader: WorkspaceReloader, started: @Sendable (_ recovered: Int) -> Void
    ) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        let server: WebServer?
        do {
            server = try await serving.listen(self)
        } catch {
            await close()
            throw error
        }
        do {
            let recovered = try await engine.recover()
            engine.start()
            server?.state.enter(.ready)
            started(recovered.count)
            let (pauses, breakers) = try await store.read(view: { (try Pause.all(in: $0), try OpenBreaker.all(in: $0)) }
            )
            for sentence in pauses.map(\.sentence) + breakers.map(\.sentence) {
                log.warning("\(sentence)", metadata: ["help": "signalbox resume"])
            }
        } catch {
            await serving.stop(server)
            await close()
            throw Executor.readable(error)
        }
        let pruner = Pruner(store: store, retention: retention)
        let pruning = Task { [isReplay] in
            // All of a replay is old.
            guard !isReplay else { return }
            await pruner.run { result in
                switch result {
                case .success(let count):
                    log.info("deleted what is older than the retention", metadata: ["deleted": "\(count.forPeople)"])
                case .failure(let error):
                    log.warning("what is old could not be deleted", metadata: ["failure": "\(error)"])
                }
            }
        }
        let measuring = metrics.map { metrics in Task { await metrics.keep(engine, log) } }
        reloader.tell(server?.state)
        let reloading = Task { await reloader.run(hangups) }
        let ending = await withTaskGroup(of: (any Error)?.self) { [engine] group in
            group.addTask {
                for await signal in signals {
                    log.notice(
                        "stopping: attempts under way have 10 seconds to end", metadata: ["signal": "\(signal)"])
                    break
                }
                return nil
            }
            group.addTask { await engine.untilReplaced() }
            if let server { group.addTask { await server.untilEnded() } }
            let first = await group.next() ?? nil
            // What has come in is answered first, which takes an engine that works.
            await serving.stop(server)
            group.cancelAll()
            await engine.drain(within: .seconds(10))
            return first
        }
        reloading.cancel()
        await reloading.value
        pruning.cancel()
        await pruning.value
        measuring?.cancel()
        await measuring?.value
        await close()
        if let ending { throw Executor.readable(ending) }
        log.notice("stopped")
    }

    private func close() async {
        // What is under way may be a write: cutting it off would only make its outcome unknown.
        await engine.drain(within: .seconds(5))
        await store.close()
        lock.release()
    }

    /// Errors of the engine and the store as the command line says them.
    static func readable(_ error: any Error) -> any Error {
        switch error {
        case let error as StoreError: CommandFailure(.environment, error.message)
        case let error as EngineError: CommandFailure(.failed, error.message)
        case let failure as Failure: CommandFailure(.failed, failure.message)
        default: error
        }
    }
}

extension OpenWorkspace {
    /// Says where the workspace's secrets are.
    var secrets: SecretResolver {
        SecretResolver(
            workspace.settings.secrets, environment: ProcessInfo.processInfo.environment, folder: workspace.folder)
    }

    /// What rehearsals of this workspace play in.
    func rehearsal(base: (any StoreSnapshot)?, http: (any HTTPClient)?) -> RehearsalSetting {
        let settings = workspace.settings
        var setting = RehearsalSetting(
            registry: registry, collections: collections, tables: tables, workspaceID: settings.name,
            log: Logger(label: "signalbox"))
        setting.pluginSettings = settings.plugins
        setting.secretNames = settings.secrets.keys.sorted()
        setting.calendars = calendars
        setting.businessTime = businessTime
        setting.businessCalendars = businessCalendars
        setting.base = base
        setting.http = http
        let open = self
        setting.sampleEvent = { type in
            // One that cannot be read is as good as none here; `check` and `dry-run` say what is wrong with it.
            do { return try open.sampleEvent(ofType: type) } catch { return nil }
        }
        return setting
    }
}
