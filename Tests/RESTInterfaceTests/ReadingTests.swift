import Access
import RESTInterface
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("The API, looking", .timeLimit(.minutes(2)))
struct ReadingTests {
    @Test func `every list and every thing in it is answered as the document says`() async throws {
        let bench = try await APIBench()
        let run = try #require(try await bench.emit("T-1").first)
        try await bench.emit("T-2", priority: "P4")
        try await bench.emit("T-3", type: "ticket.updated")
        let runs = try await bench.ask("listRuns").value["items"]?.list ?? []
        #expect(runs.count == 2)
        let shown = try await bench.ask("showRun", ["run": run.text], [("journal", "true")]).value
        #expect(shown["state"] == "succeeded")
        #expect(shown["tree"]?["steps"]?.list?.map { $0["label"] } == ["tell", "after"])
        #expect((shown["journal"]?.list?.count ?? 0) > 3)
        #expect(try await bench.ask("showRun", ["run": run.text]).value["journal"] == nil)
        let events = try await bench.ask("listEvents").value["items"]?.list ?? []
        let created = try #require(events.last?["sequence"]?.int)
        let event = try await bench.ask("showEvent", ["sequence": "\(created)"]).value
        #expect(event["matches"]?[0]?["run"]?.string == run.text)
        let why = try await bench.ask("explainEvent", ["sequence": "\(created)"]).value
        #expect(why["playbooks"]?.list?.count == 4)
        let about = try await bench.ask("explain", [:], [("about", "T-2"), ("playbook", "greet")]).value
        let condition = about["items"]?[0]?["playbooks"]?[0]?["triggers"]?[0]?["condition"]
        #expect(condition?["verdict"] == "does_not_hold")
        #expect(try await bench.ask("listPlaybooks").value["items"]?.list?.count == 4)
        let playbook = try await bench.ask("showPlaybook", ["playbook": "by-hand"]).value
        #expect(playbook["inputs"]?["required"] == ["service"])
        #expect(playbook["text"]?.string?.contains("Started by a person") == true)
        let ask = try #require(try await bench.ask("listAsks").value["items"]?[0]?["id"]?.string)
        #expect(try await bench.ask("showAsk", ["ask": ask]).value["question"] == "Page for T-3?")
        let effect = try #require(try await bench.ask("listEffects").value["items"]?[0])
        #expect(try await bench.ask("showEffect", ["key": effect["key"]?.string ?? ""]).value == effect)
        let plugins = try await bench.ask("listPlugins").value["items"]?.list?.map { $0["plugin"] }
        #expect(plugins == ["incident", "test", "ticket"])
        #expect(try await bench.ask("showPlugin", ["plugin": "test"]).value["actions"]?.list?.count == 8)
        #expect(try await bench.ask("showAction", ["action": "test.send"]).value["effect"] == "write")
        #expect(try await bench.ask("listAudit").value["items"] == [])
        #expect(try await bench.ask("verifyAudit").value["ok"] == true)
        #expect(try await bench.ask("showHolds").value == ["pauses": [], "breakers": []])
        let me = try await bench.ask("showCaller", as: APIBench.system).value
        #expect(me["acts_as"] == "token:ci" && me["role"] == "coordinator" && me["version"] == "1.2.3")
        await bench.engine.close()
    }

    @Test(arguments: [
        ("listRuns", [("playbook", "greet")], ["greet"]), ("listRuns", [("state", "waiting,queued")], ["ask-first"]),
        ("listRuns", [("state", "waiting"), ("state", "succeeded")], ["ask-first", "greet"]),
        ("listRuns", [("subject", "ticket:T-1")], ["greet"]), ("listRuns", [("since", "2100-01-01T00:00:00Z")], []),
        ("listRuns", [("since", "2020-01-01T00:00:00Z")], ["ask-first", "greet"]),
        ("listRuns", [("event", "1")], ["greet"]),
        ("listRuns", [("kind", "shadow")], []), ("listRuns", [("parent", "run_0")], []),
        ("listRuns", [("origin", "run_0")], []), ("listEvents", [("subject", "ticket:T-2")], ["ticket.updated"]),
        ("listEvents", [("type", "ticket.created,sla.breached")], ["ticket.created"]),
        ("listEvents", [("type", "ticket.closed")], []), ("listEvents", [("since", "2100-01-01T00:00:00Z")], []),
        ("listAsks", [("state", "answered")], []), ("listAsks", [("state", "all")], ["ask-first"]),
        ("listAsks", [("who", "ada")], ["ask-first"]), ("listAsks", [("who", "eve")], []),
        ("listEffects", [("action", "test.send"), ("state", "done")], ["test.send"]),
        ("listEffects", [("state", "uncertain,failed")], []),
        ("listPlaybooks", [("mode", "shadow")], []),
    ])
    func `filters narrow a list`(_ operation: String, _ query: [(String, String)], _ expected: [String]) async throws {
        let bench = try await APIBench()
        try await bench.emit("T-1")
        try await bench.emit("T-2", type: "ticket.updated")
        let items = try await bench.ask(operation, [:], query).value["items"]?.list ?? []
        // Opening a question is an event, too, of no ticket's type.
        let names = items.compactMap { item in
            (item["event"]?["type"] ?? item["action"] ?? item["playbook"])?.string
        }
        #expect(names == expected, "\(query)")
        await bench.engine.close()
    }

    @Test(arguments: ["listRuns", "listEvents", "listAsks", "listEffects", "listAudit", "listPlaybooks"])
    func `pages follow each other without a gap, also while new rows come`(_ operation: String) async throws {
        let bench = try await APIBench()
        func fill(_ numbers: ClosedRange<Int>) async throws {
            for number in numbers {
                try await bench.emit("T-\(number)")
                try await bench.emit("T-\(number)", type: "ticket.updated")
                _ = try await bench.ask(
                    "pausePlaybook", ["playbook": "nightly"], body: ["reason": .string("\(number)")])
            }
        }
        try await fill(1...5)
        let all = try await bench.ask(operation, [:], [("limit", "500")]).value
        #expect(all["next"]?.isNull == true)
        let whole = all["items"]?.list ?? []
        #expect(whole.count >= 4)
        #expect(try await bench.pages(operation, [], limit: 2).joined().elementsEqual(whole))
        let first = try await bench.ask(operation, [:], [("limit", "2")]).value
        try await fill(6...7)
        let cursor = try #require(first["next"]?.string)
        let second = try await bench.ask(operation, [:], [("limit", "500"), ("cursor", cursor)]).value
        let rest = operation == "listPlaybooks" ? whole.count - 2 : whole.dropFirst(2).count
        #expect(second["items"]?.list?.count == rest)
        if operation != "listPlaybooks" { #expect(second["items"]?.list == Array(whole.dropFirst(2))) }
        await bench.engine.close()
    }

    @Test(arguments: [
        ("listRuns", "stat", "waiting", "unknown_parameter", "did you mean state?"),
        ("listRuns", "state", "wating", "bad_parameter", "did you mean waiting?"),
        ("listRuns", "limit", "0", "bad_parameter", "at least 1"),
        ("listRuns", "limit", "501", "bad_parameter", "at most 500"),
        ("listRuns", "limit", "ten", "bad_parameter", "a whole number"),
        ("listRuns", "since", "yesterday", "bad_parameter", "must be a time"),
        ("listRuns", "cursor", "!!", "bad_cursor", "next"), ("listRuns", "event", "-1", "bad_parameter", "at least 1"),
        ("listEvents", "cursor", "cnVuczpydW5fMQ", "bad_cursor", "next"),
        ("listAsks", "mine", "yes", "bad_parameter", "true or false"),
        ("showHolds", "verbose", "1", "unknown_parameter", "this takes none"),
        ("listRuns", "playbook", "", "bad_parameter", "must be text"),
    ])
    func `a parameter that is wrong is refused with what would be right`(
        _ operation: String, _ name: String, _ value: String, _ code: String, _ detail: String
    ) async throws {
        let bench = try await APIBench()
        let problem = try await bench.refusal(operation, [:], [(name, value)])
        #expect(problem.status == 400 && problem.code == code && problem.detail.contains(detail), "\(problem)")
        let twice = try await bench.refusal("listRuns", [:], [("playbook", "a"), ("playbook", "b")])
        #expect(twice.detail.contains("twice"))
        await bench.engine.close()
    }

    @Test(arguments: [
        ("showRun", "run", "run_none"), ("showEvent", "sequence", "99"), ("showEvent", "sequence", "first"),
        ("explainEvent", "sequence", "99"), ("showPlaybook", "playbook", "gret"), ("showAsk", "ask", "ask_none"),
        ("showEffect", "key", "none"), ("showPlugin", "plugin", "tets"), ("showAction", "action", "test.sent"),
        ("planRetry", "run", "run_none"),
    ])
    func `what is not there is a 404 in words`(_ operation: String, _ name: String, _ value: String) async throws {
        let bench = try await APIBench()
        let problem = try await bench.refusal(operation, [name: value])
        #expect(problem.status == 404 && problem.code == "not_found", "\(problem)")
        if value == "gret" { #expect(problem.detail.contains("did you mean greet?")) }
        await bench.engine.close()
    }

    @Test func `events far behind are reached page by page when few fit`() async throws {
        let bench = try await APIBench()
        try await bench.emit("T-1", type: "ticket.closed")
        // Written past the engine: so many events need only be there.
        try await bench.fixture.store.write { transaction in
            for number in 1...25_000 {
                var event = Event(
                    id: "n\(number)", source: "/n", type: "note.made", time: Timestamp(seconds: 1_795_334_400))
                event.subject = nil
                _ = try transaction.insertEvent(
                    EventRecord(event: event, acceptedAt: Timestamp(seconds: 1_795_334_400)))
            }
        }
        let pages = try await bench.pages("listEvents", [("type", "ticket.closed")], limit: 10)
        #expect(pages.map(\.count) == [0, 1])
        await bench.engine.close()
    }
}
