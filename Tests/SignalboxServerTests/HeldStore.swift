import Dispatch
import InMemoryRunStore
import RunStore
import Synchronization
import WorkflowTesting

/// A store whose writes wait, once they are held, until they are let go.
final class HeldStore: RunStore {
    private struct State {
        var isHeld = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let base = InMemoryRunStore(collections: EngineFixture.collections)
    private let state = Mutex(State())
    private let arrived = DispatchSemaphore(value: 0)

    var writeLoad: WriteLoad { base.writeLoad }

    /// From now on writes wait.
    func hold() { state.withLock { $0.isHeld = true } }

    /// Waits until a write waits, for 20 seconds at most, on a thread that may wait.
    ///
    /// - Returns: whether one does.
    func waitForOne() -> Bool { arrived.wait(timeout: .now() + 20) == .success }

    /// Lets all writes go.
    func letGo() {
        let waiting = state.withLock { state in
            state.isHeld = false
            defer { state.waiting = [] }
            return state.waiting
        }
        for write in waiting { write.resume() }
    }

    func read<Result: Sendable>(view body: @Sendable (any StoreReader) throws -> Result) async throws -> Result {
        try await base.read(view: body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Result
    ) async throws -> Result {
        await withCheckedContinuation { write in
            let isHeld = state.withLock { state in
                if state.isHeld { state.waiting.append(write) }
                return state.isHeld
            }
            if isHeld { arrived.signal() } else { write.resume() }
        }
        return try await base.write(body)
    }

    func close() async { await base.close() }
}
