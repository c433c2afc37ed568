import PluginKit
import PluginTesting
import Testing
import TicketPlugin
import WorkflowModel

@Suite struct DeskTests {
    @Test func `the manifest holds, its examples fit, bad input is refused, and rehearsals reach nothing`() async throws
    {
        for settings in [Value.null, zendesk] {
            let bench = try ticketBench(settings: settings)
            let plugin = bench.plugins[0]
            #expect(PluginChecks.manifest(plugin) == [])
            #expect(PluginChecks.examples(plugin) == [])
            #expect(await PluginChecks.rehearsals(plugin, on: bench) == [])
            #expect(await PluginChecks.badInput(plugin, on: bench) == [])
        }
    }

    @Test func `a reply goes to the outbox under the name of its key, and again is the same file`() async throws {
        var bench = try ticketBench()
        bench.idempotencyKey = "a1/b2:c3"
        let with: Value = ["ticket": "4711", "text": "Which browser?\nThank you.", "status": "pending"]
        let output = try await bench.run("ticket.reply", with: with)
        #expect(
            output == [
                "ticket": "4711", "desk": "outbox", "file": "ticket-reply-4711-a1-b2-c3.txt", "public": true,
                "changes": ["status": "pending"],
            ])
        try await bench.run("ticket.reply", with: with)
        #expect(bench.outbox.files.count == 1)
        let text = try #require(bench.outbox.files["ticket-reply-4711-a1-b2-c3.txt"])
        #expect(
            text.hasPrefix("Ticket desk: a reply to ticket 4711 that the customer sees\n\nWhich browser?\nThank you.\n")
        )
        let json = try JSON.parse(String(text[(text.firstIndex(of: "{") ?? text.startIndex)...]))
        #expect(json["action"] == "ticket.reply")
        #expect(json["text"] == "Which browser?\nThank you.")
        #expect(bench.http.requests.isEmpty)
    }

    @Test func `what was changed is known with the outcome, and a later fact of the desk wins`() async throws {
        let bench = try ticketBench()
        try bench.accept(event("ticket.created", after: -60, ["status": "new", "tags": ["web", "old"]]))
        try await bench.run("ticket.update", with: ["ticket": "4711", "priority": "P1", "assignee": "agent-1"])
        try await bench.run("ticket.tag", with: ["ticket": "4711", "add": ["vip", "web"], "remove": "old"])
        try await bench.run("ticket.link", with: ["ticket": "4711", "to": "4700"])
        try await bench.run("ticket.reply", with: ["ticket": "4711", "text": "Hello", "status": "pending"])
        try await bench.run("ticket.note", with: ["ticket": "4711", "text": "Secret plan"])
        let ticket = try #require(try await bench.run("ticket.get", with: ["ticket": "4711"])["ticket"])
        #expect(ticket["priority"] == "P1")
        #expect(ticket["assignee"] == "agent-1")
        #expect(ticket["tags"] == ["web", "vip"])
        #expect(ticket["related"] == ["4700"])
        #expect(ticket["status"] == "pending")
        #expect(ticket["last_public_reply_at"] == minute(0))
        try bench.accept(event("ticket.updated", after: -30, ["status": "open"]))
        #expect(try await bench.run("ticket.get", with: ["ticket": "4711"])["ticket"]?["status"] == "pending")
        var later = bench
        later.now = Samples.now + .seconds(3600)
        try later.accept(event("ticket.updated", after: 30, ["status": "open"]))
        #expect(try await later.run("ticket.get", with: ["ticket": "4711"])["ticket"]?["status"] == "open")
    }

    @Test func `a reply is printed from a template, strictly`() async throws {
        var bench = try ticketBench()
        bench.templates = [
            "hello": "Dear {{ticket.requester.name}},{{> sign}}", "sign": " yours {{who}}.", "broken": "{{#a}}",
        ]
        bench.names = ["ticket": ["id": "4711", "requester": ["name": "customer 7"]]]
        try await bench.run("ticket.reply", with: ["template": "hello", "data": ["who": "Support"]])
        #expect(bench.outbox.files.values.first?.contains("\n\nDear customer 7, yours Support.\n") == true)
        let sut = bench
        for (with, code) in [
            (["template": "hello"], "template_name_missing"), (["template": "helo"], "template_not_found"),
            (["template": "broken"], "template_invalid"), ([:], "invalid_input"),
            (["template": "hello", "text": "x"], "invalid_input"),
        ] as [(Value, String)] {
            await #expect { try await sut.run("ticket.reply", with: with) } throws: { ($0 as? Failure)?.code == code }
        }
        #expect(bench.outbox.files.count == 1)
    }

    @Test func `a ticket of which nothing is known stays unknown`() async throws {
        let bench = try ticketBench()
        try await bench.run("ticket.update", with: ["ticket": "1", "status": "open"])
        #expect(bench.shelf.all(in: "ticket.tickets").isEmpty)
    }

    @Test(
        "what cannot be meant is refused",
        arguments: impossible)
    func refused(action: String, with: Value) async throws {
        let bench = try ticketBench()
        await #expect { try await bench.run(action, with: with) } throws: { ($0 as? Failure)?.code == "invalid_input" }
        #expect(bench.outbox.files.isEmpty)
    }
}

@Suite struct ZendeskTests {
    @Test(
        "each order becomes its requests",
        arguments: orders)
    func requests(action: String, with: Value, expected: [String]) async throws {
        let bench = try ticketBench(settings: zendesk)
        let rehearsal = try await bench.rehearse(action, with: with)
        #expect(bench.http.requests.isEmpty)
        for _ in expected { bench.http.answer(.status(200, body: #"{"ticket":{"id":35}}"#)) }
        let output = try await bench.run(action, with: with)
        #expect(output == rehearsal.output)
        let base = "https://desk.example.com/api/v2"
        let sent = bench.http.requests.map { "\($0.method) \($0.url.dropFirst(base.count)) \($0.bodyText)" }
        #expect(sent == expected)
        #expect(bench.http.requests.allSatisfy { $0.url.hasPrefix(base) })
        #expect(
            rehearsal.sent.list?.map {
                "\($0["method"]?.string ?? "") \($0["path"]?.string ?? "") \(JSONWriter.text($0["body"] ?? .null))"
            } == expected)
        let request = try #require(bench.http.requests.first)
        #expect(request.header("Idempotency-Key") == "key-1")
        #expect(
            request.header("Authorization")
                == "Basic " + Base64Text.encode(Array("bot@example.com/token:canary-token".utf8)))
        #expect(bench.outbox.files.isEmpty)
    }

    @Test(
        "what each answer means",
        arguments: answerCases)
    func answers(answer: ScriptedHTTPClient.Answer, code: String?, kind: FailureClass?) async throws {
        let bench = try ticketBench(settings: zendesk)
        try bench.accept(event("ticket.created", after: -60, ["id": "35", "status": "new"]))
        bench.http.answer(answer)
        var failure: Failure?
        do { try await bench.run("ticket.update", with: ["ticket": "35", "status": "open"]) } catch let caught
            as Failure
        {
            failure = caught
        }
        #expect(failure?.code == code)
        #expect(failure?.kind == kind)
        let status = try await bench.run("ticket.get", with: ["ticket": "35"])["ticket"]?["status"]
        #expect(status == (code == nil ? "open" : "new"), "only what was done is known")
    }

    @Test(
        "whether an uncertain change was made is read from the desk",
        arguments: [
            (#"{"ticket":{"id":35,"status":"open","priority":"high","tags":[]}}"#, "done"),
            (#"{"ticket":{"id":35,"status":"new","priority":"high","tags":[]}}"#, "not done"),
            (#"{"unexpected":1}"#, "unknown"),
        ])
    func verification(body: String, expected: String) async throws {
        let bench = try ticketBench(settings: zendesk)
        bench.http.answer(.status(200, body: body))
        let answer = try await bench.verify(
            "ticket.update", with: ["ticket": "35", "status": "open", "priority": "P2"])
        switch answer {
        case .done: #expect(expected == "done")
        case .notDone: #expect(expected == "not done")
        case .unknown: #expect(expected == "unknown")
        }
        #expect(try await bench.verify("ticket.note", with: ["ticket": "35", "text": "x"]) == .unknown)
    }

    @Test(
        "settings and ids that cannot work are permanent failures that say what to do",
        arguments: unusable)
    func settings(settings: Value, with: Value, code: String) async throws {
        let bench = try ticketBench(settings: settings)
        await #expect { try await bench.run("ticket.update", with: with) } throws: {
            ($0 as? Failure)?.code == code && ($0 as? Failure)?.kind == .permanent
        }
        #expect(bench.http.requests.isEmpty)
    }

    @Test func `the token shows in no output and no failure`() async throws {
        for answer: ScriptedHTTPClient.Answer in [.status(200), .status(401, body: "canary-token"), .status(500)] {
            let bench = try ticketBench(settings: zendesk)
            bench.http.answer(answer)
            let faults = await PluginChecks.leaks(of: "canary-token", on: bench) {
                try await bench.run("ticket.update", with: ["ticket": "35", "status": "open"])
            }
            #expect(faults == [])
        }
        let rehearsal = try await ticketBench(settings: zendesk).rehearse(
            "ticket.reply", with: ["ticket": "35", "text": "x"])
        #expect(!JSONWriter.text(rehearsal.sent).contains("canary-token"))
    }
}

private let impossible: [(String, Value)] = [
    ("ticket.update", ["ticket": "1"]), ("ticket.update", ["status": "open"]),
    ("ticket.update", ["ticket": "1", "status": "gone"]),
    ("ticket.update", ["ticket": "1", "assignee": "agent-1", "unassign": true]),
    ("ticket.tag", ["ticket": "1"]), ("ticket.tag", ["ticket": "1", "add": ["a"], "remove": ["a"]]),
    ("ticket.link", ["ticket": "1", "to": "1"]), ("ticket.reply", ["ticket": "1", "text": ""]),
]

private let orders: [(String, Value, [String])] = [
    (
        "ticket.update",
        [
            "ticket": "35", "status": "open", "priority": "P1", "assignee": "agent-1", "team": "support",
            "category": "web",
        ],
        [
            #"PUT /tickets/35 {"ticket":{"status":"open","priority":"urgent","assignee_id":2001,"group_id":3001,"custom_fields":[{"id":360,"value":"web"}]}}"#
        ]
    ),
    (
        "ticket.update", ["ticket": "35", "unassign": true],
        [#"PUT /tickets/35 {"ticket":{"assignee_id":null}}"#]
    ),
    (
        "ticket.reply", ["ticket": "35", "text": "Hi", "status": "solved"],
        [#"PUT /tickets/35 {"ticket":{"status":"solved","comment":{"body":"Hi","public":true}}}"#]
    ),
    (
        "ticket.note", ["ticket": "35", "text": "Hm"],
        [#"PUT /tickets/35 {"ticket":{"comment":{"body":"Hm","public":false}}}"#]
    ),
    (
        "ticket.tag", ["ticket": "35", "add": ["a", "b"], "remove": "c"],
        [#"PUT /tickets/35/tags {"tags":["a","b"]}"#, #"DELETE /tickets/35/tags {"tags":["c"]}"#]
    ),
    (
        "ticket.link", ["ticket": "35", "to": "30", "relation": "caused_by"],
        [#"PUT /tickets/35 {"ticket":{"comment":{"body":"This ticket: caused by 30","public":false}}}"#]
    ),
]

private let answerCases: [(ScriptedHTTPClient.Answer, String?, FailureClass?)] = [
    (.status(200), nil, nil), (.status(201), nil, nil),
    (.status(302), "desk_refused", .permanent), (.status(400), "desk_refused", .permanent),
    (.status(401), "desk_unauthorized", .permanent), (.status(403), "desk_unauthorized", .permanent),
    (.status(404), "no_such_ticket", .permanent), (.status(409), "desk_unavailable", .transient),
    (.status(422, body: #"{"error":"RecordInvalid"}"#), "desk_refused", .permanent),
    (.status(429), "desk_rate_limited", .rateLimited(retryAfter: nil)),
    (
        .status(429, headers: [("retry-after", "17")]), "desk_rate_limited",
        .rateLimited(retryAfter: .seconds(17))
    ),
    (
        .status(429, headers: [("Retry-After", "Mon, 23 Nov 2026 09:01:00 GMT")]), "desk_rate_limited",
        .rateLimited(retryAfter: .seconds(60))
    ),
    (
        .status(429, headers: [("Retry-After", "99999999")]), "desk_rate_limited",
        .rateLimited(retryAfter: .seconds(86_400))
    ),
    (.status(429, headers: [("Retry-After", "soon")]), "desk_rate_limited", .rateLimited(retryAfter: nil)),
    (.status(500), "desk_unclear", .uncertain), (.status(502), "desk_unclear", .uncertain),
    (.status(503), "desk_unavailable", .transient),
    (.status(503, headers: [("Retry-After", "5")]), "desk_unavailable", .rateLimited(retryAfter: .seconds(5))),
    (.status(504), "desk_unclear", .uncertain),
    (
        .failure(HTTPFailure(code: .refused, message: "nobody there", afterFirstByte: false)),
        "desk_unavailable", .transient
    ),
    (
        .failure(HTTPFailure(code: .timeout, message: "too slow", afterFirstByte: true)), "desk_unclear",
        .uncertain
    ),
    (
        .failure(HTTPFailure(code: .timeout, message: "too slow", afterFirstByte: false)), "desk_unavailable",
        .transient
    ),
    (
        .failure(HTTPFailure(code: .connectionLost, message: "gone", afterFirstByte: true)), "desk_unclear",
        .uncertain
    ),
    (
        .failure(HTTPFailure(code: .tls, message: "no trust", afterFirstByte: false)), "desk_refused",
        .permanent
    ),
]

private let unusable: [(Value, Value, String)] = [
    (["desk": "fax"], ["ticket": "35", "status": "open"], "bad_settings"),
    (["desk": "zendesk"], ["ticket": "35", "status": "open"], "bad_settings"),
    (
        ["desk": "zendesk", "zendesk": ["url": "http://desk.example.com", "email": "a", "token": "b"]],
        ["ticket": "35", "status": "open"], "bad_settings"
    ),
    (zendesk, ["ticket": "35", "assignee": "agent-2"], "unknown_in_desk"),
    (zendesk, ["ticket": "35", "team": "legal"], "unknown_in_desk"),
    (zendesk, ["ticket": "35", "service": "checkout"], "unknown_in_desk"),
    (zendesk, ["ticket": "35/../1", "status": "open"], "invalid_input"),
]
