import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import RESTInterface
import ServiceLifecycle
import Synchronization
import WorkflowEngine
public import Workspaces

/// The server of a workspace: listens, answers, and ends what is under way when it is told to stop.
///
///     let server = WebServer(address: .standard, settings: settings, services: services)
///     let address = try await server.start()
///     server.state.enter(.ready)
///     …
///     await server.stop()
public final class WebServer: Sendable {
    /// Why there is no server: nothing can listen there.
    public struct ListenFailure: Error, Sendable, Hashable {
        /// The address that was wanted.
        public var address: ListenAddress
        /// The number of the system's error, 0 when it gave none.
        public var errno: Int32
        /// What the system says.
        public var reason: String
    }

    /// Where it is between start and end; ``ServerState/enter(_:)`` is for its owner.
    public let state = ServerState()
    private let address: ListenAddress
    private let settings: ServerSettings
    private let services: ServerServices
    private let metrics: ServerMetrics
    private let running = Mutex<(group: ServiceGroup, task: Task<(any Error)?, Never>)?>(nil)

    /// A server that does not listen yet.
    public init(address: ListenAddress, settings: ServerSettings, services: ServerServices) {
        self.address = address
        self.settings = settings
        self.services = services
        metrics = ServerMetrics(services.metrics)
    }

    /// Listens; returns where, with the port that was chosen when 0 was asked for.
    ///
    /// - Throws: ``ListenFailure``.
    public func start() async throws -> ListenAddress {
        var quiet = services.log
        quiet.logLevel = max(quiet.logLevel, .warning)
        let (settings, metrics) = (settings, metrics)
        let table = ConnectionTable(
            limit: Descriptors.connections(settings.connections, services.log), metrics: metrics)
        let connections = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(settings: settings, table: table, metrics: metrics)],
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: settings.headerBytes, maxHeaderListSize: settings.headerBytes,
                maxHeaderFieldCount: settings.headerFields))
        let (bound, tellBound) = AsyncStream.makeStream(of: Int?.self)
        let application = Application(
            router: Routes(settings: settings, services: services, metrics: metrics, state: state).router(),
            server: HTTPServerBuilder { responder in
                LoopChannel(base: HTTP1Channel(responder: responder, configuration: connections))
            },
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: "signalbox", backlog: 1024),
            onServerRunning: { channel in
                tellBound.yield(channel.localAddress?.port)
                tellBound.finish()
            },
            logger: quiet)
        var configuration = ServiceGroupConfiguration(services: [application], logger: quiet)
        configuration.maximumGracefulShutdownDuration = settings.stopTime
        let group = ServiceGroup(configuration: configuration)
        let task = Task<(any Error)?, Never> {
            defer { tellBound.finish() }
            do {
                try await group.run()
                return nil
            } catch {
                return error
            }
        }
        running.withLock { $0 = (group, task) }
        for await port in bound {
            return ListenAddress(host: self.address.host, port: port ?? self.address.port)
        }
        throw listenFailure(await task.value)
    }

    /// Returns when the server has ended, with the error if it ended by itself.
    public func untilEnded() async -> (any Error)? { await running.withLock(\.?.task)?.value }

    /// Takes no more connections, answers what is under way, and returns when it has ended. Requests that take longer than the
    /// settings allow are cut off.
    public func stop() async {
        state.enter(.draining)
        guard let running = running.withLock(\.self) else { return }
        // Who listens to changes would do so for ever.
        services.api?.endStreams()
        await running.group.triggerGracefulShutdown()
        if let error = await running.task.value {
            services.log.debug("the server ended with an error", metadata: ["error": "\(error)"])
        }
    }

    private func listenFailure(_ error: (any Error)?) -> ListenFailure {
        if let error = error as? IOError {
            return ListenFailure(
                address: address, errno: error.errnoCode, reason: String(cString: strerror(error.errnoCode)))
        }
        return ListenFailure(
            address: address, errno: 0, reason: error.map { "\($0)" } ?? "the server ended at once")
    }
}
