import Foundation
import PluginKit
import RunStore
import SQLiteRunStore
import Testing
import WorkflowModel

/// Figures for people, asked for with `SIGNALBOX_SPEED=1` in a release build: how fast depends on the disk, so nothing is
/// asserted but that the work is done.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["SIGNALBOX_SPEED"] != nil))
struct SpeedTests {
    private let collections = [
        "ticket.tickets": CollectionDeclaration(name: "tickets", indexes: ["status", "priority"], search: ["title"])
    ]

    private func measure(_ name: String, _ count: Int, _ body: () async throws -> Void) async throws {
        let time = try await ContinuousClock().measure { try await body() }
        let rate = Double(count) / (time / .seconds(1))
        print("\(name): \(count) in \(time), \(Int(rate)) a second, \(Int(1e6 / rate)) µs each")
    }

    /// What a step's end writes: one journal entry and the run's row.
    private static func step(_ run: Int, _ sequence: Int, _ transaction: any StoreTransaction) throws {
        var record = RunRecord.sample(run)
        record.entries = sequence
        try transaction.append(
            [
                JournalRecord(
                    sequence: sequence, at: record.createdAt, kind: "completed", step: "steps[0]", version: 1,
                    body: ["output": ["id": 4711, "text": "a text of some length, as outputs have it"]])
            ], to: record.id)
        try transaction.updateRun(record)
    }

    @Test("how long one durable change takes", arguments: [1, 64])
    func changes(_ writers: Int) async throws {
        try await withFolder { folder in
            let store = try SQLiteRunStore(folder: folder, collections: collections)
            try await store.write { transaction in
                for number in 1...writers { try transaction.insertRun(.sample(number)) }
            }
            let each = writers == 1 ? 2000 : 1000
            try await measure("\(writers) writers, steps", writers * each) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 1...writers {
                        group.addTask {
                            for sequence in 1...each {
                                try await store.write { try Self.step(number, sequence, $0) }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            await store.close()
        }
    }

    @Test("how long a start with 100,000 waiting runs takes, and taking 10,000 timers that are due")
    func manyWaiting() async throws {
        try await withFolder { folder in
            let store = try SQLiteRunStore(folder: folder, collections: collections)
            let now = Timestamp(seconds: 1_000_000)
            for start in stride(from: 0, to: 100_000, by: 1000) {
                try await store.write { transaction in
                    for number in start..<start + 1000 {
                        var run = RunRecord.sample(number)
                        run.state = .waiting
                        run.wakesAt = number < 10_000 ? now : now + .seconds(86_400)
                        try transaction.insertRun(run)
                        try transaction.setTimer(
                            TimerRecord(
                                due: now + (run.wakesAt == now ? .zero : .seconds(86_400)),
                                purpose: .run(run.id, name: "wait:a")))
                    }
                }
            }
            await store.close()
            var opened: SQLiteRunStore?
            try await measure("openings with 100,000 waiting runs", 1) {
                let store = try SQLiteRunStore(folder: folder, collections: collections)
                opened = store
                let generation = try await store.write { try $0.beginExecutor() }
                let due = try await store.read(view: {
                    try $0.runnable(generation: generation, now: now - .seconds(1), limit: 10_000)
                })
                #expect(due.isEmpty)
            }
            let again = try #require(opened)
            try await measure("listings of 10,000 runs that are due", 1) {
                let due = try await again.read(view: { try $0.runnable(generation: 2, now: now, limit: 10_000) })
                #expect(due.count == 10_000)
            }
            try await measure("timers taken", 10_000) {
                var taken = 0
                while true {
                    let count = try await again.write { transaction in
                        let due = try transaction.timers(dueBy: now, limit: 500)
                        for timer in due { try transaction.removeTimer(timer.purpose) }
                        return due.count
                    }
                    if count == 0 { break }
                    taken += count
                }
                #expect(taken == 10_000)
            }
            await again.close()
        }
    }

    @Test("how long an empty change and a read take")
    func small() async throws {
        try await withFolder { folder in
            let store = try SQLiteRunStore(folder: folder, collections: collections)
            try await store.write { try $0.insertRun(.sample(1)) }
            try await measure("empty changes", 5000) { for _ in 1...5000 { try await store.write { _ in } } }
            try await measure("edges set", 2000) {
                for number in 1...2000 {
                    try await store.write { transaction in
                        try transaction.setEdge(
                            EdgeRecord(
                                playbook: "p", subject: "s\(number % 10)", condition: "c",
                                since: Timestamp(seconds: 1)))
                    }
                }
            }
            try await measure("reads of a run", 20_000) {
                for _ in 1...20_000 { _ = try await store.read(view: { try $0.run(.sample(1)) }) }
            }
            await store.close()
        }
    }

    @Test("how long documents take")
    func documents() async throws {
        try await withFolder { folder in
            let store = try SQLiteRunStore(folder: folder, collections: collections)
            let words = ["printer", "vpn", "mail", "slow", "broken", "office", "screen", "login"]
            try await measure("documents put", 20_000) {
                try await store.write { transaction in
                    let plugin = transaction.pluginStore(of: "ticket")
                    for number in 0..<20_000 {
                        let title = (0..<6).map { words[(number / (1 << $0) + $0) % 8] }.joined(separator: " ")
                        try plugin.put(
                            "\(number)",
                            [
                                "status": number % 10 == 0 ? "open" : "solved", "priority": .int(Int64(number % 5)),
                                "title": .string(title),
                            ], in: "ticket.tickets")
                    }
                }
            }
            let query = DocumentQuery([.init("status", .equals("open"))], order: "priority", limit: 50)
            try await measure("queries by status in order of priority", 200) {
                for _ in 1...200 { _ = try await store.read { try $0.documents(in: "ticket.tickets", query) } }
            }
            try await measure("searches for two words", 100) {
                for _ in 1...100 {
                    _ = try await store.read { try $0.search("vpn login", in: "ticket.tickets", limit: 5) }
                }
            }
            await store.close()
        }
    }
}
