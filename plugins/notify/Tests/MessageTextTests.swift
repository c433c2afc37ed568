import PluginKit
import PluginTesting
import Testing
import WorkflowModel

@Suite("The words of a message") struct MessageTextTests {
    private func file(_ bench: PluginBench) throws -> String { try #require(bench.outbox.files.values.first) }

    @Test func `an outbox file has headers, the text and how to acknowledge`() async throws {
        let bench = try notifyBench()
        let output = try await bench.run(
            "notify.send", with: ["to": "agent-1", "by": "outbox", "text": "Ticket 4711 waits.\nSince an hour."])
        let token = try #require(output["token"]?.string)
        let lines = try file(bench).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(
            lines[0...3] == [
                "To: Agent 1 <user1@example.com>", "By: outbox", "Subject: Ticket 4711 waits.",
                "Date: \(bench.now.rfc3339)",
            ])
        #expect(lines[4].hasPrefix("Message-ID: <") && lines[4].hasSuffix("@test>"))
        #expect(lines.contains("About: ticket:4711"))
        #expect(
            lines.suffix(5) == ["Ticket 4711 waits.", "Since an hour.", "", "Acknowledge: signalbox ack \(token)", ""])
        #expect(bench.outbox.files.keys.first?.hasPrefix("20261123T090000Z-agent-1-") == true)
    }

    @Test func `templates see the names of the playbook, and data beats them`() async throws {
        var bench = try notifyBench()
        bench.templates = [
            "at-risk": "Subject: {{ticket.id}} at risk\n\n{{ticket.title}}: {{sla.metric}} for {{customer}}{{>foot}}",
            "foot": "\nYours, the desk", "broken-but-unused": "{{#a}}",
        ]
        try await bench.run(
            "notify.send",
            with: [
                "to": "agent-1", "by": "outbox", "template": "at-risk",
                "data": ["customer": "Example Ltd", "sla": ["metric": "resolution"]],
            ])
        let text = try file(bench)
        #expect(text.contains("Subject: 4711 at risk\n"))
        #expect(text.contains("\n\nCheckout is slow: resolution for Example Ltd\nYours, the desk\n"))
    }

    @Test(
        "a text with holes is never sent",
        arguments: [
            ("god", "template_not_found", "did you mean good?"), ("hole", "template_name_missing", "tiket"),
            ("nullish", "template_name_missing", "assignee"), ("broken", "template_invalid", ""),
        ])
    func holes(template: String, code: String, hint: String) async throws {
        var bench = try notifyBench()
        bench.names["ticket"] = ["id": "4711", "assignee": nil]
        bench.templates = [
            "good": "x", "hole": "Hello {{tiket.id}}", "nullish": "For {{ticket.assignee}}", "broken": "{{#ticket}}",
        ]
        let failure = await failure {
            try await bench.run("notify.send", with: ["to": "agent-1", "template": .string(template)])
        }
        #expect(failure?.code == code)
        #expect(failure?.kind == .permanent)
        #expect(failure?.message.contains(hint) == true, "\(failure?.message ?? "")")
        #expect(bench.outbox.files.isEmpty)
    }

    @Test(
        "inputs that do not fit together are refused",
        arguments: [
            ["to": "agent-1"], ["to": "agent-1", "text": "a", "template": "b"], ["to": "agent-1", "text": " \n "],
            ["to": [], "text": "a"], ["to": "agent-1", "text": "a", "dedupe_key": "k", "dedupe_window": "0s"],
        ] as [Value])
    func refused(with: Value) async throws {
        let bench = try notifyBench()
        let failure = await failure { try await bench.run("notify.send", with: with) }
        #expect(failure?.code == "invalid_input")
        #expect(bench.outbox.files.isEmpty)
    }

    @Test func `pages are urgent, and a message for customers need not ask for an acknowledgement`() async throws {
        let bench = try notifyBench()
        try await bench.run("notify.page", with: ["to": "agent-1", "text": "Down", "acknowledge": false])
        let text = try file(bench)
        #expect(text.contains("Subject: URGENT: Down\n") && text.contains("Importance: high\n"))
        #expect(!text.contains("signalbox ack"))
    }

    @Test func `a long first line is cut for the subject only`() async throws {
        let bench = try notifyBench()
        let long = String(repeating: "word ", count: 60)
        let output = try await bench.run("notify.send", with: ["to": "agent-1", "text": .string(long)])
        #expect(output["subject"]?.string?.count == 120)
        #expect(try file(bench).contains(long.dropLast()))
    }
}
