import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

/// A playbook that an event of type `ticket.created` starts; `rest` follows as YAML.
func onTicket(_ rest: String) -> String { onTicket("p", rest) }

/// The same with an id and a mode.
func onTicket(_ id: String, mode: String = "active", _ rest: String) -> String {
    """
    playbook: \(id)
    owner: lead@example.com
    mode: \(mode)
    trigger:
      - event: ticket.created
    \(rest)
    """
}

/// An event about a ticket.
func ticket(
    _ id: String = "T-1", type: String = "ticket.created", event: String? = nil, at seconds: Int64 = 1_795_334_400
)
    -> Event
{
    Event(
        id: event ?? "e-\(id)", source: "/desk", type: type, time: Timestamp(seconds: seconds),
        data: ["ticket": ["id": .string(id), "title": "Broken", "priority": "P1", "tags": ["a", "b"]]])
}

extension EngineFixture {
    /// Emits one event and gives the only run that it made.
    func start(_ engine: Engine, _ event: Event = ticket()) async throws -> RunID {
        let receipts = try await engine.emit([event])
        return try #require(receipts.first?.runs.first)
    }

    /// Emits one event, works until nothing waits, and gives the run.
    func play(_ event: Event = ticket()) async throws -> (row: RunRecord, journal: [JournalRecord]) {
        let engine = try await open()
        let id = try await start(engine, event)
        try await runThrough(engine)
        return try await run(id)
    }

    /// The ledger, oldest first.
    func effects(of run: RunID) async throws -> [EffectRecord] {
        try await store.read(view: { try $0.effects(of: run, limit: 100) })
    }
}

extension [JournalRecord] {
    /// The output of the step that is kept in the journal.
    func output(of step: String) -> Value? { first { $0.kind == "completed" && $0.step == step }?.body["output"] }

    /// The kinds in order.
    var kinds: [String] { map(\.kind) }
}

let busy = Failure(code: "busy", message: "busy", kind: .transient)
let lost = Failure(code: "lost", message: "the connection broke", kind: .uncertain)
let refused = Failure(code: "no", message: "no", kind: .permanent)
