import HTTPTypes
import Hummingbird
import Logging
import WorkflowEngine
import WorkflowModel
import Workspaces

/// Stands before every route: names the request, turns what was thrown into a problem document, counts and logs.
struct FrontMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    let settings: ServerSettings
    let clock: any EngineClock
    let log: Logger
    let metrics: ServerMetrics

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        believe(request.headers, &context)
        context.logger = log
        context.logger[metadataKey: "request"] = .string(context.requestID)
        let start = clock.steady
        var response: Response
        do {
            try Self.checkHost(request)
            // Events come in great numbers and are soon read; whatever else is asked for may take its time.
            response = try await Aside.run(if: !EventRoute.takes(request)) { try await next(request, context) }
        } catch {
            response = refuse(request, error, context)
        }
        response.headers[.requestID] = context.requestID
        let took = clock.steady - start
        metrics.answered(
            route: context.endpointPath ?? "none", method: request.method.rawValue, status: response.status.code,
            took: took)
        context.logger.debug(
            "request",
            metadata: [
                "method": "\(request.method.rawValue)", "path": "\(request.uri.path)", "peer": "\(context.peerAddress)",
                "status": "\(response.status.code)", "took_ms": "\(Int(took / .milliseconds(1)))",
            ])
        return response
    }

    /// Refuses a request with two `Host` fields (RFC 9112 section 3.2): who is in front may have gone by the other one. The first has
    /// become the authority.
    private static func checkHost(_ request: Request) throws(Problem) {
        guard request.headers[.host] != nil else { return }
        var problem = Problem.badRequest("repeated_host", "the request has more than one Host field; send one")
        problem.closesConnection = true
        throw problem
    }

    private func refuse(_ request: Request, _ error: any Error, _ context: ServerContext) -> Response {
        let problem: Problem
        if let known = Problem(error) {
            problem = known
        } else {
            context.logger.error("a request failed unexpectedly", metadata: ["error": "\(error)"])
            problem = Problem(
                .internalServerError, "internal", "this should not have happened; the log of the server says more")
        }
        metrics.refused(problem.code)
        let isOurs = problem.status.kind == .serverError
        // A flood must not fill the disk with lines about itself; it is counted.
        let isFlood = problem.status == .tooManyRequests
        context.logger.log(
            level: isOurs ? .warning : isFlood ? .debug : .info, "request refused",
            metadata: [
                "method": "\(request.method.rawValue)", "path": "\(request.uri.path)", "peer": "\(context.peerAddress)",
                "status": "\(problem.status.code)", "code": "\(problem.code)", "detail": "\(problem.detail)",
                "cause": "\(error is Problem ? "" : "\(error)")",
            ].filter { $0.value.description != "" })
        return problem.response(requestID: context.requestID)
    }

    /// Takes over what a trusted proxy says of the request.
    private func believe(_ headers: HTTPFields, _ context: inout ServerContext) {
        guard !settings.trustedProxies.isEmpty, isTrusted(context.peerAddress) else { return }
        if let id = headers[.requestID], !id.isEmpty, id.utf8.count <= 100,
            id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        {
            context.requestID = id
        }
        let field: HTTPField.Name =
            switch settings.proxyField {
            case .xForwardedFor: .forwardedFor
            case .forwarded: .forwarded
            }
        context.peerAddress = ForwardedChain(field: settings.proxyField, trusted: settings.trustedProxies).client(
            peer: context.peerAddress, lines: headers[values: field])
    }

    private func isTrusted(_ address: String) -> Bool { settings.trustedProxies.contains { $0.contains(address) } }
}
