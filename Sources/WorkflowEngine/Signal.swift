import Synchronization
import WorkflowModel

/// Counts that something happened, and wakes those who wait for more.
final class Signal: Sendable {
    private struct State {
        var count = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// How often it was raised.
    var count: Int { state.withLock(\.count) }

    func raise() {
        let waiters = state.withLock { state in
            state.count += 1
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when it was raised since `seen`, at the latest at `limit`.
    func wait(after seen: Int, until limit: Timestamp?, _ deadlines: DeadlineTimer) async {
        guard count == seen else { return }
        var timer: Int?
        if let limit { timer = deadlines.add(due: limit) { [weak self] in self?.raise() } }
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                guard state.count == seen else { return true }
                state.waiters.append(continuation)
                return false
            }
            if isThere { continuation.resume() }
        }
        if let timer { deadlines.remove(timer) }
    }
}
