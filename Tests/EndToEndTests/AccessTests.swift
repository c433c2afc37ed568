import Foundation
import Testing
import WorkflowModel

/// Who is let in by a running server, and who is not.
@Suite("Access", .timeLimit(.minutes(5)))
struct AccessTests {
    private func token(_ copy: WorkspaceCopy, _ arguments: String...) async throws -> String {
        let made = try await copy.signalbox.run(["tokens", "create"] + arguments + ["--format", "json"])
        return try #require(try made.json["token"]?.string, "\(made.err)")
    }

    @Test func `tokens are made, shown once, listed without what opens anything, and revoked`() async throws {
        let copy = try WorkspaceCopy()
        let text = try await copy.run("tokens", "create", "desk", "--role", "coordinator")
        let token = text.out.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(token.wholeMatch(of: /sbx_[0-9a-z]{8}_[0-9a-z]{58}/) != nil, "\(text.out)")
        #expect(text.err.contains("cannot be shown again") && !text.err.contains(token))
        let shown = try await copy.json("tokens", "show", "desk")
        #expect(
            shown["role"] == "coordinator" && shown["state"] == "live" && shown["token"] == nil && shown["hash"] == nil)
        #expect(try await copy.run("tokens", "create", "desk", "--role", "lead").status == 1)
        #expect(try await copy.run("tokens", "create", "x").status == 2, "no role")
        #expect(try await copy.run("tokens", "create", "x", "--role", "owner").status == 2)
        #expect(try await copy.run("tokens", "create", "x", "--role", "lead", "--expires", "soon").status == 2)
        #expect(try await copy.run("tokens", "create", "x", "--role", "lead", "--person", "nobody").status == 1)
        try await copy.run("tokens", "create", "brief", "--role", "viewer", "--expires", "3d")
        let findings = try await copy.json("doctor").list ?? []
        let finding = findings.first { $0["name"] == "tokens" }
        #expect(
            finding?["level"] == "warn" && finding?["text"]?.string?.contains("brief expires in") == true, "\(findings)"
        )
        try await copy.run("tokens", "revoke", "brief")
        #expect(try await copy.run("tokens", "revoke", "desk").status == 0)
        #expect(try await copy.run("tokens", "revoke", "desk").status == 1)
        #expect(try await copy.json("tokens", "list").list == [])
        #expect(try await copy.json("tokens", "list", "--all")[0]?["state"] == "revoked")
        let log = try await copy.json("audit", "list").list ?? []
        #expect(
            log.map { $0["action"]?.string } == ["token_create", "token_create", "token_revoke", "token_revoke"])
        #expect(try await copy.run("audit", "verify").status == 0)
        for (name, bytes) in try SecretTests.files(of: copy.state) {
            #expect(bytes.range(of: Data(token.utf8)) == nil, "\(name) holds the token")
            #expect(bytes.range(of: Data(token.suffix(30).utf8)) == nil, "\(name) holds the secret of the token")
        }
    }

    @Test func `a role in the people table bounds the tokens of a person`() async throws {
        let copy = try WorkspaceCopy()
        let people = try copy.text("people.yaml")
        try copy.write(people.replacing("agent-1:\n", with: "agent-1:\n  role: coordinator\n"), to: "people.yaml")
        let refused = try await copy.run("tokens", "create", "a", "--person", "agent-1", "--role", "lead")
        #expect(refused.status == 1)
        #expect(refused.err.contains("agent-1 has the role coordinator"), "\(refused.err)")
        let made = try await copy.json("tokens", "create", "a", "--person", "agent-1")
        #expect(made["role"] == "coordinator", "without --role it is the person's own")
        try copy.write(people.replacing("agent-1:\n", with: "agent-1:\n  role: cordinator\n"), to: "people.yaml")
        let wrong = try await copy.run("check")
        #expect((wrong.out + wrong.err).contains("did you mean `coordinator`?"), "\(wrong.out)")
    }

    @Test func `nothing but health is answered without a token, and each token opens what it is for`() async throws {
        let copy = try WorkspaceCopy()
        let served = try await Served(copy)
        let wire = served.wire
        #expect(served.process.printed.err.contains("there is no token yet"))
        for path in [
            "/metrics", "/api/v1/runs", "/api/v1/nothing", "/nothing", "/", "//metrics", "/metrics/", "/%6detrics",
            "/METRICS",
            "/healthz/../metrics", "/openapi.json/../metrics", "/?path=/healthz", "/healthz%00/metrics", "*",
        ] {
            let answer = try await wire.ask(path)
            #expect(answer.status == 401 && answer.code == "no_token", "\(path): \(answer.text)")
            #expect(answer.field("www-authenticate") == "Bearer realm=\"signalbox\"")
        }
        for path in ["/hooks/../metrics", "/hooks/%2e%2e/metrics", "/hooks//../metrics"] {
            let answer = try await wire.ask(path)
            #expect((400..<500).contains(answer.status) && !answer.text.contains("# TYPE"), "\(path): \(answer.text)")
        }
        #expect(try await wire.ask("/events", method: "POST", body: "{}").status == 401)
        #expect(try await wire.ask("/healthz").status == 200)
        #expect(try await wire.ask("/readyz").status == 200)

        let viewer = try await token(copy, "viewer", "--role", "viewer")
        let sender = try await token(copy, "sender", "--scope", "events")
        let prometheus = try await token(copy, "prometheus", "--scope", "metrics")
        let event = """
            {"specversion": "1.0", "id": "1", "source": "test", "type": "ticket.created",
             "data": {"ticket": {"id": "T-1", "priority": "P3", "status": "new", "title": "a"}}}
            """
        let json = ["Content-Type: application/cloudevents+json"]
        #expect(
            try await wire.ask("/events", method: "POST", token: sender, fields: json, body: event).status / 100 == 2)
        #expect(try await wire.ask("/metrics", token: sender).status == 403)
        #expect(try await wire.ask("/metrics", token: prometheus).status == 200)
        #expect(try await wire.ask("/metrics", token: viewer).status == 200)
        let refused = try await wire.ask("/events", method: "POST", token: viewer, fields: json, body: event)
        #expect(refused.status == 403 && refused.code == "forbidden")
        #expect(try refused.json["detail"] == "this needs the role coordinator; \"viewer\" has the role viewer")
        #expect(refused.field("www-authenticate")?.contains("insufficient_scope") == true)
        #expect(refused.field("ratelimit-policy") == "\"events\";q=600000;w=60")

        // A revocation holds within a second, in a server that runs.
        #expect(try await copy.run("tokens", "revoke", "prometheus").status == 0)
        let end = ContinuousClock.now + .seconds(1)
        var status = 200
        while status == 200, ContinuousClock.now < end + .seconds(5) {
            status = try await wire.ask("/metrics", token: prometheus).status
        }
        #expect(status == 401)
        #expect(try await copy.json("tokens", "show", "viewer")["last_used_at"]?.isNull == false)
        let outcome = await served.stop()
        #expect(outcome.status == 0)
        for secret in [viewer, sender, prometheus] {
            #expect(!outcome.err.contains(secret.suffix(40)), "the log has a token")
        }
    }

    @Test func `no documented path is open by mistake, and a viewer changes nothing anywhere`() async throws {
        let copy = try WorkspaceCopy()
        let viewer = try await token(copy, "viewer", "--role", "viewer")
        let nothing = try await token(copy, "nothing", "--scope", "metrics")
        let served = try await Served(copy)
        let document = try await served.wire.ask("/openapi.json")
        let paths = try document.json["paths"]?.map ?? ValueMap()
        #expect(paths.count > 20)
        for entry in paths.entries {
            let path = entry.key.string ?? ""
            if ["/healthz", "/readyz", "/openapi.json"].contains(path) || path.hasPrefix("/hooks/") { continue }
            let filled = path.replacing(/\{[^}]*\}/, with: "1")
            for method in entry.value.map?.keys.compactMap(\.string) ?? [] {
                guard ["get", "post", "put", "patch", "delete"].contains(method) else { continue }
                let ask = { (token: String?) in
                    try await served.wire.ask(
                        filled, method: method.uppercased(), token: token, fields: ["Content-Type: application/json"],
                        body: method == "get" ? "" : "{}")
                }
                let open = try await ask(nil)
                #expect(open.status == 401, "\(method) \(path) without a token: \(open.text.prefix(300))")
                if path != "/metrics" {
                    let scoped = try await ask(nothing)
                    #expect(scoped.status == 403, "\(method) \(path) with another scope: \(scoped.text.prefix(300))")
                }
                guard method != "get" else { continue }
                let asViewer = try await ask(viewer)
                #expect(asViewer.status == 403, "\(method) \(path) as a viewer: \(asViewer.text.prefix(300))")
            }
        }
        _ = await served.stop()
    }

    @Test func `whatever is wrong with a token is refused with its reason, and the server goes on`() async throws {
        let copy = try WorkspaceCopy()
        let good = try await token(copy, "good", "--role", "admin")
        try copy.write(
            try copy.text("signalbox.yaml")
                + "\nserver: { limits: { failures_per_address: { requests: 1000, burst: 1000 } } }\n",
            to: "signalbox.yaml")
        let served = try await Served(copy)
        let changed = good.dropLast() + (good.hasSuffix("0") ? "1" : "0")
        let cases: [(fields: [String], status: Int, code: String?)] = [
            (["Authorization: Bearer \(changed)"], 401, "damaged_token"),
            (["Authorization: Bearer "], 401, "invalid_token"), (["Authorization:"], 401, "unknown_scheme"),
            (["Authorization: Basic dXNlcjpwYXNz"], 401, "unknown_scheme"),
            (["Authorization: \(good)"], 401, "unknown_scheme"),
            (["Authorization: Bearer \(good)\(good)"], 401, "invalid_token"),
            (["Authorization: Bearer \(good), Bearer \(good)"], 401, "invalid_token"),
            (["Authorization: Bearer \(good)", "Authorization: Bearer \(good)"], 400, "repeated_authorization"),
            (["Authorization: Bearer \(good)", "authorization: Basic dXNlcjpwYXNz"], 400, "repeated_authorization"),
            (["Authorization: Bearer sbx_\u{e9}\u{2028}\u{1F511}"], 401, "invalid_token"),
            (["Authorization: Bearer " + String(repeating: "a", count: 20_000)], 401, "invalid_token"),
            (["Authorization: Bearer " + String(repeating: "a", count: 100_000)], 0, nil),
            (["X-Signalbox-Caller: admin", "X-Api-Key: \(good)", "Cookie: token=\(good)"], 401, "no_token"),
            (["authorization: bearer \(good)"], 200, nil),
        ]
        for (fields, status, code) in cases {
            let answer = try await served.wire.ask("/metrics", fields: fields)
            // How a head that is too large is refused is the connection's matter.
            #expect(
                answer.status == status || (status == 0 && [400, 431].contains(answer.status)),
                "\(fields.map { $0.prefix(60) }): \(answer.text.prefix(400))")
            if let code { #expect(answer.code == code, "\(fields.map { $0.prefix(60) })") }
            #expect(!answer.text.contains(good.suffix(40)))
        }
        #expect(try await served.wire.ask("/metrics?token=\(good)").status == 401)
        #expect(try await served.wire.ask("/metrics", token: good).status == 200)
        let outcome = await served.stop()
        #expect(outcome.status == 0)
        #expect(!outcome.err.contains(good.suffix(40)) && !outcome.err.contains("dXNlcjpwYXNz"))
    }

    @Test func `who guesses has to wait, and one that worked before still works`() async throws {
        let copy = try WorkspaceCopy()
        try copy.write(
            try copy.text("signalbox.yaml")
                + "\nserver: { limits: { failures_per_address: { requests: 1, per: 1h, burst: 3 }, "
                + "per_token: { requests: 1, per: 1h, burst: 5 } } }\n",
            to: "signalbox.yaml")
        let good = try await token(copy, "good", "--role", "viewer")
        let served = try await Served(copy)
        #expect(try await served.wire.ask("/metrics", token: good).status == 200)
        var codes: [String?] = []
        for _ in 0..<5 { codes.append(try await served.wire.ask("/metrics", token: "sbx_guess").code) }
        #expect(codes == ["invalid_token", "invalid_token", "invalid_token", "too_many_failures", "too_many_failures"])
        let blocked = try await served.wire.ask("/metrics", token: "sbx_guess")
        #expect(blocked.status == 429 && Int(blocked.field("retry-after") ?? "") ?? 0 > 1000)
        #expect(try await served.wire.ask("/healthz").status == 200)
        for _ in 0..<4 { #expect(try await served.wire.ask("/metrics", token: good).status == 200) }
        let spent = try await served.wire.ask("/metrics", token: good)
        #expect(spent.status == 429 && spent.code == "rate_limited", "\(spent.text)")
        #expect(spent.field("ratelimit")?.hasPrefix("\"token\";r=0;t=") == true, "\(spent.text)")
        #expect(spent.field("retry-after") != nil)
        _ = await served.stop()
    }

    @Test func `only a trusted proxy says whom a request comes from, and only in its field`() async throws {
        let copy = try WorkspaceCopy()
        let settings = try copy.text("signalbox.yaml")
        func refusals(_ server: String, _ fields: [[String]]) async throws -> String {
            try copy.write(settings + "\nserver: \(server)\n", to: "signalbox.yaml")
            let served = try await Served(copy, "--log-format", "json")
            for fields in fields { _ = try await served.wire.ask("/metrics", fields: fields) }
            return await served.stop().err
        }
        let lied = try await refusals("{}", [["X-Forwarded-For: 6.6.6.6"], ["Forwarded: for=6.6.6.6"]])
        #expect(!lied.contains("6.6.6.6") && lied.contains("\"peer\":\"127.0.0.1\""), "\(lied)")
        let told = try await refusals(
            "{ trusted_proxies: [127.0.0.1] }",
            [["X-Forwarded-For: 6.6.6.6, 203.0.113.9"], ["Forwarded: for=7.7.7.7"]])
        #expect(
            told.contains("\"peer\":\"203.0.113.9\"") && !told.contains("6.6.6.6") && !told.contains("7.7.7.7"),
            "\(told)")
        let other = try await refusals(
            "{ trusted_proxies: [127.0.0.0/8], proxy_field: forwarded }",
            [["X-Forwarded-For: 6.6.6.6"], ["Forwarded: for=7.7.7.7, for=\"[2001:db8::9]:80\""]])
        #expect(
            other.contains("\"peer\":\"2001:db8::9\"") && !other.contains("6.6.6.6") && !other.contains("7.7.7.7"),
            "\(other)")
    }

    @Test func `a request whose length is not clear is refused, and what follows it is not taken for another`()
        async throws
    {
        let copy = try WorkspaceCopy()
        let good = try await token(copy, "good", "--role", "admin")
        let served = try await Served(copy)
        let inner = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(good)\r\n\r\n"
        let head = "POST /events HTTP/1.1\r\nHost: localhost\r\n"
        let attempts: [String] = [
            head + "Content-Length: 4\r\nContent-Length: 0\r\n\r\n" + inner,
            head + "Content-Length: 4, 0\r\n\r\n" + inner,
            head + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner,
            head + "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n" + inner,
            head + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + inner,
            head + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + inner,
            head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + inner,
            head + "Content-Length: +0\r\n\r\n" + inner, head + "Content-Length: 0x0\r\n\r\n" + inner,
            head + "Content-Length: -1\r\n\r\n" + inner,
            head + "Content-Length: 99999999999999999999\r\n\r\n" + inner,
            head + "X: a\r\n b\r\nContent-Length : 0\r\n\r\n" + inner,
            head + "X\u{0}: a\r\nContent-Length: 0\r\n\r\n" + inner,
            head + "X: a\u{0}b\r\nContent-Length: 0\r\n\r\n" + inner,
            "POST /events HTTP/1.1\nHost: localhost\n Content-Length: 0\n\n" + inner,
            "GET /metrics HTTP/9.9\r\nHost: localhost\r\n\r\n" + inner,
            "G\u{e9}T /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n" + inner,
        ]
        for attempt in attempts {
            let answer = try await served.wire.send(Array(attempt.utf8), patience: 3)
            let said = attempt.dropFirst(head.count).prefix(60)
            #expect(!answer.text.contains("# TYPE"), "what followed was answered: \(said) \(answer.text.prefix(300))")
            #expect(answer.status == 0 || (400..<500).contains(answer.status), "\(said): \(answer.text.prefix(200))")
            #expect(answer.isClosed, "\(said): the connection stays open")
        }
        #expect(try await served.wire.ask("/metrics", token: good).status == 200)
        _ = await served.stop()
    }
}
