import GRDB
import PluginKit
import RunStore
import WorkflowModel

/// Reads documents.
protocol SQLiteDocumentReading: PluginStoreReader {
    var db: Database { get }
    var catalog: OpenCatalog { get }
}

/// The documents of one view.
struct SQLiteDocuments: SQLiteDocumentReading {
    let db: Database
    let catalog: OpenCatalog
}

extension Document {
    init(row: ResultRow) throws {
        self.init(id: row[0], body: try row.map(1))
    }
}

extension Database {
    /// The body of a document; nil when there is none.
    func document(_ id: String, _ collection: Int64) throws(StoreError) -> ValueMap? {
        try row("SELECT body FROM documents WHERE collection = ? AND id = ?", [collection, id]) { try $0.map(0) }
    }
}

extension SQLiteDocumentReading {
    func document(_ id: String, in collection: String) throws -> ValueMap? {
        try db.document(id, catalog.collection(collection).number)
    }

    func documents(in collection: String, _ query: DocumentQuery) throws -> [Document] {
        try catalog.catalog.check(query, in: collection)
        let number = try catalog.collection(collection).number
        let direction = query.descending ? "DESC" : "ASC"
        if let order = query.order {
            let filter = DocumentFilter(query.conditions, collection: number, column: "o.document")
            // The index is walked in order, so that no more rows are read than are asked for.
            return try db.rows(
                """
                SELECT d.id, d.body FROM document_index o
                CROSS JOIN documents d ON d.collection = o.collection AND d.id = o.document
                WHERE o.collection = ? AND o.field = ? \(filter.sql)
                ORDER BY o.key \(direction), o.document LIMIT ?
                """, [number, order] + filter.arguments + [query.limit], isCached: filter.isSmall,
                Document.init(row:))
        }
        let filter = DocumentFilter(query.conditions, collection: number, column: "d.id")
        return try db.rows(
            """
            SELECT d.id, d.body FROM documents d WHERE d.collection = ? \(filter.sql) ORDER BY d.id \(direction) LIMIT ?
            """, [number] + filter.arguments + [query.limit], isCached: filter.isSmall, Document.init(row:))
    }

    func count(in collection: String, _ query: DocumentQuery) throws -> Int {
        try catalog.catalog.check(query, in: collection)
        let number = try catalog.collection(collection).number
        let filter = DocumentFilter(query.conditions, collection: number, column: "d.id")
        let counts = try db.rows(
            "SELECT count(*) FROM documents d WHERE d.collection = ? \(filter.sql)", [number] + filter.arguments,
            isCached: filter.isSmall
        ) { $0[0] as Int }
        return counts.first ?? 0
    }

    func search(_ text: String, in collection: String, limit: Int) throws -> [SearchHit] {
        try catalog.catalog.checkSearch(in: collection, limit: limit)
        let number = try catalog.collection(collection).number
        let words = SearchWords.queryWords(of: text)
        guard !words.isEmpty else { return [] }
        let hits = try db.rows(
            """
            SELECT rowid, id, -bm25(search_\(number)) FROM search_\(number) WHERE search_\(number) MATCH ?
            ORDER BY 3 DESC, id LIMIT ?
            """, [words.map { "\"\($0)\"" }.joined(separator: " OR "), limit]
        ) { row in (number: row[0] as Int64, score: row[2] as Double) }
        return try hits.compactMap { hit in
            let found = try db.row(
                "SELECT id, body FROM documents WHERE number = ?", [hit.number], Document.init(row:))
            return found.map { SearchHit(document: $0, score: hit.score) }
        }
    }

    func events(ofSubject subject: String, since: Timestamp?, limit: Int) throws -> [Event] {
        try db.events(ofSubject: subject, since: since, limit: limit)
    }
}

/// The conditions of a query as SQL: each is a set of ids from the index.
private struct DocumentFilter {
    var sql = ""
    var arguments: [Database.Argument] = []
    /// Whether the statement is worth keeping: long lists of values rarely have the same length twice.
    var isSmall = true

    init(_ conditions: [DocumentQuery.Condition], collection: Int64, column: String) {
        for condition in conditions {
            let (test, keys) = Self.test(condition.comparison)
            sql +=
                " AND \(column) IN (SELECT document FROM document_index WHERE collection = ? AND field = ? AND \(test))"
            arguments += [collection, condition.field] + keys
            isSmall = isSmall && keys.count <= 8
        }
    }

    private static func test(_ comparison: DocumentQuery.Comparison) -> (sql: String, keys: [[UInt8]]) {
        switch comparison {
        case .equals(let value): return ("key = ?", [IndexKey(value).bytes])
        case .oneOf(let values):
            let marks = values.map { _ in "?" }.joined(separator: ", ")
            return ("key IN (\(marks))", values.map { IndexKey($0).bytes })
        case .lessThan(let value):
            let key = IndexKey(value)
            return ("key >= ? AND key < ?", [key.kindStart, key.bytes])
        case .atLeast(let value):
            let key = IndexKey(value)
            return ("key >= ? AND key < ?", [key.bytes, key.kindEnd])
        case .isNull: return ("key = ?", [IndexKey.missing.bytes])
        case .isNotNull: return ("key > ?", [IndexKey.missing.bytes])
        }
    }
}
