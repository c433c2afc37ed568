import Synchronization
public import WorkflowModel

/// The clock of a replay: it stands still, and is moved on by the times of the events that are taken in. What lasts, such as an answer of
/// another system, is measured by the machine's own time.
public final class ReplayClock: EngineClock {
    private let time: StandingTime
    private let begun: Atomic<Bool>
    private let system = SystemClock()

    /// A clock that stands where an earlier replay has ended; with nil it begins at the time of the first event.
    public init(_ start: Timestamp?) {
        time = StandingTime(start ?? Timestamp(seconds: 0))
        begun = Atomic(start != nil)
    }

    /// Whether the clock shows the time of an event, and not its own beginning.
    public var hasBegun: Bool { begun.load(ordering: .acquiring) }

    /// What the clock shows.
    public var now: Timestamp { time.now }

    /// The machine's time.
    public var steady: Timestamp { system.steady }

    /// Sleeps by the machine's time.
    public func sleep(untilSteady instant: Timestamp) async throws { try await system.sleep(untilSteady: instant) }

    /// Moves the clock to `instant`, unless it is there or beyond, and wakes who sleeps until then.
    func advance(to instant: Timestamp) {
        if hasBegun {
            time.advance(to: instant)
        } else {
            // The first event may be of any time.
            time.set(to: instant)
            begun.store(true, ordering: .releasing)
        }
    }

    /// Returns when the clock was moved to `instant` or beyond.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before.
    public func sleep(until instant: Timestamp) async throws { try await time.sleep(until: instant) }
}
