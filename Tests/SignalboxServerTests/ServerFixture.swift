import Access
import Foundation
import Hummingbird
import Logging
import Prometheus
import SignalboxServer
import WorkflowEngine
import WorkflowModel
import WorkflowTesting
import Workspaces

/// A server on a free port, with an engine on a store in memory.
struct ServerFixture {
    let fixture: EngineFixture
    let engine: Engine
    let server: WebServer
    let port: Int
    let metrics: PrometheusRegistry
    let services: ServerServices

    /// Says what a test wants of the caller: the bearer token is the name of a role; nobody without one.
    struct Callers: CallerSource {
        func caller(of request: Request, from peerAddress: String) async throws -> Caller? {
            guard let token = request.headers[.authorization]?.split(separator: " ").last else { return nil }
            return Role(rawValue: String(token)).map { Caller(name: "test", role: $0) }
        }
    }

    /// Everybody may do everything.
    struct Anybody: CallerSource {
        func caller(of request: Request, from peerAddress: String) async throws -> Caller? {
            Caller(name: "test", role: .admin)
        }
    }

    static func with<Result: Sendable>(
        _ fixture: EngineFixture? = nil, callers: any CallerSource = Anybody(),
        settings change: (inout ServerSettings) -> Void = { _ in },
        services adjust: (Engine, inout ServerServices) throws -> Void = { _, _ in },
        _ body: @Sendable (ServerFixture) async throws -> Result
    ) async throws -> Result {
        let fixture = try fixture ?? EngineFixture()
        let engine = try await fixture.open()
        var settings = ServerSettings()
        change(&settings)
        let metrics = PrometheusRegistry(ServerMetrics.definitions)
        var services = ServerServices(
            engine: engine, store: fixture.store, callers: callers, registry: try fixture.registry,
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, metrics: metrics, workspace: "test",
            version: "0")
        try adjust(engine, &services)
        let server = WebServer(
            address: ListenAddress(host: "127.0.0.1", port: 0), settings: settings, services: services)
        let address = try await server.start()
        server.state.enter(.ready)
        let here = ServerFixture(
            fixture: fixture, engine: engine, server: server, port: address.port, metrics: metrics,
            services: services)
        do {
            let result = try await body(here)
            await server.stop()
            await engine.close()
            return result
        } catch {
            await server.stop()
            await engine.close()
            throw error
        }
    }

    /// A request on a connection of its own, away from the threads that tasks share.
    func ask(
        _ method: String, _ path: String, _ headers: [(String, String)] = [], _ body: String = ""
    ) async throws -> RawClient.Answer {
        try await away { [port] in try RawClient.ask(port, method, path, headers, Array(body.utf8)) }
    }

    /// Does `body`, which waits for sockets, on a thread of its own.
    func away<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { caller in
            Thread.detachNewThread { caller.resume(with: Swift.Result(catching: body)) }
        }
    }

    /// The value of a metric whose line begins with `start`.
    func metric(_ start: String) -> Double? {
        metrics.text().split(separator: "\n").first { $0.hasPrefix(start) }
            .flatMap { $0.split(separator: " ").last.flatMap { Double($0) } }
    }
}
