import Synchronization
public import WorkflowEngine
public import WorkflowModel

/// A clock that stands still until a test moves it.
public final class ManualClock: EngineClock {
    private struct Sleeper {
        var until: Timestamp
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Timestamp
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var next = 0
    }

    private let state: Mutex<State>

    /// A clock that shows `now`; 2026-11-22 08:00 UTC when nothing is given.
    public init(_ now: Timestamp = Timestamp(seconds: 1_795_334_400)) { state = Mutex(State(now: now)) }

    /// What the clock shows.
    public var now: Timestamp { state.withLock(\.now) }

    /// When the next sleeper wakes; nil when nobody sleeps.
    public var nextWake: Timestamp? { state.withLock { $0.sleepers.values.map(\.until).min() } }

    /// Sleeps until a test has moved the clock that far.
    public func sleep(until instant: Timestamp) async throws {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
                    if instant <= state.now { return .success(()) }
                    state.sleepers[id] = Sleeper(until: instant, continuation: continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                if sleeper == nil { state.cancelled.insert(id) }
                return sleeper
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Moves the clock on and wakes those whose time has come, earliest first.
    public func advance(by duration: Duration) { advance(to: now + duration) }

    /// Moves the clock to `instant`; never back.
    public func advance(to instant: Timestamp) {
        let woken = state.withLock { state in
            state.now = max(state.now, instant)
            let due = state.sleepers.filter { $0.value.until <= state.now }
                .sorted { ($0.value.until, $0.key) < ($1.value.until, $1.key) }
            for sleeper in due { state.sleepers[sleeper.key] = nil }
            return due.map(\.value.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Moves the clock to where the next sleeper wakes; false when nobody sleeps.
    @discardableResult
    public func jump() -> Bool {
        guard let next = nextWake else { return false }
        advance(to: next)
        return true
    }
}
