import Synchronization
public import WorkflowEngine
public import WorkflowModel

/// The clock of a rehearsal: it stands still until it is moved, so that an hour's wait takes no time.
public final class VirtualClock: EngineClock {
    private struct State {
        var now: Timestamp
        var lastID = 0
        var sleepers: [Int: (until: Timestamp, wake: CheckedContinuation<Void, any Error>)] = [:]
    }

    private let state: Mutex<State>

    /// A clock that shows `start`.
    public init(start: Timestamp) { state = Mutex(State(now: start)) }

    /// What the clock shows.
    public var now: Timestamp { state.withLock(\.now) }

    /// Moves the clock to `instant`, unless it is there or beyond, and wakes who sleeps until then.
    public func advance(to instant: Timestamp) {
        let awake = state.withLock { state in
            guard instant > state.now else { return [CheckedContinuation<Void, any Error>]() }
            state.now = instant
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
