public import WorkflowModel

/// Holds many to one limit each, by a key: an address, a token.
///
/// A key costs one number: the time at which all that it has done is paid off (the generic cell rate algorithm, ITU-T I.371, a
/// leaky bucket). Keys that have paid are forgotten. When `maximumKeys` are in debt at once, all new ones share one place: memory
/// stays bounded, and a flood of addresses does not free anybody of the limit.
public struct RateLimiter: Sendable {
    /// The limit.
    public let limit: RateLimit
    /// How many keys are remembered at once.
    public let maximumKeys: Int

    /// Microseconds since the epoch at which a key has paid.
    private var paidAt: [String: Int64] = [:]
    private var othersPaidAt: Int64 = .min
    private var sweptAt: Int64 = .min

    /// A limiter that remembers at most `maximumKeys` (1 to 1,000,000) keys.
    public init(_ limit: RateLimit, maximumKeys: Int = 10_000) {
        self.limit = limit
        self.maximumKeys = min(max(maximumKeys, 1), 1_000_000)
    }

    /// How many keys are remembered.
    public var keyCount: Int { paidAt.count }

    /// Counts one more of `key`, if it is within the limit. A refused one is not counted.
    public mutating func take(_ key: String, now: Timestamp) -> RateVerdict {
        let now = Self.microseconds(now)
        makeRoom(for: key, now: now)
        let isKnown = paidAt[key] != nil || paidAt.count < maximumKeys
        let before = isKnown ? paidAt[key] ?? .min : othersPaidAt
        let (verdict, after) = judge(before, now: now)
        if verdict.isAllowed {
            if isKnown { paidAt[key] = after } else { othersPaidAt = after }
        }
        return verdict
    }

    /// What ``take(_:now:)`` would say, without counting anything.
    public func look(_ key: String, now: Timestamp) -> RateVerdict {
        let isKnown = paidAt[key] != nil || paidAt.count < maximumKeys
        return judge(isKnown ? paidAt[key] ?? .min : othersPaidAt, now: Self.microseconds(now)).verdict
    }

    private func judge(_ before: Int64, now: Int64) -> (verdict: RateVerdict, after: Int64) {
        let one = Double(limit.periodMicroseconds) / Double(limit.requests)
        let allowance = Int64((one * Double(limit.burst)).rounded(.up))
        // A clock that was set back must not lock anybody out for longer than the limit itself would.
        let start = min(max(before, now), now + allowance)
        let after = start + max(1, Int64(one.rounded()))
        let isAllowed = after - now <= allowance
        let debt = isAllowed ? after - now : start - now
        return (
            RateVerdict(
                isAllowed: isAllowed, remaining: max(0, Int(Double(allowance - debt) / one)),
                retryAfter: .microseconds(isAllowed ? 0 : after - now - allowance), fullAfter: .microseconds(debt)),
            after
        )
    }

    /// Forgets who has paid, at most once a second: looking at all keys for every request would be what a flood wants.
    private mutating func makeRoom(for key: String, now: Int64) {
        guard paidAt.count >= maximumKeys, paidAt[key] == nil else { return }
        guard now >= sweptAt.addingReportingOverflow(1_000_000).partialValue || now < sweptAt || sweptAt == .min else {
            return
        }
        sweptAt = now
        paidAt = paidAt.filter { $0.value > now }
    }

    private static func microseconds(_ instant: Timestamp) -> Int64 {
        instant.seconds * 1_000_000 + Int64(instant.nanoseconds) / 1000
    }
}
