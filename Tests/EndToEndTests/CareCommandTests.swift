import Foundation
import Testing
import WorkflowModel

/// The commands that look after a workspace, beside a `serve` and without one.
@Suite("prune, doctor, backup, restore, effects", .timeLimit(.minutes(3)), .serialized)
struct CareCommandTests {
    @Test func `a backup made beside an executor brings the runs of its time back`() throws {
        let house = try House()
        defer { house.remove() }
        let serve = try house.serve()
        try serve.waitForLine { $0["message"]?.string == "serving" }
        _ = try house.run("emit", "--event", house.event("1"))
        let copy = "\(house.folder)/copy.sqlite"
        let backup = try house.json("backup", copy)
        #expect((backup["bytes"]?.int ?? 0) > 0)
        #expect(try house.run("backup", copy).status == 3, "never over a file that is there")
        _ = try house.run("emit", "--event", house.event("2"))
        let refused = try house.run("restore", copy)
        #expect(refused.status == 3)
        #expect(refused.error.contains("signalbox serve"))
        #expect(try house.runs("tell").count == 2)
        _ = try serve.stop()

        let restored = try house.json("restore", copy)
        let kept = try #require(restored["kept"]?.string)
        #expect(try house.runs("tell").count == 1)
        let again = try house.json("emit", "--event", house.event("1"))
        #expect(again["receipts"]?.list?.first?["duplicate"] == true)
        // The former database is a backup, too.
        let back = try house.run("restore", kept)
        #expect(back.status == 0, "\(back.error)")
        #expect(try house.runs("tell").count == 2)
    }

    @Test func `doctor says of each thing whether it is well`() throws {
        let house = try House()
        defer { house.remove() }
        #expect(try house.run("doctor").status == 0, "a workspace in which nothing has happened is well")
        _ = try house.run("emit", "--event", house.event("1"))
        let well = try house.json("doctor").list ?? []
        #expect(well.allSatisfy { $0["level"] == "ok" }, "\(well)")
        let names = Set(well.compactMap { $0["name"]?.string })
        let expected: Set = [
            "workspace", "disk", "rights", "outbox", "executor", "version", "size", "integrity", "runs", "attention",
            "pending",
            "timers", "requests", "clock", "paused", "tokens",
        ]
        #expect(names == expected)

        try FileManager.default.setAttributes(
            [.posixPermissions: 0o500], ofItemAtPath: "\(house.folder)/.signalbox/outbox")
        let database = "\(house.folder)/.signalbox/signalbox.sqlite"
        let handle = try #require(FileHandle(forUpdatingAtPath: database))
        try handle.seek(toOffset: 4096 * 3)
        try handle.write(contentsOf: Data(repeating: 0xA5, count: 4096 * 40))
        try handle.close()
        let ill = try house.run("doctor")
        #expect(ill.status == 1)
        #expect(ill.output.contains("fail"))
        #expect(ill.output.contains("signalbox restore BACKUP"))
    }

    @Test func `doctor finds an executor that is stopped and does not answer`() throws {
        let house = try House()
        defer { house.remove() }
        let serve = try house.serve()
        try serve.waitForLine { $0["message"]?.string == "serving" }
        #expect(try house.run("doctor").status == 0)
        kill(serve.pid, SIGSTOP)
        let outcome = try house.run("doctor")
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("is stopped and holds the lock"))
        kill(serve.pid, SIGCONT)
        _ = try serve.stop()
    }

    @Test func `prune deletes what is old, and says so before`() throws {
        let house = try House()
        defer { house.remove() }
        _ = try house.run("emit", "--event", house.event("1"))
        #expect(try house.json("prune")["runs"] == 0)
        let settings = "\(house.folder)/signalbox.yaml"
        let text = try String(contentsOfFile: settings, encoding: .utf8)
        try house.write("signalbox.yaml", text + "\nretention: { runs: 1ms, events: 365d }\n")
        let foreseen = try house.json("prune", "--dry-run")
        #expect(foreseen["runs"] == 1)
        #expect(try house.runs("tell").count == 1)
        let pruned = try house.json("prune")
        #expect(pruned["runs"] == 1 && pruned["events"] == foreseen["events"])
        #expect(try house.runs("tell").isEmpty)
        #expect(try house.ledger("notify.send").count == 1)
        #expect(try house.json("emit", "--event", house.event("1"))["receipts"]?.list?.first?["duplicate"] == true)
    }

    @Test func `the ledger is listed by filters and shown by the beginning of a key`() throws {
        let house = try House()
        defer { house.remove() }
        _ = try house.run("emit", "--event", house.event("1"))
        _ = try house.run("emit", "--event", house.event("2"))
        let all = try house.json("effects", "list").list ?? []
        #expect(all.count == 2)
        #expect(try house.json("effects", "list", "--limit", "1").list?.count == 1)
        #expect(try house.json("effects", "list", "--state", "failed", "--state", "uncertain").list?.count == 0)
        #expect(try house.json("effects", "list", "--action", "ticket.reply").list?.count == 0)
        let run = try #require(all.first?["run"]?.string)
        #expect(try house.json("effects", "list", "--run", run).list?.count == 1)
        let key = try #require(all.first?["key"]?.string)
        #expect(try house.json("effects", "show", String(key.prefix(12)))["sent"]?["to"] == "agent-1")
        let text = try house.run("effects", "show", key)
        #expect(text.output.contains(key) && text.output.contains("notify.send"))
        #expect(try house.run("effects", "show", "ffffffffffff").status == 1)
        #expect(try house.run("effects", "list", "--state", "odd").status == 2)
    }
}
