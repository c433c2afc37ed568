import PluginKit
import RunStore
import SQLiteRunStore
import Synchronization
import Testing
import WorkflowModel

struct TroubleTests {
    private let collections = ["ticket.tickets": CollectionDeclaration(name: "tickets", indexes: ["status"])]

    @Test("a full disk fails the change with words, leaves nothing of it, and the store goes on")
    func fullDisk() async throws {
        try await withFolder { folder in
            let store = try SQLiteRunStore(
                folder: folder, collections: collections, options: .init(maximumSize: 1 << 20))
            try await store.write { try $0.insertRun(.sample(1)) }
            let text = Value.string(String(repeating: "x", count: 50_000))
            var stored = 0
            var trouble: StoreError?
            while trouble == nil, stored < 100 {
                let number = stored
                do {
                    try await store.write { transaction in
                        let plugin = transaction.pluginStore(of: "ticket")
                        try plugin.put("a\(number)", ["status": "small"], in: "ticket.tickets")
                        try plugin.put("b\(number)", ["text": text], in: "ticket.tickets")
                    }
                    stored += 1
                } catch let error as StoreError {
                    trouble = error
                }
            }
            #expect(trouble?.code == .full)
            #expect(trouble?.message.contains("no space") == true)
            #expect(trouble?.message.contains(folder) == true)
            #expect(stored > 5)
            let count = { try await store.read { try $0.count(in: "ticket.tickets", DocumentQuery()) } }
            #expect(try await count() == 2 * stored)
            try await store.write { transaction in
                for number in 0..<3 {
                    try transaction.pluginStore(of: "ticket").remove("b\(number)", in: "ticket.tickets")
                }
            }
            try await store.write { transaction in
                try transaction.pluginStore(of: "ticket").put("again", ["text": text], in: "ticket.tickets")
            }
            #expect(try await count() == 2 * stored - 2)
            await store.close()
        }
    }

    @Test("when many writes meet a full disk, each is stored whole or refused")
    func fullDiskInABatch() async throws {
        try await withFolder { folder in
            let store = try SQLiteRunStore(
                folder: folder, collections: collections, options: .init(maximumSize: 1 << 20))
            let text = Value.string(String(repeating: "x", count: 20_000))
            let outcomes = await withTaskGroup(of: (Int, StoreError.Code?).self) { group in
                for number in 0..<200 {
                    group.addTask {
                        do {
                            try await store.write { transaction in
                                let plugin = transaction.pluginStore(of: "ticket")
                                try plugin.put("\(number)", ["text": text], in: "ticket.tickets")
                                try plugin.put("\(number)+", ["text": text], in: "ticket.tickets")
                            }
                            return (number, nil)
                        } catch {
                            return (number, (error as? StoreError)?.code ?? .misuse)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let expected = outcomes.filter { $0.1 == nil }.flatMap { ["\($0.0)", "\($0.0)+"] }
            #expect(Set(outcomes.compactMap(\.1)) == [.full])
            #expect(expected.count < 400)
            let found = try await store.read { try $0.documents(in: "ticket.tickets", DocumentQuery()) }
            #expect(found.map(\.id) == expected.sorted())
            await store.close()
        }
    }

    @Test("two openings of one store see each other's commits")
    func twoConnections() async throws {
        try await withFolder { folder in
            let first = try SQLiteRunStore(folder: folder, collections: collections)
            let second = try SQLiteRunStore(folder: folder, collections: collections)
            for number in 1...20 {
                let (writer, reader) = number % 2 == 0 ? (first, second) : (second, first)
                try await writer.write { try $0.insertRun(.sample(number)) }
                #expect(try await reader.read(view: { try $0.run(.sample(number)) }) != nil)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    let store = number % 2 == 0 ? first : second
                    group.addTask {
                        _ = try await store.write { try $0.pluginStore(of: "ticket").nextNumber("n") }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await first.write { try $0.pluginStore(of: "ticket").nextNumber("n") } == 101)
            await first.close()
            #expect(try await second.read(view: { try $0.runs(RunQuery()) }).count == 20)
            await second.close()
        }
    }

    @Test("a store that another one holds too long is busy, and works again afterwards")
    func busy() async throws {
        try await withFolder { folder in
            let holder = try SQLiteRunStore(folder: folder, collections: collections)
            let waiter = try SQLiteRunStore(
                folder: folder, collections: collections, options: .init(busyTimeout: .milliseconds(20)))
            let (started, start) = AsyncStream.makeStream(of: Void.self)
            let isReleased = Mutex(false)
            let holding = Task {
                try await holder.write { transaction in
                    try transaction.insertRun(.sample(1))
                    start.finish()
                    // The writer's thread is held on purpose, as a slow change would hold it.
                    while !isReleased.withLock({ $0 }) {}
                }
            }
            for await _ in started {}
            let error = await #expect(throws: StoreError.self) {
                try await waiter.write { try $0.insertRun(.sample(2)) }
            }
            #expect(error?.code == .busy)
            #expect(try await waiter.read(view: { try $0.runs(RunQuery()) }).isEmpty)
            isReleased.withLock { $0 = true }
            try await holding.value
            try await waiter.write { try $0.insertRun(.sample(2)) }
            #expect(try await holder.read(view: { try $0.runs(RunQuery()) }).count == 2)
            await holder.close()
            await waiter.close()
        }
    }

    @Test("closing waits for the writes that wait")
    func closingWaits() async throws {
        try await withFolder { folder in
            let store = try SQLiteRunStore(folder: folder, collections: collections)
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 1...200 {
                    group.addTask {
                        do {
                            try await store.write { try $0.insertRun(.sample(number)) }
                            return true
                        } catch {
                            return false
                        }
                    }
                }
                group.addTask {
                    await store.close()
                    return false
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            let again = try SQLiteRunStore(folder: folder, collections: collections)
            #expect(try await again.read(view: { try $0.runs(RunQuery(limit: 1000)) }).count == outcomes)
            await again.close()
        }
    }
}
