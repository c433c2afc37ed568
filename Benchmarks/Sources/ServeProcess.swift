import Foundation
import WorkflowModel

/// `signalbox serve` as a process of its own, on a workspace and a state folder made for it.
final class ServeProcess {
    private let process = Process()
    private let program: String
    private let workspace: String
    private let state: String
    let log: String
    private(set) var port = 0

    /// Starts nothing yet.
    ///
    /// - Parameter folder: holds the workspace in `workspace`; the state comes into `state`.
    init(program: String, folder: String) {
        self.program = program
        workspace = "\(folder)/workspace"
        state = "\(folder)/state"
        log = "\(folder)/serve.log"
    }

    /// The state folder.
    var stateFolder: String { state }

    /// Runs a command to its end; returns what it prints.
    ///
    /// - Throws: ``WorkloadError`` with what it says when it ends with another status than 0.
    func command(_ words: [String]) throws -> String {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: program)
        child.arguments = words + ["--workspace", workspace, "--state-dir", state]
        let (out, error) = (Pipe(), Pipe())
        child.standardOutput = out
        child.standardError = error
        try child.run()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaint = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        child.waitUntilExit()
        guard child.terminationStatus == 0 else {
            throw WorkloadError("signalbox \(words.joined(separator: " ")): \(complaint.prefix(2000))")
        }
        return text
    }

    /// Starts it and waits until it listens.
    ///
    /// - Throws: ``WorkloadError`` when it does not within two minutes.
    func start() throws {
        guard FileManager.default.createFile(atPath: log, contents: nil), let file = FileHandle(forWritingAtPath: log)
        else { throw WorkloadError("cannot write \(log)") }
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [
            "serve", "--listen", "127.0.0.1:0", "--log-level", "warning", "--workspace", workspace, "--state-dir",
            state,
        ]
        process.standardError = file
        process.standardOutput = file
        try process.run()
        let limit = Meter.wall() + 120
        while Meter.wall() < limit, process.isRunning {
            if let address = try? JSON.parse(TemporaryFolder.bytes(ofFileAt: "\(state)/server.json"))["address"]?
                .string,
                let number = address.split(separator: ":").last.flatMap({ Int($0) })
            {
                port = number
                return
            }
            usleep(20_000)
        }
        throw WorkloadError("serve does not listen; its log is \(log)")
    }

    /// Its resident set now, in MiB.
    var memory: Double {
        guard let bytes = try? TemporaryFolder.bytes(ofFileAt: "/proc/\(process.processIdentifier)/statm") else {
            return 0
        }
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        return (words.count > 1 ? Double(words[1]) ?? 0 : 0) * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576
    }

    /// Its user and system time so far, in seconds.
    var cpuSeconds: Double {
        guard let bytes = try? TemporaryFolder.bytes(ofFileAt: "/proc/\(process.processIdentifier)/stat") else {
            return 0
        }
        // After the name in brackets: state, then ten numbers, then user and system time in ticks.
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return 0 }
        let words = text[text.index(after: end)...].split(separator: " ")
        guard words.count > 12, let user = Double(words[11]), let system = Double(words[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Stops it as a person would; returns when it has ended.
    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }
}
