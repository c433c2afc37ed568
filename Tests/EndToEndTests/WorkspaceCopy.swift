import Dispatch
import Foundation
import Testing
import WorkflowModel

/// A copy of the sample workspace, with a state folder of its own, that goes away with the test.
final class WorkspaceCopy: Sendable {
    /// The workspace.
    let folder: URL
    /// Beside a few variables of this process.
    let environment: [String: String]

    /// The database, the outbox and the lock.
    var state: URL { folder.appending(path: ".signalbox") }

    /// A copy of the sample workspace; `empty` gives a folder without anything.
    init(empty: Bool = false, environment: [String: String] = [:]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "signalbox-test-\(UUID().uuidString)")
        self.environment = environment
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard !empty else { return }
        let sample = SignalboxProcess.root.appending(path: "workflows")
        for name in try FileManager.default.contentsOfDirectory(atPath: sample.path) where name != ".signalbox" {
            try FileManager.default.copyItem(at: sample.appending(path: name), to: folder.appending(path: name))
        }
    }

    deinit {
        // A test may have taken rights away.
        for name in ["", ".signalbox"] {
            try? FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: folder.appending(path: name).path)
        }
        try? FileManager.default.removeItem(at: folder)
    }

    /// The program in this workspace.
    var signalbox: SignalboxProcess { SignalboxProcess(folder: folder, environment: environment) }

    /// Runs the program in this workspace.
    @discardableResult
    func run(_ arguments: String..., input: String = "", at location: SourceLocation = #_sourceLocation)
        async throws -> SignalboxProcess.Outcome
    {
        try await signalbox.run(arguments, input: Array(input.utf8), at: location)
    }

    /// Runs it with `--format json` and gives what it printed; it must exit with `status`.
    func json(_ arguments: String..., status: Int32 = 0, at location: SourceLocation = #_sourceLocation)
        async throws -> Value
    {
        let outcome = try await signalbox.run(arguments + ["--format", "json"], at: location)
        #expect(outcome.status == status, "\(outcome.err)\(outcome.out)", sourceLocation: location)
        return try outcome.json
    }

    /// Writes a file of the workspace.
    func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

    /// Writes a file of the workspace.
    func write(_ bytes: [UInt8], to path: String) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    /// The text of a file of the workspace.
    func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appending(path: path)), as: UTF8.self)
    }

    /// Adds entries, a line each, to maps of `signalbox.yaml`, which are made where they are not there.
    func addSettings(_ entries: KeyValuePairs<String, [String]>) throws {
        var text = try text("signalbox.yaml")
        if !text.hasSuffix("\n") { text += "\n" }
        for (key, lines) in entries {
            let block = "\n\(key):\n" + lines.map { "  \($0)\n" }.joined()
            text = text.contains("\n\(key):\n") ? text.replacing("\n\(key):\n", with: block) : text + block
        }
        try write(text, to: "signalbox.yaml")
    }

    /// The names in a folder of the workspace, sorted; none when it is not there.
    func names(in path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: path).path)) ?? []).sorted()
    }

    /// The texts of the messages in the outbox whose file names contain `part`.
    func outbox(_ part: String? = nil) throws -> [String] {
        try names(in: ".signalbox/outbox").filter { name in part.map { name.contains($0) } ?? true }.map {
            try text(".signalbox/outbox/\($0)")
        }
    }

    /// Waits until `holds`, at most 30 s.
    func wait(for what: String, at location: SourceLocation = #_sourceLocation, until holds: () throws -> Bool)
        async throws
    {
        let end = ContinuousClock.now + .seconds(120)
        while try !holds() {
            try #require(ContinuousClock.now < end, "waited in vain for \(what)", sourceLocation: location)
            // Another process does not tell when it has done something: it is looked at now and then.
            await withCheckedContinuation { continuation in
                DispatchQueue.global().asyncAfter(deadline: .now() + 0.02) { continuation.resume() }
            }
        }
    }
}

/// Channels that reach nobody, and a playbook that tries for a while: time to do something to the process meanwhile.
enum Stubborn {
    /// The discard port of the loopback: a connection is refused at once.
    static let environment = ["E2E_NOWHERE": "http://127.0.0.1:9/hook"]

    /// Adds the channels and the playbook `stubborn`, which waits `wait` between two of its `attempts`.
    static func add(to copy: WorkspaceCopy, attempts: Int = 2, wait: String) throws {
        try copy.addSettings([
            "secrets": ["NOWHERE: { env: E2E_NOWHERE }"], "channels": ["nowhere: { by: chat, url: =secrets.NOWHERE }"],
        ])
        try copy.write(
            """
            playbook: stubborn
            title: Calls somebody who does not answer
            owner: support-process
            mode: active
            trigger:
              event: ticket.closed
            steps:
              - id: before
                uses: ticket.note
                with: { text: before }
              - id: call
                uses: notify.send
                with: { by: nowhere, to: "#support", text: "hello" }
                retry: { attempts: \(attempts), backoff: constant, initial: \(wait), jitter: none }
                continue_on_error: true
              - id: after
                uses: ticket.note
                with: { text: after }
            """, to: "playbooks/stubborn.yaml")
    }
}

extension Value {
    /// An element of a list; nil where there is none.
    subscript(place: Int) -> Value? {
        guard let list, list.indices.contains(place) else { return nil }
        return list[place]
    }
}
