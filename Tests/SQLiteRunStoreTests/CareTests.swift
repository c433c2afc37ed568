import Foundation
import RunStore
import SQLiteRunStore
import Testing
import WorkflowModel

@Suite("Care for the database")
struct CareTests {
    private func open(_ folder: String) throws -> SQLiteRunStore {
        try SQLiteRunStore(folder: folder, collections: [:])
    }

    private func file(_ folder: String) -> String { folder + "/" + SQLiteRunStore.fileName }

    private func runs(_ folder: String) async throws -> Int {
        let store = try open(folder)
        let count = try await store.read(view: { try $0.runCounts().values.reduce(0, +) })
        await store.close()
        return count
    }

    @Test("a backup holds what was there when it was made, while others go on writing")
    func backs() async throws {
        try await withFolder { folder in
            let store = try open(folder + "/live")
            for number in 1...20 { try await store.write { try $0.insertRun(.sample(number)) } }
            let writing = Task {
                for number in 21...200 { try await store.write { try $0.insertRun(.sample(number)) } }
            }
            let size = try await store.backup(to: folder + "/copy.sqlite")
            try await writing.value
            #expect(size > 0)
            let mode = try FileManager.default.attributesOfItem(atPath: folder + "/copy.sqlite")[.posixPermissions]
            #expect(mode as? Int == 0o600)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["copy.sqlite", "live"],
                "nothing else is left")
            #expect(try SQLiteRunStore.restore(from: folder + "/copy.sqlite", into: folder, keepingAs: ".old") == nil)
            let copied = try await runs(folder)
            #expect((20...200).contains(copied))
            await store.close()
        }
    }

    @Test("a backup never replaces a file")
    func replacesNothing() async throws {
        try await withFolder { folder in
            let store = try open(folder)
            try Data("mine".utf8).write(to: URL(fileURLWithPath: folder + "/copy"))
            let error = await #expect(throws: StoreError.self) { _ = try await store.backup(to: folder + "/copy") }
            #expect(error?.code == .misuse)
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/copy")) == Data("mine".utf8))
            let nowhere = await #expect(throws: StoreError.self) { _ = try await store.backup(to: folder + "/no/copy") }
            #expect(nowhere?.code == .readOnly)
            await store.close()
        }
    }

    @Test("restoring keeps the former database whole, with what was still in its log")
    func restores() async throws {
        try await withFolder { folder in
            let store = try open(folder)
            try await store.write { try $0.insertRun(.sample(1)) }
            _ = try await store.backup(to: folder + "/copy")
            try await store.write { try $0.insertRun(.sample(2)) }
            // As a killed process leaves it: the second run is in the log alone.
            try FileManager.default.createDirectory(atPath: folder + "/left", withIntermediateDirectories: true)
            for part in ["", "-wal"] {
                try FileManager.default.copyItem(
                    atPath: file(folder) + part, toPath: file(folder + "/left") + part)
            }
            await store.close()
            let kept = try SQLiteRunStore.restore(
                from: folder + "/copy", into: folder + "/left", keepingAs: ".before")
            #expect(kept == file(folder + "/left") + ".before")
            #expect(try await runs(folder + "/left") == 1)
            try FileManager.default.createDirectory(atPath: folder + "/former", withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: file(folder + "/left") + ".before", toPath: file(folder + "/former"))
            #expect(try await runs(folder + "/former") == 2)
        }
    }

    @Test("what is no backup of ours is refused and changes nothing", arguments: ["text", "other", "damaged", "newer"])
    func refuses(_ kind: String) async throws {
        try await withFolder { folder in
            let store = try open(folder)
            for number in 1...300 { try await store.write { try $0.insertRun(.sample(number)) } }
            let backup = folder + "/copy"
            _ = try await store.backup(to: backup)
            await store.close()
            switch kind {
            case "text": try Data("no database".utf8).write(to: URL(fileURLWithPath: backup))
            case "other": try patch(backup, at: 68, [0, 0, 0, 1])
            case "newer": try patch(backup, at: 60, [0, 0, 1, 0])
            default: try patch(backup, at: 4096 * 8, [UInt8](repeating: 0xA5, count: 4096 * 8))
            }
            #expect(throws: StoreError.self) {
                _ = try SQLiteRunStore.restore(from: backup, into: folder, keepingAs: ".before")
            }
            #expect(try await runs(folder) == 300)
            let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            #expect(!left.contains { $0.contains(".before") || $0.contains(".restoring") }, "\(left)")
        }
    }

    @Test("damage is found")
    func findsDamage() async throws {
        try await withFolder { folder in
            let store = try open(folder)
            for number in 1...300 { try await store.write { try $0.insertRun(.sample(number)) } }
            #expect(try await store.integrityProblems() == [])
            await store.close()
            try patch(file(folder), at: 4096 * 8, [UInt8](repeating: 0xA5, count: 4096 * 8))
            let damaged = try open(folder)
            do {
                let problems = try await damaged.integrityProblems()
                #expect(!problems.isEmpty)
            } catch let error as StoreError {
                #expect(error.code == .damaged)
            }
            await damaged.close()
        }
    }

    @Test("a database of the first layout is brought up to date, and a copy from before is kept")
    func keepsACopy() async throws {
        try await withFolder { folder in
            try SQLiteRunStore.makeDatabase(
                ofVersion: 1, in: folder,
                filledBy: """
                    INSERT INTO runs (id, playbook, kind, bundle, state, created_at, inputs, depth, entries)
                    VALUES ('\(RunID.sample(1))', 'greet', 'live', 'b', 'waiting', '2026-01-01T00:00:00.000000000Z', '{}', 0, 0);
                    INSERT INTO timers (is_plugins, owner, name, due, event) VALUES
                        (0, '\(RunID.sample(1))', 't', '2026-01-01T00:00:00.000000000Z', NULL),
                        (1, 'ticket', 'k', '2026-01-01T00:00:01.000000000Z', '{"type":"ticket.late","data":{}}');
                    """)
            let again = try open(folder)
            #expect(try await again.writerSetting("user_version") == "\(SQLiteRunStore.version)")
            let expected = RunRecord.sample(1)
            let run = try #require(try await again.read(view: { try $0.run(expected.id) }))
            #expect(run.state == .waiting)
            #expect(!run.isHeld && run.slot == nil && run.parent == nil && run.callDepth == 0 && run.origin == nil)
            let timers = try await again.read(view: { try $0.timers(dueBy: .latest, limit: 9) })
            let draft = EventDraft(type: "ticket.late", data: [:])
            #expect(
                timers.map(\.purpose) == [.run(expected.id, name: "t"), .event(plugin: "ticket", key: "k", draft)])
            try await again.write { try $0.removeTimer(plugin: "ticket", key: "k") }
            #expect(try await again.read(view: { try $0.timers(dueBy: .latest, limit: 9) }).count == 1)
            let bounds = PruneBounds(runsEndedBefore: .latest, eventsBefore: .latest, identitiesBefore: .latest)
            #expect(try await again.write { try $0.prune(bounds, limit: 10) }.isEmpty)
            await again.close()
            let copy = file(folder) + ".layout-1"
            #expect(FileManager.default.fileExists(atPath: copy))
            try FileManager.default.createDirectory(atPath: folder + "/old", withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: copy, toPath: file(folder + "/old"))
            #expect(try await runs(folder + "/old") == 1)
        }
    }

    /// Overwrites bytes of a closed database.
    private func patch(_ path: String, at offset: UInt64, _ bytes: [UInt8]) throws {
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        try handle.seek(toOffset: offset)
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
    }
}
