import Foundation
import FoundationNetworking
import Testing
import WorkflowModel

/// Deliveries of other systems to the real program.
@Suite("Hooks", .timeLimit(.minutes(5)), .serialized)
struct HookTests {
    private static let settings = """

        secrets:
          ZENDESK_WEBHOOK: { env: E2E_ZENDESK }
          ALERT_TOKEN: { env: E2E_ALERTS }
          LOST: { env: E2E_LOST }
        hooks:
          desk: { plugin: zendesk, secret: =secrets.ZENDESK_WEBHOOK, own: [900] }
          alertmanager: { secret: =secrets.ALERT_TOKEN }
          lost: { plugin: webhook, secret: =secrets.LOST }
        """
    private static let environment = ["E2E_ZENDESK": "test-secret", "E2E_ALERTS": "test-token"]
    private static let type = "Content-Type: application/json"

    private func workspace() throws -> WorkspaceCopy {
        let copy = try WorkspaceCopy(environment: Self.environment)
        let text = try copy.text("signalbox.yaml")
        let own = text.split(separator: "\nsecrets:\n", maxSplits: 1, omittingEmptySubsequences: false)[0]
        try copy.write(String(own) + Self.settings, to: "signalbox.yaml")
        return copy
    }

    private func body(_ id: String, ticket: String = "5001") -> String {
        """
        {"account_id":1,"id":"\(id)","time":"2026-01-15T09:30:00Z","type":"zen:event-type:ticket.created","event":{},
         "detail":{"id":"\(ticket)","subject":"Checkout fails","status":"NEW","priority":"HIGH","requester_id":"2001"}}
        """
    }

    /// Starts `signalbox serve` and waits until it listens.
    private func serve(_ copy: WorkspaceCopy) async throws -> (process: RunningSignalbox, url: String) {
        let process = try copy.signalbox.start(["serve", "--listen", "127.0.0.1:0", "--log-format", "json"])
        try await copy.wait(for: "the server to listen") { copy.names(in: ".signalbox").contains("server.json") }
        let place = try JSON.parse(copy.text(".signalbox/server.json"))
        try await copy.wait(for: "the server to be ready") { process.printed.err.contains("\"serving\"") }
        return (process, try #require(place["url"]?.string))
    }

    /// The headers that sign `body` for the hook, as `hooks sign` prints them.
    private func signed(_ copy: WorkspaceCopy, _ body: String, _ more: String...) async throws -> [String] {
        let outcome = try await copy.signalbox.run(
            ["hooks", "sign", "desk", "--body", "-"] + more, input: Array(body.utf8))
        #expect(outcome.status == 0, "\(outcome.err)")
        return outcome.out.split(separator: "\n").map(String.init) + [Self.type]
    }

    private func post(
        _ url: String, _ body: String, _ headers: [String], method: String = "POST"
    ) async throws -> (status: Int, type: String, body: Value) {
        var request = URLRequest(url: try #require(URL(string: url)))
        request.httpMethod = method
        if method == "POST" { request.httpBody = Data(body.utf8) }
        // Without one the library would add its own.
        request.setValue("application/octet-stream", forHTTPHeaderField: "Content-Type")
        for header in headers {
            let parts = header.split(separator: ": ", maxSplits: 1)
            request.setValue(String(parts[1]), forHTTPHeaderField: String(parts[0]))
        }
        let (data, response) = try await URLSession.shared.data(for: request)
        let answer = try #require(response as? HTTPURLResponse)
        return (
            answer.statusCode, answer.value(forHTTPHeaderField: "Content-Type") ?? "", try JSON.parse(Array(data))
        )
    }

    @Test func `a signed delivery makes a ticket, and every other kind gets the answer that it deserves`() async throws
    {
        let copy = try workspace()
        #expect(try await copy.run("check").status == 0)
        var (process, url) = try await serve(copy)
        let first = body("e-1")
        let headers = try await signed(copy, first)
        let name = "X-Zendesk-Webhook-Invocation-Id: "

        let good = try await post(url + "/hooks/desk", first, headers + [name + "i-1"])
        #expect(good.status == 202 && good.body["outcome"] == "accepted", "\(good)")
        #expect(good.body["events"]?.list?.first?["type"] == "ticket.created")
        #expect(good.body["delivery"] == "e-1")

        let again = try await post(url + "/hooks/desk", first, headers + [name + "i-1"])
        #expect(again.status == 200 && again.body["outcome"] == "duplicate", "\(again)")
        let replayed = try await post(url + "/hooks/desk", first, headers + [name + "i-other"])
        #expect(replayed.status == 200 && replayed.body["outcome"] == "duplicate")

        let other = body("e-2", ticket: "5002")
        for (status, code, sent, given) in [
            (401, "signature_wrong", other, headers), (401, "signature_missing", other, [Self.type]),
            (
                401, "signature_stale", other,
                try await signed(copy, other, "--header", "X-Zendesk-Webhook-Signature-Timestamp: 2026-01-15T09:30:00Z")
                    + ["X-Zendesk-Webhook-Signature-Timestamp: 2026-01-15T09:30:00Z"]
            ),
            (
                415, "unsupported_media_type", other,
                try await signed(copy, other).dropLast() + ["Content-Type: text/plain"]
            ),
            (400, "body_unreadable", "{\"id\":", try await signed(copy, "{\"id\":")),
            (
                400, "body_unreadable", String(repeating: "[", count: 5000),
                try await signed(copy, String(repeating: "[", count: 5000))
            ),
        ] as [(Int, String, String, [String])] {
            let refused = try await post(url + "/hooks/desk", sent, given + [name + "bad-\(code)"])
            #expect(refused.status == status && refused.body["code"] == .string(code), "\(code): \(refused)")
            #expect(refused.type == "application/problem+json")
            #expect(refused.body["type"] == .string("urn:signalbox:problem:\(code)"))
        }
        #expect(try await post(url + "/hooks/nowhere", other, headers).status == 404)
        #expect(try await post(url + "/hooks/desk", "", [], method: "GET").status == 405)
        let lost = try await post(url + "/hooks/lost", "{}", [Self.type])
        #expect(lost.status == 503 && lost.body["code"] == "secret_missing")

        let missing = #"{"id":"e-3","time":"2026-01-15T09:30:00Z","type":"zen:event-type:ticket.created","detail":{}}"#
        let kept = try await post(url + "/hooks/desk", missing, try await signed(copy, missing))
        #expect(kept.status == 202 && kept.body["outcome"] == "unmapped", "\(kept)")
        #expect(kept.body["problem"]?["code"] == "unmapped")
        #expect(kept.body["problem"]?["detail"]?.string?.contains("none of the fields") == true)

        let lines = process.printed.err
        for word in ["bad-signature_wrong", "bad-signature_stale", "\"delivery\":\"e-3\"", "\"outcome\":\"duplicate\""]
        {
            #expect(lines.contains(word), "no line of the log has \(word)")
        }
        #expect(!lines.contains("test-secret"))

        // What came before a start is remembered after it.
        process.signal(SIGTERM)
        #expect(await process.end().status == 0)
        (process, url) = try await serve(copy)
        let later = try await post(url + "/hooks/desk", first, headers + [name + "i-third"])
        #expect(later.status == 200 && later.body["outcome"] == "duplicate", "\(later)")
        process.signal(SIGTERM)
        _ = await process.end()

        let why = try await copy.run("why", "ticket:5001")
        #expect(why.out.contains("ticket.created"), "\(why.out)\(why.err)")
        #expect(try await !copy.run("why", "ticket:5002").out.contains("ticket.created"))
    }

    @Test func `a workspace's own manifest works without any program`() async throws {
        let copy = try workspace()
        let file = SignalboxProcess.root.appending(path: "plugins/freshdesk/plugin.yaml")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        try copy.write(text.replacing("plugin: freshdesk", with: "plugin: owndesk"), to: "plugins/owndesk/plugin.yaml")
        try copy.write(
            try copy.text("signalbox.yaml") + "\n  owndesk: { secret: =secrets.ALERT_TOKEN }\n", to: "signalbox.yaml")
        #expect(try await copy.run("check").status == 0)
        try copy.write(#"{"event":"ticket.created","ticket":{"id":9,"subject":"Help","status":2}}"#, to: "body.json")
        let found = try await copy.json("hooks", "test", "owndesk", "--sign", "--body", "body.json")
        #expect(found["outcome"] == "accepted")
        #expect(found["events"]?.list?.first?["data"]?["ticket"]?["status"] == "open")

        try copy.write(text.replacing("=body.event\n", with: "=bdoy.event\n"), to: "plugins/owndesk/plugin.yaml")
        let check = try await copy.run("check")
        #expect(
            check.status == 1 && check.out.contains("SB2010") && check.out.contains("did you mean body?"),
            "\(check.out)")
        try copy.write(text.replacing("plugin: freshdesk", with: "plugin: ticket"), to: "plugins/owndesk/plugin.yaml")
        #expect(try await copy.run("check").out.contains("SB2011"))
    }
}
