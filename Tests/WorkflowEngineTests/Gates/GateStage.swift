import InMemoryRunStore
import PluginKit
import RunStore
import SQLiteRunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

/// The stores on which gates are tested.
enum GateStore: String, CaseIterable, Sendable {
    case memory, sqlite

    /// Runs `body` on a new store.
    func use(_ body: (any RunStore) async throws -> Void) async throws {
        switch self {
        case .memory: try await body(InMemoryRunStore(collections: EngineFixture.collections))
        case .sqlite:
            let folder = try TemporaryFolder()
            defer { folder.remove() }
            let store = try SQLiteRunStore(folder: folder.path, collections: EngineFixture.collections)
            try await body(store)
            await store.close()
        }
    }
}

/// An event about a ticket, with an id of its own, of a service.
func update(_ number: Int, ticket id: String = "T-1", service: Value = "mail") -> Event {
    Event(
        id: "e-\(number)", source: "/desk", type: "ticket.commented", subject: "ticket:\(id)",
        time: Timestamp(seconds: 1_795_334_400 + Int64(number)),
        data: ["ticket": ["id": .string(id), "title": "Broken", "service": service]])
}

/// A playbook with gates; its steps follow as YAML.
func gated(_ gates: String, id: String = "p", mode: String = "active", steps: String = "[{ id: a, uses: test.send }]")
    -> String
{
    """
    playbook: \(id)
    owner: lead@example.com
    mode: \(mode)
    trigger: [{ event: ticket.commented }, { manual: {} }]
    \(gates)
    steps: \(steps)
    """
}

/// Steps that keep a run at work for an hour.
let hourOfWork = "[{ id: a, uses: test.look }, { wait: 1h }, { id: b, uses: test.send }]"

extension EngineFixture {
    /// Emits one event; what became of it for the only playbook.
    func match(_ engine: Engine, _ event: Event) async throws -> MatchRecord {
        let matches = try #require(try await engine.emit([event]).first).matches
        #expect(matches.count == 1)
        let match = try #require(matches.first)
        await engine.idle()
        return match
    }

    /// All runs, oldest first.
    func runs() async throws -> [RunRecord] {
        try await store.read(view: { try $0.runs(RunQuery(limit: 1000)) }).sorted {
            ($0.createdAt, $0.event ?? 0) < ($1.createdAt, $1.event ?? 0)
        }
    }

    /// Lets time pass, firing timers as they are due.
    func pass(_ duration: Duration, _ engine: Engine) async throws {
        let end = clock.now + duration
        await engine.idle()
        while let next = try await engine.nextTimer(), next <= end {
            clock.advance(to: max(next, clock.now))
            try await engine.fireDueTimers()
            await engine.idle()
        }
        clock.advance(to: end)
        await engine.idle()
    }

    /// Lets the executor go, and another begin.
    func restart(_ engine: Engine, change: (inout EngineSettings, inout EngineServices) -> Void = { _, _ in })
        async throws
        -> Engine
    {
        await engine.close()
        let next = try await open(change: change)
        try await next.recover()
        await next.idle()
        return next
    }

    /// Never more than `limit` runs of a slot that have not ended and do not wait for a place.
    func expectLimit(_ limit: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        var working: [String: Int] = [:]
        for run in try await runs() where !run.state.isFinal && !run.isHeld {
            working[run.slot ?? "none", default: 0] += 1
        }
        for (slot, count) in working.sorted(by: { $0.key < $1.key }) {
            #expect(count <= limit, "\(slot)", sourceLocation: sourceLocation)
        }
    }
}
