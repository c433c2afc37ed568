import Foundation
import GRDB
import Testing
import WorkflowModel

/// What a released program left in the middle of its work (`Fixtures/`, made by `scripts/record-state`), in the hands of this one.
@Suite("Upgrades", .timeLimit(.minutes(3)))
struct UpgradeTests {
    /// A workspace as an older program left it, a day ago.
    struct Left {
        let copy: WorkspaceCopy
        let wire: AnsweringPort

        var database: String { copy.state.appending(path: "signalbox.sqlite").path }

        /// The newest recorded state, taken back to `layout`: what did not exist then is not there.
        init(layout: Int) throws {
            wire = try AnsweringPort()
            copy = try WorkspaceCopy(
                empty: true, environment: ["UPGRADE_WIRE": "http://127.0.0.1:\(wire.port)/hook"])
            let fixture = SignalboxProcess.root.appending(path: "Tests/EndToEndTests/Fixtures/layout-3")
            for name in try FileManager.default.contentsOfDirectory(atPath: fixture.path) where name != "state.sql" {
                try FileManager.default.copyItem(
                    at: fixture.appending(path: name), to: copy.folder.appending(path: name))
            }
            try FileManager.default.createDirectory(at: copy.state, withIntermediateDirectories: true)
            var sql = try Left.yesterday(
                String(decoding: Data(contentsOf: fixture.appending(path: "state.sql")), as: UTF8.self))
            if layout < 3 {
                let hears = "(SELECT id FROM runs WHERE playbook = 'hears')"
                for table in ["journal", "effects"] { sql += "DELETE FROM \(table) WHERE run IN \(hears);" }
                sql += "DELETE FROM timers WHERE owner IN \(hears); DELETE FROM runs WHERE playbook = 'hears';"
                sql += "DROP TABLE subscriptions; PRAGMA user_version = 2;"
            }
            if layout < 2 { sql += "DROP TABLE event_identities; PRAGMA user_version = 1;" }
            let queue = try DatabaseQueue(path: database)
            try queue.writeWithoutTransaction { [sql] in try $0.execute(sql: sql) }
            try queue.close()
        }

        /// Moves all times of a recorded state by whole days, so that its newest day is yesterday.
        static func yesterday(_ sql: String) throws -> String {
            let pattern = /(\d{4})-(\d\d)-(\d\d)T(?=\d\d:\d\d:)/
            func day(_ match: Regex<(Substring, Substring, Substring, Substring)>.Match) -> Date? {
                ISO8601DateFormatter().date(from: "\(match.output.0)00:00:00Z")
            }
            let recorded = try #require(
                sql.firstMatch(of: /INSERT INTO runs .*/).flatMap { $0.output.firstMatch(of: pattern) }.flatMap(day))
            let now = Date.now.timeIntervalSince1970
            let shift = ((now / 86_400).rounded(.down) - 1) * 86_400 - recorded.timeIntervalSince1970
            return sql.replacing(pattern) { match in
                guard let day = day(match) else { return String(match.output.0) }
                return String(ISO8601DateFormatter().string(from: day + shift).prefix(11))
            }
        }

        /// The journal of each run: kind, step and body, in order.
        func journals() throws -> [String: [[String]]] {
            let queue = try DatabaseQueue(path: database)
            return try queue.read { db in
                var journals: [String: [[String]]] = [:]
                for row in try Row.fetchAll(
                    db, sql: "SELECT run, kind, coalesce(step, ''), body FROM journal ORDER BY run, sequence")
                {
                    journals[row[0], default: []].append([row[1], row[2], row[3]])
                }
                return journals
            }
        }
    }

    /// A run of the fixture by its playbook and ticket.
    func states(_ copy: WorkspaceCopy) async throws -> [String: [String]] {
        var states: [String: [String]] = [:]
        for run in try await copy.json("runs", "list").list ?? [] {
            states[run["playbook"]?.string ?? "", default: []].append(run["state"]?.string ?? "")
        }
        return states.mapValues { $0.sorted() }
    }

    @Test(arguments: [3, 2, 1])
    func `runs in every state go on to their right ends, and no completed step is made again`(layout: Int)
        async throws
    {
        let left = try Left(layout: layout)
        let copy = left.copy
        let before = try left.journals()

        let resumed = try await copy.run("runs", "resume", "--wait", "60s")
        #expect(resumed.status == 0, "\(resumed.out)\(resumed.err)")
        let unsure = try #require(
            try await copy.json("runs", "list", "--state", "needs_attention")[0]?["id"]?.string)
        #expect(try await copy.run("runs", "resolve", unsure, "--step", "answer", "--as", "done").status == 0)
        if layout == 3 {
            try copy.write(EventTests.line("closed", "T-hears", type: "ticket.closed"), to: "closed.json")
            #expect(try await copy.run("emit", "--event", "closed.json").status == 0)
            #expect(try await copy.run("runs", "resume", "--wait", "20s").status == 0)
        }

        var expected = [
            "done": ["succeeded"], "tries": ["succeeded"], "waits": ["succeeded"], "unsure": ["succeeded"],
            // One that was being cancelled, two in the middle of a write, two in line, and one that was asked for.
            "told": ["cancelled", "succeeded", "succeeded", "succeeded", "succeeded", "succeeded"],
        ]
        if layout == 3 { expected["hears"] = ["succeeded"] }
        #expect(try await states(copy) == expected)

        // Steps that were completed are not made again: of the notes before, only those of the runs that had not begun.
        let notes = try copy.outbox("ticket-note")
        #expect(notes.count { $0.contains("before of") } == 3, "\(notes)")
        #expect(notes.count { $0.contains("loop a") } == 0 && notes.count { $0.contains("loop b") } == 1)
        #expect(notes.count { $0.contains("after") } == expected.values.joined().count { $0 == "succeeded" } - 1)
        #expect(left.wire.bodies.count { $0.contains("Resolved: T-tries") } == 1)
        #expect(left.wire.bodies.count { $0.contains("New: T-left") } == 1)

        let after = try left.journals()
        for (run, entries) in before {
            #expect(after[run]?.prefix(entries.count).elementsEqual(entries) == true, "the past of \(run) has changed")
        }
        for (run, entries) in after {
            let completed = entries.filter { $0[0] == "completed" }.map { $0[1] }
            #expect(Set(completed).count == completed.count, "\(run): \(completed)")
        }
        // A write that was under way is made again with its key, and the ledger says that it may be there twice.
        let ledger = try await copy.json("effects", "list", "--action", "notify.send").list ?? []
        #expect(Set(ledger.compactMap { $0["key"]?.string }).count == ledger.count)
        #expect(ledger.count { $0["may_be_duplicate"] == true && $0["state"] == "done" } >= 2, "\(ledger)")
    }

    @Test(arguments: [3, 2, 1])
    func `a copy from before is kept, and is whole`(layout: Int) async throws {
        let left = try Left(layout: layout)
        #expect(try await left.copy.run("runs", "resume", "--wait", "60s").status == 0)
        let version = try await DatabaseQueue(path: left.database).read {
            try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0
        }
        let copy = left.database + ".layout-\(layout)"
        guard version > layout else {
            #expect(!FileManager.default.fileExists(atPath: copy))
            return
        }
        let kept = try await DatabaseQueue(path: copy).read { db in
            (
                try Int.fetchOne(db, sql: "PRAGMA user_version"),
                try String.fetchOne(db, sql: "PRAGMA integrity_check"),
                try Int.fetchOne(db, sql: "SELECT count(*) FROM runs")
            )
        }
        #expect(kept.0 == layout && kept.1 == "ok" && kept.2 == (layout == 3 ? 10 : 9))
    }
}
