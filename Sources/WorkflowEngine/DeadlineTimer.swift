import Synchronization
import WorkflowModel

/// Calls back at given times, with one sleeping task for all of them.
final class DeadlineTimer: Sendable {
    private struct State {
        var entries = DeadlineQueue<@Sendable () -> Void>()
        var sleeper: Task<Void, Never>?
        var sleepsUntil: Timestamp?
    }

    private let clock: any EngineClock
    private let executor: (any TaskExecutor)?
    /// Whether the times are those that nobody can set.
    private let isSteady: Bool
    private let state = Mutex(State())

    init(_ clock: any EngineClock, _ executor: (any TaskExecutor)? = nil, isSteady: Bool = false) {
        self.isSteady = isSteady
        self.clock = clock
        self.executor = executor
    }

    deinit { state.withLock { $0.sleeper?.cancel() } }

    /// Calls `action` once at `due`, unless it is removed before.
    func add(due: Timestamp, _ action: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            let number = state.entries.add(action, due: due)
            adjust(&state)
            return number
        }
    }

    func remove(_ id: Int) {
        state.withLock { state in
            state.entries.remove(id)
            if state.entries.isEmpty { adjust(&state) }
        }
    }

    /// Lets the sleeper sleep until the earliest time.
    private func adjust(_ state: inout State) {
        guard let earliest = state.entries.earliest else {
            state.sleeper?.cancel()
            state.sleeper = nil
            state.sleepsUntil = nil
            return
        }
        if let until = state.sleepsUntil, until <= earliest { return }
        state.sleeper?.cancel()
        state.sleepsUntil = earliest
        state.sleeper = Task(executorPreference: executor) { [weak self, clock, isSteady] in
            do {
                if isSteady {
                    try await clock.sleep(untilSteady: earliest)
                } else {
                    try await clock.sleep(until: earliest)
                }
            } catch { return }
            self?.fire(until: earliest)
        }
    }

    private func fire(until target: Timestamp) {
        let now = max(isSteady ? clock.steady : clock.now, target)
        let due = state.withLock { state in
            var due: [@Sendable () -> Void] = []
            while let action = state.entries.next(dueBy: now) { due.append(action) }
            // A sleeper that was replaced while it woke must not disturb its successor.
            if state.sleepsUntil == target {
                state.sleepsUntil = nil
                state.sleeper = nil
            }
            adjust(&state)
            return due
        }
        for action in due { action() }
    }
}
