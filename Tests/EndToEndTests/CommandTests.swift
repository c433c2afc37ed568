import Foundation
import Testing
import WorkflowModel

/// Every command, for people and for programs, and what its exit status says.
@Suite("Commands")
struct CommandTests {
    /// Commands that need nothing that happened before, and something that they print.
    static let looking: [(arguments: [String], said: String)] = [
        (["check"], "no mistakes"),
        (["check", "playbooks/vip-escalation.yaml"], "no mistakes"),
        (["check", "playbooks"], "no mistakes"),
        (["plugins"], "notify.send"),
        (["plugins", "show", "notify.send"], "dedupe_key"),
        (["plugins", "show", "route"], "route.assign"),
        (["dry-run", "new-ticket-triage"], "Nothing was sent"),
        (["dry-run", "new-ticket-triage", "--event", "events/ticket.created.json", "--offline"], "Nothing was sent"),
        (["dry-run", "new-ticket-triage", "--set", "ticket.priority=P1"], "new-ticket-triage"),
        (["dry-run", "stalled-tickets"], "Nothing was sent"),
        (["preview", "sla-at-risk", "--on", "sla.at_risk"], "4711"),
        (["eval", "1 + 2"], "3"),
        (["activate", "vip-escalation"], "active already"),
    ]

    @Test(arguments: looking)
    func `looks and tells people what it sees`(arguments: [String], said: String) async throws {
        let copy = try WorkspaceCopy()
        let outcome = try await copy.signalbox.run(arguments)
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.out.contains(said), "\(outcome.out)")
        #expect(!outcome.out.contains("\u{1B}["), "colour goes to terminals only")
    }

    @Test(arguments: looking.map(\.arguments))
    func `looks and tells programs what it sees`(arguments: [String]) async throws {
        let copy = try WorkspaceCopy()
        let outcome = try await copy.signalbox.run(arguments + ["--format", "json"])
        #expect(outcome.status == 0, "\(outcome.err)")
        let value = try outcome.json
        #expect(value.map != nil || value.list != nil)
        #expect(outcome.err.isEmpty, "what is for people is left out: \(outcome.err)")
    }

    @Test(
        arguments: [
            ([], 0), (["--help"], 0), (["--version"], 0), (["emit", "--help"], 0), (["flurb"], 2),
            (["check", "--flurb"], 2),
            (["dry-run"], 2), (["emit"], 2), (["run", "vip-escalation"], 2), (["runs", "list", "--state", "flurb"], 2),
            (["runs", "list", "--limit", "0"], 2), (["runs", "resolve", "x", "--step", "a", "--as", "flurb"], 2),
            (["emit", "--event", "x", "--wait", "soon"], 2), (["eval"], 2), (["check", "--format", "xml"], 2),
            (["dry-run", "vip-escalation", "--events", "x"], 2), (["init", "new", "--zone", "Mars/Base"], 2),
            (["new", "playbook", "Not A Name", "--on", "ticket.created"], 2),
            (["check", "mistakes"], 1), (["dry-run", "vip-escalatoin"], 1), (["plugins", "show", "notify.sned"], 1),
            (["preview", "vip-escalatoin"], 1), (["eval", "1 +"], 1), (["eval", "1 / 0"], 1), (["runs", "list"], 1),
            (["runs", "show", "x"], 1), (["runs", "resume"], 1), (["runs", "cancel", "x"], 1), (["why", "4711"], 1),
            (["ack", "0123"], 1), (["dry-run", "vip-escalation", "--ticket", "4711"], 1), (["activate", "flurb"], 1),
            (["new", "playbook", "x", "--on", "ticket.flurb"], 1), (["init", "."], 1),
            (["check", "--workspace", "events"], 3), (["check", "nowhere.yaml"], 3),
            (["emit", "--event", "nowhere.json"], 3),
            (["runs", "list", "--workspace", "nowhere"], 3), (["dry-run", "x", "--workspace", "/nonexistent"], 3),
            (["import", "csv", "nowhere.csv", "--mapping", "imports/servicenow.yaml"], 3),
            (["new", "playbook", "x", "--on", "ticket.created", "--workspace", "events"], 3),
        ] as [([String], Int32)])
    func `the exit status says what kind of end it was`(arguments: [String], status: Int32) async throws {
        let copy = try WorkspaceCopy()
        let outcome = try await copy.signalbox.run(arguments)
        #expect(outcome.status == status, "\(outcome.err)\(outcome.out)")
        if status == 0 {
            #expect(!outcome.out.isEmpty)
        } else {
            #expect(!(outcome.err + outcome.out).isEmpty)
        }
        #expect(copy.names(in: ".signalbox").isEmpty, "nothing is made by what only looks or fails")
    }

    @Test func `the mistakes are five, each with its code and place`() async throws {
        let copy = try WorkspaceCopy()
        let told = try await copy.json("check", "mistakes/", status: 1)
        let diagnostics = try #require(told["diagnostics"]?.list)
        #expect(told["errors"]?.int == 5)
        #expect(told["warnings"]?.int == 0)
        #expect(
            diagnostics.compactMap { $0["code"]?.string } == ["SB1402", "SB1210", "SB1020", "SB1205", "SB1206"])
        for diagnostic in diagnostics {
            #expect(diagnostic["line"]?.int != nil && diagnostic["help"]?.string?.isEmpty == false, "\(diagnostic)")
        }
        let text = try await copy.run("check", "mistakes/")
        #expect(text.out.contains("mistakes/misspelt-action.yaml:12:11: error[SB1210]"))
        #expect(text.out.contains("did you mean `notify.send`?"))
        let annotations = try await copy.run("check", "mistakes/", "--format", "github")
        #expect(annotations.status == 1)
        #expect(
            annotations.out.contains("::error file=mistakes/misspelt-action.yaml,line=12,endLine=12,col=11,endColumn="))
        let log = try await copy.run("check", "mistakes/", "--format", "sarif")
        #expect(log.status == 1 && log.out.contains(#""version":"2.1.0""#) && log.out.contains("# SB1210: "))
        let page = try await copy.run("check", "--explain", "sb1210")
        #expect(page.status == 0 && page.out.hasPrefix("# SB1210: "), "\(page.err)")
    }

    @Test func `a dry run can be written as a page`() async throws {
        let copy = try WorkspaceCopy()
        let outcome = try await copy.run("dry-run", "vip-escalation", "--html", "page.html")
        #expect(outcome.status == 0, "\(outcome.err)")
        let page = try copy.text("page.html")
        #expect(page.contains("<html") && page.contains("vip-escalation"))
    }

    @Test func `activate changes one word of the file and keeps the rest`() async throws {
        let copy = try WorkspaceCopy()
        let path = "playbooks/vip-escalation.yaml"
        let active = try copy.text(path)
        let shadow = active.replacing("mode: active", with: "mode: shadow   # until Monday")
        try copy.write(shadow, to: path)
        let told = try await copy.json("activate", "vip-escalation")
        #expect(told["changed"] == .bool(true))
        #expect(try copy.text(path) == shadow.replacing("mode: shadow", with: "mode: active"))
        // A playbook without a mode gets one.
        try copy.write(active.replacing("mode: active\n", with: ""), to: path)
        #expect(try await copy.run("activate", "vip-escalation").status == 0)
        let text = try copy.text(path)
        #expect(text.contains("playbook: vip-escalation\nmode: active\n"))
        #expect(text.contains("# an auto-reply is nobody's anger"))
    }

    @Test func `preview takes known tickets, events and given names`() async throws {
        let copy = try WorkspaceCopy()
        #expect(try await copy.run("emit", "--event", "events/ticket.created.json").status == 0)
        let template = "Ticket {{ticket.id}}: {{ticket.title}} ({{word}})"
        try copy.write(template, to: "templates/short.mustache")
        let expected = "Ticket 4711: Checkout fails with error 502 when paying by card (now)"
        for source in [["--ticket", "4711"], ["--event", "events/ticket.created.json"], ["--on", "ticket.created"]] {
            let outcome = try await copy.signalbox.run(["preview", "short", "--set", "word=now"] + source)
            #expect(outcome.out.contains(expected), "\(source): \(outcome.out)\(outcome.err)")
        }
        let missing = try await copy.run("preview", "short")
        #expect(missing.status == 1 && missing.err.contains("word"))
    }
}
