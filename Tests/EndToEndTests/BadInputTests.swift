import Foundation
import Testing
import WorkflowModel

/// What is wrong outside of playbooks: files, settings, databases, folders.
@Suite("Bad input")
struct BadInputTests {
    static let good = EventTests.line("e", "A")

    @Test(arguments: [
        ("", 1, "event.json"), ("   \n\n", 1, "event.json"), ("{", 1, ""), ("[1, 2]", 1, ""), ("null", 1, ""),
        ("\"text\"", 1, ""), ("{}", 1, "specversion"), ("[]", 1, "no event"),
        (good.replacing("\"id\": \"e\", ", with: ""), 1, "id"), (good.replacing("\"e\"", with: "\"\""), 1, "id"),
        (good.replacing("\"e\"", with: "7"), 1, "id"), (good.replacing("1.0", with: "9.9"), 1, "specversion"),
        (good.replacing("2026-11-22", with: "2026-13-45"), 1, "time"),
        (good.replacing("\"data\": {", with: "\"data\": 5, \"x\": {"), 1, ""),
        (String(repeating: "[", count: 100_000), 1, ""),
        ("{\"a\": " + String(repeating: "9", count: 5000) + "}", 1, ""),
    ])
    func `an event that is none is refused with the reason`(text: String, status: Int32, said: String) async throws {
        let copy = try WorkspaceCopy()
        try copy.write(text, to: "event.json")
        for command in [["emit"], ["run", "vip-escalation"], ["dry-run", "vip-escalation"]] {
            let outcome = try await copy.signalbox.run(command + ["--event", "event.json"])
            let words = outcome.err + outcome.out
            #expect(outcome.status == status, "\(command): \(words)")
            #expect((said.isEmpty || words.contains(said)) && words.count > 10, "\(command): \(words)")
            #expect(words.utf8.count < 5000, "an error is short")
        }
        #expect(copy.names(in: ".signalbox/outbox").isEmpty)
    }

    @Test func `a folder, a missing and an unreadable file are told apart`() async throws {
        let copy = try WorkspaceCopy()
        for command in [["emit"], ["run", "vip-escalation"], ["dry-run", "vip-escalation"]] {
            let folder = try await copy.signalbox.run(command + ["--event", "events"])
            #expect(folder.status == 2 && folder.err.contains("folder"), "\(folder.err)")
            let missing = try await copy.signalbox.run(command + ["--event", "nowhere.json"])
            #expect(missing.status == 3 && missing.err.contains("no such file"), "\(missing.err)")
        }
        // Who may read everything cannot be refused.
        guard geteuid() != 0 else { return }
        try FileManager.default.setAttributes(
            [.posixPermissions: 0], ofItemAtPath: copy.folder.appending(path: "events/ticket.created.json").path)
        let unreadable = try await copy.run("emit", "--event", "events/ticket.created.json")
        #expect(unreadable.status == 3 && unreadable.err.contains("may not read"), "\(unreadable.err)")
    }

    @Test(arguments: [
        ("zone: Europe/London", "zone: Europe/Lndon", "Europe/London"), ("zone: Europe/London", "zone: 7", ""),
        ("name: Example Support", "nmae: Example Support", "name"),
        ("zone: Europe/London", "zone: [", ""), ("zone: Europe/London", "\u{FFFE}", ""),
    ])
    func `wrong settings are a mistake with its place, and nothing is done`(
        right: String, wrong: String, said: String
    ) async throws {
        let copy = try WorkspaceCopy()
        try copy.write(try copy.text("signalbox.yaml").replacing(right, with: wrong), to: "signalbox.yaml")
        let check = try await copy.run("check")
        #expect(check.status == 1 || check.status == 3, "\(check.out)\(check.err)")
        #expect(said.isEmpty || (check.out + check.err).contains(said))
        let emit = try await copy.run("emit", "--event", "events/ticket.created.json")
        #expect(emit.status == 1 || emit.status == 3, "\(emit.out)\(emit.err)")
        #expect(emit.err.contains("signalbox"), "\(emit.err)")
        #expect(copy.names(in: ".signalbox").isEmpty)
    }

    static let onDatabase = [
        ["emit", "--event", "events/ticket.created.json"], ["runs", "list"], ["runs", "resume"], ["why", "4711"],
        ["dry-run", "new-ticket-triage"],
    ]

    @Test func `a database of a newer version is left alone`() async throws {
        let copy = try WorkspaceCopy()
        #expect(try await copy.run("emit", "--event", "events/ticket.created.json").status == 0)
        // The layout's version is PRAGMA user_version: 4 bytes at offset 60 of the file, most significant first
        // (https://sqlite.org/fileformat.html#the_database_header).
        let path = copy.state.appending(path: "signalbox.sqlite")
        var bytes = try Data(contentsOf: path)
        bytes.replaceSubrange(60..<64, with: [0, 0, 0x27, 0x0F])
        for name in ["signalbox.sqlite-wal", "signalbox.sqlite-shm"] {
            try? FileManager.default.removeItem(at: copy.state.appending(path: name))
        }
        try bytes.write(to: path)
        for command in Self.onDatabase {
            let outcome = try await copy.signalbox.run(command)
            #expect(outcome.status == 3 && outcome.err.contains("newer"), "\(command): \(outcome.err)")
        }
        #expect(try Data(contentsOf: path) == bytes)
    }

    @Test(arguments: ["This is no database.", "SQLite format 3\u{0} and then nothing sensible"])
    func `a file that is no database is left alone`(text: String) async throws {
        let copy = try WorkspaceCopy()
        try copy.write(text, to: ".signalbox/signalbox.sqlite")
        for command in Self.onDatabase {
            let outcome = try await copy.signalbox.run(command)
            #expect(outcome.status == 3 && outcome.err.contains("signalbox.sqlite"), "\(command): \(outcome.err)")
        }
        #expect(try copy.text(".signalbox/signalbox.sqlite") == text)
    }

    @Test func `a state folder that cannot be is said`() async throws {
        let copy = try WorkspaceCopy()
        try copy.write("a file", to: "file")
        for place in ["file/state", "file", "/proc/state"] {
            let outcome = try await copy.run("emit", "--event", "events/ticket.created.json", "--state-dir", place)
            #expect(outcome.status == 3 && outcome.err.contains(place), "\(outcome.err)")
            let run = try await copy.run(
                "run", "vip-escalation", "--event", "events/ticket.created.json", "--state-dir", place)
            #expect(run.status == 3, "\(run.err)")
        }
        #expect(try copy.text("file") == "a file")
        guard geteuid() != 0 else { return }
        try FileManager.default.createDirectory(at: copy.state, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: copy.state.path)
        let outcome = try await copy.run("emit", "--event", "events/ticket.created.json")
        #expect(outcome.status == 3 && outcome.err.contains("--state-dir"), "\(outcome.err)")
    }

    @Test func `an outbox that cannot be written fails the run and keeps the event`() async throws {
        let copy = try WorkspaceCopy()
        try copy.write("in the way", to: ".signalbox/outbox")
        let outcome = try await copy.run("emit", "--event", "events/ticket.created.json", "--wait", "100ms")
        #expect(outcome.status == 1, "\(outcome.out)")
        let again = try await copy.json("why", "sample-ticket-created")
        #expect(again.list?.count == 1)
        try FileManager.default.removeItem(at: copy.state.appending(path: "outbox"))
        // Space was made: the retry that is due goes on.
        let resumed = try await copy.run("runs", "resume", "--wait", "50s")
        #expect(resumed.status == 0 && resumed.out.contains("succeeded"), "\(resumed.out)\(resumed.err)")
        #expect(!copy.names(in: ".signalbox/outbox").isEmpty)
    }
}
