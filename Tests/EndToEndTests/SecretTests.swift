import Foundation
import Testing
import WorkflowModel

/// Secrets go to where they are used and are seen nowhere else.
@Suite("Secrets")
struct SecretTests {
    static let canaries = ["canary-url-5b1f9d", "canary-key-77ac02", "canary-text-0e94c1"]

    @Test func `no byte of a secret is in the database, the log, the outbox or the output`() async throws {
        let copy = try Self.secretive()
        var said = ""
        for arguments in [
            ["check"], ["dry-run", "secretive"], ["dry-run", "secretive", "--format", "json"],
            ["emit", "--event", "events/ticket.closed.json"],
            ["run", "secretive", "--event", "events/ticket.closed.json", "--format", "json"],
            ["runs", "list", "--format", "json"], ["why", "4711", "secretive"],
        ] {
            let outcome = try await copy.signalbox.run(arguments)
            said += outcome.out + outcome.err
            #expect(outcome.status <= 1, "\(arguments): \(outcome.err)")
        }
        let runs = try #require(try await copy.json("runs", "list").list?.compactMap { $0["id"]?.string })
        #expect(runs.count >= 2)
        for run in runs {
            let shown = try await copy.run("runs", "show", run, "--journal")
            let json = try await copy.run("runs", "show", run, "--journal", "--format", "json")
            said += shown.out + shown.err + json.out + json.err
        }
        #expect(said.contains("http_refused") || said.contains("nobody accepts connections"), "\(said.suffix(2000))")
        for canary in Self.canaries {
            #expect(!said.contains(canary), "the output shows \(canary)")
            for (name, bytes) in try Self.files(of: copy.state) {
                #expect(bytes.range(of: Data(canary.utf8)) == nil, "\(name) holds \(canary)")
            }
        }
    }

    @Test func `neither the log at its most talkative nor the metrics of serve show a secret`() async throws {
        let copy = try Self.secretive()
        let metrics = copy.state.deletingLastPathComponent().appending(path: "metrics.prom")
        for format in ["json", "text"] {
            let serve = try copy.signalbox.start([
                "serve", "--listen", "127.0.0.1:0", "--log-level", "trace", "--log-format", format, "--metrics-file",
                metrics.path,
            ])
            try await copy.wait(for: "the metrics") { FileManager.default.fileExists(atPath: metrics.path) }
            try await copy.wait(for: "the executor") {
                FileManager.default.fileExists(atPath: copy.state.appending(path: "executor.lock").path)
            }
            let ran = try await copy.run("run", "secretive", "--event", "events/ticket.closed.json")
            #expect(ran.status <= 1, "\(ran.err)")
            serve.signal(SIGTERM)
            let outcome = await serve.end()
            #expect(outcome.status == 0, "\(outcome.err)")
            let text = String(decoding: try Data(contentsOf: metrics), as: UTF8.self)
            for word in ["step ended", "run ended", "http_refused"] { #expect(outcome.err.contains(word)) }
            #expect(text.contains("signalbox_runs_ended_total{state=\"failed\"} 1\n"), "\(text)")
            for canary in Self.canaries {
                #expect(!outcome.err.contains(canary), "the log shows \(canary)")
                #expect(!text.contains(canary), "the metrics show \(canary)")
            }
            try FileManager.default.removeItem(at: metrics)
        }
    }

    /// A workspace whose active playbook uses secrets wherever one can, and fails with one in its hands.
    private static func secretive() throws -> WorkspaceCopy {
        // One of each kind of source: the environment, a file, a program.
        let copy = try WorkspaceCopy(environment: ["E2E_URL": "http://127.0.0.1:9/\(canaries[0])"])
        try copy.write(canaries[1] + "\n", to: "secret-key.txt")
        let halves = "\(canaries[2].prefix(9)), \(canaries[2].dropFirst(9))"
        try copy.addSettings([
            "secrets": [
                "URL: { env: E2E_URL }", "KEY: { file: secret-key.txt }",
                "TEXT: { command: [printf, \"%s%s\", \(halves)] }",
            ],
            "channels": [
                "room: { by: chat, url: =secrets.URL }",
                "hook: { by: webhook, url: =secrets.URL, secret: =secrets.KEY }",
            ],
        ])
        if try copy.text("signalbox.yaml").contains("\nhooks:\n") {
            try copy.addSettings(["hooks": ["canary: { plugin: zendesk, secret: =secrets.KEY }"]])
        }
        try copy.write(
            """
            playbook: secretive
            title: Uses secrets wherever one can
            owner: support-process
            mode: active
            trigger:
              event: ticket.closed
            steps:
              - uses: notify.send
                with: { by: room, to: "#support", text: "to a room" }
                retry: { attempts: 2, backoff: constant, initial: 10ms, jitter: none }
                continue_on_error: true
              - uses: notify.send
                with: { by: hook, to: "#support", text: "to a hook" }
                retry: { attempts: 1 }
                continue_on_error: true
              - uses: notify.send
                with: { by: default, to: lead of support, text: "with ${{ secrets.TEXT }} inside" }
                continue_on_error: true
              - uses: ticket.note
                with: { text: =secrets.TEXT }
                continue_on_error: true
              - uses: notify.send
                with: { by: room, to: "#support", text: "the last one fails" }
                retry: { attempts: 1 }
            """, to: "playbooks/secretive.yaml")
        return copy
    }

    @Test func `nothing that the server answers, streams, measures or logs shows a secret or a token`() async throws {
        let copy = try Self.secretive()
        let made = try await copy.json("tokens", "create", "all", "--role", "admin")
        let token = try #require(made["token"]?.string)
        let served = try await Served(copy, "--log-level", "trace", "--log-format", "json")
        let event = try copy.text("events/ticket.closed.json")
        var said = ""
        func ask(
            _ path: String, method: String = "GET", _ body: String = "", type: String = "application/json"
        ) async throws {
            let answer = try await served.wire.ask(
                path, method: method, token: token, fields: ["Content-Type: \(type)"], body: body)
            said += "\n\(method) \(path) \(answer.text)"
        }
        try await ask("/events", method: "POST", event, type: "application/cloudevents+json")
        let ran = try await copy.run("run", "secretive", "--event", "events/ticket.closed.json")
        #expect(ran.status <= 1, "\(ran.err)")
        let runs = try await copy.json("runs", "list").list ?? []
        let run = try #require(runs.last?["id"]?.string)
        let effect = try await copy.json("effects", "list")[0]?["key"]?.string ?? "none"

        // Every path that is documented, for what there is and for what there is not, and every method with nonsense.
        let document = try await served.wire.ask("/openapi.json")
        let paths = try document.json["paths"]?.map?.keys.compactMap(\.string) ?? []
        #expect(paths.count > 20)
        for path in paths + ["/metrics", "/readyz", "/healthz", "/nothing"] where !path.contains("stream") {
            for values in [["run": run, "key": effect, "sequence": "1", "playbook": "secretive"], [:]] {
                let filled = path.replacing(/\{([^}]*)\}/) { values[String($0.output.1)] ?? "nothing" }
                try await ask(filled)
            }
        }
        for body in ["", "{", "{\"specversion\": 1}", "[1, 2]", event.replacing("ticket.closed", with: "")] {
            try await ask("/events", method: "POST", body, type: "application/cloudevents+json")
        }
        for fields in [[], ["X-Zendesk-Webhook-Signature: AAAA"], ["Authorization: Bearer wrong"]] {
            let fields = fields + ["X-Zendesk-Webhook-Signature-Timestamp: 2026-01-01T00:00:00Z"]
            said += try await served.wire.ask("/hooks/canary", method: "POST", fields: fields, body: event).text
        }
        let stream = "GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n\r\n"
        async let heard = served.wire.send(Array(stream.utf8), patience: 4)
        try await copy.run("run", "secretive", "--event", "events/ticket.closed.json")
        said += try await heard.text
        for arguments in [
            ["doctor", "--format", "json"], ["effects", "list", "--format", "json"],
            ["audit", "list", "--format", "json"],
            ["dry-run", "secretive", "--all-paths"], ["tokens", "list", "--all", "--format", "json"],
            ["tokens", "show", "all", "--format", "json"], ["plugins", "--format", "json"],
        ] {
            let outcome = try await copy.signalbox.run(arguments)
            said += outcome.out + outcome.err
        }
        let outcome = await served.stop()
        #expect(outcome.status == 0, "\(outcome.err.suffix(2000))")
        #expect(said.contains("signalbox_runs_ended_total") && outcome.err.contains("http_refused"), "it was looked at")
        for canary in Self.canaries + [String(token.suffix(50))] {
            #expect(!said.contains(canary), "an answer shows \(canary)")
            #expect(!outcome.err.contains(canary), "the log shows \(canary)")
            for (name, bytes) in try Self.files(of: copy.state) {
                #expect(bytes.range(of: Data(canary.utf8)) == nil, "\(name) holds \(canary)")
            }
        }
    }

    @Test func `the write-ahead log of a run under way shows no secret`() async throws {
        let canary = Self.canaries[0]
        let copy = try WorkspaceCopy(environment: ["E2E_NOWHERE": "http://127.0.0.1:9/\(canary)"])
        try Stubborn.add(to: copy, wait: "30s")
        let running = try copy.signalbox.start(["run", "stubborn", "--event", "events/ticket.closed.json"])
        try await copy.wait(for: "the first note") { try copy.outbox("ticket-note").count == 1 }
        try await copy.wait(for: "the first attempt") {
            try Self.files(of: copy.state).contains { $0.bytes.range(of: Data("http_refused".utf8)) != nil }
        }
        for (name, bytes) in try Self.files(of: copy.state) {
            #expect(bytes.range(of: Data(canary.utf8)) == nil, "\(name) holds the secret")
        }
        running.signal(SIGTERM)
        let outcome = await running.end()
        #expect(!(outcome.out + outcome.err).contains(canary))
    }

    @Test func `a secret that is not set fails the step and says its name`() async throws {
        let copy = try WorkspaceCopy()
        try Stubborn.add(to: copy, wait: "1s")
        let outcome = try await copy.run("run", "stubborn", "--event", "events/ticket.closed.json")
        #expect(outcome.status == 0, "the step may fail: \(outcome.out)")
        #expect(outcome.out.contains("NOWHERE"), "\(outcome.out)")
        #expect(try copy.outbox("ticket-note").count == 2)
    }

    static func files(of folder: URL) throws -> [(name: String, bytes: Data)] {
        var files: [(String, Data)] = []
        let walker = FileManager.default.enumerator(atPath: folder.path)
        while let name = walker?.nextObject() as? String {
            // A log may go away while it is looked at.
            if let bytes = FileManager.default.contents(atPath: folder.appending(path: name).path) {
                files.append((name, bytes))
            }
        }
        #expect(!files.isEmpty)
        return files
    }
}
