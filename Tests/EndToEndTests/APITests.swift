import Foundation
import Testing
import WorkflowModel

/// The REST interface of the real server, asked with curl, as a script would.
@Suite("The REST API of serve", .timeLimit(.minutes(5)), .serialized)
struct APITests {
    /// A server over a copy of the sample workspace, with a token of an admin.
    struct Served {
        let copy: WorkspaceCopy
        let running: RunningSignalbox
        let url: String
        let token: String

        init(_ copy: WorkspaceCopy, token known: String? = nil) async throws {
            self.copy = copy
            token = try await Served.token(copy, known)
            running = try copy.signalbox.start(["serve", "--listen", "127.0.0.1:0"])
            let note = copy.state.appending(path: "server.json")
            let process = running
            try await copy.wait(for: "the server") { process.printed.err.contains("serving") }
            let told = try JSON.parse(Array(try Data(contentsOf: note)))
            url = try #require(told["url"]?.string)
        }

        private static func token(_ copy: WorkspaceCopy, _ known: String?) async throws -> String {
            if let known { return known }
            let made = try await copy.json("tokens", "create", "tests", "--role", "admin")
            return try #require(made["token"]?.string)
        }

        /// What curl gives, and the status.
        func ask(_ path: String, _ arguments: String...) throws -> (status: Int, value: Value) {
            let end = try Shell.run(
                ["curl", "-sS", "-m", "60", "-w", "\n%{http_code}", "-H", "Authorization: Bearer \(token)"] + arguments
                    + [url + path])
            let lines = end.out.split(separator: "\n", omittingEmptySubsequences: false)
            let status = try #require(lines.last.flatMap { Int($0) }, "\(end.out)\(end.err)")
            return (status, try JSON.parse(Array(lines.dropLast().joined(separator: "\n").utf8)))
        }

        func post(
            _ path: String, _ body: String, type: String = "application/json", _ arguments: String...
        ) throws -> (status: Int, value: Value) {
            let end = try Shell.run(
                [
                    "curl", "-sS", "-m", "60", "-w", "\n%{http_code}", "-H", "Authorization: Bearer \(token)", "-H",
                    "Content-Type: \(type)", "-d", body,
                ] + arguments + [url + path])
            let lines = end.out.split(separator: "\n", omittingEmptySubsequences: false)
            let status = try #require(lines.last.flatMap { Int($0) }, "\(end.out)\(end.err)")
            return (status, try JSON.parse(Array(lines.dropLast().joined(separator: "\n").utf8)))
        }
    }

    /// Programs that are not ours.
    enum Shell {
        static func run(_ arguments: [String], _ environment: [String: String] = [:]) throws -> (
            status: Int32, out: String, err: String
        ) {
            let end = try ChildProcess(
                "/usr/bin/env", arguments,
                environment: ProcessInfo.processInfo.environment.merging(environment) { $1 }, limit: 120
            ).wait()
            return (end.status, end.out, end.err)
        }
    }

    private static let event = """
        {"specversion":"1.0","id":"api-1","source":"/desk","type":"ticket.created","data":{"ticket":\
        {"id":"4711","title":"Cannot log in","priority":"P2","status":"new","requester":{"id":"u1"}}}}
        """

    @Test func `what came in and what it did is looked at, and decided about, over HTTP`() async throws {
        let served = try await Served(WorkspaceCopy())
        #expect(
            try served.post("/events", Self.event, type: "application/cloudevents+json").status == 202)
        let runs = try served.ask("/api/v1/runs?subject=ticket:4711&limit=5")
        #expect(runs.status == 200)
        let run = try #require(runs.value["items"]?.list?.first?["id"]?.string)
        #expect(try await served.copy.json("runs", "show", run)["id"]?.string == run)
        let shown = try served.ask("/api/v1/runs/\(run)?journal=true")
        #expect(shown.status == 200 && (shown.value["journal"]?.list?.count ?? 0) > 0)
        let events = try served.ask("/api/v1/events?type=ticket.created")
        let place = try #require(events.value["items"]?.list?.first?["sequence"]?.int)
        let why = try served.ask("/api/v1/events/\(place)/why")
        #expect(why.status == 200 && (why.value["playbooks"]?.list?.count ?? 0) > 5)
        // One JSON for the command line and the API.
        #expect(try await served.copy.json("why", "api-1").list?.first == why.value)
        #expect(try served.ask("/api/v1/tickets/4711").value["ticket"]?["title"] == "Cannot log in")
        #expect(try served.ask("/api/v1/plugins?limit=3").value["items"]?.list?.count == 3)

        let wrong = try served.ask("/api/v1/runs?stat=failed")
        #expect(wrong.status == 400 && wrong.value["code"] == "unknown_parameter", "\(wrong.value)")
        #expect(wrong.value["detail"]?.string?.contains("did you mean state?") == true)
        #expect(try served.ask("/api/v1/runs/%FF").status == 400)
        #expect(try served.ask("/api/v1/nothing").status == 404)
        #expect(try served.ask("/api/v1/runs", "-X", "DELETE").status == 405)
        #expect(try served.post("/api/v1/runs/\(run)/cancel", "{").value["code"] == "bad_json")

        let paused = try served.post("/api/v1/playbooks/new-ticket-triage/pause", #"{"reason":"a test"}"#)
        #expect(paused.status == 200, "\(paused.value)")
        #expect(try served.ask("/api/v1/holds").value["pauses"]?.list?.first?["reason"] == "a test")
        #expect(try served.ask("/api/v1/playbooks/new-ticket-triage").value["paused"]?["reason"] == "a test")
        let audit = try await served.copy.json("audit", "list")
        #expect(audit.list?.last?["action"] == "pause")
        served.running.signal(SIGTERM)
        #expect(await served.running.end().status == 0)
    }

    @Test func `a request that is sent again after a crash is acted on once`() async throws {
        let copy = try WorkspaceCopy()
        let first = try await Served(copy)
        let path = "/api/v1/playbooks/stalled-tickets/start"
        let made = try first.post(path, #"{"inputs":{}}"#, "-H", "Idempotency-Key: night-1")
        #expect(made.status == 201, "\(made.value)")
        first.running.signal(SIGKILL)
        _ = await first.running.end(isKilled: true)
        let second = try await Served(copy, token: first.token)
        let again = try second.post(path, #"{"inputs":{}}"#, "-H", "Idempotency-Key: night-1")
        #expect(again.status == 201 && again.value == made.value, "\(again.value)")
        let other = try second.post(path, #"{"inputs":{"silent_for":"1h"}}"#, "-H", "Idempotency-Key: night-1")
        #expect(other.status == 422 && other.value["code"] == "idempotency_key_reused", "\(other.value)")
        #expect(try second.ask("/api/v1/runs?playbook=stalled-tickets").value["items"]?.list?.count == 1)
        second.running.signal(SIGTERM)
        _ = await second.running.end()
    }

    @Test func `changes are heard of as they happen, and the last one says that the server stops`() async throws {
        let served = try await Served(WorkspaceCopy())
        let listener = try ChildProcess(
            "curl",
            [
                "-sS", "-N", "-m", "100", "-H", "Authorization: Bearer \(served.token)",
                "\(served.url)/api/v1/stream?kind=run,event",
            ], environment: ProcessInfo.processInfo.environment)
        func text() -> String { listener.printed.out }
        try await served.copy.wait(for: "the first event") { text().contains("event: ready") }
        _ = try served.post("/events", Self.event, type: "application/cloudevents+json")
        try await served.copy.wait(for: "a run to end") { text().contains(#""state":"succeeded""#) }
        #expect(text().contains("event: event") && text().contains("event: run"))
        served.running.signal(SIGTERM)
        #expect(await served.running.end().status == 0)
        _ = await listener.end()
        #expect(text().contains("event: end\ndata: {\"reason\":\"stopping\""))
    }

    @Test func `the examples of the documentation do what they say`() async throws {
        let served = try await Served(WorkspaceCopy())
        let page = try String(
            contentsOf: SignalboxProcess.root.appending(path: "docs/api.md"), encoding: .utf8)
        var blocks: [(kind: Substring, lines: [Substring])] = []
        var block: (kind: Substring, lines: [Substring])?
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if let open = block {
                if line == "```" {
                    blocks.append(open)
                    block = nil
                } else {
                    block?.lines.append(line)
                }
            } else if line.hasPrefix("```sh") {
                block = (line.dropFirst(5), [])
            }
        }
        let scripts = blocks.filter { $0.kind != " setup" }
        #expect(scripts.count >= 4)
        for script in scripts {
            let end = try Shell.run(
                ["bash", "-euo", "pipefail", "-c", script.lines.joined(separator: "\n")],
                ["SIGNALBOX": served.url, "TOKEN": served.token])
            if script.kind == " stream" {
                // 28: the time that the example gives itself is over.
                #expect(end.status == 28 && end.out.contains("event: ready"), "\(end.err)\(end.out)")
            } else {
                #expect(end.status == 0 && end.out.hasPrefix("{"), "\(script.lines): \(end.err)\(end.out)")
            }
        }
        served.running.signal(SIGTERM)
        _ = await served.running.end()
    }
}
