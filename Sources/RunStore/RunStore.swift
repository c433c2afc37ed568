public import PluginKit

/// Where events, runs and journals are kept: one contract, one conformance suite (`RunStoreTesting`), several drivers.
///
/// All writes go through one writer that puts what waits into one commit. What `write` returns is durable.
public protocol RunStore: DocumentSource {
    /// Runs `body` on one consistent view.
    ///
    /// - Throws: what `body` throws, or ``StoreError``.
    func read<Result: Sendable>(view body: @Sendable (any StoreReader) throws -> Result) async throws -> Result

    /// Runs `body` inside a transaction of its own; returns when it is durable. Calls are serialised in the order in which they
    /// come; many may share one commit. What `body` throws undoes its changes and nothing else's.
    ///
    /// - Throws: what `body` throws, or ``StoreError``; then nothing of `body` is stored.
    func write<Result: Sendable>(_ body: @escaping @Sendable (any StoreTransaction) throws -> Result) async throws
        -> Result

    /// What waits for the writer, and what its last commit was.
    var writeLoad: WriteLoad { get }

    /// Ends the writer after what waits is written, and closes.
    func close() async
}

extension RunStore {
    /// Nothing ever waits, as in a store without a writer of its own.
    public var writeLoad: WriteLoad { WriteLoad() }

    /// Runs `body` on the documents of one consistent view.
    ///
    /// - Throws: what `body` throws, or ``StoreError``.
    public func read<Result: Sendable>(
        _ body: @Sendable (any PluginStoreReader) throws -> Result
    ) async throws -> Result {
        try await read(view: { reader in try body(reader.documents) })
    }
}

/// Why the store refused, in words for the user.
public struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Code: String, Sendable, Hashable {
        /// The folder or file cannot be written.
        case readOnly = "read_only"
        /// No space is left.
        case full
        /// The database is damaged or is none.
        case damaged
        /// A newer version of Signalbox has written it.
        case newerVersion = "newer_version"
        /// An older version of Signalbox has written it, and it may not be brought up to date by reading.
        case olderVersion = "older_version"
        /// Another process holds it too long.
        case busy
        /// The store has been closed.
        case closed
        /// A newer executor has begun: this one may change nothing any more.
        case fenced
        /// A caller broke the contract, such as a query on a field that is no index.
        case misuse
        /// Anything else that reading or writing gave.
        case io
    }

    /// What kind of trouble it is.
    public var code: Code
    /// What happened, and what to do.
    public var message: String

    /// An error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }

    /// The refusal to an executor that has a successor.
    public static func fenced(_ generation: Int64, by newest: Int64) -> StoreError {
        StoreError(
            .fenced,
            "another executor (number \(newest)) has begun on this state folder, so this one (number \(generation)) may change "
                + "nothing any more; end this process, the other goes on with its runs")
    }
}
