import PluginHost
import Testing
import WorkflowModel
import YAML

/// Deliveries that prove where they come from, and those that do not.
@Suite struct WebhookSignatureTests {
    private static let body = Array("{\"id\":\"7\",\"title\":\"café down\"}".utf8)

    /// A hook whose manifest has this way to verify; its deliveries become `thing.happened`.
    static func hook(_ verify: String, _ settings: Value = [:]) throws -> Hook {
        let text = """
            plugin: tried
            version: 0.1.0
            summary: For a test.
            webhooks:
              verify: { way: \(verify) }
              content: [json, form]
              delivery: { header: X-Delivery }
              events:
                - { type: thing.happened, data: { thing: =body } }
            """
        let (file, problems) = ManifestReader.readFile(SourceFile(path: "plugin.yaml", text: text))
        #expect(problems == [])
        return try HookSamples.hook(settings, #require(file?.webhooks), plugin: "tried")
    }

    private func receive(
        _ hook: Hook, _ headers: [(String, String)], _ body: [UInt8] = Self.body, at now: Timestamp = HookSamples.now,
        secrets: [String] = ["test-secret"], query: [(String, String)] = []
    ) -> WebhookOutcome {
        WebhookReceiver.receive(
            WebhookRequest(
                name: "sample", query: query.map { .init($0.0, $0.1) },
                headers: [.init("Content-Type", "application/json")] + headers.map { .init($0.0, $0.1) }, body: body,
                receivedAt: now), hook: hook, secrets: secrets)
    }

    private func code(_ outcome: WebhookOutcome) -> String {
        guard let refusal = outcome.refusal else { return outcome.kind.rawValue }
        #expect(outcome.events.isEmpty || outcome.kind == .unreadable)
        return "\(refusal.status) \(refusal.code)"
    }

    private static let github = "{ kind: hmac, header: X-Hub-Signature-256, prefix: sha256= }"
    private static let githubMark = "sha256=dbe2a957d5a70b3c5ee9bea7bd70089a347bb0ff5cecb54c46f6903e56de577e"

    /// Each vendor's way of signing, with marks that were computed apart from this code.
    @Test(arguments: [
        (github, [("X-Hub-Signature-256", githubMark)]),
        (
            "{ kind: hmac, algorithm: sha1, header: X-Hub-Signature, prefix: sha1= }",
            [("X-Hub-Signature", "sha1=6b79e20f4bb20c7eb66323ce2c20bbf22b430273")]
        ),
        (
            "{ kind: hmac, encoding: base64, header: X-Zendesk-Webhook-Signature, signed: '${timestamp}${body}', timestamp: { header: X-Zendesk-Webhook-Signature-Timestamp, unit: rfc3339, tolerance: 5m } }",
            [
                ("X-Zendesk-Webhook-Signature", "kH6t+ShARaRnHplozyjL8RG8meqDASUUP+tQJ7Avtns="),
                ("X-Zendesk-Webhook-Signature-Timestamp", "2026-01-15T09:30:00Z"),
            ]
        ),
        (
            "{ kind: hmac, header: X-Slack-Signature, prefix: v0=, signed: 'v0:${timestamp}:${body}', timestamp: { header: X-Slack-Request-Timestamp } }",
            [
                ("x-slack-signature", "v0=063eddc3bb74496b36776294fce6a313308dbd224717a8ab3268982bc0e74538"),
                ("x-slack-request-timestamp", "1768469400"),
            ]
        ),
        (
            "{ kind: hmac, header: X-Grafana-Alerting-Signature, signed: '${timestamp}:${body}', timestamp: { header: X-Time, unit: s } }",
            [
                ("X-Grafana-Alerting-Signature", "F8784380814586BABCFD88FEAAF92363A1D3948D36DAAFE04D36CE60EF1DD185"),
                ("X-Time", "1768469400"),
            ]
        ),
        (
            "{ kind: hmac, encoding: base64, header: X-HubSpot-Signature-v3, signed: '${method}${url}${body}${timestamp}', timestamp: { header: X-HubSpot-Request-Timestamp, unit: ms } }",
            [
                ("X-HubSpot-Signature-v3", "0C1Rz0FNFZI8OvOqYZzK2nIaixXRmZt2poYOK1jKjGQ="),
                ("X-HubSpot-Request-Timestamp", "1768469400000"),
            ]
        ),
    ])
    func `the way each vendor signs is understood`(_ verify: String, _ headers: [(String, String)]) throws {
        let hook = try Self.hook(verify, ["url": "https://runner.example.com/hooks/hubspot"])
        let outcome = receive(hook, headers)
        #expect(code(outcome) == "accepted")
        #expect(outcome.events.first?.data["thing"]?["title"] == "café down")
        #expect(code(receive(hook, headers, Self.body + [0x20])) == "401 signature_wrong")
        #expect(code(receive(hook, headers, secrets: ["other"])) == "401 signature_wrong")
        #expect(code(receive(hook, headers, secrets: [])) == "401 signature_wrong")
        for header in headers {
            #expect(code(receive(hook, headers.filter { $0.0 != header.0 })) == "401 signature_missing")
            let twice = headers + [(header.0, header.1 + "0")]
            #expect(code(receive(hook, twice)) == "401 signature_missing")
        }
    }

    @Test(arguments: ["", "sha256=", "sha256=zz", "sha256=dbe2", "sha1=" + githubMark.dropFirst(7), "=", "sha256"])
    func `what is no signature does not fit`(_ mark: String) throws {
        let found = code(receive(try Self.hook(Self.github), [("X-Hub-Signature-256", mark)]))
        #expect(found == (mark.isEmpty ? "401 signature_missing" : "401 signature_wrong"))
    }

    @Test func `a secret that is on its way out still counts`() throws {
        let outcome = receive(
            try Self.hook(Self.github), [("X-Hub-Signature-256", Self.githubMark)], secrets: ["new", "test-secret"])
        #expect(outcome.kind == .accepted)
    }

    @Test(arguments: [
        ("v1=00,v1=dbe2a957d5a70b3c5ee9bea7bd70089a347bb0ff5cecb54c46f6903e56de577e", "accepted"),
        ("v1=dbe2a957d5a70b3c5ee9bea7bd70089a347bb0ff5cecb54c46f6903e56de577e, v2=00", "accepted"),
        ("v2=dbe2a957d5a70b3c5ee9bea7bd70089a347bb0ff5cecb54c46f6903e56de577e", "401 signature_wrong"),
        (Array(repeating: "v1=00", count: 40).joined(separator: ","), "401 signature_wrong"),
    ])
    func `of several signatures one must fit, and other versions are passed over`(_ header: String, _ wanted: String)
        throws
    {
        let hook = try Self.hook(
            "{ kind: hmac, header: X-PagerDuty-Signature, prefix: v1=, separator: ',' }")
        #expect(code(receive(hook, [("X-PagerDuty-Signature", header)])) == wanted)
    }

    @Test(arguments: [
        (-300, "accepted"), (300, "accepted"), (301, "401 signature_stale"), (-301, "401 signature_stale"),
        (86_400 * 365, "401 signature_stale"),
    ])
    func `a signature is as old as its tolerance at most`(_ age: Int, _ wanted: String) throws {
        let hook = try Self.hook(
            "{ kind: hmac, header: X-Slack-Signature, prefix: v0=, signed: 'v0:${timestamp}:${body}', timestamp: { header: X-T, tolerance: 5m } }"
        )
        let headers = [
            ("X-Slack-Signature", "v0=063eddc3bb74496b36776294fce6a313308dbd224717a8ab3268982bc0e74538"),
            ("X-T", "1768469400"),
        ]
        let now = Timestamp(seconds: 1_768_469_400 + Int64(age))
        #expect(code(receive(hook, headers, at: now)) == wanted)
    }

    @Test func `a workspace may allow another age`() throws {
        let hook = try Self.hook(
            "{ kind: hmac, header: X-Slack-Signature, prefix: v0=, signed: 'v0:${timestamp}:${body}', timestamp: { header: X-T } }",
            ["tolerance": "1h"])
        let headers = [
            ("X-Slack-Signature", "v0=063eddc3bb74496b36776294fce6a313308dbd224717a8ab3268982bc0e74538"),
            ("X-T", "1768469400"),
        ]
        #expect(code(receive(hook, headers, at: Timestamp(seconds: 1_768_472_999))) == "accepted")
        #expect(code(receive(hook, headers, at: Timestamp(seconds: 1_768_473_001))) == "401 signature_stale")
    }

    @Test func `what a signed header says is signed with it`() throws {
        let hook = try Self.hook(
            "{ kind: hmac, encoding: base64, key: base64, header: Webhook-Signature, prefix: 'v1,', separator: ' ', signed: '${header:Webhook-Id}.${timestamp}.${body}', timestamp: { header: Webhook-Timestamp } }"
        )
        let secret = "whsec_dGVzdC1zZWNyZXQ="
        var request = WebhookRequest(
            name: "sample", headers: [.init("Content-Type", "application/json"), .init("Webhook-Id", "msg_1")],
            body: Self.body, receivedAt: HookSamples.now)
        request.headers += try WebhookSigner.proof(of: request, for: hook, secret: secret).headers
        #expect(WebhookReceiver.receive(request, hook: hook, secrets: [secret]).kind == .accepted)
        request.headers[1].value = "msg_2"
        #expect(code(WebhookReceiver.receive(request, hook: hook, secrets: [secret])) == "401 signature_wrong")
    }

    @Test(arguments: [
        ("{ kind: header, header: X-Token }", [("X-Token", "test-secret")], "accepted"),
        ("{ kind: header, header: X-Token }", [("X-Token", "test-secre")], "401 signature_wrong"),
        ("{ kind: header, header: X-Token }", [], "401 signature_missing"),
        (
            "{ kind: header, header: Authorization, prefix: 'Bearer ' }", [("authorization", "bearer test-secret")],
            "accepted"
        ),
        (
            "{ kind: header, header: Authorization, prefix: 'Bearer ' }", [("Authorization", "test-secret")],
            "401 signature_wrong"
        ),
        ("{ kind: basic }", [("Authorization", "Basic dGVzdC1zZWNyZXQ=")], "accepted"),
        ("{ kind: basic }", [("Authorization", "Basic !!")], "401 signature_wrong"),
        ("{ kind: basic }", [("Authorization", "Basic")], "401 signature_wrong"),
        ("{ kind: basic }", [], "401 signature_missing"),
    ])
    func `a plain secret is compared as it is`(_ verify: String, _ headers: [(String, String)], _ wanted: String) throws
    {
        let outcome = receive(try Self.hook(verify), headers)
        #expect(code(outcome) == wanted)
        // Nothing of a proof is left in what is kept.
        #expect(!outcome.events.contains { JSONWriter.text($0.envelope).contains("test-secret") })
    }

    @Test func `a secret in the address is compared as it is, and there once`() throws {
        let hook = try Self.hook("{ kind: query, parameter: token }")
        #expect(code(receive(hook, [], query: [("token", "test-secret")])) == "accepted")
        #expect(code(receive(hook, [], query: [("token", "test-secre")])) == "401 signature_wrong")
        #expect(code(receive(hook, [], query: [("token", "x"), ("token", "test-secret")])) == "401 signature_missing")
        #expect(code(receive(hook, [])) == "401 signature_missing")
    }

    @Test func `what a refused delivery calls itself is known for the log, and nothing else`() throws {
        let outcome = receive(try Self.hook(Self.github), [("X-Delivery", "d-1")])
        #expect(outcome.delivery == "d-1" && outcome.events.isEmpty && !outcome.isGenuine)
        let long = receive(try Self.hook(Self.github), [("X-Delivery", String(repeating: "x", count: 5000))])
        #expect(long.delivery?.hasPrefix("sha256:") == true)
    }
}
