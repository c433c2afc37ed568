public import WorkflowEngine
public import WorkflowModel

/// The clock of a rehearsal: it stands still until it is moved, so that an hour's wait takes no time.
public final class VirtualClock: EngineClock {
    private let time: StandingTime

    /// A clock that shows `start`.
    public init(start: Timestamp) { time = StandingTime(start) }

    /// What the clock shows.
    public var now: Timestamp { time.now }

    /// Moves the clock to `instant`, unless it is there or beyond, and wakes who sleeps until then.
    public func advance(to instant: Timestamp) { time.advance(to: instant) }

    /// Returns when the clock was moved to `instant` or beyond.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before.
    public func sleep(until instant: Timestamp) async throws { try await time.sleep(until: instant) }
}
