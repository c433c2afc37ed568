import PluginKit
import RunStore
import WorkflowModel

/// Reads documents from tables, and from the store below where they are silent.
protocol MemoryDocumentReading: PluginStoreReader {
    var tables: Tables { get }
}

/// The documents of one view.
struct MemoryDocuments: MemoryDocumentReading {
    let tables: Tables
}

extension MemoryDocumentReading {
    func document(_ id: String, in collection: String) throws -> ValueMap? {
        let tables = tables
        _ = try tables.catalog.declaration(of: collection)
        let id = ExactText(id)
        if let shelf = tables.shelves[collection], shelf.hides(id) { return shelf.entries[id]?.body }
        return try tables.base?.documents.document(id.text, in: collection)
    }

    func documents(in collection: String, _ query: DocumentQuery) throws -> [Document] {
        let tables = tables
        try tables.catalog.check(query, in: collection)
        guard let shelf = tables.shelves[collection] else { return [] }
        var found = shelf.matching(query.conditions).map { match in
            (key: query.order.flatMap { match.entry.keys[$0] } ?? .missing, id: match.id, body: match.entry.body)
        }
        if let base = tables.base {
            var wide = query
            wide.limit = min(CollectionCatalog.maximumLimit, query.limit + shelf.hiding)
            let below = try base.documents.documents(in: collection, wide)
            guard below.count < wide.limit || wide.limit == query.limit + shelf.hiding else {
                throw StoreError(
                    .misuse,
                    "a query over a dry run's changes to \"\(collection)\" gives too many documents; "
                        + "ask for fewer than \(CollectionCatalog.maximumLimit)")
            }
            for document in below {
                let id = ExactText(document.id)
                guard !shelf.hides(id) else { continue }
                let key = query.order.map { IndexKey(CollectionCatalog.value(of: $0, in: document.body)) }
                found.append((key ?? .missing, id, document.body))
            }
        }
        found.sort { left, right in
            guard left.key == right.key else { return query.descending ? right.key < left.key : left.key < right.key }
            return query.order == nil && query.descending ? right.id < left.id : left.id < right.id
        }
        return found.prefix(query.limit).map { Document(id: $0.id.text, body: $0.body) }
    }

    func count(in collection: String, _ query: DocumentQuery) throws -> Int {
        let tables = tables
        try tables.catalog.check(query, in: collection)
        guard let shelf = tables.shelves[collection] else { return 0 }
        var count = shelf.matching(query.conditions).count
        if let base = tables.base {
            count += try base.documents.count(in: collection, query)
            for id in Array(shelf.entries.keys) + Array(shelf.removed) {
                guard let body = try base.documents.document(id.text, in: collection) else { continue }
                let keys = shelf.entry(of: body).keys
                if query.conditions.allSatisfy({ $0.comparison.fits(keys[$0.field] ?? .missing) }) { count -= 1 }
            }
        }
        return count
    }

    func search(_ text: String, in collection: String, limit: Int) throws -> [SearchHit] {
        let tables = tables
        try tables.catalog.checkSearch(in: collection, limit: limit)
        let words = SearchWords.queryWords(of: text)
        guard !words.isEmpty, let shelf = tables.shelves[collection] else { return [] }
        var documents = shelf.entries.count
        var occurrences = words.map { shelf.occurrences(of: $0) }
        var found: [(score: Double, id: ExactText, body: ValueMap)] = []
        if let base = tables.base {
            // The few documents changed here are weighed by the figures of both, which counts those that are in both twice.
            documents += try base.documents.count(in: collection, DocumentQuery())
            occurrences = zip(occurrences, try base.occurrences(of: words, in: collection)).map(+)
            let wide = min(CollectionCatalog.maximumLimit, limit + shelf.hiding)
            for hit in try base.documents.search(text, in: collection, limit: wide) {
                let id = ExactText(hit.document.id)
                if !shelf.hides(id) { found.append((hit.score, id, hit.document.body)) }
            }
        }
        for hit in shelf.hits(words, documents: documents, occurrences: occurrences) {
            if let entry = shelf.entries[hit.id] { found.append((hit.score, hit.id, entry.body)) }
        }
        found.sort { $0.score == $1.score ? $0.id < $1.id : $0.score > $1.score }
        return found.prefix(limit).map { hit in
            SearchHit(document: Document(id: hit.id.text, body: hit.body), score: hit.score)
        }
    }

    func events(ofSubject subject: String, since: Timestamp?, limit: Int) throws -> [Event] {
        let tables = tables
        try CollectionCatalog.check(limit: limit)
        var found = try tables.base?.documents.events(ofSubject: subject, since: since, limit: limit) ?? []
        for sequence in tables.eventsBySubject[ExactText(subject)] ?? [] where found.count < limit {
            guard let record = tables.ownEvent(sequence) else { continue }
            if let since, record.event.time < since { continue }
            found.append(record.event)
        }
        return found
    }
}

/// A plugin's documents inside a transaction.
struct MemoryPluginStore: PluginStore, MemoryDocumentReading {
    let plugin: String
    let transaction: MemoryTransaction

    var tables: Tables { transaction.tables }

    func put(_ id: String, _ body: ValueMap, in collection: String) throws {
        try transaction.tables.catalog.checkWrite(id, in: collection, by: plugin)
        let entry = transaction.tables.shelves[collection]?.entry(of: body)
        transaction.place(ExactText(id), entry, isRemoved: false, in: collection)
    }

    func remove(_ id: String, in collection: String) throws {
        try transaction.tables.catalog.checkWrite(id, in: collection, by: plugin)
        transaction.place(ExactText(id), nil, isRemoved: transaction.tables.base != nil, in: collection)
    }

    func nextNumber(_ sequence: String) throws -> Int { try transaction.nextNumber(sequence, of: plugin) }

    func emit(_ event: EventDraft) throws { transaction.emitted.append((plugin, event)) }

    func setTimer(_ key: String, due: Timestamp, emitting event: EventDraft) throws {
        try transaction.setTimer(TimerRecord(due: due, purpose: .event(plugin: plugin, key: key, event)))
    }

    func cancelTimer(_ key: String) throws { try transaction.removeTimer(plugin: plugin, key: key) }
}
