import NotifyPlugin
import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@Suite("Acknowledging") struct AcknowledgementTests {
    private func acknowledge(_ token: String, by: String, on bench: PluginBench) async throws -> EventDraft {
        let at = bench.now + .seconds(60)
        return try await bench.shelf.read { reader in
            try Acknowledgement.event(token: token, by: by, at: at, reader: reader)
        }
    }

    private func accept(_ draft: EventDraft, on bench: PluginBench) throws {
        try bench.accept(
            Event(
                id: draft.key ?? "x", source: "test", type: draft.type, subject: draft.subject,
                time: bench.now + .seconds(60), data: draft.data))
    }

    @Test func `a token tells which message was seen, once`() async throws {
        let bench = try notifyBench()
        let output = try await bench.run("notify.send", with: ["to": "agent-1", "by": "outbox", "text": "Hello"])
        let token = try #require(output["token"]?.string)
        #expect(token.utf8.count == 32)

        let draft = try await acknowledge(" \(token.uppercased())\n", by: "agent-1", on: bench)
        #expect(draft.type == "notification.acknowledged" && draft.subject == "ticket:4711")
        let notification = try #require(draft.data["notification"])
        #expect(notification["run"] == "run_test" && notification["step"] == "steps[0]")
        #expect(notification["playbook"] == "test-playbook" && notification["acknowledged_by"] == "agent-1")
        let schema = try #require(EventCatalog.standard.schema(ofType: draft.type))
        #expect(schema.violations(of: .map(draft.data)) == [])

        try accept(draft, on: bench)
        let kept = try #require(bench.shelf.all(in: "notify.messages")[token])
        #expect(kept["acknowledged_by"] == "agent-1" && kept["acknowledged_at"]?.timestamp == bench.now + .seconds(60))

        let second = await failure { try await acknowledge(token, by: "agent-2", on: bench) }
        #expect(second?.code == "already_acknowledged")
        #expect(second?.message.contains("agent-1") == true)
    }

    @Test func `the first acknowledgement counts, also when a second one arrives`() async throws {
        let bench = try notifyBench()
        let token = try #require(
            try await bench.run("notify.send", with: ["to": "agent-1", "text": "Hello"])["token"]?.string)
        let (one, two) = (
            try await acknowledge(token, by: "agent-1", on: bench),
            try await acknowledge(token, by: "agent-2", on: bench)
        )
        #expect(one.key == two.key)
        try accept(one, on: bench)
        try accept(two, on: bench)
        #expect(bench.shelf.all(in: "notify.messages")[token]?["acknowledged_by"] == "agent-1")
    }

    @Test("tokens that are none", arguments: ["", "x", String(repeating: "0", count: 32), "../../etc/passwd"])
    func unknown(token: String) async throws {
        let bench = try notifyBench()
        let failure = await failure { try await acknowledge(token, by: "agent-1", on: bench) }
        #expect(failure?.code == "unknown_token")
    }

    @Test func `an acknowledgement of somebody else's system is taken in without harm`() throws {
        let bench = try notifyBench()
        for notification: Value in [[:], ["token": "nobody-knows"], ["token": nil]] {
            try bench.accept(
                Event(
                    id: "1", source: "test", type: "notification.acknowledged", time: bench.now,
                    data: ["notification": notification]))
        }
        #expect(bench.shelf.all(in: "notify.messages").isEmpty)
    }

    @Test func `tokens differ by step, run and recipient, and stay the same in another attempt`() async throws {
        var bench = try notifyBench()
        let with: Value = ["to": ["agent-1", "agent-2"], "by": "outbox", "text": "Hello"]
        let first = try #require(try await bench.run("notify.send", with: with)["tokens"]?.list)
        #expect(Set(first).count == 2)
        bench.attempt = 2
        #expect(try await bench.run("notify.send", with: with)["tokens"]?.list == first)
        bench.idempotencyKey = "key-2"
        let other = try #require(try await bench.run("notify.send", with: with)["tokens"]?.list)
        #expect(Set(other).isDisjoint(with: first))
    }

    @Test func `a rehearsal shows each message word for word`() async throws {
        let bench = try notifyBench(channels: usualChannels)
        let rehearsal = try await bench.rehearse(
            "notify.send", with: ["to": ["agent-1", "agent-2"], "by": "mail", "text": "Hello"])
        #expect(rehearsal.summary.hasPrefix("Would send a message by mail to Agent 1"))
        let messages = try #require(rehearsal.sent["messages"]?.list)
        #expect(messages.count == 2)
        let token = try #require(rehearsal.output["token"]?.string)
        #expect(messages.first?["text"]?.string == "Hello\n\nAcknowledge: signalbox ack \(token)")
        #expect(bench.shelf.all(in: "notify.messages").isEmpty)
    }
}
