/// How often something may be done: so many at once, and on the long run so many in a period.
public struct RateLimit: Sendable, Hashable {
    /// How many in a period on the long run; 1 to 1,000,000.
    public let requests: Int
    /// The period; a second to a day.
    public let period: Duration
    /// How many at once; 1 to 1,000,000.
    public let burst: Int

    /// A limit; values outside of what is allowed are taken to the nearest one that is. Without `burst`, as many at once as in a
    /// period.
    public init(requests: Int, per period: Duration = .seconds(60), burst: Int? = nil) {
        self.requests = min(max(requests, 1), 1_000_000)
        self.period = min(max(period, .seconds(1)), .seconds(86_400))
        self.burst = min(max(burst ?? requests, 1), 1_000_000)
    }

    /// The period in whole microseconds.
    var periodMicroseconds: Int64 {
        let (seconds, attoseconds) = period.components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}

/// Whether one more is within a limit, and what to tell whoever asked.
public struct RateVerdict: Sendable, Hashable {
    /// Whether it may be done.
    public var isAllowed: Bool
    /// How many more may be done at once.
    public var remaining: Int
    /// How long to wait before the next may be done; zero when it may be done now.
    public var retryAfter: Duration
    /// How long until as many as ever may be done at once.
    public var fullAfter: Duration

    /// The wait before the next in whole seconds, rounded up, at least 1: the value of a `Retry-After` header.
    public var retryAfterSeconds: Int64 { max(1, Self.roundedUp(retryAfter)) }
    /// The time until all is free again in whole seconds, rounded up.
    public var fullAfterSeconds: Int64 { Self.roundedUp(fullAfter) }

    private static func roundedUp(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return attoseconds > 0 ? seconds + 1 : seconds
    }
}
