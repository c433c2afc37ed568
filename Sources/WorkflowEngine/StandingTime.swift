import Synchronization
public import WorkflowModel

/// A time that stands still until it is moved, and those who sleep until it comes somewhere: what clocks that do not run are made of.
public final class StandingTime: Sendable {
    private typealias Wake = CheckedContinuation<Void, any Error>

    private struct State {
        var now: Timestamp
        var lastID = 0
        var sleepers: [Int: (until: Timestamp, wake: Wake)] = [:]
    }

    private let state: Mutex<State>

    /// A time that stands at `now`.
    public init(_ now: Timestamp) { state = Mutex(State(now: now)) }

    /// Where it stands.
    public var now: Timestamp { state.withLock(\.now) }

    /// When the next sleeper wakes; nil when nobody sleeps.
    public var nextWake: Timestamp? { state.withLock { $0.sleepers.values.map(\.until).min() } }

    /// Moves it to `instant`, unless it is there or beyond, and wakes those whose time has come, earliest first.
    public func advance(to instant: Timestamp) { move { max($0, instant) } }

    /// Moves it to `instant`, also back, and wakes those whose time has come, earliest first.
    public func set(to instant: Timestamp) { move { _ in instant } }

    private func move(_ change: (Timestamp) -> Timestamp) {
        let awake = state.withLock { state in
            let before = state.now
            state.now = change(before)
            guard state.now != before else { return [Wake]() }
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.sorted { ($0.value.until, $0.key) < ($1.value.until, $1.key) }.map(\.value.wake)
        }
        for wake in awake { wake.resume() }
    }

    /// Returns when it was moved to `instant` or beyond.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before.
    public func sleep(until instant: Timestamp) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (wake: Wake) in
                // Whoever is cancelled from here on finds itself among the sleepers.
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
