import RunStore
import SQLiteRunStore
import Synchronization
import Testing
import WorkflowModel

/// What the observer heard.
final class CommitLog: Sendable {
    private let heard = Mutex<[CommitReport]>([])

    var reports: [CommitReport] { heard.withLock { $0 } }

    func note(_ report: CommitReport) { heard.withLock { $0.append(report) } }
}

/// Holds the writer's thread inside a change until it is let go.
final class Holder: Sendable {
    private let isReleased = Atomic(false)
    private let hasBegun = Atomic(false)

    func hold() {
        hasBegun.store(true, ordering: .releasing)
        // The writer's thread is held on purpose, as a slow change would hold it.
        while !isReleased.load(ordering: .acquiring) {}
    }

    func untilHeld() async { while !hasBegun.load(ordering: .acquiring) { await Task.yield() } }

    func release() { isReleased.store(true, ordering: .releasing) }
}

@Suite(.timeLimit(.minutes(1)))
struct CommitQueueTests {
    private func open(_ folder: String, _ log: CommitLog, maximumWaiting: Int = 4096) throws -> SQLiteRunStore {
        try SQLiteRunStore(
            folder: folder, collections: [:], options: .init(maximumWaiting: maximumWaiting),
            observer: { log.note($0) })
    }

    /// Waits until `condition` holds of the load.
    private func until(_ store: SQLiteRunStore, _ condition: (WriteLoad) -> Bool) async {
        while !condition(store.writeLoad) { await Task.yield() }
    }

    @Test("a change that comes when nothing waits is a commit of its own, and the observer hears of it first")
    func alone() async throws {
        try await withFolder { folder in
            let log = CommitLog()
            let store = try open(folder, log)
            for number in 1...10 {
                try await store.write { try $0.insertRun(.sample(number)) }
                #expect(log.reports.count == number)
            }
            #expect(log.reports.allSatisfy { $0.changes == 1 && $0.undone == 0 && $0.failure == nil })
            #expect(log.reports.allSatisfy { $0.duration >= $0.syncDuration && $0.waiting == 0 && $0.heldBack == 0 })
            #expect(store.writeLoad.waiting == 0)
            #expect(store.writeLoad.last == log.reports.last)
            await store.close()
        }
    }

    @Test("what came while a commit was made goes into one commit together, also what undoes itself")
    func together() async throws {
        struct Undone: Error {}
        try await withFolder { folder in
            let log = CommitLog()
            let store = try open(folder, log)
            let holder = Holder()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await store.write { _ in holder.hold() } }
                await holder.untilHeld()
                for number in 1...300 {
                    group.addTask {
                        do {
                            try await store.write { transaction in
                                try transaction.insertRun(.sample(number))
                                if number % 10 == 0 { throw Undone() }
                            }
                        } catch is Undone {}
                    }
                }
                await until(store) { $0.waiting == 301 }
                holder.release()
                try await group.waitForAll()
            }
            // The held commit is out of time; what waited follows together, up to the time that a commit may take.
            #expect(log.reports.first?.changes == 1)
            #expect(log.reports.count < 60, "\(log.reports.count) commits for 300 changes")
            #expect(log.reports.dropFirst().reduce(0) { $0 + $1.changes } == 300)
            #expect(log.reports.reduce(0) { $0 + $1.undone } == 30)
            #expect(log.reports.first?.waiting == 300)
            #expect(try await store.read(view: { try $0.runCounts() }) == [.queued: 270])
            await store.close()
        }
    }

    @Test("beyond the bound callers are held back, go in in the order of coming, and lose nothing")
    func bounded() async throws {
        try await withFolder { folder in
            let log = CommitLog()
            let store = try open(folder, log, maximumWaiting: 8)
            let holder = Holder()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await store.write { _ in holder.hold() } }
                await holder.untilHeld()
                for number in 1...30 {
                    group.addTask {
                        try await store.write { transaction in
                            _ = try transaction.insertRequest(
                                RequestRecord(
                                    kind: "k", body: .int(Int64(number)), by: "b", at: Timestamp(seconds: 1)))
                        }
                    }
                    // One after the other, so that the order of coming is known.
                    await until(store) { $0.waiting + $0.heldBack == number + 1 }
                }
                let load = store.writeLoad
                #expect(load.waiting == 9)
                #expect(load.heldBack == 22)
                #expect(load.capacity == 8)
                holder.release()
                try await group.waitForAll()
            }
            let order = try await store.read(view: { try $0.openRequests(limit: 99).map(\.body) })
            #expect(order == (1...30).map { .int(Int64($0)) })
            #expect(log.reports.first?.heldBack == 22)
            #expect(store.writeLoad.heldBack == 0)
            await store.close()
        }
    }

    @Test("who is held back can be called off; who is in line is stored all the same")
    func cancelled() async throws {
        try await withFolder { folder in
            let store = try open(folder, CommitLog(), maximumWaiting: 1)
            let holder = Holder()
            let first = Task { try await store.write { _ in holder.hold() } }
            await holder.untilHeld()
            let inLine = Task { try await store.write { try $0.insertRun(.sample(1)) } }
            await until(store) { $0.waiting == 2 }
            let held = Task { try await store.write { try $0.insertRun(.sample(2)) } }
            await until(store) { $0.heldBack == 1 }
            let other = Task { try await store.write { try $0.insertRun(.sample(3)) } }
            await until(store) { $0.heldBack == 2 }
            inLine.cancel()
            held.cancel()
            await #expect(throws: CancellationError.self) { try await held.value }
            #expect(store.writeLoad.heldBack == 1)
            let late = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await store.write { try $0.insertRun(.sample(4)) }
            }
            await #expect(throws: CancellationError.self) { try await late.value }
            holder.release()
            try await first.value
            try await inLine.value
            try await other.value
            let runs = try await store.read(view: { try $0.runs(RunQuery()).map(\.id) })
            #expect(runs == [.sample(3), .sample(1)])
            await store.close()
        }
    }

    @Test("many writers that may be called off at any moment: each change is stored or its caller told otherwise")
    func cancelledAtRandom() async throws {
        try await withFolder { folder in
            let store = try open(folder, CommitLog(), maximumWaiting: 4)
            let stored = await withTaskGroup(of: RunID?.self) { group in
                for number in 1...400 {
                    group.addTask {
                        let write = Task { try await store.write { try $0.insertRun(.sample(number)) } }
                        if number % 3 == 0 {
                            for _ in 0..<(number % 7) { await Task.yield() }
                            write.cancel()
                        }
                        do {
                            try await write.value
                            return RunID.sample(number)
                        } catch {
                            return nil
                        }
                    }
                }
                return await group.reduce(into: Set<RunID>()) { if let run = $1 { $0.insert(run) } }
            }
            let found = try await store.read(view: { try $0.runs(RunQuery(limit: 1000)).map(\.id) })
            #expect(Set(found) == stored)
            #expect(stored.count >= 267)
            #expect(store.writeLoad.waiting == 0 && store.writeLoad.heldBack == 0)
            await store.close()
        }
    }

    @Test("an executor that begins in the middle of a commit fences those who come after it in the same one")
    func fencedInOneCommit() async throws {
        try await withFolder { folder in
            let log = CommitLog()
            let store = try open(folder, log)
            let first = try await store.write { try $0.beginExecutor() }
            let holder = Holder()
            let held = Task { try await store.write { _ in holder.hold() } }
            await holder.untilHeld()
            let before = Task { try await store.write { try $0.checkExecutor(first) } }
            await until(store) { $0.waiting == 2 }
            let second = Task { try await store.write { try $0.beginExecutor() } }
            await until(store) { $0.waiting == 3 }
            let after = Task { try await store.write { try $0.checkExecutor(first) } }
            await until(store) { $0.waiting == 4 }
            holder.release()
            try await held.value
            try await before.value
            #expect(try await second.value == first + 1)
            let error = await #expect(throws: StoreError.self) { try await after.value }
            #expect(error?.code == .fenced)
            #expect(log.reports.last?.changes == 3)
            await store.close()
        }
    }

    @Test("closing waits for those held back, too")
    func closing() async throws {
        try await withFolder { folder in
            let store = try open(folder, CommitLog(), maximumWaiting: 2)
            let holder = Holder()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await store.write { _ in holder.hold() } }
                await holder.untilHeld()
                for number in 1...9 { group.addTask { try await store.write { try $0.insertRun(.sample(number)) } } }
                await until(store) { $0.heldBack == 7 }
                group.addTask { await store.close() }
                holder.release()
                try await group.waitForAll()
            }
            let again = try open(folder, CommitLog())
            #expect(try await again.read(view: { try $0.runs(RunQuery()) }).count == 9)
            await again.close()
        }
    }
}
