import RunStoreTesting
import SQLiteRunStore
import Testing

@Test("the store on disk keeps the contract", arguments: RunStoreConformance.cases)
func conforms(_ fact: RunStoreConformance.Case) async throws {
    try await withFolder { folder in
        try await fact.check { collections in try SQLiteRunStore(folder: folder, collections: collections) }
    }
}
