import Synchronization
public import WorkflowModel

/// The clock of a replay: it stands still, and is moved on by the times of the events that are taken in. What lasts, such as an answer of
/// another system, is measured by the machine's own time.
public final class ReplayClock: EngineClock {
    private struct State {
        var now: Timestamp
        var hasBegun: Bool
        var lastID = 0
        var sleepers: [Int: (until: Timestamp, wake: CheckedContinuation<Void, any Error>)] = [:]
    }

    private let state: Mutex<State>
    private let system = SystemClock()

    /// A clock that stands where an earlier replay has ended; with nil it begins at the time of the first event.
    public init(_ start: Timestamp?) {
        state = Mutex(State(now: start ?? Timestamp(seconds: 0), hasBegun: start != nil))
    }

    /// Whether the clock shows the time of an event, and not its own beginning.
    public var hasBegun: Bool { state.withLock(\.hasBegun) }

    /// What the clock shows.
    public var now: Timestamp { state.withLock(\.now) }

    /// The machine's time.
    public var steady: Timestamp { system.steady }

    /// Sleeps by the machine's time.
    public func sleep(untilSteady instant: Timestamp) async throws { try await system.sleep(untilSteady: instant) }

    /// Moves the clock to `instant`, unless it is there or beyond, and wakes who sleeps until then.
    func advance(to instant: Timestamp) {
        let awake = state.withLock { state in
            guard instant > state.now || !state.hasBegun else { return [CheckedContinuation<Void, any Error>]() }
            state.now = instant
            state.hasBegun = true
            let due = state.sleepers.filter { $0.value.until <= instant }
            for id in due.keys { state.sleepers[id] = nil }
            return due.sorted { ($0.value.until, $0.key) < ($1.value.until, $1.key) }.map(\.value.wake)
        }
        for wake in awake { wake.resume() }
    }

    /// Returns when the clock was moved to `instant` or beyond.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before.
    public func sleep(until instant: Timestamp) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (wake: CheckedContinuation<Void, any Error>) in
                let isOver = state.withLock { state in
                    guard instant > state.now, !Task.isCancelled else { return true }
                    state.sleepers[id] = (instant, wake)
                    return false
                }
                guard isOver else { return }
                if Task.isCancelled { wake.resume(throwing: CancellationError()) } else { wake.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.wake.resume(throwing: CancellationError())
        }
    }
}
