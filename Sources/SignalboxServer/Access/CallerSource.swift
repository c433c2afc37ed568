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

extension ServerContext {
    /// The caller, when that one may do what needs `need`.
    ///
    /// - Throws: ``Problem``: 401 without a caller, 403 when the permission is missing.
    public func caller(for need: AccessNeed) throws(Problem) -> Caller {
        guard let caller else { throw .noToken }
        if let refusal = caller.refusal(for: need) { throw Problem(refusal) }
        return caller
    }

    /// The caller, when that one has at least `role`: to look, for a viewer, and for all others to change something.
    ///
    /// - Throws: ``Problem``: 401 without a caller, 403 when the permission is missing.
    public func caller(atLeast role: Role) throws(Problem) -> Caller {
        try caller(for: role == .viewer ? .read() : .act(role))
    }
}

extension Problem {
    /// A 401: there is no token.
    static var noToken: Problem {
        .unauthorized(
            "no_token",
            "this needs a token: send `Authorization: Bearer TOKEN`; `signalbox tokens create NAME` makes one",
            says: nil)
    }

    /// A 403 (RFC 6750 section 3.1): the caller is known, and may not do this.
    init(_ refusal: AccessRefusal) {
        self.init(
            .forbidden, "forbidden", refusal.description,
            headers: [.wwwAuthenticate: "Bearer realm=\"signalbox\", error=\"insufficient_scope\""])
        switch refusal {
        case .role(let needed, let has, _):
            members = ["needed_role": .string(needed.rawValue), "role": .string(has.rawValue)]
        case .scope(let needed, let has, _):
            members = [
                "needed_scope": .string(needed.rawValue), "scopes": .list(has.map { .string($0.rawValue) }),
            ]
        }
    }
}
