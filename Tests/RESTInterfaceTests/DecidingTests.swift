import Access
import PluginKit
import RESTInterface
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("The API, deciding", .timeLimit(.minutes(2)))
struct DecidingTests {
    private static let lost = Failure(code: "connection_lost", message: "no answer", kind: .uncertain)

    func wait(for run: String, _ state: RunState, in bench: APIBench) async throws {
        _ = try await bench.engine.wait(for: [RunID(run)], upTo: .seconds(30))
        await bench.engine.idle()
        #expect(try await bench.fixture.run(RunID(run)).row.state == state)
    }

    @Test func `a person answers as the person of the token, and only one who is asked`() async throws {
        let bench = try await APIBench()
        let run = try #require(try await bench.emit("T-1", type: "ticket.updated").first)
        let mine = try await bench.ask("listAsks", [:], [("mine", "true")], as: APIBench.coordinator).value
        let ask = try #require(mine["items"]?[0]?["id"]?.string)
        #expect(try await bench.ask("listAsks", [:], [("mine", "true")], as: APIBench.admin).value["items"] == [])
        let nobody = try await bench.refusal("listAsks", [:], [("mine", "true")], as: APIBench.system)
        #expect(nobody.code == "bad_parameter")

        let path = ["ask": ask]
        let stranger = try await bench.refusal("answerAsk", path, body: ["verdict": "approve"], as: APIBench.system)
        #expect(stranger.status == 403 && stranger.code == "may_not_answer", "\(stranger)")
        let other = try await bench.refusal(
            "answerAsk", path, body: ["verdict": "approve", "for": "bob"], as: APIBench.coordinator)
        #expect(other.status == 403 && other.detail.contains("only admins"), "\(other)")
        let wrong = try await bench.refusal("answerAsk", path, body: ["verdict": "aprove"], as: APIBench.coordinator)
        #expect(wrong.status == 422 && wrong.detail.contains("did you mean approve?"), "\(wrong)")
        let nothing = try await bench.refusal("answerAsk", path, body: [:], as: APIBench.coordinator)
        #expect(nothing.status == 422 && nothing.code == "bad_answer", "\(nothing)")

        try await bench.ask("answerAsk", path, body: ["verdict": "approve", "comment": "go"], as: APIBench.coordinator)
        try await wait(for: run.text, .succeeded, in: bench)
        let shown = try await bench.ask("showAsk", path).value
        #expect(shown["state"] == "answered" && shown["answers"]?[0]?["by"] == "ada")
        let late = try await bench.refusal("answerAsk", path, body: ["verdict": "approve"], as: APIBench.lead)
        #expect(late.status == 409 && late.code == "ended", "\(late)")
        await bench.engine.close()
    }

    @Test func `an admin answers for somebody, and the audit log has both`() async throws {
        let bench = try await APIBench()
        try await bench.emit("T-1", type: "ticket.updated")
        let ask = try #require(try await bench.ask("listAsks").value["items"]?[0]?["id"]?.string)
        let unknown = try await bench.refusal("answerAsk", ["ask": ask], body: ["verdict": "reject", "for": "adda"])
        #expect(unknown.status == 422 && unknown.detail.contains("did you mean ada?"), "\(unknown)")
        try await bench.ask("answerAsk", ["ask": ask], body: ["verdict": "reject", "for": "ADA@example.com"])
        let entry = try #require(try await bench.ask("listAudit").value["items"]?[0])
        #expect(entry["by"] == "ada" && entry["action"] == "reject" && entry["detail"]?["typed_by"] == "eve")
        await bench.engine.close()
    }

    @Test func `runs are cancelled, resolved, retried and replayed, each noted`() async throws {
        let bench = try await APIBench()
        bench.fixture.plugin.on("send") { $0.earlier == 0 ? .fail(Self.lost) : .output(["value": 5]) }
        let run = try #require(try await bench.emit("T-1").first?.text)
        try await wait(for: run, .needsAttention, in: bench)
        let path = ["run": run]
        let early = try await bench.refusal("planReplay", path)
        #expect(early.status == 422 && early.detail.contains("has not ended"), "\(early)")
        try await bench.ask("resolveRun", path, body: ["step": "tell", "as": "skip"], as: APIBench.coordinator)
        try await wait(for: run, .failed, in: bench)
        let ended = try await bench.refusal("cancelRun", path, as: APIBench.coordinator)
        #expect(ended.status == 409 && ended.code == "ended", "\(ended)")

        let plan = try await bench.ask("planRetry", path).value
        #expect(plan["from"] == "tell" && plan["kept"] == [] && plan["repeated"] == [])
        let again = try await bench.ask("retryRun", path, body: ["from": "tell"], as: APIBench.coordinator)
        #expect(again.status == 201)
        let second = try #require(again.value["run"]?.string)
        #expect(again.location == "/api/v1/runs/\(second)")
        try await wait(for: second, .succeeded, in: bench)
        #expect(try await bench.ask("listRuns", [:], [("origin", run)]).value["items"]?.list?.count == 1)

        let replay = try await bench.ask("planReplay", ["run": second]).value
        #expect(replay["repeated"]?[0]?["action"] == "test.send")
        let third = try #require(
            try await bench.ask("replayRun", ["run": second], as: APIBench.coordinator).value["run"]?.string)
        try await wait(for: third, .succeeded, in: bench)

        let waiting = try #require(try await bench.emit("T-2", type: "ticket.updated").first?.text)
        try await bench.ask("cancelRun", ["run": waiting], body: ["reason": "enough"], as: APIBench.coordinator)
        try await wait(for: waiting, .cancelled, in: bench)
        #expect(try await bench.ask("resumeRuns").value["runs"] == [])
        let actions = try await bench.ask("listAudit").value["items"]?.list?.compactMap { $0["action"]?.string }
        #expect(actions == ["cancel", "replay", "retry", "resolve"])
        #expect(try await bench.ask("verifyAudit").value["entries"] == 4)
        await bench.engine.close()
    }

    @Test func `a lead pauses, resumes and starts playbooks`() async throws {
        let bench = try await APIBench()
        let greet = ["playbook": "greet"]
        try await bench.ask("pausePlaybook", greet, body: ["reason": "a storm"], as: APIBench.lead)
        #expect(try await bench.ask("showPlaybook", greet).value["paused"]?["reason"] == "a storm")
        #expect(try await bench.emit("T-1") == [])
        let lifted = try await bench.ask("resumePlaybook", greet, as: APIBench.lead).value
        #expect(lifted["was_paused"] == true)
        let twice = try await bench.refusal("resumePlaybook", greet, as: APIBench.lead)
        #expect(twice.status == 422 && twice.detail == "greet is not paused", "\(twice)")
        try await bench.ask("pauseAll", body: ["stop_runs": true], as: APIBench.lead)
        #expect(try await bench.ask("showHolds").value["pauses"]?[0]?["stops_runs"] == true)
        try await bench.ask("resumeAll", as: APIBench.lead)

        let started = try await bench.ask(
            "startPlaybook", ["playbook": "by-hand"], body: ["inputs": ["service": "mail"]], as: APIBench.lead)
        try await wait(for: started.value["run"]?.string ?? "", .succeeded, in: bench)
        let missing = try await bench.refusal("startPlaybook", ["playbook": "by-hand"], body: [:], as: APIBench.lead)
        #expect(missing.status == 422 && missing.detail.contains("service: is missing"), "\(missing)")
        let eventless = try await bench.refusal("startPlaybook", greet, as: APIBench.lead)
        #expect(eventless.status == 422 && eventless.detail.contains("started by an event"), "\(eventless)")
        let event = Event(
            id: "by-hand-1", source: "/desk", type: "ticket.created", time: Timestamp(seconds: 1_795_334_400),
            data: ["ticket": ["id": "T-9", "title": "Broken", "priority": "P4"]])
        let forced = try await bench.ask("startPlaybook", greet, body: ["event": event.envelope], as: APIBench.lead)
        try await wait(for: forced.value["run"]?.string ?? "", .succeeded, in: bench)
        let fired = try await bench.ask("startPlaybook", ["playbook": "nightly"], as: APIBench.lead, key: "night")
        let same = try await bench.ask("startPlaybook", ["playbook": "nightly"], as: APIBench.lead, key: "night")
        #expect(fired.value == same.value && same.isRepeated)
        try await wait(for: fired.value["run"]?.string ?? "", .succeeded, in: bench)
        await bench.engine.close()
    }

    @Test func `a request with the same key is acted on once and answered alike`() async throws {
        let bench = try await APIBench()
        let path = ["playbook": "by-hand"]
        let body: Value = ["inputs": ["service": "mail"]]
        let first = try await bench.ask("startPlaybook", path, body: body, as: APIBench.lead, key: "k-1")
        let again = try await bench.ask("startPlaybook", path, body: body, as: APIBench.lead, key: "k-1")
        #expect(first.value == again.value && again.location == first.location)
        #expect(!first.isRepeated && again.isRepeated)
        let other = try await bench.refusal(
            "startPlaybook", path, body: ["inputs": ["service": "chat"]], as: APIBench.lead, key: "k-1")
        #expect(other.status == 422 && other.code == "idempotency_key_reused", "\(other)")
        // Keys of another token are others, and without a key each request counts.
        let admins = try await bench.ask("startPlaybook", path, body: body, as: APIBench.admin, key: "k-1")
        #expect(admins.value != first.value)
        let third = try await bench.ask("startPlaybook", path, body: body, as: APIBench.lead)
        #expect(third.value != first.value)
        // A refusal is an answer, too.
        for _ in 1...2 {
            let refused = try await bench.refusal("cancelRun", ["run": "run_none"], as: APIBench.lead, key: "k-2")
            #expect(refused.status == 404, "\(refused)")
        }
        for bad in ["", String(repeating: "x", count: 201), "\u{e9}"] {
            #expect(try await bench.refusal("cancelRun", ["run": "r"], key: bad).code == "bad_idempotency_key")
        }
        #expect(try await bench.ask("listRuns", [:], [("playbook", "by-hand")]).value["items"]?.list?.count == 3)
        await bench.engine.close()
    }

    @Test func `what nobody acts on in time stays, and the key tells later what came of it`() async throws {
        let bench = try await APIBench()
        await bench.engine.close()
        let none = try ActiveSet([])
        var services = try APIServices(
            store: bench.fixture.store, requests: RequestClient(store: bench.fixture.store),
            registry: bench.fixture.registry, playbooks: { none }, directory: APIBench.directory,
            look: { _, _ in .null }, feed: bench.feed, workspace: "test", version: "1")
        services.answerTime = .milliseconds(30)
        let api = API(services)
        let resume = try #require(api.operations.first { $0.id == "resumeRuns" })
        let request = APIRequest(caller: APIBench.lead, idempotencyKey: "later")
        do {
            _ = try await api.answer(resume, request)
            Issue.record("nobody was there to answer")
        } catch let problem as APIProblem {
            #expect(problem.status == 503 && problem.code == "no_answer" && problem.retryAfter != nil, "\(problem)")
        }
        let next = try await bench.fixture.open(playbooks: [])
        try await next.answerRequests()
        let answer = try await api.answer(resume, request)
        #expect(answer.isRepeated && answer.value == ["runs": []])
        await next.close()
    }
}

@Suite("Who may do what over the API", .timeLimit(.minutes(2)))
struct RoleTests {
    @Test func `each operation is refused below its role, before anything is looked at`() async throws {
        let bench = try await APIBench()
        let callers: [Role: Caller] = [
            .viewer: APIBench.viewer, .coordinator: APIBench.coordinator, .lead: APIBench.lead, .admin: APIBench.admin,
        ]
        var refused = 0
        for operation in bench.api.operations {
            for (role, caller) in callers where role < operation.need.role {
                do {
                    _ = try await bench.api.answer(operation, APIRequest(caller: caller))
                    Issue.record("\(operation.id) is open to \(role)")
                } catch let problem as APIProblem {
                    #expect(problem.status == 403 && problem.detail.contains("needs the role"), "\(problem)")
                    refused += 1
                }
            }
        }
        #expect(refused > 15)
        let reader = Caller(name: "r", person: "ada", role: .admin, tokenID: "t9", scopes: [.read])
        let problem = try await bench.refusal("resumeRuns", as: reader)
        #expect(problem.status == 403 && problem.detail.contains("scope act"), "\(problem)")
        await bench.engine.close()
    }

    @Test(arguments: [
        ("viewer", ["GET"]),
        (
            "coordinator",
            [
                "cancelRun", "resolveRun", "retryRun", "replayRun", "resumeRuns", "answerAsk", "declareIncident",
                "updateIncident", "resolveIncident",
            ]
        ),
        (
            "lead", ["pausePlaybook", "resumePlaybook", "pauseAll", "resumeAll", "startPlaybook"]
        ),
    ])
    func `roles are as documented`(_ role: String, _ expected: [String]) async throws {
        let bench = try await APIBench()
        let found = bench.api.operations.filter { $0.need.role.rawValue == role }
        let names = Set(found.map { $0.method == .get ? "GET" : $0.id })
        #expect(names == Set(expected))
        await bench.engine.close()
    }

    @Test(arguments: [
        ("{", "application/json", 400, "bad_json"), ("[1]", "application/json", 422, "bad_input"),
        ("{}", "text/plain", 415, "unsupported_content_type"), ("{}", "", 415, "unsupported_content_type"),
        ("{\"reson\":\"x\"}", "application/json", 422, "bad_input"),
        ("{\"reason\":5}", "application/json", 422, "bad_input"),
        ("{\"reason\":\"\"}", "application/json", 422, "bad_input"),
        ("{\"a\":1,\"a\":2}", "application/json", 400, "bad_json"),
    ])
    func `a bad body is refused with what is wrong`(_ body: String, _ type: String, _ status: Int, _ code: String)
        async throws
    {
        let bench = try await APIBench()
        let cancel = try #require(bench.api.operations.first { $0.id == "cancelRun" })
        do {
            _ = try await bench.api.answer(
                cancel,
                APIRequest(
                    caller: APIBench.admin, path: ["run": "run_1"], body: Array(body.utf8),
                    contentType: type.isEmpty ? nil : type))
            Issue.record("it was taken")
        } catch let problem as APIProblem {
            #expect(problem.status == status && problem.code == code, "\(problem)")
            if body.contains("reson") { #expect(problem.detail.contains("did you mean reason?")) }
        }
        let resolve = try await bench.refusal("resolveRun", ["run": "run_1"])
        #expect(resolve.code == "body_missing" && resolve.detail.contains("step"), "\(resolve)")
        await bench.engine.close()
    }
}
