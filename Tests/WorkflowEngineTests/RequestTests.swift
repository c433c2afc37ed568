import PluginKit
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

/// An executor dies at any moment of a request; the next one answers it.
@Suite("Requests and their answers", .timeLimit(.minutes(1)))
struct RequestTests {
    enum Kind: String, CaseIterable { case emit, run, cancel, resolve, act }

    /// Leaves a request as another process would; returns its id.
    func leave(_ kind: String, _ body: Value, in fixture: EngineFixture) async throws -> Int64 {
        let now = fixture.clock.now
        return try await fixture.store.write {
            try $0.insertRequest(RequestRecord(kind: kind, body: body, by: "lead@example.com", at: now))
        }
    }

    func answer(_ id: Int64, in fixture: EngineFixture) async throws -> Value? {
        try await fixture.store.read(view: { try $0.request(id)?.answer })
    }

    /// One request, dying at the nth point from its beginning; false when there is no nth point.
    func play(_ kind: Kind, dyingAt number: Int) async throws -> Bool {
        let fixture = try EngineFixture(DecisionTests.uncertain)
        fixture.plugin.on("send") { $0.earlier == 0 ? .fail(lost) : .output(["value": 5]) }
        var run: RunID?
        if kind == .cancel || kind == .resolve {
            let first = try await fixture.open()
            run = try await fixture.start(first)
            await first.idle()
            await first.close()
        }
        let request: Int64
        switch kind {
        case .emit:
            request = try await leave(
                "emit", ["events": [ticket("T-1").envelope, ticket("T-2").envelope]], in: fixture)
        case .run:
            request = try await leave("run", ["playbook": "p", "event": ticket("T-1").envelope], in: fixture)
        case .cancel: request = try await leave("cancel", ["run": .string(run?.text ?? "")], in: fixture)
        case .resolve:
            request = try await leave(
                "resolve", ["run": .string(run?.text ?? ""), "step": "a", "as": "done", "output": ["value": 1]],
                in: fixture)
        case .act:
            request = try await leave("act", ["action": "test.keep", "input": ["id": "x", "value": 3]], in: fixture)
        }
        let plan = FaultPlan(at: number)
        let doomed = try await fixture.open(faults: plan)
        do { try await doomed.answerRequests() } catch is FaultPlan.Death {}
        await doomed.idle()

        let next = try await fixture.open()
        try await next.recover()
        try await next.answerRequests()
        await next.idle()
        let context: Comment = "\(kind.rawValue), point \(number): \(plan.deadAt?.rawValue ?? "none")"
        let answered = try #require(try await answer(request, in: fixture), context)
        #expect(answered["ok"] == true, "\(context.rawValue): \(answered)")
        let runs = try await fixture.store.read(view: { try $0.runs(RunQuery()) })
        switch kind {
        case .emit:
            let receipts = answered["receipts"]?.list ?? []
            #expect(receipts.map { $0["duplicate"] } == [false, false], "\(context.rawValue): \(answered)")
            let told = receipts.compactMap { $0["matches"]?.list?.first?["run"]?.string }
            #expect(Set(told) == Set(runs.map(\.id.text)) && told.count == 2, context)
        case .run: #expect(runs.map { .string($0.id.text) } == [answered["run"]], context)
        case .cancel: #expect(runs.map(\.state) == [.cancelled], context)
        case .resolve:
            #expect(runs.map(\.state) == [.succeeded], context)
            let journal = try await fixture.run(runs[0].id).journal
            #expect(journal.count { $0.kind == "resolved" } == 1, context)
        case .act:
            let (document, audit) = try await fixture.store.read(view: { reader in
                (try reader.documents.document("x", in: "test.things"), try reader.audit(after: 0, limit: 10))
            })
            #expect(document?["value"] == 3, context)
            #expect(audit.count == 1 && audit.first?.detail["id"] == answered["id"], context)
        }
        return plan.deadAt != nil
    }

    @Test(arguments: Kind.allCases)
    func `whatever the moment of a crash, what was asked is done once and the answer tells of it`(_ kind: Kind)
        async throws
    {
        var number = 1
        while try await play(kind, dyingAt: number) { number += 1 }
        #expect(number > 2, "there are points to die at")
    }

    @Test func `a refused event among others is in the answer, and the others are accepted in their order`()
        async throws
    {
        let plugin = ScriptedPlugin(consumes: ["ticket.*"])
        plugin.onEvent { event, _, _ in
            if ["ticket:T-2", "ticket:T-4"].contains(event.subject) {
                throw Failure(code: "bad", message: "not this one")
            }
            return [:]
        }
        let fixture = try EngineFixture(onTicket("steps: [{ id: b, uses: test.compute }]"), plugin: plugin)
        let events = ["T-1", "T-2", "T-3", "T-4"].map { ticket($0).envelope }
        let request = try await leave("emit", ["events": .list(events)], in: fixture)
        let engine = try await fixture.open()
        try await engine.answerRequests()
        let receipts = try #require(try await answer(request, in: fixture)?["receipts"]?.list)
        #expect(receipts.map { $0["refusal"] == .null } == [true, false, true, false], "\(receipts)")
        #expect(receipts.map { $0["sequence"] == .null } == [false, true, false, true])
    }

    @Test func `an executor that stops leaves what it was asked to the next one`() async throws {
        let fixture = try EngineFixture(onTicket("steps: [{ id: b, uses: test.compute }]"))
        let request = try await leave("emit", ["events": [ticket().envelope]], in: fixture)
        let stopping = try await fixture.open()
        await stopping.close()
        await #expect(throws: EngineError.self) { try await stopping.answerRequests() }
        #expect(try await answer(request, in: fixture) == nil)
        try await fixture.open().answerRequests()
        #expect(try await answer(request, in: fixture)?["ok"] == true)
    }

    @Test func `what a process adds is undone when it is refused`() async throws {
        let fixture = try EngineFixture(onTicket("steps: [{ id: b, uses: test.compute }]"))
        let engine = try await fixture.open { _, services in
            services.requestHandler = { request, transaction in
                guard request.kind == "mark" else { return Value?.none }
                try transaction.setEdge(
                    EdgeRecord(playbook: "p", subject: "ticket:T-1", condition: "c", since: request.at))
                guard request.body["fails"] != true else { throw Failure(code: "no", message: "not like this") }
                return ["ok": true]
            }
        }
        func edges() async throws -> Int {
            try await fixture.store.read(view: { try $0.edges(ofSubject: "ticket:T-1").count })
        }
        let refused = try await leave("mark", ["fails": true], in: fixture)
        try await engine.answerRequests()
        #expect(try await answer(refused, in: fixture)?["code"] == "no")
        #expect(try await edges() == 0)
        let done = try await leave("mark", [:], in: fixture)
        let unknown = try await leave("dance", [:], in: fixture)
        try await engine.answerRequests()
        #expect(try await answer(done, in: fixture)?["ok"] == true)
        #expect(try await answer(unknown, in: fixture)?["code"] == "unknown_request")
        #expect(try await edges() == 1)
    }

    @Test func `a request with too many events is refused as a whole`() async throws {
        let fixture = try EngineFixture(onTicket("steps: [{ id: b, uses: test.compute }]"))
        let events = (1...1001).map { ticket("T-\($0)").envelope }
        let request = try await leave("emit", ["events": .list(events)], in: fixture)
        try await fixture.open().answerRequests()
        let answer = try await answer(request, in: fixture)
        #expect(answer?["code"] == "bad_input" && answer?["message"]?.string?.contains("1000") == true)
        #expect(try await fixture.store.read(view: { try $0.events(before: nil, limit: 1) }).isEmpty)
    }
}
