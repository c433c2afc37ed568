/// When and how often a failed attempt is made again.
public struct RetryPolicy: Sendable, Hashable {
    /// How the wait grows.
    public enum Backoff: String, Sendable, Hashable, CaseIterable {
        case constant, linear, exponential
    }

    /// How the wait is spread, so that many runs do not come back at once.
    public enum Jitter: String, Sendable, Hashable, CaseIterable {
        /// Exactly the wait.
        case none
        /// Anywhere from nothing to the wait.
        case full
        /// Anywhere from half the wait to the wait.
        case equal
    }

    /// All attempts together, the first included; 1 to 100.
    public var attempts: Int
    /// How the wait grows from attempt to attempt.
    public var backoff: Backoff
    /// The first wait.
    public var initial: Duration
    /// The longest wait.
    public var maximum: Duration
    /// How the wait is spread.
    public var jitter: Jitter

    /// A policy; the defaults are those of a step without `retry` whose action asks for retries.
    public init(
        attempts: Int = 3, backoff: Backoff = .exponential, initial: Duration = .seconds(2),
        maximum: Duration = .seconds(60), jitter: Jitter = .full
    ) {
        self.attempts = attempts
        self.backoff = backoff
        self.initial = initial
        self.maximum = maximum
        self.jitter = jitter
    }

    /// The wait before attempt `attempt` + 1, where `attempt` (from 1) has just failed. `random` is 0 up to 1, from the journal's
    /// seed, so that a replay waits alike.
    public func wait(after attempt: Int, random: Double) -> Duration {
        let factor: Double =
            switch backoff {
            case .constant: 1
            case .linear: Double(attempt)
            case .exponential: attempt > 40 ? 1e12 : Double(UInt64(1) << UInt64(attempt - 1))
            }
        let limit = maximum.inSeconds
        let wait = min(initial.inSeconds * factor, limit)
        let spread: Double =
            switch jitter {
            case .none: wait
            case .full: wait * random
            case .equal: wait / 2 + wait / 2 * random
            }
        return .nanoseconds(Int64(spread * 1e9))
    }
}

extension Duration {
    /// The duration in seconds, as a double.
    public var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
