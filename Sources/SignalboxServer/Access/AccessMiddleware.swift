import Access
import HTTPTypes
import Hummingbird
import Logging
import WorkflowEngine
import WorkflowModel

/// Stands before every route but the health of the process: knows the caller, counts the request, and lets nobody through who has no
/// token, but to the few paths that need none. What a caller may do is asked by each route.
///
/// Everybody is told how much is left: `RateLimit` and `RateLimit-Policy` (the work in progress "RateLimit header fields for HTTP" of
/// the IETF's HTTPAPI group, from its version 08 on), and with a refusal `Retry-After`.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    let source: any CallerSource
    let keeper: RateKeeper
    let clock: any EngineClock

    /// Whether a path needs no token. Deliveries of other systems bring a signature instead, and may use `Authorization` as they like.
    static func isOpen(_ path: String) -> Bool { path == "/openapi.json" || path.hasPrefix("/hooks/") }

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let path = request.uri.path
        let isOpen = Self.isOpen(path)
        if !isOpen { context.caller = try await source.caller(of: request, from: context.peerAddress) }
        if let caller = context.caller { context.logger[metadataKey: "caller"] = .string(caller.name) }
        let (kind, limit, verdict) = keeper.take(
            context.caller, context.peerAddress, sendsEvents: EventRoute.takes(request),
            now: clock.steady)
        let fields = Self.fields(kind, limit, verdict)
        guard verdict.isAllowed else {
            var problem = Self.tooMany(context.caller, limit, verdict, fields)
            // Senders such as Alertmanager give a delivery up after 429, and send it again after 503.
            if path.hasPrefix("/hooks/") { problem.status = .serviceUnavailable }
            throw problem
        }
        if context.caller == nil, !isOpen { throw Problem.noToken }
        do {
            var response = try await next(request, context)
            for field in fields { response.headers.append(field) }
            return response
        } catch var problem as Problem {
            for field in fields { problem.headers.append(field) }
            throw problem
        }
    }

    private static func tooMany(
        _ caller: Caller?, _ limit: RateLimit, _ verdict: RateVerdict, _ fields: HTTPFields
    ) -> Problem {
        var headers = fields
        headers[.retryAfter] = String(verdict.retryAfterSeconds)
        return Problem(
            .tooManyRequests, "rate_limited",
            "more requests came \(caller.map { "with the token \($0.name)" } ?? "from this address") than the server takes "
                + "(\(limit.requests) in \(DurationText.forPeople(limit.period)), \(limit.burst) at once); try again in "
                + "\(verdict.retryAfterSeconds) s",
            headers: headers)
    }

    static func fields(_ kind: RateKeeper.Kind, _ limit: RateLimit, _ verdict: RateVerdict) -> HTTPFields {
        let (seconds, _) = limit.period.components
        return [
            .rateLimitPolicy: "\"\(kind.rawValue)\";q=\(limit.requests);w=\(seconds)",
            .rateLimit: "\"\(kind.rawValue)\";r=\(verdict.remaining);t=\(verdict.fullAfterSeconds)",
        ]
    }
}
