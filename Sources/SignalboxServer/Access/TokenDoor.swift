public import Access
import HTTPTypes
public import Hummingbird
public import Logging
public import RunStore
import Synchronization
public import WorkflowEngine
public import WorkflowModel

/// Knows callers by the token that they send as `Authorization: Bearer TOKEN`.
///
/// A token is looked up at most every ``freshness``, so that one that was revoked opens nothing half a second later. Only tokens
/// that exist are remembered, and there are at most ``TokenRecord/maximumCount`` of them. Who sends wrong ones is made to wait, by
/// address; whoever has a token that was right before is let in from there all the same, so that nobody can lock out others who
/// come from behind the same address.
public final class TokenDoor: CallerSource {
    /// Whether somebody is in the people table: tokens of who is not open nothing.
    public enum Standing: Sendable, Hashable {
        /// The table knows the person, with this role if it says one.
        case known(Role?)
        /// It does not.
        case gone
    }

    /// How old what is known of a token may be.
    public static let freshness = Duration.milliseconds(500)

    private struct Known {
        var record: TokenRecord
        var readAt: Timestamp
        var notedAt: Timestamp?
    }

    private struct Memory {
        var known: [String: Known] = [:]
        var failures: RateLimiter
    }

    private let store: any RunStore
    private let standing: @Sendable (_ person: String) -> Standing
    private let clock: any EngineClock
    private let log: Logger
    private let memory: Mutex<Memory>

    /// A door to the tokens of `store`.
    ///
    /// - Parameters:
    ///   - failures: how many wrong tokens an address may send.
    ///   - standing: what the people table says of a person now.
    public init(
        store: any RunStore, failures: RateLimit, clock: any EngineClock, log: Logger,
        standing: @escaping @Sendable (_ person: String) -> Standing
    ) {
        self.store = store
        self.standing = standing
        self.clock = clock
        self.log = log
        memory = Mutex(Memory(failures: RateLimiter(failures)))
    }

    /// Who sends the request; nil when it has no token.
    ///
    /// - Throws: ``Problem``: 400 for two tokens, 401 for one that opens nothing, 429 after too many of them; what the store throws.
    public func caller(of request: Request, from peerAddress: String) async throws -> Caller? {
        let fields = request.headers[values: .authorization]
        guard let field = fields.first else { return nil }
        let key = AddressKey.key(of: peerAddress)
        guard fields.count == 1 else {
            throw Problem.badRequest(
                "repeated_authorization", "the request has \(fields.count) Authorization fields; send one")
        }
        let token: TokenText
        do {
            token = try TokenDoor.token(field)
        } catch {
            try countFailure(key)
            throw error
        }
        let record = try await record(of: token, key)
        let caller = try caller(of: record)
        await noteUse(of: record)
        return caller
    }

    /// The token of an `Authorization` field. Nothing that was sent is repeated in what is thrown.
    static func token(_ field: String) throws(Problem) -> TokenText {
        let parts = field.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
        guard let scheme = parts.first.map({ String(Substring($0)) }), scheme.lowercased() == "bearer" else {
            throw .unauthorized(
                "unknown_scheme", "this server knows callers by a token: send `Authorization: Bearer TOKEN`",
                says: nil)
        }
        guard parts.count == 2 else {
            throw .unauthorized("invalid_token", "there is no token after Bearer", says: "no token")
        }
        do {
            return try TokenText(String(Substring(parts[1])))
        } catch {
            let code =
                switch error {
                case .form: "invalid_token"
                case .checksum: "damaged_token"
                }
            throw .unauthorized(code, error.description, says: "no token of this kind")
        }
    }

    /// What is stored of the token.
    private func record(of token: TokenText, _ key: String) async throws -> TokenRecord {
        let steady = clock.steady
        let (known, wait) = memory.withLock { memory in
            let known = memory.known[token.id].flatMap { token.isToken(ofHash: $0.record.hash) ? $0 : nil }
            let verdict = memory.failures.look(key, now: steady)
            return (known, verdict.isAllowed ? nil : verdict)
        }
        if let known, steady - known.readAt < Self.freshness { return known.record }
        if known == nil, let wait { throw Problem.tooManyFailures(wait) }
        let found = try await store.read(view: { try $0.token(token.id) })
        // Compared in any case, so that the time taken does not tell whether there is such an id.
        let isRight = token.isToken(ofHash: found?.hash ?? Self.noHash)
        guard let found, isRight else {
            if found == nil { memory.withLock { _ = $0.known.removeValue(forKey: token.id) } }
            try countFailure(key)
            throw Problem.unauthorized(
                "unknown_token", "nobody has this token here: it was made for another server, or removed",
                says: "unknown token")
        }
        memory.withLock { memory in
            if memory.known.count >= TokenRecord.maximumCount, memory.known[found.id] == nil {
                memory.known.removeAll()
            }
            memory.known[found.id] = Known(record: found, readAt: steady, notedAt: memory.known[found.id]?.notedAt)
        }
        return found
    }

    private static let noHash = String(repeating: "0", count: 64)

    private func caller(of record: TokenRecord) throws(Problem) -> Caller {
        switch record.state(at: clock.now) {
        case .live: break
        case .expired:
            throw .unauthorized(
                "expired_token",
                "the token \(record.name) expired \(record.expiresAt?.rfc3339 ?? ""); ask for a new one",
                says: "the token expired")
        case .revoked:
            throw .unauthorized("revoked_token", "the token \(record.name) was revoked", says: "the token was revoked")
        }
        var role = record.role
        if let person = record.person {
            switch standing(person) {
            case .known(let limit): role = min(role, limit ?? role)
            case .gone:
                throw .unauthorized(
                    "unknown_person", "the token \(record.name) is of \(person), whom the people table does not have",
                    says: "the token's owner is gone")
            }
        }
        return Caller(name: record.name, person: record.person, role: role, tokenID: record.id, scopes: record.scopes)
    }

    private func countFailure(_ key: String) throws(Problem) {
        let steady = clock.steady
        let verdict = memory.withLock { $0.failures.take(key, now: steady) }
        if !verdict.isAllowed { throw .tooManyFailures(verdict) }
    }

    /// Notes now and then that a token is in use. That it could not be noted keeps nobody out.
    private func noteUse(of record: TokenRecord) async {
        let (now, steady) = (clock.now, clock.steady)
        guard record.lastUsedAt.map({ now - $0 >= TokenRecord.useGranularity }) ?? true else { return }
        let isDue = memory.withLock { memory in
            guard var known = memory.known[record.id],
                known.notedAt.map({ steady - $0 >= TokenRecord.useGranularity }) ?? true
            else { return false }
            known.notedAt = steady
            memory.known[record.id] = known
            return true
        }
        guard isDue else { return }
        do {
            try await store.write { try $0.noteUse(ofToken: record.id, at: now) }
        } catch {
            log.debug(
                "the use of a token could not be noted", metadata: ["token": "\(record.id)", "error": "\(error)"])
        }
    }
}

extension Problem {
    /// A 401 (RFC 6750 section 3); `says` is what the field `WWW-Authenticate` says is wrong, in plain ASCII.
    static func unauthorized(_ code: String, _ detail: String, says: String?) -> Problem {
        let error = says.map { ", error=\"invalid_token\", error_description=\"\($0)\"" } ?? ""
        return Problem(
            .unauthorized, code, detail, headers: [.wwwAuthenticate: "Bearer realm=\"signalbox\"\(error)"])
    }

    /// A 429: too many wrong tokens came from an address.
    static func tooManyFailures(_ verdict: RateVerdict) -> Problem {
        Problem(
            .tooManyRequests, "too_many_failures",
            "too many wrong tokens came from this address; try again in \(verdict.retryAfterSeconds) s",
            headers: [.retryAfter: String(verdict.retryAfterSeconds)])
    }
}
