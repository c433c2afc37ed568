import InMemoryRunStore
import PluginKit
import RunStore
import Testing
import WorkflowModel

struct OverlayTests {
    private static let collections = [
        "ticket.tickets": CollectionDeclaration(name: "tickets", indexes: ["status", "priority"], search: ["title"])
    ]
    private static let start = Timestamp(seconds: 1000)

    private static func run(_ number: Int, _ state: RunState = .queued) -> RunRecord {
        var run = RunRecord(
            id: RunID("run_\(number)"), playbook: "p", kind: .live, bundle: "b", event: nil, subject: nil,
            createdAt: start)
        run.state = state
        return run
    }

    private static func event(_ id: String, at seconds: Int64) -> EventRecord {
        EventRecord(
            event: Event(id: id, source: "test", type: "t", subject: "s", time: Timestamp(seconds: seconds)),
            acceptedAt: start)
    }

    private static func put(_ id: String, _ status: Value, _ title: String, _ store: any PluginStore) throws {
        try store.put(id, ["status": status, "title": .string(title)], in: "ticket.tickets")
    }

    /// A workspace with three tickets, two events, a run, a timer, an edge and a request.
    private let base: InMemoryRunStore
    private let overlay: InMemoryRunStore

    init() throws {
        base = InMemoryRunStore(collections: Self.collections)
        try base.withTransaction { transaction in
            let plugin = transaction.pluginStore(of: "ticket")
            try Self.put("1", "new", "alpha", plugin)
            try Self.put("2", "open", "alpha beta", plugin)
            try Self.put("3", "open", "gamma", plugin)
            for _ in 1...7 { _ = try plugin.nextNumber("tickets") }
            _ = try transaction.insertEvent(Self.event("a", at: 1))
            _ = try transaction.insertEvent(Self.event("b", at: 5))
            try transaction.insertRun(Self.run(1))
            try transaction.append(
                [JournalRecord(sequence: 1, at: Self.start, kind: "k", step: nil, version: 1, body: nil)],
                to: RunID("run_1"))
            try plugin.setTimer("k", due: Self.start, emitting: EventDraft(type: "t", data: [:]))
            try transaction.setEdge(EdgeRecord(playbook: "p", subject: "s", condition: "c", since: Self.start))
            _ = try transaction.insertRequest(RequestRecord(kind: "k", body: nil, by: "b", at: Self.start))
            _ = try transaction.insertGeneration(GenerationRecord(at: Self.start, members: []))
        }
        overlay = try InMemoryRunStore(over: base.snapshotReader(), collections: Self.collections)
    }

    private func tickets(_ query: DocumentQuery) throws -> [String] {
        try overlay.withReader { try $0.documents.documents(in: "ticket.tickets", query).map(\.id) }
    }

    @Test("documents of the store below are seen, changed ones in their new form, removed ones not")
    func documents() throws {
        #expect(try tickets(DocumentQuery()) == ["1", "2", "3"])
        try overlay.withTransaction { transaction in
            let plugin = transaction.pluginStore(of: "ticket")
            try Self.put("2", "new", "delta", plugin)
            try Self.put("0", "open", "beta", plugin)
            try plugin.remove("3", in: "ticket.tickets")
        }
        #expect(try tickets(DocumentQuery()) == ["0", "1", "2"])
        #expect(try tickets(DocumentQuery(descending: true, limit: 2)) == ["2", "1"])
        #expect(try tickets(DocumentQuery([.init("status", .equals("new"))])) == ["1", "2"])
        #expect(try tickets(DocumentQuery(order: "status", limit: 1)) == ["1"])
        #expect(try tickets(DocumentQuery(order: "status", descending: true)) == ["0", "1", "2"])
        let counts = try overlay.withReader { reader in
            try [DocumentQuery(), DocumentQuery([.init("status", .equals("open"))])].map {
                try reader.documents.count(in: "ticket.tickets", $0)
            }
        }
        #expect(counts == [3, 1])
        let titles = try overlay.withReader { reader in
            try ["1", "2", "3"].map { try reader.documents.document($0, in: "ticket.tickets")?["title"] }
        }
        #expect(titles == ["alpha", "delta", nil])
    }

    @Test("search looks at both, and not at what is hidden")
    func search() throws {
        try overlay.withTransaction { transaction in
            let plugin = transaction.pluginStore(of: "ticket")
            try Self.put("2", "new", "delta", plugin)
            try Self.put("4", "new", "alpha", plugin)
        }
        let found = try overlay.withReader { reader in
            try ["alpha", "beta", "delta"].map { word in
                Set(try reader.documents.search(word, in: "ticket.tickets", limit: 9).map(\.document.id))
            }
        }
        #expect(found == [["1", "4"], [], ["2"]])
    }

    @Test("a change that throws is undone, back to the store below")
    func undo() throws {
        struct Refusal: Error {}
        #expect(throws: Refusal.self) {
            try overlay.withTransaction { transaction in
                let plugin = transaction.pluginStore(of: "ticket")
                try plugin.remove("1", in: "ticket.tickets")
                try Self.put("2", "new", "delta", plugin)
                try transaction.clearEdge(playbook: "p", subject: "s")
                _ = try plugin.nextNumber("tickets")
                throw Refusal()
            }
        }
        #expect(try tickets(DocumentQuery()) == ["1", "2", "3"])
        #expect(try tickets(DocumentQuery([.init("status", .equals("open"))])) == ["2", "3"])
        #expect(try overlay.withReader { try $0.edges(ofSubject: "s") }.count == 1)
    }

    @Test("numbers, events and generations go on where the store below is")
    func goesOn() throws {
        try overlay.withTransaction { transaction in
            #expect(try transaction.pluginStore(of: "ticket").nextNumber("tickets") == 8)
            #expect(try transaction.pluginStore(of: "ticket").nextNumber("tickets") == 9)
            #expect(try transaction.insertEvent(Self.event("a", at: 9)) == nil)
            #expect(try transaction.insertEvent(Self.event("c", at: 3)) == 3)
            #expect(try transaction.insertGeneration(GenerationRecord(at: Self.start, members: [])) == 2)
            #expect(try transaction.events(before: nil, limit: 9).map(\.event.id) == ["c", "b", "a"])
            #expect(try transaction.events(before: 3, limit: 1).map(\.event.id) == ["b"])
            #expect(try transaction.events(ofSubject: "s", before: nil, limit: 2).map(\.event.id) == ["c", "b"])
            let oldest = try transaction.documents.events(ofSubject: "s", since: nil, limit: 9)
            #expect(oldest.map(\.id) == ["a", "b", "c"])
            #expect(try transaction.newestEventTime(ofSubject: "s") == Timestamp(seconds: 5))
            #expect(try transaction.event(1)?.event.id == "a")
        }
    }

    @Test("edges of the store below can be cleared and set again")
    func edges() throws {
        try overlay.withTransaction { transaction in
            try transaction.clearEdge(playbook: "p", subject: "s")
            #expect(try transaction.edges(ofSubject: "s").isEmpty)
            try transaction.setEdge(EdgeRecord(playbook: "p", subject: "s", condition: "d", since: Self.start))
            #expect(try transaction.edges(ofSubject: "s").map(\.condition) == ["d"])
        }
    }

    @Test("runs below are seen, but nothing of theirs is carried on")
    func nothingIsCarriedOn() throws {
        try overlay.withTransaction { transaction in
            #expect(try transaction.run(RunID("run_1"))?.state == .queued)
            #expect(try transaction.runnable(generation: 1, now: .latest, limit: 9).isEmpty)
            #expect(try transaction.nextTimer() == nil)
            #expect(try transaction.timers(dueBy: .latest, limit: 9).isEmpty)
            #expect(try transaction.openRequests(limit: 9).isEmpty)
            try transaction.insertRun(Self.run(2))
            #expect(try transaction.runnable(generation: 1, now: .latest, limit: 9) == [RunID("run_2")])
            #expect(try transaction.runs(RunQuery()).map(\.id.text) == ["run_2", "run_1"])
            #expect(try transaction.runs(withPrefix: "run_", limit: 1).map(\.id.text) == ["run_2"])
            #expect(throws: StoreError.self) { try transaction.insertRun(Self.run(1)) }
        }
    }

    @Test("the store below is not changed, and what it stores later is not seen")
    func baseIsNotChanged() throws {
        try overlay.withTransaction { transaction in
            let plugin = transaction.pluginStore(of: "ticket")
            try Self.put("9", "new", "nine", plugin)
            try plugin.remove("1", in: "ticket.tickets")
            _ = try plugin.nextNumber("tickets")
            _ = try transaction.insertEvent(Self.event("c", at: 3))
        }
        let found = try base.withTransaction { transaction in
            let plugin = transaction.pluginStore(of: "ticket")
            #expect(try plugin.nextNumber("tickets") == 8)
            try Self.put("5", "new", "five", plugin)
            return try plugin.documents(in: "ticket.tickets", DocumentQuery()).map(\.id)
        }
        #expect(found == ["1", "2", "3", "5"])
        #expect(try tickets(DocumentQuery()) == ["2", "3", "9"])
        #expect(try base.withReader { try $0.events(before: nil, limit: 9) }.count == 2)
    }
}
