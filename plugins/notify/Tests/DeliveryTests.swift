import NotifyPlugin
import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@Suite("What becomes of a message") struct DeliveryTests {
    private static let chat: Value = ["to": "#support", "by": "chat", "text": "Hello"]

    @Test(
        "the status decides whether it is tried again",
        arguments: [
            (400, nil, FailureClass.permanent, "http_rejected"), (401, nil, .permanent, "http_rejected"),
            (404, nil, .permanent, "http_rejected"), (410, "5", .permanent, "http_rejected"),
            (302, nil, .permanent, "http_rejected"), (408, nil, .transient, "http_unavailable"),
            (425, nil, .transient, "http_unavailable"), (500, nil, .transient, "http_unavailable"),
            (503, nil, .transient, "http_unavailable"),
            (503, "7", .rateLimited(retryAfter: .seconds(7)), "http_rate_limited"),
            (429, nil, .rateLimited(retryAfter: nil), "http_rate_limited"),
            (429, "30", .rateLimited(retryAfter: .seconds(30)), "http_rate_limited"),
            (429, "Mon, 23 Nov 2026 09:02:00 GMT", .rateLimited(retryAfter: .seconds(120)), "http_rate_limited"),
            (429, "Mon, 23 Nov 2026 08:00:00 GMT", .rateLimited(retryAfter: .zero), "http_rate_limited"),
            (429, "soon", .rateLimited(retryAfter: nil), "http_rate_limited"),
            (429, "99999999999999999999", .rateLimited(retryAfter: .seconds(86_400)), "http_rate_limited"),
        ] as [(Int, String?, FailureClass, String)])
    func statuses(status: Int, retryAfter: String?, kind: FailureClass, code: String) async throws {
        let bench = try notifyBench(channels: usualChannels)
        bench.http.answer(.status(status, headers: retryAfter.map { [("Retry-After", $0)] } ?? []))
        let failure = await failure { try await bench.run("notify.send", with: Self.chat) }
        #expect(failure?.kind == kind)
        #expect(failure?.code == code)
        #expect(bench.shelf.all(in: "notify.messages").isEmpty)
    }

    @Test(
        "an error inside an answer of 200 is an error",
        arguments: [
            (
                "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x",
                FailureClass.rateLimited(retryAfter: nil), "http_rate_limited"
            ),
            ("Microsoft Teams endpoint returned HTTP error 403", .permanent, "http_rejected"),
            ("Microsoft Teams endpoint returned HTTP error 500", .transient, "http_unavailable"),
            (#"{"ok":false,"error":"ratelimited"}"#, .rateLimited(retryAfter: nil), "http_rate_limited"),
            (#"{"ok":false,"error":"internal_error"}"#, .transient, "chat_refused"),
            (#"{"ok":false,"error":"channel_not_found"}"#, .permanent, "chat_refused"),
            (#"{"ok":false}"#, .permanent, "chat_refused"),
        ])
    func insideOfAnAnswer(body: String, kind: FailureClass, code: String) async throws {
        let bench = try notifyBench(channels: usualChannels)
        bench.http.answer(.status(200, body: body))
        let failure = await failure { try await bench.run("notify.send", with: Self.chat) }
        #expect(failure?.kind == kind)
        #expect(failure?.code == code)
    }

    @Test("answers that mean success", arguments: ["ok", "1", "", #"{"ok":true,"ts":"1"}"#, "[1"])
    func success(body: String) async throws {
        let bench = try notifyBench(channels: usualChannels)
        bench.http.answer(.status(200, body: body))
        #expect(try await bench.run("notify.send", with: Self.chat)["sent"] == 1)
    }

    @Test(
        "a broken connection is uncertain only when something may have arrived",
        arguments: [
            (HTTPFailure.Code.refused, false, FailureClass.transient), (.dns, false, .transient),
            (.timeout, false, .transient), (.timeout, true, .uncertain), (.connectionLost, true, .uncertain),
            (.tls, false, .permanent), (.cancelled, false, .transient), (.forbiddenAddress, false, .permanent),
            (.invalidRequest, false, .permanent),
        ])
    func connections(code: HTTPFailure.Code, after: Bool, kind: FailureClass) async throws {
        let bench = try notifyBench(channels: usualChannels)
        bench.http.answer(.failure(HTTPFailure(code: code, message: "no answer", afterFirstByte: after)))
        let failure = await failure { try await bench.run("notify.send", with: Self.chat) }
        #expect(failure?.kind == kind)
        #expect(failure?.code == "http_\(code.rawValue)")
    }

    @Test(
        "mail replies decide in the same way",
        arguments: [
            (MailFailure.Code.deferred, false, FailureClass.transient), (.rejected, false, .permanent),
            (.login, false, .permanent), (.refused, false, .transient), (.timeout, true, .uncertain),
        ])
    func mails(code: MailFailure.Code, after: Bool, kind: FailureClass) async throws {
        let bench = try notifyBench(channels: usualChannels)
        bench.mail.fail(MailFailure(code: code, message: "said no", afterFirstByte: after))
        let failure = await failure {
            try await bench.run("notify.send", with: ["to": "agent-1", "by": "mail", "text": "Hello"])
        }
        #expect(failure?.kind == kind)
        #expect(failure?.code == "mail_\(code.rawValue)")
    }

    @Test func `another attempt repeats only what has not left`() async throws {
        let bench = try notifyBench(channels: usualChannels)
        bench.mail.fail(MailFailure(code: .deferred, message: "try later", afterFirstByte: false))
        let with: Value = ["to": "group:support", "by": "mail", "text": "Hello"]
        let failure = await failure { try await bench.run("notify.send", with: with) }
        #expect(failure?.kind == .transient)
        #expect(bench.mail.deliveries.count == 2)
        let output = try await bench.run("notify.send", with: with)
        #expect(bench.mail.deliveries.count == 3)
        #expect(output["sent"] == 3)
        #expect(bench.shelf.all(in: "notify.messages").count == 3)
    }

    @Test func `those who were told can acknowledge although the step fails, and are not told again after a restart`()
        async throws
    {
        let bench = try notifyBench(channels: usualChannels)
        bench.mail.fail(MailFailure(code: .deferred, message: "try later", afterFirstByte: false))
        let with: Value = ["to": ["agent-1", "agent-2"], "by": "mail", "text": "Hello", "dedupe_key": "k"]
        #expect(await failure { try await bench.run("notify.send", with: with) }?.kind == .transient)
        let (token, _) = try #require(bench.shelf.all(in: "notify.messages").first)
        #expect(bench.shelf.all(in: "notify.messages").count == 1)

        let now = bench.now
        let event = try await bench.shelf.read {
            try Acknowledgement.event(token: token, by: "agent-1", at: now, reader: $0)
        }
        try bench.accept(
            Event(id: "1", source: "test", type: event.type, subject: event.subject, time: bench.now, data: event.data))

        // Another process: what it remembers is what is stored.
        var again = try notifyBench(channels: usualChannels)
        again.shelf = bench.shelf
        let output = try await again.run("notify.send", with: with)
        #expect(again.mail.deliveries.count == 1 && output["sent"] == 2 && output["deduplicated"] == false)
        let kept = bench.shelf.all(in: "notify.messages")
        #expect(kept.count == 2 && kept[token]?["acknowledged_by"] == "agent-1")
    }

    @Test func `a recipient refused for good is named beside those who were told`() async throws {
        let bench = try notifyBench(channels: usualChannels)
        bench.mail.fail(MailFailure(code: .rejected, replyCode: 550, message: "no such user", afterFirstByte: false))
        let output = try await bench.run(
            "notify.send", with: ["to": ["agent-1", "agent-2"], "by": "mail", "text": "Hello"])
        #expect(output["sent"] == 1)
        #expect(output["failed"]?.list?.count == 1)
        #expect(output["failed"]?.list?.first?["code"] == "mail_rejected")
    }

    @Test(
        "no failure, output, rehearsal or document shows a secret, whatever the other side says",
        arguments: [
            ("chat", "https://chat.example.com/services/T0/B0/s3cr3t-path-1", ["s3cr3t-path-1", "/services/T0"]),
            ("pager", "https://hooks.example.com/in/hook-s3cr3t signing-key-1", ["hook-s3cr3t", "signing-key-1"]),
            ("mail", "pa55word-of-smtp", ["pa55word-of-smtp"]),
        ])
    func secrets(by: String, told: String, words: [String]) async throws {
        let answers: [ScriptedHTTPClient.Answer] = [
            .status(200), .status(500, body: told), .status(200, body: #"{"ok":false,"error":"\#(told)"}"#),
            .failure(HTTPFailure(code: .other, message: "at \(told)", afterFirstByte: true)),
        ]
        let with: Value = ["to": "agent-1", "by": .string(by), "text": "Hello"]
        for word in words {
            for (index, answer) in answers.enumerated() {
                let bench = try notifyBench(channels: usualChannels)
                bench.http.answer(answer)
                if index > 0 {
                    bench.mail.fail(MailFailure(code: .other, message: "with \(told)", afterFirstByte: false))
                }
                let leaks = await PluginChecks.leaks(of: word, on: bench) {
                    try await bench.run("notify.send", with: with)
                }
                #expect(leaks == [])
                let kept = bench.shelf.all(in: "notify.messages").values.map { JSONWriter.text(.map($0)) }.joined()
                #expect(!kept.contains(word))
                let rehearsal = try await bench.rehearse("notify.send", with: with)
                #expect(!JSONWriter.text(rehearsal.sent).contains(word) && !rehearsal.summary.contains(word))
            }
        }
    }

    @Test func `a plain address of a chat channel is as little shown as a secret one`() async throws {
        let bench = try notifyBench(channels: ["chat": ["by": "chat", "url": "https://c.example/hook/plain-s3cr3t"]])
        bench.http.answer(
            .failure(
                HTTPFailure(code: .other, message: "at https://c.example/hook/plain-s3cr3t", afterFirstByte: false)))
        let found = await PluginChecks.leaks(of: "plain-s3cr3t", on: bench) {
            try await bench.run("notify.send", with: Self.chat)
        }
        #expect(found == [])
        #expect(
            !JSONWriter.text(try await bench.rehearse("notify.send", with: Self.chat).sent).contains("plain-s3cr3t"))
    }
}
