import PluginKit
import RunStore
import Synchronization
import WorkflowModel

/// A store whose disk is full after some writes.
final class FullStore: RunStore {
    private let base: any RunStore
    private let left = Mutex<Int?>(nil)

    init(_ base: any RunStore) { self.base = base }

    /// Lets this many writes through, then none; nil lets all through.
    func failAfter(_ writes: Int?) { left.withLock { $0 = writes } }

    func read<Result: Sendable>(view body: @Sendable (any StoreReader) throws -> Result) async throws -> Result {
        try await base.read(view: body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Result
    ) async throws -> Result {
        let isFull = left.withLock { left in
            guard let writes = left else { return false }
            left = max(0, writes - 1)
            return writes == 0
        }
        if isFull { throw StoreError(.full, "no space is left on the device") }
        return try await base.write(body)
    }

    func close() async { await base.close() }
}
