import Access
import Foundation
import Hummingbird
import Logging
import Prometheus
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
        let services = ServerServices(
            engine: executor.engine, store: executor.store, callers: LocalCallers(), registry: workspace.registry,
            log: log, metrics: registry, workspace: workspace.workspace.settings.name, version: Version.text)
        let server = WebServer(address: address, settings: settings, services: services)
        do {
            let bound = try await server.start()
            try note(bound)
            log.notice("listening", metadata: ["address": "\(bound)"])
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

/// Whoever reaches the server may act.
private struct LocalCallers: CallerSource {
    func caller(of request: Request, from peerAddress: String) async throws -> Caller? {
        Caller(name: "local", role: .admin)
    }
}
