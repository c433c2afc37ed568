import Foundation
public import PluginKit
import Synchronization
public import WorkflowModel

/// The documents of plugins in memory, for tests: the same answers as a real store, and the same refusals.
///
/// Queries are answered for declared indexes only, full-text search for declared fields only, and a plugin changes nothing but its
/// own collections. ``transaction(of:_:)`` undoes everything when its body throws.
public final class DocumentShelf: DocumentSource, Sendable {
    /// A timer that was set.
    public struct Timer: Sendable, Hashable {
        /// When it goes off.
        public var due: Timestamp
        /// What it emits then.
        public var event: EventDraft
    }

    struct Contents: Sendable {
        var documents: [String: [String: ValueMap]] = [:]
        var numbers: [String: Int] = [:]
        var timers: [String: Timer] = [:]
        var emitted: [EventDraft] = []
        var events: [Event] = []
    }

    private let declarations: [String: CollectionDeclaration]
    private let contents = Mutex(Contents())

    /// A shelf without documents for the collections that these plugins declare.
    public init(_ manifests: [PluginManifest]) {
        var declarations: [String: CollectionDeclaration] = [:]
        for manifest in manifests {
            for collection in manifest.collections { declarations["\(manifest.name).\(collection.name)"] = collection }
        }
        self.declarations = declarations
    }

    /// What was emitted so far, in order.
    public var emitted: [EventDraft] { contents.withLock(\.emitted) }

    /// The timers that are set, by `plugin/key`.
    public var timers: [String: Timer] { contents.withLock(\.timers) }

    /// All documents of a collection (`ticket.tickets`), by id.
    public func all(in collection: String) -> [String: ValueMap] {
        contents.withLock { $0.documents[collection] ?? [:] }
    }

    /// Puts a document there without a plugin, to begin a test with.
    public func seed(_ id: String, _ body: ValueMap, in collection: String) {
        contents.withLock { $0.documents[collection, default: [:]][id] = body }
    }

    /// Adds an event to those recorded.
    public func record(_ event: Event) { contents.withLock { $0.events.append(event) } }

    /// Runs `body` as one transaction of `plugin`: what it throws undoes its changes.
    public func transaction<Result>(of plugin: String, _ body: (any PluginStore) throws -> Result) throws -> Result {
        let store = OpenShelf(contents.withLock { $0 }, declarations, owner: plugin)
        let result = try body(store)
        let changed = store.contents
        contents.withLock { $0 = changed }
        return result
    }

    /// Runs `body` on the documents as they are now.
    public func read<Result: Sendable>(_ body: @Sendable (any PluginStoreReader) throws -> Result) async throws
        -> Result
    {
        try body(OpenShelf(contents.withLock { $0 }, declarations, owner: nil))
    }
}

/// One transaction on a ``DocumentShelf``, or one view of it.
private final class OpenShelf: PluginStore {
    var contents: DocumentShelf.Contents
    private let declarations: [String: CollectionDeclaration]
    private let owner: String?

    init(
        _ contents: DocumentShelf.Contents, _ declarations: [String: CollectionDeclaration], owner: String?
    ) {
        self.contents = contents
        self.declarations = declarations
        self.owner = owner
    }

    func document(_ id: String, in collection: String) throws -> ValueMap? {
        _ = declared(collection)
        return contents.documents[collection]?[id]
    }

    func documents(in collection: String, _ query: DocumentQuery) throws -> [Document] {
        guard (1...10_000).contains(query.limit) else {
            throw Failure.permanent("bad_query", "a query's limit must be 1 to 10,000")
        }
        var found = try matches(collection, query).sorted { $0.id < $1.id }
        if let order = query.order {
            try require(order, in: collection)
            let sorted = found.enumerated().sorted { a, b in
                let (x, y) = (Self.field(order, a.element.body), Self.field(order, b.element.body))
                if Self.before(x, y) { return !query.descending }
                if Self.before(y, x) { return query.descending }
                return a.offset < b.offset
            }
            found = sorted.map(\.element)
        } else if query.descending {
            found.reverse()
        }
        return Array(found.prefix(query.limit))
    }

    func count(in collection: String, _ query: DocumentQuery) throws -> Int { try matches(collection, query).count }

    func search(_ text: String, in collection: String, limit: Int) throws -> [SearchHit] {
        guard let fields = declared(collection)?.search, !fields.isEmpty else {
            throw Failure.permanent("no_search", "\(collection) declares no field for full-text search")
        }
        let words = Set(SearchWords.of(text))
        let documents = (contents.documents[collection] ?? [:]).map { id, body in
            (id, body, fields.flatMap { SearchWords.of(Self.field($0, body)?.string ?? "") })
        }
        let average = max(1, Double(documents.reduce(0) { $0 + $1.2.count }) / Double(max(1, documents.count)))
        var hits: [SearchHit] = []
        for (id, body, content) in documents {
            var score = 0.0
            for word in words {
                let times = Double(content.count { $0 == word })
                guard times > 0 else { continue }
                let holders = Double(documents.count { $0.2.contains(word) })
                let rarity = log(1 + (Double(documents.count) - holders + 0.5) / (holders + 0.5))
                score += rarity * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * Double(content.count) / average))
            }
            if score > 0 { hits.append(SearchHit(document: Document(id: id, body: body), score: score)) }
        }
        hits.sort { $0.score == $1.score ? $0.document.id < $1.document.id : $0.score > $1.score }
        return Array(hits.prefix(limit))
    }

    func events(ofSubject subject: String, since: Timestamp?, limit: Int) throws -> [Event] {
        let found = contents.events.filter { $0.subject == subject && (since.map { $0 } ?? .earliest) <= $0.time }
        return Array(found.prefix(limit))
    }

    func put(_ id: String, _ body: ValueMap, in collection: String) throws {
        try requireOwn(collection)
        contents.documents[collection, default: [:]][id] = body
    }

    func remove(_ id: String, in collection: String) throws {
        try requireOwn(collection)
        contents.documents[collection]?[id] = nil
    }

    func nextNumber(_ sequence: String) throws -> Int {
        let key = "\(owner ?? "")/\(sequence)"
        contents.numbers[key, default: 0] += 1
        return contents.numbers[key] ?? 1
    }

    func emit(_ event: EventDraft) throws { contents.emitted.append(event) }

    func setTimer(_ key: String, due: Timestamp, emitting event: EventDraft) throws {
        contents.timers["\(owner ?? "")/\(key)"] = DocumentShelf.Timer(due: due, event: event)
    }

    func cancelTimer(_ key: String) throws { contents.timers["\(owner ?? "")/\(key)"] = nil }

    private func declared(_ collection: String) -> CollectionDeclaration? { declarations[collection] }

    private func requireOwn(_ collection: String) throws {
        guard let owner, collection.hasPrefix(owner + "."), declarations[collection] != nil else {
            throw Failure.permanent("not_own_collection", "\(owner ?? "a reader") must not change \(collection)")
        }
    }

    private func require(_ field: String, in collection: String) throws {
        // A collection of a plugin that is not in the test is empty, and any question to it fits.
        guard let declaration = declared(collection) else { return }
        guard declaration.indexes.contains(field) else {
            throw Failure.permanent("no_index", "\(collection) declares no index on \(field)")
        }
    }

    private func matches(_ collection: String, _ query: DocumentQuery) throws -> [Document] {
        for condition in query.conditions { try require(condition.field, in: collection) }
        return (contents.documents[collection] ?? [:]).compactMap { id, body in
            let fits = query.conditions.allSatisfy { Self.fits(Self.field($0.field, body), $0.comparison) }
            return fits ? Document(id: id, body: body) : nil
        }
    }

    private static func field(_ path: String, _ body: ValueMap) -> Value? {
        let value = Value.map(body).at(path.split(separator: "."))
        return value.flatMap { $0.isNull ? nil : $0 }
    }

    private static func fits(_ value: Value?, _ comparison: DocumentQuery.Comparison) -> Bool {
        guard let value else { return comparison == .isNull }
        return switch comparison {
        case .isNull: false
        case .isNotNull: true
        case .equals(let other): value == other
        case .oneOf(let others): others.contains(value)
        case .lessThan(let other): before(value, other)
        case .atLeast(let other): comparable(value, other) && !before(value, other)
        }
    }

    private static func comparable(_ a: Value, _ b: Value) -> Bool {
        (a.timestamp != nil && b.timestamp != nil) || (a.number != nil && b.number != nil)
            || (a.string != nil && b.string != nil)
    }

    private static func before(_ a: Value?, _ b: Value?) -> Bool {
        guard let b else { return false }
        guard let a else { return true }
        if let x = a.timestamp, let y = b.timestamp { return x < y }
        if let x = a.number, let y = b.number { return x < y }
        if let x = a.string, let y = b.string { return x < y }
        return false
    }
}

/// The words of a text as full-text search sees them.
enum SearchWords {
    static func of(_ text: String) -> [String] {
        text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
            .split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
