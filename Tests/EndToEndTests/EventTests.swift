import Foundation
import Testing
import WorkflowModel

/// Events in, runs out, and what can be said of them afterwards.
@Suite("Events and runs")
struct EventTests {
    static func line(_ id: String, _ ticket: String, type: String = "ticket.created") -> String {
        """
        {"specversion": "1.0", "id": "\(id)", "source": "/desk", "type": "\(type)", "time": "2026-11-22T08:00:00Z", \
        "data": {"ticket": {"id": "\(ticket)", "title": "Broken", "status": "new"}}}
        """
    }

    @Test func `what only Signalbox says of an event is left out when a sender claims it, and the sender is told`()
        async throws
    {
        let copy = try WorkspaceCopy()
        let claim = EventTests.line("first", "A").replacing(#""id":"#, with: #""origin": "own", "depth": 9, "id":"#)
        try copy.write(claim, to: "e.json")
        let told = try await copy.json("emit", "--event", "e.json")
        #expect(told["runs"]?[0]?["state"] == "succeeded", "an echo of our own would start nothing: \(told)")
        let doubts = told["doubtful"]?[0]?["doubts"]?.list?.compactMap(\.string) ?? []
        #expect(doubts.contains { $0.hasPrefix("origin, depth: only Signalbox") }, "\(doubts)")
    }

    @Test func `an event is accepted once, its run is shown, and why it ran`() async throws {
        let copy = try WorkspaceCopy()
        let first = try await copy.json("emit", "--event", "events/ticket.created.json")
        #expect(first["receipts"]?[0]?["duplicate"] == .bool(false))
        let run = try #require(first["runs"]?[0]?["id"]?.string)
        #expect(first["runs"]?[0]?["state"] == "succeeded")
        let messages = copy.names(in: ".signalbox/outbox")
        #expect(messages.count >= 3)

        let again = try await copy.run("emit", "--event", "events/ticket.created.json")
        #expect(again.status == 0 && again.out.contains("known already"), "\(again.out)")
        #expect(copy.names(in: ".signalbox/outbox") == messages, "nothing is done twice")

        let list = try await copy.json("runs", "list")
        #expect(list.list?.map { $0["id"] } == [.string(run)])
        let listText = try await copy.run("runs", "list", "--playbook", "new-ticket-triage", "--state", "succeeded")
        #expect(listText.out.contains(run) && listText.out.contains("ticket:4711"))
        #expect(try await copy.json("runs", "list", "--state", "failed") == .list([]))

        let shown = try await copy.json("runs", "show", run, "--journal")
        #expect(shown["tree"]?["steps"]?.list?.isEmpty == false)
        #expect(shown["journal"]?.list?.last?["kind"] == "ended")
        #expect(shown["effects"]?.list?.allSatisfy { $0["state"] == "done" } == true)
        let tree = try await copy.run("runs", "show", String(run.prefix(30)))
        #expect(tree.status == 0 && tree.out.contains("✓ facts") && tree.out.contains("succeeded after"), "\(tree.out)")

        let why = try await copy.json("why", "sample-ticket-created")
        let story = try #require(why[0]?["playbooks"]?.list)
        #expect(story.first { $0["playbook"] == "new-ticket-triage" }?["outcome"] == "fired")
        #expect(story.first { $0["playbook"] == "vip-escalation" }?["outcome"] == "not_fired")
        let text = try await copy.run("why", "4711", "new-ticket-triage")
        #expect(text.out.contains("✓ missing(ticket.assignee)"), "\(text.out)")
        let not = try await copy.run("why", "4711", "vip-escalation")
        #expect(not.out.contains("✗") && not.out.contains("mentions"), "\(not.out)")
        let misspelt = try await copy.run("why", "4711", "vip-escalatoin")
        #expect(misspelt.status == 1 && misspelt.err.contains("did you mean vip-escalation"))
        #expect(try await copy.json("dry-run", "new-ticket-triage", "--ticket", "4711")["sent"] == .bool(false))
    }

    @Test func `bad lines are named and the good ones between them are accepted`() async throws {
        let copy = try WorkspaceCopy()
        let lines = [
            Self.line("e1", "A"), "{ no json", Self.line("e3", "B"), #"{"specversion": "1.0", "id": "e4"}"#, "",
            #"["a", "list"]"#, Self.line("e7", "C"), "\"text\"",
        ]
        try copy.write(lines.joined(separator: "\n"), to: "events.ndjson")
        let told = try await copy.json("emit", "--event", "events.ndjson", status: 1)
        #expect(told["receipts"]?.list?.compactMap { $0["id"]?.string } == ["e1", "e3", "e7"])
        #expect(told["refused"]?.list?.compactMap { $0["line"]?.int } == [2, 4, 6, 8])
        #expect(told["refused"]?.list?.allSatisfy { $0["reason"]?.string?.isEmpty == false } == true)
        let text = try await copy.run("emit", "--event", "events.ndjson")
        #expect(text.status == 1 && text.out.contains("line 2") && text.out.contains("3 known already"), "\(text.out)")
    }

    @Test(arguments: ["one", "list", "lines"])
    func `events come from standard input in each form`(form: String) async throws {
        let copy = try WorkspaceCopy()
        let events = [Self.line("e1", "A"), Self.line("e2", "B")]
        let input =
            switch form {
            case "one": events[0]
            case "list": "[\(events.joined(separator: ",\n"))]"
            default: events.joined(separator: "\n") + "\n"
            }
        let outcome = try await copy.run("emit", "--event", "-", "--format", "json", input: input)
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(try outcome.json["receipts"]?.list?.count == (form == "one" ? 1 : 2))
        #expect(try outcome.json["runs"]?.list?.allSatisfy { $0["state"] == "succeeded" } == true)
    }

    @Test func `run plays one playbook for one event, whatever its mode`() async throws {
        let copy = try WorkspaceCopy()
        let book = try copy.text("playbooks/vip-escalation.yaml")
        try copy.write(book.replacing("mode: active", with: "mode: shadow"), to: "playbooks/vip-escalation.yaml")
        let outcome = try await copy.run("run", "vip-escalation", "--event", "events/ticket.created.json")
        #expect(outcome.status == 0 && outcome.err.contains("this is real"), "\(outcome.out)\(outcome.err)")
        #expect(!copy.names(in: ".signalbox/outbox").isEmpty)
        let byHand = try await copy.json("run", "stalled-tickets", "--input", "silent_for=8h")
        #expect(byHand["state"] == "succeeded")
        let list = try #require(try await copy.json("runs", "list").list)
        #expect(list.map { $0["playbook"] } == ["stalled-tickets", "vip-escalation"])
        #expect(list.allSatisfy { $0["kind"] == "manual" })
        let two = try await copy.run(
            "run", "vip-escalation", "--event", "-", input: Self.line("a", "A") + "\n" + Self.line("b", "B"))
        #expect(two.status == 2 && two.err.contains("one event"))
    }

    @Test func `what shadow matches is kept and sends nothing`() async throws {
        let copy = try WorkspaceCopy()
        let book = try copy.text("playbooks/new-ticket-triage.yaml")
        try copy.write(book.replacing("mode: active", with: "mode: shadow"), to: "playbooks/new-ticket-triage.yaml")
        let told = try await copy.json("emit", "--event", "events/ticket.created.json")
        #expect(told["receipts"]?[0]?["matches"]?[0]?["outcome"] == "shadowed")
        #expect(copy.names(in: ".signalbox/outbox").isEmpty)
        let run = try #require(try await copy.json("runs", "list")[0])
        #expect(run["kind"] == "shadow" && run["state"] == "succeeded", "\(run)")
        let shown = try await copy.run("runs", "show", try #require(run["id"]?.string))
        #expect(shown.out.contains("nothing was sent"), "\(shown.out)")
    }

    @Test func `a message is acknowledged once with the token that stands in it`() async throws {
        let copy = try WorkspaceCopy()
        #expect(try await copy.run("emit", "--event", "events/ticket.created.json").status == 0)
        let message = try #require(try copy.outbox().first { $0.contains("signalbox ack ") })
        let token = try #require(
            message.split(separator: "\n").first { $0.contains("signalbox ack ") }?.split(separator: " ").last)
        let told = try await copy.json("ack", String(token), "--as", "agent-1")
        #expect(told["by"] == "agent-1")
        #expect(told["receipts"]?[0]?["type"] == "notification.acknowledged")
        let again = try await copy.run("ack", String(token))
        #expect(again.status == 1 && again.err.contains("acknowledged"), "\(again.err)\(again.out)")
        let wrong = try await copy.run("ack", "00000000000000000000000000000000")
        #expect(wrong.status == 1 && !wrong.err.isEmpty)
    }

    @Test func `the real history becomes events, and all playbooks are counted on it`() async throws {
        let copy = try WorkspaceCopy()
        let imported = try await copy.run(
            "import", "csv", "history/servicenow-200.csv", "--mapping", "imports/servicenow.yaml", "--out", "h.ndjson",
            "--limit-tickets", "40")
        #expect(imported.status == 0 && imported.err.contains("40 tickets"), "\(imported.err)")
        let told = try await copy.json("dry-run", "--events", "h.ndjson", "--summary")
        #expect(told["sent"] == .bool(false) && told["subjects"]?.int == 40)
        let triage = try #require(told["playbooks"]?.list?.first { $0["playbook"] == "new-ticket-triage" })
        let fired = try #require(triage["fired"]?.int)
        #expect(triage["looked"]?.int == 40 && fired > 0 && triage["states"] == ["succeeded": .int(fired)], "\(triage)")
        let text = try await copy.run("dry-run", "new-ticket-triage", "--events", "h.ndjson", "--summary")
        #expect(text.status == 0 && text.out.contains("new-ticket-triage"), "\(text.out)")
        #expect(copy.names(in: ".signalbox").isEmpty)
        let stream = try await copy.run(
            "import", "csv", "history/servicenow-200.csv", "--mapping", "imports/servicenow.yaml", "--limit-tickets",
            "2",
            "--format", "json")
        #expect(stream.status == 0)
        for line in stream.out.split(separator: "\n") {
            #expect(try JSON.parse(Array(line.utf8))["specversion"] == "1.0")
        }
    }
}
