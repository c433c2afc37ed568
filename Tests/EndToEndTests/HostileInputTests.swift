import Foundation
import Testing
import WorkflowModel

/// Files that nobody writes on purpose never crash the program, whatever it says of them.
@Suite("Hostile input")
struct HostileInputTests {
    /// How often the seeds are changed; a long test of the night sets it.
    static let rounds = Int(ProcessInfo.processInfo.environment["SIGNALBOX_HOSTILE_ROUNDS"] ?? "") ?? 1

    static func samples(_ folder: String, _ ending: String) throws -> [[UInt8]] {
        let path = SignalboxProcess.root.appending(path: "workflows/\(folder)")
        let names = try FileManager.default.contentsOfDirectory(atPath: path.path).filter { $0.hasSuffix(ending) }
        #expect(names.count >= 5)
        return try names.sorted().map { Array(try Data(contentsOf: path.appending(path: $0))) }
    }

    static func events(seed: UInt64) throws -> HostileText {
        HostileText(
            seed: seed, samples: try samples("events", ".json"),
            words: [
                "null", "true", "{}", "[]", "\"id\":", "\"id\": \"sample-ticket-created\",", "\"\\u0000\"",
                "\"\\ud800\"",
                ",", ":", "\"time\": \"0000-00-00T00:00:00Z\",", "\"time\": \"9999-12-31T23:59:60Z\",",
                "\"data\": null,",
                "\"ticket\": 5,", "\"ticket\": [],", "\"tags\": \"x\",", "\"subject\": \"\",",
                "\"created_at\": \"yesterday\",", "\\", "//", "NaN", "-Infinity",
            ])
    }

    static func playbooks(seed: UInt64) throws -> HostileText {
        HostileText(
            seed: seed, samples: try samples("playbooks", ".yaml") + samples("mistakes", ".yaml"),
            words: [
                "&a ", "*a", "<<: *a\n", "!!binary ", "---\n", "...\n", "%YAML 1.1\n", "? ", "| \n", ">-\n", "${{ ",
                " }}",
                "=", "{{ x }}", "\n  - ", "\nsteps:\n", "\nsteps: []\n", "for_each: [", "parallel:\n", "if: ",
                "- - - - ",
                "timeout: 99999999999999h", "retry: -1", "matches(\"(a*)*b\")", "=[1,2].map(x, x)", "uses: .",
                "id: \"\"",
                "#", ": ", "\"", "'", "mode: active", "trigger: ", "&a [*a, *a]",
            ])
    }

    @Test(arguments: 1...UInt64(rounds))
    func `280 bad events in one stream, and 20 files alone`(round: UInt64) async throws {
        let copy = try WorkspaceCopy()
        var hostile = try Self.events(seed: round)
        var stream: [UInt8] = Array(EventTests.line("good-1", "A").utf8) + [0x0A]
        for _ in 0..<280 {
            // Some are spread over lines, as they are in the samples, and are as many bad lines.
            let bytes = hostile.next()
            stream += (round + UInt64(bytes.count)) % 4 == 0 ? bytes : bytes.map { $0 == 0x0A ? 0x20 : $0 }
            stream.append(0x0A)
        }
        stream += Array(EventTests.line("good-2", "B").utf8)
        try copy.write(stream, to: "stream.ndjson")
        let told = try await copy.run("emit", "--event", "stream.ndjson", "--format", "json", "--wait", "20s")
        #expect(told.status == 1, "\(told.err)")
        let receipts = try #require(try told.json["receipts"]?.list)
        #expect(receipts.contains { $0["id"] == "good-1" } && receipts.contains { $0["id"] == "good-2" })
        #expect(try told.json["refused"]?.list?.count ?? 0 > 50)
        for number in 0..<20 {
            try copy.write(hostile.next(), to: "event-\(number).json")
        }
        for number in 0..<20 {
            let command = [["emit", "--wait", "5s"], ["dry-run", "vip-escalation"]][number % 2]
            _ = try await copy.signalbox.run(command + ["--event", "event-\(number).json"])
        }
        #expect(try await copy.run("runs", "list").status == 0)
    }

    @Test(arguments: 1...UInt64(rounds))
    func `280 bad playbooks in one folder, and 20 files alone`(round: UInt64) async throws {
        let copy = try WorkspaceCopy()
        var hostile = try Self.playbooks(seed: round)
        for number in 0..<280 { try copy.write(hostile.next(), to: "hostile/book-\(number).yaml") }
        let told = try await copy.run("check", "hostile", "--format", "json")
        #expect(told.status == 1, "\(told.err)")
        let diagnostics = try #require(try told.json["diagnostics"]?.list)
        #expect(diagnostics.count > 100)
        for diagnostic in diagnostics {
            #expect(diagnostic["message"]?.string?.isEmpty == false && diagnostic["file"]?.string?.isEmpty == false)
        }
        #expect(try await copy.run("check", "hostile").status == 1)
        for number in 0..<20 { try copy.write(hostile.next(), to: "alone/book-\(number).yaml") }
        for number in 0..<20 {
            let outcome = try await copy.run("check", "alone/book-\(number).yaml")
            #expect(outcome.status <= 1, "\(outcome.err)")
        }
    }

    @Test func `bad tables, settings and templates never crash a check`() async throws {
        let copy = try WorkspaceCopy()
        let files = ["signalbox.yaml", "people.yaml", "teams.yaml", "on_call.yaml", "calendars.yaml", "services.yaml"]
        let texts = try files.map { Array(try copy.text($0).utf8) }
        var hostile = HostileText(
            seed: 77, samples: texts,
            words: ["&a ", "*a", "- ", ": ", "{", "[", "zone: X", "members: 5", "99:99", "\"", "#"])
        for number in 0..<12 {
            let place = number % files.count
            try copy.write(hostile.next(), to: files[place])
            let outcome = try await copy.run("check")
            #expect([0, 1, 3].contains(outcome.status), "\(outcome.err)")
            try copy.write(texts[place], to: files[place])
        }
        for (number, text) in ["{{", "{{#a}}", "{{a", "{{{a}}", "\u{0}", "{{> self}}", "{{=<% %>=}}<%"].enumerated() {
            try copy.write(text, to: "templates/bad-\(number).mustache")
        }
        let outcome = try await copy.run("check")
        #expect(outcome.status == 1, "\(outcome.out)\(outcome.err)")
    }
}
