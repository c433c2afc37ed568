import InMemoryRunStore
import RunStore
import WorkflowTesting

/// A store whose writer says that others are held back.
final class CrowdedStore: RunStore {
    private let base = InMemoryRunStore(collections: EngineFixture.collections)

    var writeLoad: WriteLoad { WriteLoad(waiting: 5, heldBack: 1, capacity: 5) }

    func read<Result: Sendable>(view body: @Sendable (any StoreReader) throws -> Result) async throws -> Result {
        try await base.read(view: body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Result
    ) async throws -> Result { try await base.write(body) }

    func close() async { await base.close() }
}
