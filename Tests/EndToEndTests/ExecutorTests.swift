import Foundation
import Testing
import WorkflowModel

/// One process executes, others work beside it, and a stop in the middle loses nothing.
@Suite("Executors and signals")
struct ExecutorTests {
    @Test func `commands beside an executor act through it`() async throws {
        let copy = try WorkspaceCopy(environment: Stubborn.environment)
        try Stubborn.add(to: copy, wait: "5m")
        let holder = try copy.signalbox.start([
            "run", "stubborn", "--event", "events/ticket.closed.json", "--wait", "10m",
        ])
        try await copy.wait(for: "the run") { try copy.outbox("ticket-note").count == 1 }

        let emitted = try await copy.json("emit", "--event", "events/ticket.created.json")
        #expect(emitted["runs"]?[0]?["state"] == "succeeded", "\(emitted)")
        let resumed = try await copy.run("runs", "resume")
        #expect(resumed.status == 0 && resumed.out.contains("signalbox run stubborn"), "\(resumed.out)\(resumed.err)")
        let other = try await copy.json("run", "stalled-tickets", "--input", "silent_for=8h")
        #expect(other["state"] == "succeeded", "\(other)")
        let message = try #require(try copy.outbox().first { $0.contains("signalbox ack ") })
        let token = try #require(
            message.split(separator: "\n").first { $0.contains("signalbox ack ") }?.split(separator: " ").last)
        #expect(try await copy.run("ack", String(token)).status == 0)

        let run = try #require(
            try await copy.json("runs", "list", "--playbook", "stubborn")[0]?["id"]?.string)
        let cancelled = try await copy.json("runs", "cancel", run, "--reason", "enough")
        #expect(cancelled["state"] == "cancelled", "\(cancelled)")
        let end = await holder.end()
        #expect(end.status == 1 && end.out.contains("cancelled"), "\(end.out)\(end.err)")
        #expect(try copy.outbox("ticket-note").count >= 1)
    }

    @Test func `an executor that another process looks for is named`() async throws {
        let copy = try WorkspaceCopy(environment: Stubborn.environment)
        let holder = try copy.signalbox.start(["emit", "--event", "-", "--wait", "5s"], input: nil)
        try holder.write(EventTests.line("first", "A") + "\n")
        try await copy.wait(for: "the first event's run") { try copy.outbox().count >= 2 }
        // While its standard input is open it is the executor.
        let beside = try await copy.json("emit", "--event", "events/ticket.created.json")
        #expect(beside["receipts"]?[0]?["duplicate"] == .bool(false))
        let told = try await copy.json("runs", "resume")
        #expect(told["executor"]?.string?.contains("signalbox emit") == true, "\(told)")
        try holder.write(EventTests.line("second", "B") + "\n")
        holder.closeInput()
        let end = await holder.end()
        #expect(end.status == 0 && end.out.contains("2 accepted"), "\(end.out)\(end.err)")
    }

    @Test func `of many at the same moment each is done, whoever executes`() async throws {
        let copy = try WorkspaceCopy()
        for round in 1...3 {
            var together: [RunningSignalbox] = []
            for number in 1...4 {
                try copy.write(EventTests.line("e\(round)-\(number)", "T\(round)-\(number)"), to: "e\(number).json")
                together.append(try copy.signalbox.start(["emit", "--event", "e\(number).json"]))
            }
            for one in together {
                let end = await one.end()
                // Also one whose executor ended in between is told what happened, not that its event is known already.
                #expect(end.status == 0 && end.out.contains("1 accepted;"), "\(end.out)\(end.err)")
            }
        }
        #expect(try await copy.json("runs", "list", "--state", "succeeded").list?.count == 12)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a signal in the middle of a run leaves it where it is, and resume finishes it`(signal: Int32) async throws {
        let copy = try WorkspaceCopy(environment: Stubborn.environment)
        try Stubborn.add(to: copy, wait: "8s")
        let running = try copy.signalbox.start(["run", "stubborn", "--event", "events/ticket.closed.json"])
        try await copy.wait(for: "the first note") { try !copy.outbox("ticket-note").isEmpty }
        try await copy.wait(for: "the first attempt") {
            try SecretTests.files(of: copy.state).contains { $0.bytes.range(of: Data("http_refused".utf8)) != nil }
        }
        let sent = ContinuousClock.now
        running.signal(signal)
        let stopped = await running.end()
        #expect(ContinuousClock.now - sent < .seconds(40))
        #expect(stopped.err.contains("received"), "\(stopped.err)")
        #expect(stopped.status == 1, "the run has not ended: \(stopped.out)")
        #expect(try copy.outbox("ticket-note").count == 1)
        let left = try #require(try await copy.json("runs", "list")[0])
        #expect(left["state"] == "waiting" || left["state"] == "running", "\(left)")

        let resumed = try await copy.run("runs", "resume", "--wait", "90s")
        #expect(resumed.status == 0 && resumed.out.contains("succeeded"), "\(resumed.out)\(resumed.err)")
        #expect(try copy.outbox("ticket-note").count == 2)
        let run = try #require(left["id"]?.string)
        let journal = try #require(try await copy.json("runs", "show", run, "--journal")["journal"]?.list)
        let completed = journal.filter { $0["kind"] == "completed" }.compactMap { $0["step"]?.string }
        #expect(completed.sorted() == Set(completed).sorted() && completed.count == 2, "\(completed)")
        let idle = try await copy.run("runs", "resume")
        #expect(idle.status == 0 && idle.out.contains("nothing was left"))
    }

    @Test func `a signal ends an emit that waits for its standard input`() async throws {
        let copy = try WorkspaceCopy()
        let running = try copy.signalbox.start(["emit", "--event", "-"], input: nil)
        try running.write(EventTests.line("first", "A") + "\n")
        try await copy.wait(for: "the first event's run") { try copy.outbox().count >= 2 }
        running.signal(SIGTERM)
        let end = await running.end()
        #expect(end.status == 1 && end.out.contains("1 accepted"), "\(end.out)\(end.err)")
        #expect(try await copy.json("runs", "list").list?.count == 1)
    }

    @Test func `kill -9 in the middle is repaired by resume`() async throws {
        let copy = try WorkspaceCopy(environment: Stubborn.environment)
        try Stubborn.add(to: copy, wait: "2s")
        let running = try copy.signalbox.start(["emit", "--event", "events/ticket.closed.json"])
        try await copy.wait(for: "the first note") { try copy.outbox("ticket-note").count >= 1 }
        running.signal(SIGKILL)
        _ = await running.end(isKilled: true)
        var resumed = try await copy.run("runs", "resume", "--wait", "90s")
        let run = try #require(try await copy.json("runs", "list")[0])
        if run["state"] == "needs_attention", let id = run["id"]?.string {
            // The note was sent and not yet journaled: its action asks a person.
            resumed = try await copy.run("runs", "resolve", id, "--step", "before", "--as", "done")
        }
        #expect(resumed.status == 0, "\(resumed.out)\(resumed.err)")
        #expect(try await copy.json("runs", "list")[0]?["state"] == "succeeded")
        #expect(try copy.outbox("ticket-note").count == 2)
        let again = try await copy.json("emit", "--event", "events/ticket.closed.json")
        #expect(again["receipts"]?[0]?["duplicate"] == .bool(true))
    }
}
