import Foundation
import Glibc
import Testing
import WorkflowModel

/// `signalbox serve` as a process, and other commands beside it.
@Suite("signalbox serve", .timeLimit(.minutes(3)), .serialized)
struct ServeTests {
    @Test func `other commands act through it, each within 100 ms of its request`() async throws {
        let desk = try SilentPort()
        let house = try House(deskPort: desk.port)
        defer { house.remove() }
        let serve = try house.serve("--log-level", "debug")
        try serve.waitForLine { $0["message"]?.string == "serving" }

        let emitted = try house.json("emit", "--event", house.event("1"), "--wait", "10s")
        #expect(emitted["runs"]?.list?.first?["state"] == "succeeded")
        let again = try house.json("emit", "--event", house.event("1"), "--wait", "10s")
        #expect(again["receipts"]?.list?.first?["duplicate"] == true)

        let token = try #require(try house.ledger("notify.send").first?["key"]?.string)
        #expect(!token.isEmpty)
        let message = try #require(try house.messages().first)
        let line = try #require(message.split(separator: "\n").first { $0.contains("signalbox ack ") })
        let word = try #require(line.split(separator: " ").last.map(String.init))
        let acknowledged = try house.json("ack", word, "--as", "user1@example.com")
        #expect(acknowledged["receipts"]?.list?.first?["duplicate"] == false)

        _ = try house.run("run", "patient", "--event", house.event("2"), "--wait", "100ms")
        let waiting = try #require(try house.runs("patient").first)
        #expect(waiting["state"] == "waiting")
        let id = try #require(waiting["id"]?.string)
        _ = try house.run("runs", "cancel", id, "--reason", "not needed")
        #expect(try house.runs("patient").first?["state"] == "cancelled")

        _ = try house.run("run", "unclear", "--event", house.event("3"), "--wait", "20s")
        let unclear = try #require(try house.runs("unclear").first)
        #expect(unclear["state"] == "needs_attention")
        let settled = try house.run(
            "runs", "resolve", try #require(unclear["id"]?.string), "--step", "answer", "--as", "done")
        #expect(settled.status == 0, "\(settled.error)")
        #expect(try house.runs("unclear").first?["state"] == "succeeded")

        let resumed = try house.json("runs", "resume")
        #expect(resumed["executor"]?.string?.contains("signalbox serve") == true)

        let lines = try serve.stop()
        let answers = lines.filter { $0["message"]?.string == "request answered" }
        #expect(Set(answers.compactMap { $0["kind"]?.string }) == ["emit", "run", "cancel", "resolve", "acknowledge"])
        // The median: a test machine that is busy elsewhere may make one wait.
        let waits = answers.compactMap { $0["after_ms"]?.string.flatMap { Int($0) } }.sorted()
        let median = try #require(waits.isEmpty ? nil : waits[waits.count / 2])
        #expect(median < 100, "answered after \(waits) ms")
        let started = lines.filter { $0["message"]?.string == "run started" }
        #expect(started.allSatisfy { $0["run"]?.string?.hasPrefix("run_") == true && $0["playbook"] != nil })
        #expect(lines.contains { $0["message"]?.string?.hasPrefix("run needs attention") == true })
        #expect(lines.count { $0["message"]?.string == "run ended" } == 3)
    }

    @Test func `killed, it leaves no lock, and all that was acknowledged is there for the next one`() throws {
        let house = try House()
        defer { house.remove() }
        let first = try house.serve()
        try first.waitForLine { $0["message"]?.string == "serving" }
        _ = try house.run("run", "patient", "--event", house.event("9"), "--wait", "100ms")
        var acknowledged: [String] = []
        for number in 1...5 {
            let receipts = try house.json("emit", "--event", house.event("\(number)"))["receipts"]?.list ?? []
            acknowledged += receipts.compactMap { $0["id"]?.string }
        }
        first.kill()
        let doctor = try house.json("doctor").list ?? []
        #expect(doctor.first { $0["name"] == "executor" }?["text"] == "nobody executes now")
        let second = try house.serve()
        try second.waitForLine { $0["message"]?.string == "serving" }
        #expect(acknowledged.count == 5)
        for number in 1...5 {
            let again = try house.json("emit", "--event", house.event("\(number)"))
            #expect(again["receipts"]?.list?.first?["duplicate"] == true)
        }
        #expect(try house.runs("tell").count == 5)
        #expect(try house.messages().count == 5)
        #expect(try house.runs("patient").first?["state"] == "waiting")
        _ = try second.stop()
    }

    @Test func `a metrics file is always whole, and one that cannot be written is refused at the start`() throws {
        let house = try House()
        defer { house.remove() }
        let file = "\(house.folder)/metrics.prom"
        let serve = try house.serve("--metrics-file", file)
        try serve.waitForLine { $0["message"]?.string == "serving" }
        #expect(FileManager.default.fileExists(atPath: file))
        _ = try house.json("emit", "--event", house.event("1"), "--wait", "10s")
        _ = try serve.stop()
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains("\nsignalbox_runs_ended_total{state=\"succeeded\"} 1\n"), "\(text)")
        #expect(text.contains("\nsignalbox_events_total{outcome=\"accepted\"} 1\n"))
        #expect(text.contains("\nsignalbox_runs_at_work 0\n"))
        let commits = text.split(separator: "\n").first { $0.hasPrefix("signalbox_commit_duration_seconds_count ") }
        #expect((commits?.split(separator: " ").last).flatMap { Int($0) } ?? 0 >= 2, "\(text)")
        #expect(text.hasSuffix("\n"))
        let refused = try house.run(
            "serve", "--listen", "127.0.0.1:0", "--metrics-file", "\(house.folder)/nowhere/metrics.prom")
        #expect(refused.status == 3)
        #expect(refused.error.contains("No such file or directory"), "\(refused.error)")
    }

    @Test func `a second one is refused and told who executes`() throws {
        let house = try House()
        defer { house.remove() }
        let serve = try house.serve()
        try serve.waitForLine { $0["message"]?.string == "serving" }
        let second = try house.run("serve", "--listen", "127.0.0.1:0")
        #expect(second.status == 3)
        #expect(second.error.contains("signalbox serve (process \(serve.pid)"))
        _ = try serve.stop()
    }

    @Test func `stopped, it leaves runs where they are, and the next one goes on with them`() throws {
        let house = try House()
        defer { house.remove() }
        let first = try house.serve()
        try first.waitForLine { $0["message"]?.string == "serving" }
        _ = try house.run("run", "patient", "--event", house.event("1"), "--wait", "100ms")
        #expect(try house.runs("patient").first?["state"] == "waiting")
        let lines = try first.stop()
        #expect(lines.last?["message"] == "stopped")
        #expect(try house.runs("patient").first?["state"] == "waiting")
        let second = try house.serve()
        try second.waitForLine { $0["message"]?.string == "serving" }
        let id = try #require(try house.runs("patient").first?["id"]?.string)
        let cancelled = try house.run("runs", "cancel", id)
        #expect(cancelled.status == 0, "\(cancelled.error)")
        #expect(try house.runs("patient").first?["state"] == "cancelled")
        _ = try second.stop()
    }
}

/// A workspace in a folder of its own, and the program on it.
struct House {
    let folder: String
    /// Port 9 of the loopback: nobody listens there, so that a connection is refused at once.
    static let nowhere = "http://127.0.0.1:9/hook"

    init(deskPort: UInt16? = nil) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("serve-\(UUID().uuidString)").path
        let desk =
            deskPort.map {
                """
                  ticket:
                    desk: zendesk
                    zendesk: { url: "http://127.0.0.1:\($0)", email: desk@example.com, token: =secrets.DESK }
                """
            } ?? "  ticket: { desk: outbox }"
        try write(
            "signalbox.yaml",
            """
            name: serve-test
            zone: UTC
            channels:
              default: { by: outbox }
              nowhere: { by: chat, url: =secrets.NOWHERE }
            secrets:
              NOWHERE: { env: SERVE_TEST_NOWHERE }
              DESK: { env: SERVE_TEST_NOWHERE }
            plugins:
            \(desk)
            """)
        try write("people.yaml", "- { id: agent-1, name: Agent 1, email: user1@example.com, groups: [support] }\n")
        try write("teams.yaml", "- { id: support, name: Support, lead: agent-1, members: [agent-1] }\n")
        try playbook(
            "tell", "active",
            #"- { id: tell, uses: notify.send, with: { to: agent-1, text: "New: ${{ ticket.id }}" } }"#)
        try playbook(
            "patient", "disabled",
            """
            - id: send
              uses: notify.send
              with: { by: nowhere, to: "#nobody", text: hello }
              retry: { attempts: 2, backoff: constant, initial: 1h, jitter: none }
            """)
        if deskPort != nil {
            try playbook(
                "unclear", "disabled",
                """
                - id: answer
                  uses: ticket.reply
                  with: { text: hello }
                  timeout: 1s
                """)
        }
    }

    private func playbook(_ name: String, _ mode: String, _ steps: String) throws {
        let text = """
            playbook: \(name)
            title: For a test
            owner: agent-1
            mode: \(mode)
            trigger: { event: ticket.created }
            steps:

            """
        let lines = steps.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
        try write("playbooks/\(name).yaml", text + lines + "\n")
    }

    func write(_ path: String, _ text: String) throws {
        let file = URL(fileURLWithPath: "\(folder)/\(path)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// The file of an event that is made for it.
    func event(_ ticket: String) throws -> String {
        try write(
            "event-\(ticket).json",
            """
            {"specversion": "1.0", "id": "e-\(ticket)", "source": "https://desk.example.com", "type": "ticket.created",
             "data": {"ticket": {"id": "\(ticket)", "priority": "P2", "status": "new", "title": "A test",
             "requester": {"id": "c-1", "name": "A customer"}, "created_at": "2026-11-02T09:00:00Z"}}}
            """)
        return "\(folder)/event-\(ticket).json"
    }

    func remove() {
        // What is left of a test's files hurts nobody.
        _ = try? FileManager.default.removeItem(atPath: folder)
    }

    /// The binary that was built beside the tests.
    static var binary: URL {
        var folder = Bundle.main.bundleURL
        if let argument = CommandLine.arguments.first, argument.contains(".build") {
            folder = URL(fileURLWithPath: argument).deletingLastPathComponent()
        }
        while folder.path != "/" {
            let file = folder.appendingPathComponent("signalbox")
            if FileManager.default.isExecutableFile(atPath: file.path), !file.hasDirectoryPath { return file }
            folder = folder.deletingLastPathComponent()
        }
        return URL(fileURLWithPath: ".build/debug/signalbox")
    }

    struct Outcome {
        var status: Int32
        var output: String
        var error: String
    }

    /// Starts a command.
    static func start(_ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(
            binary.path, arguments,
            environment: ProcessInfo.processInfo.environment.merging([
                "SERVE_TEST_NOWHERE": House.nowhere, "NO_COLOR": "1",
            ]) { $1 }, limit: 100)
    }

    /// Runs a command to its end.
    @discardableResult
    func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

    func run(_ arguments: [String]) throws -> Outcome {
        let end = try House.start(arguments + ["--workspace", folder]).wait()
        if end.isTooLate { throw Trouble("\(arguments) did not end: \(end.err)") }
        return Outcome(status: end.status, output: end.out, error: end.err)
    }

    func json(_ arguments: String...) throws -> Value {
        let outcome = try run(arguments + ["--format", "json"])
        guard let value = try? JSON.parse(outcome.output) else {
            throw Trouble("\(arguments) gave no JSON, status \(outcome.status): \(outcome.output)\(outcome.error)")
        }
        return value
    }

    func runs(_ playbook: String) throws -> [Value] {
        try json("runs", "list", "--playbook", playbook).list ?? []
    }

    func ledger(_ action: String) throws -> [Value] {
        try json("effects", "list", "--action", action).list ?? []
    }

    /// The texts in the outbox.
    func messages() throws -> [String] {
        let outbox = "\(folder)/.signalbox/outbox"
        return try FileManager.default.contentsOfDirectory(atPath: outbox).sorted().map {
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(outbox)/\($0)")), as: UTF8.self)
        }
    }

    func serve(_ arguments: String...) throws -> Serving {
        try Serving(
            House.start(
                ["serve", "--workspace", folder, "--log-format", "json", "--listen", "127.0.0.1:0"] + arguments))
    }
}

/// A `signalbox serve` that runs.
final class Serving {
    private let process: ChildProcess

    var pid: Int32 { process.identifier }

    init(_ process: ChildProcess) { self.process = process }

    func lines() -> [Value] {
        process.printed.err.split(separator: "\n").compactMap { line in
            do { return try JSON.parse(String(line)) } catch { return Value.string(String(line)) }
        }
    }

    /// Waits for a line of the log, at most 20 seconds.
    func waitForLine(_ fits: (Value) -> Bool) throws {
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            if lines().contains(where: fits) { return }
            guard process.isRunning else { break }
            usleep(10_000)
        }
        throw Trouble("the line did not come: \(process.printed.err)")
    }

    /// Ends it at once, as the system would when memory runs out.
    func kill() {
        process.signal(SIGKILL)
        _ = process.wait()
    }

    /// Asks it to stop, waits for its end, and gives its log.
    func stop() throws -> [Value] {
        process.signal(SIGTERM)
        let end = process.wait()
        guard end.status == 0 else {
            throw Trouble(
                "serve ended with \(end.status)\(end.isTooLate ? ", killed since it did not stop" : ""): \(end.err)")
        }
        return lines()
    }
}

/// A port of the loopback that takes connections and never says a word.
final class SilentPort {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (file, size) = (descriptor, length)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(file, address, size) == 0 && listen(file, 16) == 0 && getsockname(file, address, &length) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        if !isBound { throw Trouble("no port: \(errno)") }
    }

    deinit { close(descriptor) }
}

struct Trouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
