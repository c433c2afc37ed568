import Access
import HTTPTypes
import Hummingbird
import Synchronization
import WorkflowEngine
import WorkflowModel
import Workspaces

/// What an address is limited by: an address of IPv4, or the network of 64 bits that one of IPv6 is in, since a single customer has
/// all of those (RFC 6177).
enum AddressKey {
    static func key(of address: String) -> String {
        guard let bytes = AddressRange.bytes(address), bytes.count == 16 else { return address }
        return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }
}

/// Counts requests, of each token and of each address that sends none, and says when it is too many.
///
/// Sending events has a limit of its own: a system that sends many must not be held to what is right for a person, and must not use
/// up what the same token may look at.
final class RateKeeper: Sendable {
    /// What is counted.
    enum Kind: String, Sendable {
        case token, events, address
    }

    private struct Limiters {
        var token: RateLimiter
        var events: RateLimiter
        var address: RateLimiter
    }

    private let limiters: Mutex<Limiters>

    init(_ settings: ServerSettings) {
        limiters = Mutex(
            Limiters(
                token: RateLimiter(settings.requestsPerToken), events: RateLimiter(settings.eventRequestsPerToken),
                address: RateLimiter(settings.requestsPerAddress)))
    }

    /// Counts one request.
    func take(_ caller: Caller?, _ address: String, sendsEvents: Bool, now: Timestamp) -> (
        kind: Kind, limit: RateLimit, verdict: RateVerdict
    ) {
        let kind: Kind = caller == nil ? .address : sendsEvents ? .events : .token
        let key = caller.map { $0.tokenID ?? "name:\($0.name)" } ?? AddressKey.key(of: address)
        return limiters.withLock { limiters in
            switch kind {
            case .token: (kind, limiters.token.limit, limiters.token.take(key, now: now))
            case .events: (kind, limiters.events.limit, limiters.events.take(key, now: now))
            case .address: (kind, limiters.address.limit, limiters.address.take(key, now: now))
            }
        }
    }
}
