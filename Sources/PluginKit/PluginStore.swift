public import WorkflowModel

/// A document of a collection.
public struct Document: Sendable, Hashable {
    /// The key of the document in its collection.
    public var id: String
    /// What is kept, without the id.
    public var body: ValueMap

    /// The document `id`.
    public init(id: String, body: ValueMap) {
        self.id = id
        self.body = body
    }
}

/// A hit of a full-text search.
public struct SearchHit: Sendable, Hashable {
    /// The document that was found.
    public var document: Document
    /// How well it fits, by BM25: larger is better. Comparable within one search only.
    public var score: Double

    /// A hit.
    public init(document: Document, score: Double) {
        self.document = document
        self.score = score
    }
}

/// Which documents, by declared indexes only. All conditions must hold.
public struct DocumentQuery: Sendable, Hashable {
    /// A comparison of an indexed field. A field that is missing or null fits `isNull` alone.
    public enum Comparison: Sendable, Hashable {
        case equals(Value)
        case oneOf([Value])
        case lessThan(Value)
        case atLeast(Value)
        case isNull
        case isNotNull
    }

    /// A field and what it must be.
    public struct Condition: Sendable, Hashable {
        /// The name of an indexed field.
        public var field: String
        /// What the field's value must be.
        public var comparison: Comparison

        /// `field` must fit `comparison`.
        public init(_ field: String, _ comparison: Comparison) {
            self.field = field
            self.comparison = comparison
        }
    }

    /// What must hold of each document; all documents when empty.
    public var conditions: [Condition]
    /// The indexed field to sort by; nil for the id. Ties are sorted by id.
    public var order: String?
    /// Whether the largest value comes first.
    public var descending: Bool
    /// At most this many, 1 to 10,000.
    public var limit: Int

    /// A query.
    public init(_ conditions: [Condition] = [], order: String? = nil, descending: Bool = false, limit: Int = 1000) {
        self.conditions = conditions
        self.order = order
        self.descending = descending
        self.limit = limit
    }
}

/// Reads what plugins keep. Collections are named with their plugin, `ticket.tickets`; any plugin may read any.
public protocol PluginStoreReader {
    /// The document `id`, or nil.
    func document(_ id: String, in collection: String) throws -> ValueMap?
    /// The documents that fit `query`. Throws when a field is no declared index.
    func documents(in collection: String, _ query: DocumentQuery) throws -> [Document]
    /// How many documents fit the conditions of `query`.
    func count(in collection: String, _ query: DocumentQuery) throws -> Int
    /// Full-text search over the declared fields: documents with any of the words of `text`, best first (BM25, ties by id).
    func search(_ text: String, in collection: String, limit: Int) throws -> [SearchHit]
    /// The recorded events of a subject, oldest first.
    func events(ofSubject subject: String, since: Timestamp?, limit: Int) throws -> [Event]
}

/// A plugin's own documents inside a transaction: all changes are committed with the outcome or event that caused them, or none.
public protocol PluginStore: PluginStoreReader {
    /// Keeps `body` as the document `id`, replacing an earlier one. Only in the plugin's own collections.
    func put(_ id: String, _ body: ValueMap, in collection: String) throws
    /// Removes the document `id`, if there is one. Only in the plugin's own collections.
    func remove(_ id: String, in collection: String) throws
    /// The next number of a sequence of the plugin, from 1, without gaps.
    func nextNumber(_ sequence: String) throws -> Int
    /// Emits an event with this transaction.
    func emit(_ event: EventDraft) throws
    /// Emits `event` at `due`, durably and once; the same key again replaces the timer.
    func setTimer(_ key: String, due: Timestamp, emitting event: EventDraft) throws
    /// Removes the timer of this key, if there is one.
    func cancelTimer(_ key: String) throws
}

/// A way to the documents for actions that are not inside a transaction.
public protocol DocumentSource: Sendable {
    /// Runs `body` on one consistent view.
    func read<Result: Sendable>(_ body: @Sendable (any PluginStoreReader) throws -> Result) async throws -> Result
}

/// Takes in events inside the transaction that accepts them, before matching.
public protocol EventConsumer: Sendable {
    /// Takes `event` in: changes go to `store`. The event is not yet among those that are recorded.
    ///
    /// - Returns: facts that conditions may know, attached to the event and stored with it: each key is a name beside the event's
    ///   own (`ticket` as a whole replaces the event's partial ticket).
    /// - Throws: whatever it throws refuses the event as a whole; bad data is better taken in as far as it goes.
    func consume(_ event: Event, on store: any PluginStore, now: Timestamp, workspace: WorkspaceTables) throws
        -> ValueMap

    /// What is known now under `name`, a name that ``consume(_:on:now:workspace:)`` attaches to events; nil when this consumer attaches
    /// no such name or has nothing about the thing. Runs that have waited see it in place of what their event said.
    ///
    /// - Parameters:
    ///   - name: the name, `ticket`.
    ///   - known: what the run has seen under the name so far; its `id` says which thing is meant.
    ///   - subject: what the run is about, `ticket:4711`.
    /// - Throws: what `reader` throws.
    func facts(named name: String, known: Value, subject: String?, in reader: any PluginStoreReader) throws -> Value?
}

extension EventConsumer {
    /// Nothing: what the newest event said is good enough.
    public func facts(named name: String, known: Value, subject: String?, in reader: any PluginStoreReader) throws
        -> Value?
    { nil }
}
