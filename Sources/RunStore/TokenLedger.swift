import Access
public import WorkflowModel

/// Why a token was not made or ended; nothing was changed.
public struct TokenRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// What it was, in a word: `bad_name`, `name_taken`, `too_many`, `no_token`, `ended`, `bad_role`, `bad_time`.
    public var code: String
    /// What happened and what to do.
    public var message: String

    /// A refusal.
    public init(_ code: String, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}

extension StoreTransaction {
    /// Stores a new token, with its line in the audit log.
    ///
    /// - Parameters:
    ///   - token: the record.
    ///   - typist: who typed it, when that is not ``TokenRecord/createdBy``.
    ///   - person: the person whose token it is, if it is one's.
    /// - Throws: ``TokenRefusal``; ``StoreError``.
    public func issue(_ token: TokenRecord, typedBy typist: String? = nil, for person: Person? = nil) throws {
        guard TokenRecord.isName(token.name) else {
            throw TokenRefusal(
                "bad_name",
                "a token's name has 1 to 64 letters, digits and . _ @ - of ASCII, and begins with a letter or digit")
        }
        if let limit = person?.role, token.role > limit {
            throw TokenRefusal(
                "bad_role",
                "\(person?.id ?? token.name) has the role \(limit.rawValue), so a token of theirs cannot have \(token.role.rawValue)"
            )
        }
        if let end = token.expiresAt, end <= token.createdAt {
            throw TokenRefusal("bad_time", "the token would have expired already")
        }
        let now = token.createdAt
        let all = try tokens()
        if let other = all.first(where: { $0.name == token.name && $0.state(at: now) == .live }) {
            throw TokenRefusal(
                "name_taken",
                "there is a token \(token.name) already (\(other.id)); revoke it first, or take another name")
        }
        if all.count >= TokenRecord.maximumCount {
            let ended = all.filter { $0.state(at: now) != .live }
            guard let oldest = ended.min(by: { ($0.endedAt(now) ?? now, $0.id) < ($1.endedAt(now) ?? now, $1.id) })
            else {
                throw TokenRefusal(
                    "too_many", "there are \(all.count) live tokens, which is the most; revoke those that nobody uses")
            }
            try removeToken(oldest.id)
        }
        try putToken(token)
        var detail: ValueMap = [
            "name": .string(token.name), "role": .string(token.role.rawValue),
            "scopes": .list(token.scopes.map { .string($0.rawValue) }),
        ]
        detail["person"] = token.person.map(Value.string)
        detail["expires_at"] = token.expiresAt.map(Value.timestamp)
        if let typist, typist != token.createdBy { detail["typed_by"] = .string(typist) }
        _ = try appendAudit(
            AuditDraft(
                at: now, by: token.createdBy, action: "token_create", target: token.id, detail: .map(detail)))
    }

    /// Ends a token, with its line in the audit log.
    ///
    /// - Parameters:
    ///   - idOrName: its id, or the name of a live one.
    ///   - person: who ends it.
    ///   - typist: who typed it, when that was somebody else.
    /// - Returns: the record as it is now.
    /// - Throws: ``TokenRefusal``; ``StoreError``.
    public func revoke(
        _ idOrName: String, by person: String, typedBy typist: String? = nil, at now: Timestamp
    ) throws -> TokenRecord {
        var token = try findToken(idOrName, at: now)
        guard token.state(at: now) == .live else {
            throw TokenRefusal(
                "ended", "the token \(token.name) (\(token.id)) is \(token.state(at: now).rawValue) already")
        }
        token.revokedAt = now
        try putToken(token)
        var detail: ValueMap = ["name": .string(token.name)]
        if let typist, typist != person { detail["typed_by"] = .string(typist) }
        _ = try appendAudit(
            AuditDraft(at: now, by: person, action: "token_revoke", target: token.id, detail: .map(detail)))
        return token
    }
}

extension StoreReader {
    /// The token with this id, else the live one with this name, else the newest with it.
    ///
    /// - Throws: ``TokenRefusal`` when there is none; ``StoreError``.
    public func findToken(_ idOrName: String, at now: Timestamp) throws -> TokenRecord {
        if let token = try token(idOrName) { return token }
        let all = try tokens()
        let named = all.filter { $0.name == idOrName }
        if let token = named.first(where: { $0.state(at: now) == .live }) ?? named.last { return token }
        let near = Similarity.nearest(to: idOrName, among: all.filter { $0.state(at: now) == .live }.map(\.name))
        throw TokenRefusal("no_token", "there is no token \(idOrName)\(near.map { "; did you mean \($0)?" } ?? "")")
    }
}

extension TokenRecord {
    /// Whether a text may be the name of a token: it appears in logs and in the audit log, so it is kept plain.
    static func isName(_ name: String) -> Bool {
        guard (1...64).contains(name.utf8.count), let first = name.utf8.first, isLetterOrDigit(first) else {
            return false
        }
        return name.utf8.allSatisfy { isLetterOrDigit($0) || [0x2E, 0x5F, 0x40, 0x2D].contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
