public import WorkflowModel

/// What a request asks of its caller: a role, and for tokens that are restricted a scope.
///
/// A token without scopes needs the role. A token with scopes needs the scope, and the role as well unless the scope
/// ``TokenScope/suffices``.
public struct AccessNeed: Sendable, Hashable {
    /// The least role.
    public var role: Role
    /// The scope that a restricted token must have.
    public var scope: TokenScope

    /// What needs `role`, and of restricted tokens `scope`.
    public init(role: Role, scope: TokenScope) {
        self.role = role
        self.scope = scope
    }

    /// Sending events.
    public static let events = AccessNeed(role: .coordinator, scope: .events)
    /// Reading the metrics.
    public static let metrics = AccessNeed(role: .viewer, scope: .metrics)
    /// Looking at what `role` may see.
    public static func read(_ role: Role = .viewer) -> AccessNeed { AccessNeed(role: role, scope: .read) }
    /// Doing what `role` may do.
    public static func act(_ role: Role) -> AccessNeed { AccessNeed(role: role, scope: .act) }
}

/// Why a caller may not do something. The caller is known; only the permission is missing.
public enum AccessRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The caller's role is below the one that is needed.
    case role(needed: Role, has: Role, caller: String)
    /// The token is restricted to scopes that do not hold the one that is needed.
    case scope(needed: TokenScope, has: [TokenScope], caller: String)

    /// What is needed, what the caller has, and what to do.
    public var description: String {
        switch self {
        case .role(let needed, let has, let caller):
            "this needs the role \(needed.rawValue); \"\(caller)\" has the role \(has.rawValue)"
        case .scope(let needed, let has, let caller):
            "this needs a token with the scope \(needed.rawValue); \"\(caller)\" is restricted to "
                + has.map(\.rawValue).joined(separator: ", ")
        }
    }
}
