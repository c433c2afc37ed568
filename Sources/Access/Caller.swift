public import WorkflowModel

/// Who makes a request, as far as the token that came with it says.
public struct Caller: Sendable, Hashable {
    /// The token's name, or the person's when there is no token.
    public var name: String
    /// The id of the person whose token it is; nil for the token of a system.
    public var person: String?
    /// What the caller may do: the token's role, never more than the person's own.
    public var role: Role
    /// The id of the token; nil for somebody who works on the machine itself.
    public var tokenID: String?
    /// What the token is restricted to; empty when it is not.
    public var scopes: [TokenScope]

    /// A caller.
    public init(name: String, person: String? = nil, role: Role, tokenID: String? = nil, scopes: [TokenScope] = []) {
        self.name = name
        self.person = person
        self.role = role
        self.tokenID = tokenID
        self.scopes = scopes
    }

    /// What the audit log calls the caller: the person, else `token:NAME`.
    public var actor: String { person ?? "token:\(name)" }

    /// Why the caller may not do what needs `need`; nil when the caller may.
    public func refusal(for need: AccessNeed) -> AccessRefusal? {
        if scopes.isEmpty { return role >= need.role ? nil : .role(needed: need.role, has: role, caller: name) }
        guard scopes.contains(need.scope) else {
            return .scope(needed: need.scope, has: scopes.sorted(), caller: name)
        }
        return need.scope.suffices || role >= need.role ? nil : .role(needed: need.role, has: role, caller: name)
    }
}
