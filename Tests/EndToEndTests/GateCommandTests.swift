import Foundation
import Testing
import WorkflowModel

/// Gates, pause and resume with the built program, with and without an executor beside it.
@Suite("pause, resume and gates on the command line", .timeLimit(.minutes(3)))
struct GateCommandTests {
    private func workspace() throws -> WorkspaceCopy {
        let copy = try WorkspaceCopy()
        try copy.write(
            """
            playbook: gated
            title: One at a time
            owner: support-process
            mode: active
            trigger: { event: ticket.closed }
            concurrency: { key: "'all'", if_busy: wait }
            steps:
              - wait: 1h
              - uses: ticket.note
                with: { text: done }
            """, to: "playbooks/gated.yaml")
        return copy
    }

    private func closed(_ number: Int) -> String {
        #"{"specversion":"1.0","id":"c\#(number)","source":"/desk","type":"ticket.closed","#
            + #""data":{"ticket":{"id":"T-\#(number)","title":"x"}}}"# + "\n"
    }

    private func emit(_ copy: WorkspaceCopy, _ number: Int, wait: String = "0s") async throws -> Value {
        let outcome = try await copy.run(
            "emit", "--event", "-", "--wait", wait, "--format", "json", input: closed(number))
        return try outcome.json
    }

    @Test func `a pause is said, recorded with its reason, and lifted, without an executor`() async throws {
        let copy = try workspace()
        let paused = try await copy.run("pause", "gated", "--reason", "a storm")
        #expect(paused.status == 0, "\(paused.err)")
        #expect(paused.out.contains("gated is paused by"))
        let held = try await emit(copy, 1)
        let match = held["receipts"]?[0]?["matches"]?[0]
        #expect(match?["reason"] == "paused")
        #expect(match?["detail"]?.string?.hasSuffix(": a storm") == true)
        let why = try await copy.run("why", "c1", "gated")
        #expect(why.out.contains("was held back (paused)"), "\(why.out)")
        #expect(try await copy.run("runs", "list").out.contains("! gated is paused by"))
        #expect(try await copy.run("doctor").out.contains("gated is paused by"))
        let resumed = try await copy.run("resume", "gated")
        #expect(resumed.status == 0, "\(resumed.err)")
        #expect(try await copy.run("resume", "gated").status == 1)
        #expect(try await copy.run("pause").status == 2)
        #expect(try await copy.run("pause", "gated", "--stop-runs").status == 2)
        #expect(try await copy.run("pause", "nosuch").status == 1)
    }

    @Test func `a run that waits says for which, and a killed executor loses nobody's place`() async throws {
        let copy = try workspace()
        let serve = try copy.signalbox.start(["serve", "--listen", "off"])
        try await copy.wait(for: "serving") { serve.printed.err.contains("serving") }
        _ = try await emit(copy, 1)
        let second = try await emit(copy, 2)
        let first = try #require(try await copy.json("runs", "list")[1]?["id"]?.string)
        #expect(second["receipts"]?[0]?["matches"]?[0]?["detail"]?.string == "waits for \(first) (all)")
        let list = try await copy.run("runs", "list").out
        #expect(list.contains("waits for \(first) (all)"), "\(list)")
        serve.signal(SIGKILL)
        _ = await serve.end(isKilled: true)

        let next = try copy.signalbox.start(["serve", "--listen", "off"])
        try await copy.wait(for: "serving") { next.printed.err.contains("serving") }
        let held = try #require(try await copy.json("runs", "list")[0])
        #expect(held["held"] == true)
        #expect(try await copy.run("runs", "cancel", first).status == 0)
        try await waitForState(copy, try #require(held["id"]?.string), "waiting")
        let stopped = try await copy.run("pause", "--all", "--stop-runs")
        #expect(stopped.out.contains("no step begins anywhere"), "\(stopped.out)\(stopped.err)")
        #expect(try await copy.run("runs", "cancel", try #require(held["id"]?.string)).status == 1)
        #expect(try await copy.run("resume", "--all").status == 0)
        #expect(try await copy.run("runs", "cancel", try #require(held["id"]?.string)).status == 0)
        next.signal(SIGTERM)
        #expect(await next.end().status == 0)
    }

    private func waitForState(_ copy: WorkspaceCopy, _ run: String, _ state: String) async throws {
        for _ in 0..<600 {
            if try await copy.json("runs", "show", run)["state"]?.string == state { return }
        }
        Issue.record("\(run) never became \(state)")
    }

    @Test func `a dry run shows what the gates say`() async throws {
        let copy = try workspace()
        try copy.write(
            try copy.text("playbooks/gated.yaml").replacing(
                "concurrency: { key: \"'all'\", if_busy: wait }", with: "collect_for: 5m"), to: "playbooks/gated.yaml")
        let outcome = try await copy.run("dry-run", "gated")
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.out.contains("fire: it acts on the 1 collected for ticket:"), "\(outcome.out)")
    }
}
