import PluginKit
import RunStore
import SQLiteRunStore
import Testing
import WorkflowModel

struct SnapshotTests {
    private let collections = [
        "ticket.tickets": CollectionDeclaration(name: "tickets", indexes: ["status"], search: ["title"])
    ]

    @Test("a snapshot stays as it was while the store goes on")
    func staysAsItWas() async throws {
        try await withFolder { folder in
            let store = try SQLiteRunStore(folder: folder, collections: collections)
            let put = { (id: String, title: String) in
                try await store.write { transaction in
                    let plugin = transaction.pluginStore(of: "ticket")
                    try plugin.put(id, ["status": "new", "title": .string(title)], in: "ticket.tickets")
                    _ = try plugin.nextNumber("n")
                }
            }
            try await put("1", "alpha")
            try await store.write { try $0.insertRun(.sample(1)) }
            let snapshot = try store.snapshotReader()
            #expect(try snapshot.runs(RunQuery()).count == 1)
            try await put("2", "alpha beta")
            try await store.write { try $0.insertRun(.sample(2)) }
            #expect(try snapshot.runs(RunQuery()).count == 1)
            #expect(try snapshot.documents.documents(in: "ticket.tickets", DocumentQuery()).map(\.id) == ["1"])
            #expect(try snapshot.lastNumber("n", of: "ticket") == 1)
            #expect(try snapshot.occurrences(of: ["alpha", "beta"], in: "ticket.tickets") == [1, 0])
            #expect(try store.snapshotReader().occurrences(of: ["alpha", "beta"], in: "ticket.tickets") == [2, 1])
            await store.close()
            #expect(throws: StoreError.self) { try store.snapshotReader() }
        }
    }
}
