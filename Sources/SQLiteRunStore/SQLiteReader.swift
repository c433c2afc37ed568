import GRDB
import PluginKit
import RunStore
import WorkflowModel

/// The collections as they are in an open database.
struct OpenCatalog: Sendable {
    var catalog: CollectionCatalog
    /// The number of each collection by full name.
    var numbers: [String: Int64]

    /// The number and the declaration of a collection.
    func collection(_ name: String) throws(StoreError) -> (number: Int64, declaration: CollectionDeclaration) {
        let declaration = try catalog.declaration(of: name)
        guard let number = numbers[name] else {
            throw StoreError(
                .misuse,
                "the collection \"\(name)\" was not there, or had other indexes, when the store was opened; a command that may "
                    + "change the store brings it up to date")
        }
        return (number, declaration)
    }
}

/// Reads the tables; the methods are in Queries, by table.
protocol SQLiteReading: StoreReader {
    var db: Database { get }
    var catalog: OpenCatalog { get }
}

/// One consistent view.
struct SQLiteReader: SQLiteReading {
    let db: Database
    let catalog: OpenCatalog
}

extension SQLiteReading {
    var documents: any PluginStoreReader { SQLiteDocuments(db: db, catalog: catalog) }
}

/// Changes the tables, inside the writer's transaction.
final class SQLiteTransaction: SQLiteReading, StoreTransaction {
    let db: Database
    let catalog: OpenCatalog
    let facts: CommitFacts
    /// Whether this transaction has counted a new executor.
    var isBeginner = false
    var emitted: [(plugin: String, event: EventDraft)] = []
    var hasSetTimers = false
    /// The event that was asked for last and is not there.
    var newEvent: (id: String, source: String)?
    /// What plugins have read and written.
    var read = ReadDocuments()

    init(db: Database, catalog: OpenCatalog, facts: CommitFacts) {
        self.db = db
        self.catalog = catalog
        self.facts = facts
    }

    func pluginStore(of plugin: String) -> any PluginStore { SQLitePluginStore(plugin: plugin, transaction: self) }

    func takeEmitted() -> [(plugin: String, event: EventDraft)] {
        defer { emitted = [] }
        return emitted
    }
}
