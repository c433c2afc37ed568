import GRDB
import PluginKit
import RunStore
import WorkflowModel

/// A plugin's documents inside a transaction.
struct SQLitePluginStore: PluginStore, SQLiteDocumentReading {
    let plugin: String
    let transaction: SQLiteTransaction

    var db: Database { transaction.db }
    var catalog: OpenCatalog { transaction.catalog }

    func document(_ id: String, in collection: String) throws -> ValueMap? {
        let number = try catalog.collection(collection).number
        return try transaction.read.document(id, number) { try db.document(id, number) }
    }

    func put(_ id: String, _ body: ValueMap, in collection: String) throws {
        try catalog.catalog.checkWrite(id, in: collection, by: plugin)
        let (number, declaration) = try catalog.collection(collection)
        let before = try document(id, in: collection)
        try db.change(
            """
            INSERT INTO documents (collection, id, body) VALUES (?, ?, ?)
            ON CONFLICT (collection, id) DO UPDATE SET body = excluded.body
            """, [number, id, body.json])
        try db.index(id, before: before, after: body, collection: number, declaration)
        transaction.read.note(body, id, number)
    }

    func remove(_ id: String, in collection: String) throws {
        try catalog.catalog.checkWrite(id, in: collection, by: plugin)
        let (number, declaration) = try catalog.collection(collection)
        guard let before = try document(id, in: collection) else { return }
        try db.index(id, before: before, after: nil, collection: number, declaration)
        try db.change("DELETE FROM documents WHERE collection = ? AND id = ?", [number, id])
        transaction.read.note(nil, id, number)
    }

    func nextNumber(_ sequence: String) throws -> Int {
        try db.change(
            """
            INSERT INTO plugin_numbers (plugin, name, value) VALUES (?, ?, 1)
            ON CONFLICT DO UPDATE SET value = value + 1
            """, [plugin, sequence])
        return try db.lastNumber(sequence, of: plugin)
    }

    func emit(_ event: EventDraft) throws { transaction.emitted.append((plugin, event)) }

    func setTimer(_ key: String, due: Timestamp, emitting event: EventDraft) throws {
        try transaction.setTimer(TimerRecord(due: due, purpose: .event(plugin: plugin, key: key, event)))
    }

    func cancelTimer(_ key: String) throws { try transaction.removeTimer(plugin: plugin, key: key) }
}

extension Database {
    /// The last number that a sequence has given; 0 before the first.
    func lastNumber(_ name: String, of plugin: String) throws(StoreError) -> Int {
        try row("SELECT value FROM plugin_numbers WHERE plugin = ? AND name = ?", [plugin, name]) { $0[0] } ?? 0
    }

    /// In how many documents of a collection each word occurs.
    func occurrences(of words: [String], collection: Int64) throws(StoreError) -> [Int] {
        var counts: [Int] = []
        for word in words {
            let count = try row(
                "SELECT count(*) FROM search_\(collection) WHERE search_\(collection) MATCH ?", ["\"\(word)\""]
            ) { $0[0] as Int }
            counts.append(count ?? 0)
        }
        return counts
    }

    /// Brings the indexes of a document, which is in its table, from one body to the next; nil is none.
    func index(
        _ id: String, before: ValueMap?, after: ValueMap?, collection: Int64, _ declaration: CollectionDeclaration
    ) throws(StoreError) {
        for place in declaration.keyChanges(from: before, to: after) {
            if let key = place.before {
                try change(
                    "DELETE FROM document_index WHERE collection = ? AND field = ? AND key = ? AND document = ?",
                    [collection, place.field, key.bytes, id])
            }
            if let key = place.after {
                try change(
                    "INSERT INTO document_index (collection, field, key, document) VALUES (?, ?, ?, ?)",
                    [collection, place.field, key.bytes, id])
            }
        }
        guard !declaration.search.isEmpty else { return }
        if let before, let after, declaration.hasSameTexts(before, after) { return }
        let oldWords = before.map { declaration.words(of: $0) }
        let newWords = after.map { declaration.words(of: $0) }
        guard oldWords != newWords else { return }
        let number = try row("SELECT number FROM documents WHERE collection = ? AND id = ?", [collection, id]) {
            $0[0] as Int64
        }
        if oldWords != nil { try change("DELETE FROM search_\(collection) WHERE rowid = ?", [number]) }
        if let newWords {
            try change(
                "INSERT INTO search_\(collection) (rowid, id, words) VALUES (?, ?, ?)",
                [number, id, newWords.joined(separator: " ")])
        }
    }
}
