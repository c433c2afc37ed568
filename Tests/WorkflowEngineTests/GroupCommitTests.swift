import PluginKit
import RunStore
import SQLiteRunStore
import Synchronization
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

/// Many requests that wait for the disk share one commit; what becomes of one is its own affair.
@Suite("Events in one commit", .timeLimit(.minutes(1)))
struct GroupCommitTests {
    @Test func `one that is refused neither loses nor refuses the others, and leaves nothing behind`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let commits = CommitList()
        let store = try SQLiteRunStore(folder: folder.path, collections: EngineFixture.collections) { report in
            commits.reports.withLock { $0.append(report) }
        }
        let plugin = ScriptedPlugin(consumes: ["ticket.*"])
        plugin.onEvent { event, documents, _ in
            try documents.put(event.id, ["seen": true], in: "test.things")
            if event.id == "bad" { throw Failure(code: "bad", message: "not this one") }
            return ["known": ["by": .string(event.id)]]
        }
        let fixture = try EngineFixture(DispatchTests.one, store: store, plugin: plugin)
        let engine = try await fixture.open()
        commits.reports.withLock { $0 = [] }
        // The writer is held until all are in line.
        let line = HeldLine()
        let outcomes = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            group.addTask {
                try await store.write { _ in
                    line.hold()
                }
                return (-1, "")
            }
            while !line.isHeld.load(ordering: .acquiring) { await Task.yield() }
            for number in 0..<20 {
                group.addTask {
                    let event = number == 7 ? ticket("T-bad", event: "bad") : ticket("T-\(number)", event: "e\(number)")
                    do {
                        let admission = try #require(try await engine.admit([event]).first)
                        return (number, admission.isDuplicate ? "duplicate" : "accepted")
                    } catch AdmissionRefusal.event(_, let why) {
                        return (number, why)
                    }
                }
            }
            while store.writeLoad.waiting < 21 { await Task.yield() }
            line.mayGoOn.store(true, ordering: .releasing)
            return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
        }
        for number in 0..<20 { #expect(outcomes[number] == (number == 7 ? "not this one" : "accepted")) }
        #expect(commits.reports.withLock { reports in reports.contains { $0.changes > 1 && $0.undone == 1 } })
        let (events, left) = try await store.read(view: { reader in
            (
                try reader.events(before: nil, limit: 100),
                try reader.documents.document("bad", in: "test.things")
            )
        })
        #expect(Set(events.map(\.event.id)) == Set((0..<20).filter { $0 != 7 }.map { "e\($0)" }))
        #expect(events.allSatisfy { $0.facts == ["known": ["by": .string($0.event.id)]] })
        #expect(left == nil)
        await engine.close()
        await store.close()
    }
}

/// Holds the writer's thread on purpose, as a slow change would.
private final class HeldLine: Sendable {
    let isHeld = Atomic(false)
    let mayGoOn = Atomic(false)

    func hold() {
        isHeld.store(true, ordering: .releasing)
        while !mayGoOn.load(ordering: .acquiring) {}
    }
}

private final class CommitList: Sendable {
    let reports = Mutex<[CommitReport]>([])
}
