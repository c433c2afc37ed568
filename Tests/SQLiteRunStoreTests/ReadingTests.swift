import Foundation
import PluginKit
import RunStore
import SQLiteRunStore
import Testing
import WorkflowModel

@Suite("Opened for reading only")
struct ReadingTests {
    private let tickets = ["ticket.tickets": CollectionDeclaration(name: "tickets", indexes: ["status"])]

    private func read(_ folder: String) throws -> SQLiteRunStore {
        try SQLiteRunStore(readingFolder: folder, collections: tickets)
    }

    /// The files of a folder with their content.
    private func files(_ folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            files[name] = FileManager.default.contents(atPath: folder + "/" + name)
        }
        return files
    }

    @Test("a store that was closed is read, and its folder is left as it was")
    func closed() async throws {
        try await withFolder { folder in
            let store = try SQLiteRunStore(folder: folder, collections: tickets)
            try await store.write { transaction in
                try transaction.insertRun(.sample(1))
                try transaction.pluginStore(of: "ticket").put("1", ["status": "new"], in: "ticket.tickets")
            }
            await store.close()
            let before = try files(folder)
            let reader = try read(folder)
            #expect(try await reader.read(view: { try $0.run(.sample(1)) })?.playbook == "greet")
            let query = DocumentQuery([.init("status", .equals("new"))])
            #expect(try await reader.read { try $0.count(in: "ticket.tickets", query) } == 1)
            #expect(try await reader.integrityProblems() == [])
            #expect(try reader.snapshotReader().run(.sample(1)) != nil)
            await reader.close()
            #expect(try files(folder)[SQLiteRunStore.fileName] == before[SQLiteRunStore.fileName])
            await #expect(throws: StoreError.self) { _ = try await reader.read(view: { try $0.run(.sample(1)) }) }
        }
    }

    @Test("it reads along while another store writes")
    func readsAlong() async throws {
        try await withFolder { folder in
            let store = try SQLiteRunStore(folder: folder, collections: tickets)
            try await store.write { try $0.insertRun(.sample(1)) }
            let reader = try read(folder)
            for number in 2...20 {
                try await store.write { try $0.insertRun(.sample(number)) }
                #expect(try await reader.read(view: { try $0.runs(RunQuery()) }).count == number)
            }
            await reader.close()
            try await store.write { try $0.insertRun(.sample(21)) }
            await store.close()
        }
    }

    @Test("a view that is held is refused once somebody changes a file that was read as unchanging")
    func heldView() async throws {
        try await withFolder { folder in
            await (try SQLiteRunStore(folder: folder, collections: tickets)).close()
            let reader = try read(folder)
            let view = try reader.snapshotReader()
            #expect(try view.run(.sample(1)) == nil)
            let store = try SQLiteRunStore(folder: folder, collections: tickets)
            try await store.write { try $0.insertRun(.sample(1)) }
            await store.close()
            do {
                // Beside its log it is a view of the state before; without one it must not give halves of two states.
                #expect(try view.run(.sample(1)) == nil)
            } catch let error as StoreError {
                #expect(error.code == .busy)
            }
            await reader.close()
        }
    }

    @Test("it says whether all collections are there")
    func collectionsAreThere() async throws {
        try await withFolder { folder in
            await (try SQLiteRunStore(folder: folder, collections: tickets)).close()
            let reader = try read(folder)
            #expect(reader.hasAllCollections)
            await reader.close()
            let more = tickets.merging(["sla.clocks": CollectionDeclaration(name: "clocks")]) { $1 }
            let other = try SQLiteRunStore(readingFolder: folder, collections: more)
            #expect(!other.hasAllCollections)
            await other.close()
        }
    }

    @Test("every change is refused in words")
    func refusesChanges() async throws {
        try await withFolder { folder in
            await (try SQLiteRunStore(folder: folder, collections: tickets)).close()
            let reader = try read(folder)
            let error = await #expect(throws: StoreError.self) {
                try await reader.write { try $0.insertRun(.sample(1)) }
            }
            #expect(error?.code == .readOnly)
            #expect(error?.message.contains("for reading only") == true)
            await #expect(throws: (any Error).self) { try await reader.changeLayout("DELETE FROM runs") }
            #expect(try await reader.read(view: { try $0.runs(RunQuery()) }).isEmpty)
            await reader.close()
        }
    }

    @Test("an older layout is not brought up to date, and the message says how it is")
    func olderLayout() async throws {
        try await withFolder { folder in
            try SQLiteRunStore.makeDatabase(ofVersion: 3, in: folder, filledBy: "")
            let before = try files(folder)
            let error = #expect(throws: StoreError.self) { try read(folder) }
            #expect(error?.code == .olderVersion)
            #expect(error?.message.contains("version 3") == true)
            #expect(error?.message.contains("signalbox serve") == true)
            #expect(try files(folder)[SQLiteRunStore.fileName] == before[SQLiteRunStore.fileName])
            #expect(try !files(folder).keys.contains { $0.contains("layout-3") })
            await (try SQLiteRunStore(folder: folder, collections: tickets)).close()
            await (try read(folder)).close()
        }
    }

    @Test("what is no database of ours is refused, and none is made")
    func refuses() async throws {
        try await withFolder { folder in
            let missing = #expect(throws: StoreError.self) { try read(folder) }
            #expect(missing?.message.contains("there is no database") == true)
            #expect(try files(folder).isEmpty)
            try Data("This is a letter.".utf8).write(to: URL(fileURLWithPath: folder + "/" + SQLiteRunStore.fileName))
            let text = #expect(throws: StoreError.self) { try read(folder) }
            #expect(text?.code == .damaged)
        }
    }

    @Test("a collection that is declared otherwise since is refused by name; the rest is read")
    func otherCollections() async throws {
        try await withFolder { folder in
            let store = try SQLiteRunStore(folder: folder, collections: tickets)
            try await store.write { try $0.insertRun(.sample(1)) }
            await store.close()
            let reader = try SQLiteRunStore(
                readingFolder: folder,
                collections: ["ticket.tickets": CollectionDeclaration(name: "tickets", indexes: ["team"])])
            #expect(try await reader.read(view: { try $0.run(.sample(1)) }) != nil)
            let error = await #expect(throws: StoreError.self) {
                _ = try await reader.read { try $0.documents(in: "ticket.tickets", DocumentQuery()) }
            }
            #expect(error?.message.contains("ticket.tickets") == true)
            await reader.close()
        }
    }
}
