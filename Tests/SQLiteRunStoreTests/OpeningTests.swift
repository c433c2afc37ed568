import Foundation
import PluginKit
import RunStore
import SQLiteRunStore
import Testing
import WorkflowModel

struct OpeningTests {
    private let tickets = ["ticket.tickets": CollectionDeclaration(name: "tickets", indexes: ["status"])]

    private func open(_ folder: String) throws -> SQLiteRunStore {
        try SQLiteRunStore(folder: folder, collections: tickets)
    }

    private func file(_ folder: String) -> String { folder + "/" + SQLiteRunStore.fileName }

    /// Overwrites bytes of the closed database's header (sqlite.org/fileformat2.html, "The Database Header").
    private func patch(_ folder: String, at offset: UInt64, _ bytes: [UInt8]) throws {
        let handle = try #require(FileHandle(forUpdatingAtPath: file(folder)))
        try handle.seek(toOffset: offset)
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
    }

    @Test("every commit is synced to the disk: synchronous is FULL after opening")
    func synchronousIsFull() async throws {
        try await withFolder { folder in
            let store = try open(folder)
            #expect(try await store.writerSetting("synchronous") == "2")
            #expect(try await store.writerSetting("journal_mode") == "wal")
            #expect(try await store.writerSetting("user_version") == "\(SQLiteRunStore.version)")
            await store.close()
        }
    }

    @Test("what was written is there after closing and opening again")
    func reopens() async throws {
        try await withFolder { folder in
            let store = try open(folder)
            try await store.write { try $0.insertRun(.sample(1)) }
            try await store.write { try $0.pluginStore(of: "ticket").put("1", ["status": "new"], in: "ticket.tickets") }
            await store.close()
            #expect(!FileManager.default.fileExists(atPath: file(folder) + "-wal"))
            let again = try open(folder)
            #expect(try await again.read(view: { try $0.run(.sample(1)) })?.playbook == "greet")
            #expect(try await again.read { try $0.document("1", in: "ticket.tickets") } == ["status": "new"])
            await again.close()
        }
    }

    @Test("what a write has returned survives the sudden end of the process")
    func survivesACrash() async throws {
        try await withFolder { folder in
            let store = try open(folder + "/live")
            for number in 1...20 { try await store.write { try $0.insertRun(.sample(number)) } }
            // The files as they are while the store is open are what a killed process leaves.
            try FileManager.default.copyItem(atPath: folder + "/live", toPath: folder + "/left")
            let left = try open(folder + "/left")
            #expect(try await left.read(view: { try $0.runs(RunQuery()) }).count == 20)
            try await left.write { try $0.insertRun(.sample(21)) }
            await left.close()
            await store.close()
        }
    }

    @Test("a store that is let go without closing keeps what it has written")
    func letGo() async throws {
        try await withFolder { folder in
            for number in 1...3 {
                let store = try open(folder)
                try await store.write { try $0.insertRun(.sample(number)) }
            }
            let store = try open(folder)
            #expect(try await store.read(view: { try $0.runs(RunQuery()) }).count == 3)
            await store.close()
        }
    }

    @Test("a database of a newer version is refused with both versions")
    func newerVersion() async throws {
        try await withFolder { folder in
            await (try open(folder)).close()
            try patch(folder, at: 60, [0, 0, 0, 77])
            let error = #expect(throws: StoreError.self) { try open(folder) }
            #expect(error?.code == .newerVersion)
            #expect(error?.message.contains("version 77") == true)
            #expect(error?.message.contains("knows \(SQLiteRunStore.version)") == true)
        }
    }

    @Test("a database of another program is refused and left alone")
    func foreignDatabase() async throws {
        try await withFolder { folder in
            await (try open(folder)).close()
            for application: [UInt8] in [[0, 0, 0, 0], [1, 2, 3, 4]] {
                try patch(folder, at: 68, application)
                let before = FileManager.default.contents(atPath: file(folder))
                let error = #expect(throws: StoreError.self) { try open(folder) }
                #expect(error?.code == .damaged)
                #expect(error?.message.contains("no database of Signalbox") == true)
                #expect(FileManager.default.contents(atPath: file(folder)) == before)
            }
        }
    }

    @Test("a file that is no database is refused and left alone")
    func noDatabase() async throws {
        try await withFolder { folder in
            let text = Data(String(repeating: "This is a letter. ", count: 500).utf8)
            try text.write(to: URL(fileURLWithPath: file(folder)))
            let error = #expect(throws: StoreError.self) { try open(folder) }
            #expect(error?.code == .damaged)
            #expect(error?.message.contains(file(folder)) == true)
            #expect(FileManager.default.contents(atPath: file(folder)) == text)
        }
    }

    @Test("an empty file becomes a database")
    func emptyFile() async throws {
        try await withFolder { folder in
            try Data().write(to: URL(fileURLWithPath: file(folder)))
            let store = try open(folder)
            try await store.write { try $0.insertRun(.sample(1)) }
            await store.close()
        }
    }

    @Test("a damaged database is reported as such, when it is opened or used")
    func damagedDatabase() async throws {
        try await withFolder { folder in
            let store = try open(folder)
            try await store.write { transaction in
                for number in 1...200 { try transaction.insertRun(.sample(number)) }
            }
            await store.close()
            let size = try #require(FileManager.default.contents(atPath: file(folder))?.count)
            try patch(folder, at: 4096, [UInt8](repeating: 0xA5, count: size - 4096))
            var found: StoreError?
            do {
                let damaged = try open(folder)
                _ = try await damaged.read(view: { try $0.runs(RunQuery()) })
            } catch let error as StoreError {
                found = error
            }
            #expect(found?.code == .damaged)
        }
    }

    @Test("a folder that cannot be made or written is refused in words")
    func unwritableFolder() async throws {
        try await withFolder { folder in
            let blocker = folder + "/file"
            try Data().write(to: URL(fileURLWithPath: blocker))
            for path in [blocker, blocker + "/state", "/proc/signalbox-state", "/dev/null/state"] {
                let error = #expect(throws: StoreError.self) { try open(path) }
                #expect(error?.code == .readOnly)
                #expect(error?.message.contains(path) == true)
            }
            try FileManager.default.createDirectory(atPath: file(folder), withIntermediateDirectories: false)
            let error = #expect(throws: StoreError.self) { try open(folder) }
            #expect(error?.code == .readOnly)
        }
    }

    @Test("many openings of a new folder at once all succeed")
    func openedAtOnce() async throws {
        try await withFolder { folder in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...8 {
                    group.addTask {
                        let store = try open(folder)
                        try await store.write { try $0.insertRun(.sample(number)) }
                        await store.close()
                    }
                }
                try await group.waitForAll()
            }
            let store = try open(folder)
            #expect(try await store.read(view: { try $0.runs(RunQuery()) }).count == 8)
            await store.close()
        }
    }

    @Test("a collection whose declaration has changed is indexed again")
    func declarationChanges() async throws {
        try await withFolder { folder in
            let store = try open(folder)
            try await store.write { transaction in
                for (id, team) in [("1", "red"), ("2", "blue")] {
                    let body: ValueMap = ["status": "new", "team": .string(team), "title": .string("A \(team) one")]
                    try transaction.pluginStore(of: "ticket").put(id, body, in: "ticket.tickets")
                }
            }
            await store.close()
            let changed = [
                "ticket.tickets": CollectionDeclaration(name: "tickets", indexes: ["team"], search: ["title"]),
                "ticket.notes": CollectionDeclaration(name: "notes"),
            ]
            let again = try SQLiteRunStore(folder: folder, collections: changed)
            let found = try await again.read { documents in
                [
                    try documents.documents(in: "ticket.tickets", DocumentQuery([.init("team", .equals("blue"))])).map(
                        \.id),
                    try documents.search("red", in: "ticket.tickets", limit: 5).map(\.document.id),
                ]
            }
            #expect(found == [["2"], ["1"]])
            await #expect(throws: StoreError.self) {
                _ = try await again.read { try $0.documents(in: "ticket.tickets", DocumentQuery(order: "status")) }
            }
            await again.close()
        }
    }
}

extension RunRecord {
    /// A run whose id sorts by `number`.
    static func sample(_ number: Int) -> RunRecord {
        RunRecord(
            id: .sample(number), playbook: "greet", kind: .live, bundle: "b", event: nil, subject: nil,
            createdAt: Timestamp(seconds: Int64(number)))
    }
}

extension RunID {
    /// An id that sorts by `number`.
    static func sample(_ number: Int) -> RunID {
        RunID(at: Timestamp(seconds: Int64(number)), random: [1])
    }
}
