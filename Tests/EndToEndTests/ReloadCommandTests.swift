import Foundation
import Glibc
import Testing
import WorkflowModel

/// A workspace that changes while `serve` is at work.
@Suite("Reading a workspace anew", .timeLimit(.minutes(3)), .serialized)
struct ReloadCommandTests {
    private func playbook(_ id: String, _ word: String, mode: String = "active") -> String {
        """
        playbook: \(id)
        title: For a test
        owner: agent-1
        mode: \(mode)
        trigger: { event: ticket.created, fires: every_event }
        breaker: off
        steps:
          - { id: tell, uses: notify.send, with: { to: agent-1, text: "\(word): ${{ ticket.id }}" } }

        """
    }

    private func finding(_ name: String, _ house: House) throws -> Value? {
        try house.json("doctor").list?.first { $0["name"]?.string == name }
    }

    private func readAnew(_ lines: [Value]) -> [Value] {
        lines.filter { $0["message"]?.string == "the workspace was read anew" }
    }

    @Test func `it is read on request, with its mistakes, which change nothing`() throws {
        let house = try House()
        defer { house.remove() }
        #expect(try house.run("reload").status == 1)
        let serve = try house.serve("--no-watch", "--metrics-file", "\(house.folder)/.metrics")
        try serve.waitForLine { $0["message"]?.string == "serving" }
        #expect(try finding("playbooks", house)?["level"] == "ok")

        try house.write("playbooks/second.yaml", playbook("second", "Second"))
        try house.write("playbooks/tell.yaml", playbook("tell", "Other"))
        #expect(try finding("playbooks", house)?["level"] == "warn")
        let answer = try house.json("reload")
        #expect(answer["added"] == ["second"] && answer["changed"] == ["tell"] && answer["removed"] == [])
        #expect(try finding("playbooks", house)?["level"] == "ok")
        _ = try house.run("emit", "--event", house.event("1"), "--wait", "10s")
        #expect(try house.runs("second").count == 1)
        #expect(try house.messages().contains { $0.contains("Other: 1") })

        // Two mistakes in two files, and one good change beside them.
        try house.write(
            "playbooks/second.yaml", playbook("second", "Bad").replacing("notify.send", with: "notify.sent"))
        try house.write("playbooks/third.yaml", playbook("third", "Third").replacing("steps:", with: "stepz:"))
        try house.write("playbooks/tell.yaml", playbook("tell", "Never"))
        let refused = try house.run("reload")
        #expect(refused.status == 1)
        for word in ["notify.sent", "playbooks/second.yaml", "stepz", "playbooks/third.yaml", "keeps what it has"] {
            #expect(refused.error.contains(word), "\(refused.error)")
        }
        #expect(try finding("playbooks", house)?["level"] == "warn")
        // Commands act through the executor, by the set that it has, and say that the files have mistakes.
        let emitted = try house.run("emit", "--event", house.event("2"), "--wait", "10s")
        #expect(emitted.status == 0 && emitted.output.contains("1 accepted"), "\(emitted.error)")
        #expect(
            emitted.error.contains("the files of the workspace have 2 mistakes; signalbox serve"), "\(emitted.error)")
        let paused = try house.run("pause", "tell")
        #expect(paused.status == 0 && paused.error.contains("2 mistakes"), "\(paused.error)")
        #expect(try house.run("resume", "tell").status == 0)
        try house.write("playbooks/second.yaml", playbook("second", "Good"))
        try FileManager.default.removeItem(atPath: "\(house.folder)/playbooks/third.yaml")
        #expect(try house.messages().contains { $0.contains("Other: 2") })
        #expect(try house.messages().contains { $0.contains("Second: 2") })
        #expect(try house.runs("third").isEmpty)

        // The signal does the same; what cannot change says so.
        let settings = "\(house.folder)/signalbox.yaml"
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: settings)), as: UTF8.self)
        try house.write("signalbox.yaml", text + "\nretention: { runs: 30d }\n")
        kill(serve.pid, SIGHUP)
        try serve.waitForLine { $0["cause"]?.string == "SIGHUP" }
        try serve.waitForLine { $0["message"]?.string == "the changed `retention` is used after a restart" }
        _ = try house.run("emit", "--event", house.event("3"), "--wait", "10s")
        #expect(try house.messages().contains { $0.contains("Never: 3") })
        #expect(try house.messages().contains { $0.contains("Good: 3") })

        try house.write("signalbox.yaml", text.replacing("name: serve-test", with: "name: other"))
        let renamed = try house.run("reload")
        #expect(renamed.status == 1 && renamed.error.contains("idempotency key"), "\(renamed.error)")
        try house.write("signalbox.yaml", text)
        #expect(try house.run("reload").status == 0)

        let lines = try serve.stop()
        // Without an executor there is nothing to act by.
        try house.write("playbooks/third.yaml", playbook("third", "Third").replacing("steps:", with: "stepz:"))
        let alone = try house.run("emit", "--event", house.event("4"))
        #expect(alone.status == 1 && alone.error.contains("has a mistake; nothing was done"), "\(alone.error)")
        try FileManager.default.removeItem(atPath: "\(house.folder)/playbooks/third.yaml")
        #expect(readAnew(lines).count == 3)
        let error = lines.first { $0["level"]?.string == "error" }?["message"]?.string ?? ""
        #expect(error.contains("notify.sent") && error.contains("stepz"), "\(error)")
        let metrics = String(
            decoding: try Data(contentsOf: URL(fileURLWithPath: "\(house.folder)/.metrics")), as: UTF8.self)
        #expect(metrics.contains("signalbox_reloads_total{outcome=\"done\"} 3"), "\(metrics)")
        #expect(metrics.contains("signalbox_reloads_total{outcome=\"refused\"} 2"))
        #expect(metrics.contains("signalbox_workspace_refused 0"))
        let audit = try house.json("audit", "list").list ?? []
        #expect(audit.count { $0["action"]?.string == "reload" } == 2)
    }

    @Test func `files that change while events pour in are read by themselves, and no event is lost`() throws {
        let house = try House()
        defer { house.remove() }
        let words = (0...5).map { "Version\($0)" }
        func write(_ word: String) throws {
            for id in ["tell", "second"] { try house.write("playbooks/\(id).yaml", playbook(id, word)) }
        }
        try write(words[0])
        let serve = try house.serve()
        try serve.waitForLine { $0["message"]?.string == "serving" }
        // Events go on coming from the change of the files until `serve` has read them.
        var count = 0
        for (number, word) in words.enumerated().dropFirst() {
            try write(word)
            while readAnew(serve.lines()).count < number {
                count += 1
                try #require(count < 2000, "the files are not read anew")
                let answer = try house.json("emit", "--event", house.event("\(count)"), "--wait", "0s")
                try #require(answer["receipts"]?.list?.first?["sequence"]?.int != nil, "\(answer)")
            }
        }
        try #require(count >= words.count)
        _ = try house.run("emit", "--event", house.event("last"), "--wait", "20s")
        let messages = try house.messages()
        for ticket in (1...count).map(String.init) + ["last"] {
            let told = messages.compactMap { message in words.first { message.contains("\($0): \(ticket)\n") } }
            #expect(told.count == 2 && Set(told).count == 1, "\(ticket): \(told)")
        }
        #expect(messages.contains { $0.contains("Version5: last") })
        _ = try serve.stop()
    }
}
