public import Access
import HTTPTypes
public import Hummingbird
public import WorkflowModel

/// Says who makes a request, by what came with it.
public protocol CallerSource: Sendable {
    /// The caller; nil when the request does not say who makes it.
    ///
    /// - Throws: ``Problem`` when it says so in a way that is not believed.
    func caller(of request: Request, from peerAddress: String) async throws -> Caller?
}

/// Asks the source who makes a request, for the routes behind it.
struct CallerMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    let source: any CallerSource

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.caller = try await source.caller(of: request, from: context.peerAddress)
        return try await next(request, context)
    }
}

extension ServerContext {
    /// The caller, when that one may do what needs `need`.
    ///
    /// - Throws: ``Problem``: 401 without a caller, 403 when the permission is missing.
    public func caller(for need: AccessNeed) throws(Problem) -> Caller {
        guard let caller else {
            throw Problem(
                .unauthorized, "no_token", "this needs a token: send `Authorization: Bearer TOKEN`",
                headers: [.wwwAuthenticate: "Bearer"])
        }
        if let refusal = caller.refusal(for: need) { throw Problem(.forbidden, "forbidden", refusal.description) }
        return caller
    }

    /// The caller, when that one has at least `role` and may change things.
    ///
    /// - Throws: ``Problem``: 401 without a caller, 403 when the permission is missing.
    public func caller(atLeast role: Role) throws(Problem) -> Caller { try caller(for: .act(role)) }
}
