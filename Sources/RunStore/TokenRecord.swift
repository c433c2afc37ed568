public import Access
public import WorkflowModel

/// A token that somebody may call the server with, as it is stored: everything but the token itself.
public struct TokenRecord: Sendable, Hashable {
    /// The most records that a store keeps; those that have ended longest ago make room for new ones.
    public static let maximumCount = 1000

    /// Where a token stands.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// It opens what its role and scopes say.
        case live
        /// Its time is over.
        case expired
        /// Somebody ended it.
        case revoked
    }

    /// The public part of the token, unique in the store.
    public var id: String
    /// What people call it; unique among those that are live.
    public var name: String
    /// The id of the person whose token it is; nil for the token of a system.
    public var person: String?
    /// The role that it was given. A person's own role, if the people table has one, is an upper bound whenever it is used.
    public var role: Role
    /// What it is restricted to, in order; empty when it is not.
    public var scopes: [TokenScope]
    /// The SHA-256 hash of the token's text, 64 hexadecimal digits.
    public var hash: String
    /// When it was made.
    public var createdAt: Timestamp
    /// Who made it.
    public var createdBy: String
    /// When its time is over; nil for never.
    public var expiresAt: Timestamp?
    /// When it was ended; nil while it was not.
    public var revokedAt: Timestamp?
    /// When it was last used, known to ``useGranularity``; nil for never.
    public var lastUsedAt: Timestamp?

    /// How far the last use may be behind: it is not written for every request.
    public static let useGranularity = Duration.seconds(600)

    /// A token that has just been made.
    public init(
        id: String, name: String, person: String? = nil, role: Role, scopes: [TokenScope] = [], hash: String,
        createdAt: Timestamp, createdBy: String, expiresAt: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.person = person
        self.role = role
        self.scopes = scopes.sorted()
        self.hash = hash
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.expiresAt = expiresAt
    }

    /// Where it stands at `now`.
    public func state(at now: Timestamp) -> State {
        if revokedAt != nil { return .revoked }
        if let expiresAt, expiresAt <= now { return .expired }
        return .live
    }

    /// When it ended, by its time or by somebody; nil while it is live at `now`.
    public func endedAt(_ now: Timestamp) -> Timestamp? {
        switch state(at: now) {
        case .live: nil
        case .expired: expiresAt
        case .revoked: min(revokedAt ?? now, expiresAt ?? .latest)
        }
    }

    /// What may be shown of it: all but the hash.
    public func shown(at now: Timestamp) -> Value {
        [
            "id": .string(id), "name": .string(name), "person": person.map(Value.string) ?? .null,
            "role": .string(role.rawValue), "scopes": .list(scopes.map { .string($0.rawValue) }),
            "state": .string(state(at: now).rawValue), "created_at": .timestamp(createdAt),
            "created_by": .string(createdBy), "expires_at": expiresAt.map(Value.timestamp) ?? .null,
            "revoked_at": revokedAt.map(Value.timestamp) ?? .null,
            "last_used_at": lastUsedAt.map(Value.timestamp) ?? .null,
        ]
    }
}
