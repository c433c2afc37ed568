import Digests
import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@Suite("Channels") struct ChannelTests {
    @Test func `a mail goes to each recipient with an identity from the key`() async throws {
        let bench = try notifyBench(channels: usualChannels)
        try await bench.run("notify.send", with: ["to": "group:support", "by": "email", "text": "Hello"])
        let deliveries = bench.mail.deliveries.sorted { $0.message.to[0].address < $1.message.to[0].address }
        #expect(deliveries.map(\.message.to[0].address) == (1...3).map { "user\($0)@example.com" })
        let first = try #require(deliveries.first)
        #expect(first.message.from == .init("support@example.com", name: "Support"))
        #expect(first.server.host == "smtp.example.com" && first.server.port == 587)
        #expect(first.server.security == .starttls && first.server.password == "pa55word-of-smtp")
        #expect(first.message.messageID.hasSuffix("@test"))
        #expect(Set(deliveries.map(\.message.messageID)).count == 3)
        #expect(first.message.extraHeaders.contains { $0 == ("Auto-Submitted", "auto-generated") })

        let again = try notifyBench(channels: usualChannels)
        try await again.run("notify.send", with: ["to": "agent-1", "by": "email", "text": "Hello"])
        #expect(again.mail.deliveries.first?.message.messageID == first.message.messageID)
    }

    @Test func `a chat post is one for all its recipients and names them`() async throws {
        let bench = try notifyBench(channels: usualChannels)
        bench.http.answer(.status(200, body: "ok"))
        let output = try await bench.run(
            "notify.send", with: ["to": ["agent-1", "#incidents", "agent-2"], "by": "chat", "text": "Hello"])
        #expect(bench.http.requests.count == 1)
        let request = try #require(bench.http.requests.first)
        let text = try #require(try JSON.parse(request.bodyText)["text"]?.string)
        let token = try #require(output["token"]?.string)
        #expect(text == "Hello\n\nFor: @agent-1, @agent-2\nAcknowledge: signalbox ack \(token)")
        #expect(request.url == "https://chat.example.com/services/T0/B0/s3cr3t-path-1")
        #expect(request.method == "POST" && request.header("content-type") == "application/json")
    }

    @Test func `a chat channel with an address of its own gets its messages there`() async throws {
        var bench = try notifyBench(channels: usualChannels)
        bench.channels["incidents"] = ["by": "chat", "url": "https://chat.example.com/own/incidents"]
        bench.http.answer(.status(200), .status(200))
        try await bench.run("notify.send", with: ["to": ["#incidents", "#other"], "by": "chat", "text": "Hello"])
        #expect(
            Set(bench.http.requests.map(\.url)) == [
                "https://chat.example.com/own/incidents", "https://chat.example.com/services/T0/B0/s3cr3t-path-1",
            ])
    }

    @Test(
        "what a customer wrote calls nobody in the channel",
        arguments: [
            ("Help @Channel!", false, "Help @\u{200B}Channel!"), ("<!here> now", false, "<\u{200B}!here> now"),
            ("@all @everyone @here", false, "@\u{200B}all @\u{200B}everyone @\u{200B}here"),
            ("a@b.example <b>", false, "a@b.example <b>"), ("@channel", true, "@channel"),
        ])
    func massMentions(text: String, allowed: Bool, expected: String) async throws {
        let bench = try notifyBench(channels: [
            "chat": ["by": "chat", "url": secret("CHAT_URL"), "mass_mentions": .bool(allowed)]
        ])
        bench.http.answer(.status(200))
        try await bench.run("notify.send", with: ["to": "#a", "text": .string(text), "acknowledge": false])
        let request = try #require(bench.http.requests.first)
        #expect(try JSON.parse(request.bodyText)["text"]?.string == expected)
    }

    @Test func `a card is what newer Teams workflows take`() async throws {
        let bench = try notifyBench(channels: [
            "teams": ["by": "chat", "url": secret("CHAT_URL"), "format": "card"]
        ])
        bench.http.answer(.status(202))
        try await bench.run("notify.send", with: ["to": "#support", "by": "teams", "text": "Hello"])
        let request = try #require(bench.http.requests.first)
        let body = try JSON.parse(request.bodyText)
        let content = body["attachments"]?.list?.first?["content"]
        #expect(content?["type"]?.string == "AdaptiveCard")
        #expect(content?["body"]?.list?.first?["text"]?.string?.hasPrefix("Hello") == true)
    }

    @Test func `a long chat post is cut, says so, and keeps the acknowledge line`() async throws {
        let bench = try notifyBench(channels: usualChannels)
        bench.http.answer(.status(200))
        let long = String(repeating: "ä", count: 30_000)
        let output = try await bench.run("notify.send", with: ["to": "#a", "by": "chat", "text": .string(long)])
        let request = try #require(bench.http.requests.first)
        let text = try #require(try JSON.parse(request.bodyText)["text"]?.string)
        #expect(text.utf8.count <= 20_000)
        #expect(text.contains("[cut: the message has 60000 bytes"))
        let token = try #require(output["token"]?.string)
        #expect(text.hasSuffix("signalbox ack \(token)"))
    }

    @Test func `a webhook's body is signed as its receiver can check`() async throws {
        let bench = try notifyBench(channels: usualChannels)
        bench.http.answer(.status(204))
        try await bench.run("notify.page", with: ["to": "agent-1", "by": "pager", "text": "Down"])
        let request = try #require(bench.http.requests.first)
        let mark = HMAC.sha256(key: Array("signing-key-1".utf8), message: request.body)
        #expect(request.header("X-Signalbox-Signature") == "sha256=\(Hex.encode(mark))")
        #expect(request.header("X-Signalbox-Timestamp") == String(bench.now.seconds))
        let body = try JSON.parse(request.bodyText)
        #expect(body["sent_at"]?.timestamp == bench.now)
        #expect(body["urgent"] == true && body["about"] == "ticket:4711" && body["to"] == ["agent-1"])
        #expect(body["id"]?.string == request.header("Idempotency-Key"))
    }

    @Test func `without a channel named, people get mail and chat channels a post`() async throws {
        var bench = try notifyBench(channels: usualChannels)
        bench.settings["notify"] = ["default_channel": "mail"]
        bench.http.answer(.status(200))
        let output = try await bench.run("notify.send", with: ["to": ["agent-1", "#support"], "text": "Hello"])
        #expect(output["messages"]?.list?.compactMap { $0["by"]?.string } == ["mail", "chat"])
        #expect(bench.mail.deliveries.count == 1 && bench.http.requests.count == 1)
    }

    @Test(
        "the channel of a step that names none",
        arguments: [
            (ValueMap(), ValueMap(), "outbox", "outbox"),
            (["a": ["by": "outbox"], "b": ["by": "outbox"]], ValueMap(), "a", "a"),
            (["a": ["by": "outbox"], "default": ["by": "outbox"]], ValueMap(), "default", "default"),
            (["default": ["by": "outbox"], "page": ["by": "outbox"]], ValueMap(), "default", "page"),
            (["a": ["by": "outbox"], "b": ["by": "outbox"]], ["default_channel": "b"], "b", "b"),
            (["a": ["by": "outbox"], "b": ["by": "outbox"]], ["page_channel": "b"], "a", "b"),
        ] as [(ValueMap, ValueMap, String, String)])
    func standard(channels: ValueMap, settings: ValueMap, send: String, page: String) async throws {
        var bench = try notifyBench(channels: channels)
        bench.settings["notify"] = .map(settings)
        for (action, expected) in [("send", send), ("page", page)] {
            let output = try await bench.run("notify.\(action)", with: ["to": "agent-1", "text": "Hello"])
            #expect(output["messages"]?.list?.first?["by"]?.string == expected)
        }
    }

    @Test(
        "channels that are not there or not whole are permanent failures that say what to write",
        arguments: [
            (ValueMap(), "chat", "channel_not_configured", "channels of signalbox.yaml"),
            (usualChannels, "char", "unknown_channel", "did you mean chat?"),
            (["x": ["by": "fax"]], "x", "channel_misconfigured", "is fax"),
            (["x": ["by": "chat"]], "x", "channel_misconfigured", "url is missing"),
            (["x": ["by": "webhook", "url": "https://a.example"]], "x", "channel_misconfigured", "secret is missing"),
            (["x": ["by": "email", "host": "a.example"]], "x", "channel_misconfigured", "from is missing"),
            (
                ["x": ["by": "email", "host": "a", "from": "a@b", "security": "ssl"]], "x", "channel_misconfigured",
                "starttls"
            ),
            (["x": ["by": "email", "host": "a", "from": "a@b", "port": 0]], "x", "channel_misconfigured", "65535"),
            (["x": ["by": "chat", "url": secret("UNSET")]], "x", "secret_not_set", "UNSET"),
            (["x": "outbox"], "x", "channel_misconfigured", "map"),
        ] as [(ValueMap, String, String, String)])
    func misconfigured(channels: ValueMap, by: String, code: String, hint: String) async throws {
        let bench = try notifyBench(channels: channels)
        let failure = await failure {
            try await bench.run("notify.send", with: ["to": "agent-1", "by": .string(by), "text": "Hello"])
        }
        #expect(failure?.code == code)
        #expect(failure?.kind == .permanent)
        #expect(failure?.message.contains(hint) == true, "\(failure?.message ?? "")")
        if hint.contains("missing") {
            let rehearsal = await NotifyPluginTests.failure {
                try await bench.rehearse("notify.send", with: ["to": "agent-1", "by": .string(by), "text": "Hello"])
            }
            #expect(rehearsal?.code == code)
        }
    }
}
