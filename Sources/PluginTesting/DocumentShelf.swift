import InMemoryRunStore
public import PluginKit
import RunStore
import Synchronization
public import WorkflowModel

/// The documents of plugins in memory, for tests: the store that dry runs use, with its answers and its refusals, and beside it what was
/// emitted.
public final class DocumentShelf: DocumentSource, Sendable {
    /// A timer that was set.
    public struct Timer: Sendable, Hashable {
        /// When it goes off.
        public var due: Timestamp
        /// What it emits then.
        public var event: EventDraft
    }

    private static let most = 10_000

    private let store: InMemoryRunStore
    private let drafts = Mutex<[EventDraft]>([])

    /// A shelf without documents for the collections that these plugins declare.
    public init(_ manifests: [PluginManifest]) {
        var declarations: [String: CollectionDeclaration] = [:]
        for manifest in manifests {
            for collection in manifest.collections { declarations["\(manifest.name).\(collection.name)"] = collection }
        }
        store = InMemoryRunStore(collections: declarations)
    }

    /// What was emitted so far, in order.
    public var emitted: [EventDraft] { drafts.withLock { $0 } }

    /// The timers that are set, by `plugin/key`.
    public var timers: [String: Timer] {
        let records = Self.certain { try store.withReader { try $0.timers(dueBy: .latest, limit: Self.most) } }
        var timers: [String: Timer] = [:]
        for record in records {
            guard case .event(let plugin, let key, let draft) = record.purpose else { continue }
            timers["\(plugin)/\(key)"] = Timer(due: record.due, event: draft)
        }
        return timers
    }

    /// All documents of a collection (`ticket.tickets`), by id.
    ///
    /// - Precondition: some plugin of the bench declares the collection.
    public func all(in collection: String) -> [String: ValueMap] {
        let documents = Self.certain {
            try store.withReader { try $0.documents.documents(in: collection, DocumentQuery(limit: Self.most)) }
        }
        return Dictionary(documents.map { ($0.id, $0.body) }, uniquingKeysWith: { $1 })
    }

    /// Puts a document there without an event or action, to begin a test with.
    ///
    /// - Precondition: some plugin of the bench declares the collection.
    public func seed(_ id: String, _ body: ValueMap, in collection: String) {
        let owner = collection.split(separator: ".").first.map(String.init) ?? ""
        Self.certain { try transaction(of: owner) { try $0.put(id, body, in: collection) } }
    }

    /// Adds an event to those recorded; one with the same source and id is there once.
    public func record(_ event: Event) {
        Self.certain {
            _ = try store.withTransaction { try $0.insertEvent(EventRecord(event: event, acceptedAt: event.time)) }
        }
    }

    /// What cannot fail in memory but by a mistake in the test, such as the name of a collection that is not there.
    private static func certain<Result>(_ body: () throws -> Result) -> Result {
        do { return try body() } catch { preconditionFailure("a mistake in the test: \(error)") }
    }

    /// Runs `body` as one transaction of `plugin`: what it throws undoes its changes.
    public func transaction<Result: Sendable>(of plugin: String, _ body: (any PluginStore) throws -> Result) throws
        -> Result
    {
        let (result, emitted) = try store.withTransaction { transaction in
            let result = try body(transaction.pluginStore(of: plugin))
            return (result, transaction.takeEmitted().map(\.event))
        }
        drafts.withLock { $0 += emitted }
        return result
    }

    /// Runs `body` on the documents as they are now.
    public func read<Result: Sendable>(_ body: @Sendable (any PluginStoreReader) throws -> Result) async throws
        -> Result
    {
        try store.withReader { try body($0.documents) }
    }
}
