import InMemoryRunStore
import RunStoreTesting
import Testing

@Test("the store in memory keeps the contract", arguments: RunStoreConformance.cases)
func conforms(_ fact: RunStoreConformance.Case) async throws {
    try await fact.check { collections in InMemoryRunStore(collections: collections) }
}

@Test("an overlay over an empty store keeps the contract", arguments: RunStoreConformance.cases)
func overlayConforms(_ fact: RunStoreConformance.Case) async throws {
    try await fact.check { collections in
        let base = InMemoryRunStore(collections: collections)
        return try InMemoryRunStore(over: base.snapshotReader(), collections: collections)
    }
}
