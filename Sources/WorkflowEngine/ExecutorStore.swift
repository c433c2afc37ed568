import PluginKit
import RunStore
import Synchronization

/// The store as an executor uses it: what it writes is refused once a newer executor has begun, and each failure raises a doubt, since
/// a change whose answer is lost may have been made.
final class ExecutorStore: RunStore {
    private let base: any RunStore
    private let generation: Int64
    private struct Fence {
        var isShut = false
        var told: (@Sendable (StoreError) -> Void)?
    }

    private let fence = Mutex(Fence())
    /// Raised when the store has failed: then it is not known what it holds, and it is looked at again.
    let doubts = Signal()

    init(_ base: any RunStore, generation: Int64) {
        self.base = base
        self.generation = generation
    }

    /// Whether a newer executor has begun.
    var isFenced: Bool { fence.withLock(\.isShut) }

    /// Has `body` told, once, that a newer executor has begun.
    func whenFenced(_ body: @escaping @Sendable (StoreError) -> Void) { fence.withLock { $0.told = body } }

    func read<Result: Sendable>(view body: @Sendable (any StoreReader) throws -> Result) async throws -> Result {
        do {
            return try await base.read(view: body)
        } catch let error as StoreError {
            note(error)
            throw error
        }
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Result
    ) async throws -> Result {
        let generation = generation
        do {
            return try await base.write { transaction in
                try transaction.checkExecutor(generation)
                return try body(transaction)
            }
        } catch let error as StoreError {
            note(error)
            throw error
        }
    }

    var writeLoad: WriteLoad { base.writeLoad }

    func close() async { await base.close() }

    private func note(_ error: StoreError) {
        // A caller's mistake says nothing about the store.
        guard error.code != .misuse else { return }
        if error.code == .fenced {
            let told = fence.withLock { fence in
                defer { fence.isShut = true }
                return fence.isShut ? nil : fence.told
            }
            told?(error)
        }
        doubts.raise()
    }
}
