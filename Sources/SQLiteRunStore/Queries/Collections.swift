import GRDB
import PluginKit
import RunStore
import WorkflowModel

extension OpenCatalog {
    /// Makes the tables fit what is declared: new collections are added, and those whose indexes have changed are indexed again.
    init(opening catalog: CollectionCatalog, in db: Database) throws {
        self.init(catalog: catalog, numbers: [:])
        if try read(db) { return }
        try db.inTransaction(.immediate) {
            // Another process may have been first.
            if try read(db) { return .commit }
            for (name, declaration) in catalog.declarations.sorted(by: { $0.key < $1.key }) {
                try Self.store(name, declaration, in: db)
            }
            return .commit
        }
        guard try read(db) else { throw StoreError.unreadable("a list of collections") }
    }

    /// Takes the tables as they are. What is declared otherwise since cannot be looked up until somebody opens them for writing.
    init(reading catalog: CollectionCatalog, in db: Database) throws {
        self.init(catalog: catalog, numbers: [:])
        _ = try read(db)
    }

    /// Reads the numbers; false when something has to be changed first.
    private mutating func read(_ db: Database) throws -> Bool {
        numbers = [:]
        for row in try Row.fetchAll(db, sql: "SELECT name, number, indexes, search FROM collections") {
            let name: String = row[0]
            guard let declaration = catalog.declarations[name] else { continue }
            if Self.json(declaration.indexes) == row[2], Self.json(declaration.search) == row[3] {
                numbers[name] = row[1]
            }
        }
        return numbers.count == catalog.declarations.count
    }

    private static func json(_ names: [String]) -> String { TypedJSON.text(.list(names.map(Value.string))) }

    private static func store(_ name: String, _ declaration: CollectionDeclaration, in db: Database) throws {
        let arguments: StatementArguments = [name, json(declaration.indexes), json(declaration.search)]
        try db.execute(
            sql: """
                INSERT INTO collections (name, indexes, search) VALUES (?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET indexes = excluded.indexes, search = excluded.search
                """, arguments: arguments)
        guard
            let number = try Int64.fetchOne(db, sql: "SELECT number FROM collections WHERE name = ?", arguments: [name])
        else { throw StoreError.unreadable("a list of collections") }
        try db.execute(sql: "DROP TABLE IF EXISTS search_\(number)")
        try db.execute(sql: "DELETE FROM document_index WHERE collection = ?", arguments: [number])
        if !declaration.search.isEmpty {
            // The words are split and folded before they get here; this tokenizer takes them as they are.
            try db.execute(
                sql: "CREATE VIRTUAL TABLE search_\(number) USING fts5 (words, id UNINDEXED, tokenize = 'ascii')")
        }
        try db.eachRow("SELECT id, body FROM documents WHERE collection = ?", [number]) { row in
            let document = try Document(row: row)
            try db.index(document.id, before: nil, after: document.body, collection: number, declaration)
            return true
        }
    }
}
