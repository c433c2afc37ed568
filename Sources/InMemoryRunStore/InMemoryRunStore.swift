public import PluginKit
public import RunStore
import Synchronization

/// A store in memory: for rehearsals and for tests of plugins. Keeps the same promises as the one on disk, save durability.
///
/// Laid over a snapshot of another store, it shows what that store holds, and keeps every change to itself: a dry run sees the
/// workspace's documents and history and changes nothing of them. Of the store below, runs may be looked at, but neither its
/// open runs, due timers, requests nor its executors come through: those are not the dry run's to carry on.
public final class InMemoryRunStore: RunStore {
    private struct State {
        var tables: Tables
        var isClosed = false
    }

    private let state: Mutex<State>

    /// An empty store for these collections by full name (`ticket.tickets`).
    public init(collections: [String: CollectionDeclaration] = [:]) {
        state = Mutex(State(tables: Tables(CollectionCatalog(collections))))
    }

    /// A store that shows `base` under its own changes. `collections` must be those of the store below.
    ///
    /// - Throws: what reading `base` throws.
    public init(over base: any StoreSnapshot, collections: [String: CollectionDeclaration]) throws {
        var tables = Tables(CollectionCatalog(collections))
        try tables.lay(over: base)
        state = Mutex(State(tables: tables))
    }

    /// Runs `body` on one consistent view.
    ///
    /// - Throws: what `body` throws, or ``StoreError``.
    public func read<Result: Sendable>(
        view body: @Sendable (any StoreReader) throws -> Result
    ) async throws -> Result {
        try withReader(body)
    }

    /// Runs `body` on one consistent view, without waiting for anything but its turn.
    ///
    /// - Throws: what `body` throws, or ``StoreError``.
    public func withReader<Result: Sendable>(_ body: (any StoreReader) throws -> Result) throws -> Result {
        let outcome: Swift.Result<Result, any Error> = state.withLock { state in
            guard !state.isClosed else { return .failure(Self.closed) }
            let reader = MemoryReader(state.tables)
            return Swift.Result { try body(reader) }
        }
        return try outcome.get()
    }

    /// Runs `body` as one transaction.
    ///
    /// - Throws: what `body` throws, or ``StoreError``; then nothing of `body` is kept.
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Result
    ) async throws -> Result {
        try withTransaction(body)
    }

    /// Runs `body` as one transaction, without waiting for anything but its turn.
    ///
    /// - Throws: what `body` throws, or ``StoreError``; then nothing of `body` is kept.
    public func withTransaction<Result: Sendable>(
        _ body: (any StoreTransaction) throws -> Result
    ) throws -> Result {
        let outcome: Swift.Result<Result, any Error> = state.withLock { state in
            guard !state.isClosed else { return .failure(Self.closed) }
            let transaction = MemoryTransaction()
            // The tables change hands, so that they are changed in place and not copied.
            swap(&state.tables, &transaction.tables)
            defer { swap(&state.tables, &transaction.tables) }
            do {
                return .success(try body(transaction))
            } catch {
                transaction.undo()
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// The store as it is now, for as long as it is wanted.
    ///
    /// - Throws: ``StoreError`` when the store is closed.
    public func snapshotReader() throws -> any StoreSnapshot {
        let outcome: Swift.Result<MemoryReader, any Error> = state.withLock { state in
            state.isClosed ? .failure(Self.closed) : .success(MemoryReader(state.tables))
        }
        return try outcome.get()
    }

    /// Closes the store; later calls throw `closed`.
    public func close() async {
        state.withLock { $0.isClosed = true }
    }

    private static var closed: StoreError { StoreError(.closed, "the store has been closed; open it again") }
}
