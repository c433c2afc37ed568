import Foundation
import Testing
import WorkflowModel

/// A real ticket history in its own time, by the built program.
@Suite("signalbox serve --clock replay", .timeLimit(.minutes(5)))
struct ReplayCommandTests {
    @Test func `a history plays to its end, and the clocks that are kept are those that all events together give`()
        async throws
    {
        let copy = try WorkspaceCopy()
        let imported = try await copy.run(
            "import", "csv", "history/servicenow-200.csv", "--mapping", "imports/servicenow.yaml", "--out",
            "history.ndjson", "--limit-tickets", "60")
        #expect(imported.status == 0, "\(imported.err)")
        let lines = try copy.text("history.ndjson").split(separator: "\n").count
        let serve = try copy.signalbox.start(["serve", "--clock", "replay", "--listen", "127.0.0.1:0"])
        try await copy.wait(for: "serve to listen") { copy.names(in: ".signalbox").contains("server.json") }

        let emitted = try await copy.json("emit", "history.ndjson")
        let receipts = emitted["receipts"]?.list ?? []
        // The clocks' own events come with those of the history.
        #expect(lines == 393 && receipts.count > lines, "\(lines), \(receipts.count)")
        #expect(receipts.allSatisfy { $0["refusal"]?.isNull ?? true }, "no event is refused")
        #expect(emitted["runs"]?.list?.isEmpty == false)

        let compliance = try await copy.json("sla", "compliance", "--compare", "made_sla")
        let kept = try #require(compliance["kept"])
        #expect((kept["count"]?.int ?? 0) > 60, "\(kept)")
        #expect(kept["same"] == kept["count"], "\(kept)")
        let rows = compliance["priorities"]?.list ?? []
        #expect(rows.reduce(0) { $0 + ($1["tickets"]?.int ?? 0) } == 60)
        #expect(rows.contains { ($0["compared"]?["kept"]?.int ?? 0) > 0 })
        #expect(compliance["at"]?.string?.hasPrefix("2016-") == true, "it is looked at in its own time")
        let text = try await copy.run("sla", "compliance", "--compare", "made_sla")
        #expect(text.out.contains("each as all events together give it"), "\(text.out)")

        serve.signal(SIGTERM)
        _ = await serve.end()
        let live = try await copy.run("emit", "--event", "events/ticket.created.json")
        #expect(live.status == 1 && live.err.contains("this database holds a replay"), "\(live.err)")
    }

    @Test func `a replay does not begin where live events are`() async throws {
        let copy = try WorkspaceCopy()
        _ = try await copy.run("emit", "--event", "events/ticket.created.json")
        let refused = try await copy.run("serve", "--clock", "replay", "--listen", "off")
        #expect(refused.status != 0 && refused.err.contains("name an empty state folder"), "\(refused.err)")
    }

    @Test func `the board, an explanation and a due date can be read`() async throws {
        let copy = try WorkspaceCopy()
        try copy.write(
            """
            {"specversion":"1.0","id":"e1","source":"/desk","type":"ticket.created","subject":"ticket:7",
            "data":{"ticket":{"id":"7","title":"Down","status":"open","priority":"P2","assignee":"agent-1"}}}
            """, to: "event.json")
        _ = try await copy.run("emit", "--event", "event.json", "--wait", "0s")
        let board = try await copy.run("sla", "board", "--zone", "Asia/Kolkata")
        #expect(board.out.contains("+05:30"), "\(board.out)\(board.err)")
        let clocks = try await copy.json("sla", "board")["clocks"]?.list ?? []
        let clock = try #require(clocks.first)
        let ticket = try #require(clock["ticket"]?.string)
        let explained = try await copy.run("sla", "explain", ticket)
        #expect(explained.out.contains("It began on"), "\(explained.out)")
        let metric = try #require(clock["metric"]?.string)
        let pinned = try await copy.run("sla", "pin", ticket, "--metric", metric, "--due", "2099-01-01T10:00:00Z")
        #expect(pinned.status == 0, "\(pinned.err)")
        let cancelled = try await copy.run("sla", "cancel", ticket, "--metric", metric, "--reason", "a test")
        #expect(cancelled.status == 0, "\(cancelled.err)")
        let audit = try await copy.json("audit", "list")
        #expect(audit.list?.compactMap { $0["target"]?.string } == ["sla.pin", "sla.cancel"])
        let preview = try await copy.run("sla", "reapply")
        #expect(preview.out.contains("every open clock is on the present policies"), "\(preview.out)\(preview.err)")
        let refusals: [([String], Int32)] = [
            (["sla", "explain"], 2), (["sla", "due", "--policy", "nosuch"], 1),
            (["sla", "pin", ticket, "--metric", metric, "--due", "tomorrow"], 2),
            (["sla", "board", "--zone", "Mars/Base"], 2), (["sla", "board", "--limit", "0"], 2),
            (["sla", "compliance", "--metric", "nosuch"], 1),
        ]
        for (words, status) in refusals {
            let refused = try await copy.signalbox.run(words)
            #expect(refused.status == status, "\(words): \(refused.err)")
        }
    }
}
