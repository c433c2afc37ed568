import Access
import Foundation
import Hummingbird
import Logging
import PluginKit
import Prometheus
import RESTInterface
import RunStore
import SignalboxServer
import WorkflowEngine
import WorkflowModel
import Workspaces

/// The server of `signalbox serve`: puts its parts together, says where it listens, and takes that back when it has ended.
struct Serving: Sendable {
    let settings: ServerSettings
    let workspace: OpenWorkspace
    let state: StateFolder
    let log: Logger
    let registry: PrometheusRegistry
    /// What the engine tells, for those who listen.
    let feed: ChangeFeed

    /// Keeps what engine and server measure.
    static func registry() -> PrometheusRegistry {
        PrometheusRegistry(
            EngineMetrics.definitions.map { MetricDescription(name: $0.name, help: $0.help, bounds: $0.bounds) }
                + ServerMetrics.definitions)
    }

    /// Listens; nil when the settings say not to.
    ///
    /// - Throws: ``CommandFailure`` when nothing can listen there.
    func listen(_ executor: Executor) async throws -> WebServer? {
        guard let address = settings.address else { return nil }
        var services = ServerServices(
            engine: executor.engine, store: executor.store, callers: door(executor), registry: workspace.registry,
            log: log, metrics: registry, workspace: workspace.workspace.settings.name, version: Version.text,
            api: api(executor))
        let (current, secrets) = (executor.current, executor.secrets)
        services.hooks = HookBook(hooks: { current.open.hooks }, secret: { try await secrets.secret($0) })
        let server = WebServer(address: address, settings: settings, services: services)
        do {
            let bound = try await server.start()
            try note(bound)
            log.notice("listening", metadata: ["address": "\(bound)"])
            try await lookForTokens(executor.store)
            return server
        } catch let failure as WebServer.ListenFailure {
            throw CommandFailure(
                .environment, "cannot listen on \(failure.address): \(failure.reason)" + PortHolder.sentence(failure),
                help: "`--listen 127.0.0.1:0` takes a free port; `server: { listen: … }` in signalbox.yaml names one")
        } catch {
            await server.stop()
            throw error
        }
    }

    private func api(_ executor: Executor) -> API {
        // As they are when somebody asks: the workspace may be read anew.
        let (engine, current) = (executor.engine, executor.current)
        return API(
            APIServices(
                store: executor.store, requests: RequestClient(store: executor.store), registry: workspace.registry,
                playbooks: { engine.set }, directory: { engine.tables.directory },
                calendars: { current.open.calendars($0, $1) },
                look: { try await engine.look.look($0, $1) }, feed: feed, workspace: workspace.workspace.settings.name,
                version: Version.text))
    }

    /// Who has a token that is live, and whom the people table knows as it is now.
    private func door(_ executor: Executor) -> TokenDoor {
        let engine = executor.engine
        return TokenDoor(
            store: executor.store, failures: settings.failuresPerAddress, clock: SystemClock(), log: log
        ) { person in
            engine.tables.directory.people.first { $0.id == person }.map { .known($0.role) } ?? .gone
        }
    }

    /// Says so when nobody can call yet.
    private func lookForTokens(_ store: any RunStore) async throws {
        let now = SystemClock().now
        guard try await !store.read(view: { try $0.tokens().contains { $0.state(at: now) == .live } }) else { return }
        log.notice(
            "there is no token yet, so the server answers nobody",
            metadata: ["help": "signalbox tokens create NAME --role coordinator"])
    }

    /// Ends it: nothing more is taken, and what has come is answered.
    func stop(_ server: WebServer?) async {
        guard let server else { return }
        await server.stop()
        unlink(path)
    }

    private var path: String { "\(state.path)/server.json" }

    /// Writes where it listens into the state folder, so that others find it.
    private func note(_ address: ListenAddress) throws {
        let text: Value = [
            "address": .string(address.description), "url": .string("http://\(address)"), "pid": .int(Int64(getpid())),
        ]
        let partial = "\(path).\(getpid())"
        do {
            try Data(JSONWriter.data(text) + [0x0A]).write(to: URL(fileURLWithPath: partial))
        } catch {
            throw CommandFailure(.environment, "cannot write \(partial): \(error.localizedDescription)")
        }
        guard rename(partial, path) == 0 else {
            throw CommandFailure(.environment, "cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }
}
