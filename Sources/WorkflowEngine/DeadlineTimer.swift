import Synchronization
import WorkflowModel

/// Calls back at given times, with one sleeping task for all of them.
final class DeadlineTimer: Sendable {
    private struct State {
        var entries: [Int: (due: Timestamp, action: @Sendable () -> Void)] = [:]
        var next = 0
        var sleeper: Task<Void, Never>?
        var sleepsUntil: Timestamp?
    }

    private let clock: any EngineClock
    private let executor: (any TaskExecutor)?
    private let state = Mutex(State())

    init(_ clock: any EngineClock, _ executor: (any TaskExecutor)? = nil) {
        self.clock = clock
        self.executor = executor
    }

    deinit { state.withLock { $0.sleeper?.cancel() } }

    /// Calls `action` once at `due`, unless it is removed before.
    func add(due: Timestamp, _ action: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.next += 1
            state.entries[state.next] = (due, action)
            adjust(&state)
            return state.next
        }
    }

    func remove(_ id: Int) {
        state.withLock { state in
            state.entries[id] = nil
            if state.entries.isEmpty { adjust(&state) }
        }
    }

    /// Lets the sleeper sleep until the earliest time.
    private func adjust(_ state: inout State) {
        guard let earliest = state.entries.values.map(\.due).min() else {
            state.sleeper?.cancel()
            state.sleeper = nil
            state.sleepsUntil = nil
            return
        }
        if let until = state.sleepsUntil, until <= earliest { return }
        state.sleeper?.cancel()
        state.sleepsUntil = earliest
        state.sleeper = Task(executorPreference: executor) { [weak self, clock] in
            do { try await clock.sleep(until: earliest) } catch { return }
            self?.fire(until: earliest)
        }
    }

    private func fire(until target: Timestamp) {
        let now = max(clock.now, target)
        let due = state.withLock { state in
            let due = state.entries.filter { $0.value.due <= now }.sorted {
                ($0.value.due, $0.key) < ($1.value.due, $1.key)
            }
            for entry in due { state.entries[entry.key] = nil }
            // A sleeper that was replaced while it woke must not disturb its successor.
            if state.sleepsUntil == target {
                state.sleepsUntil = nil
                state.sleeper = nil
            }
            adjust(&state)
            return due.map(\.value.action)
        }
        for action in due { action() }
    }
}
