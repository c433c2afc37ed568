import PluginKit
import RunStore
import Synchronization

/// A store that counts what must wait for the disk.
final class CountingStore: RunStore {
    private let base: any RunStore
    private let count = Mutex(0)

    init(_ base: any RunStore) { self.base = base }

    /// How often something was written so far. A lone caller's writes are a commit each.
    var commits: Int { count.withLock { $0 } }

    func read<Result: Sendable>(view body: @Sendable (any StoreReader) throws -> Result) async throws -> Result {
        try await base.read(view: body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Result
    ) async throws -> Result {
        count.withLock { $0 += 1 }
        return try await base.write(body)
    }

    func close() async { await base.close() }
}
