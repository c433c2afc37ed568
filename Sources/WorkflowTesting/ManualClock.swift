public import WorkflowEngine
public import WorkflowModel

/// A clock that stands still until a test moves it.
public final class ManualClock: EngineClock {
    private let time: StandingTime

    /// A clock that shows `now`; 2026-11-22 08:00 UTC when nothing is given.
    public init(_ now: Timestamp = Timestamp(seconds: 1_795_334_400)) { time = StandingTime(now) }

    /// What the clock shows.
    public var now: Timestamp { time.now }

    /// When the next sleeper wakes; nil when nobody sleeps.
    public var nextWake: Timestamp? { time.nextWake }

    /// Sleeps until a test has moved the clock that far.
    public func sleep(until instant: Timestamp) async throws { try await time.sleep(until: instant) }

    /// Moves the clock on and wakes those whose time has come, earliest first.
    public func advance(by duration: Duration) { advance(to: now + duration) }

    /// Moves the clock to `instant`; never back.
    public func advance(to instant: Timestamp) { time.advance(to: instant) }

    /// Moves the clock to where the next sleeper wakes; false when nobody sleeps.
    @discardableResult
    public func jump() -> Bool {
        guard let next = nextWake else { return false }
        advance(to: next)
        return true
    }
}
