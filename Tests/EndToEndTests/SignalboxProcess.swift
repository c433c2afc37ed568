import Foundation
import Synchronization
import Testing
import WorkflowModel

/// The built program, run as a person or a script would run it.
struct SignalboxProcess: Sendable {
    /// What came of one call.
    struct Outcome: Sendable {
        /// The exit status; 128 and the signal's number when a signal ended it.
        var status: Int32
        /// What it printed.
        var out: String
        /// What it said beside.
        var err: String
        /// What it printed, as JSON.
        var json: Value {
            get throws { try JSON.parse(Array(out.utf8)) }
        }
    }

    /// The program lies beside the test bundle.
    static let program: URL = {
        let runner = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let places = [runner, Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent()]
        return places.map { $0.appending(path: "signalbox") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? runner.appending(path: "signalbox")
    }()

    /// The root of the repository.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// No call may take longer, in seconds.
    static let limit = 150.0

    /// The folder in which it is run.
    var folder: URL
    /// Beside a few variables of this process.
    var environment: [String: String] = [:]

    /// Runs it to its end. A trap, a signal or a stack dump is an issue of the test that asked for it.
    @discardableResult
    func run(
        _ arguments: [String], input: [UInt8] = [], at location: SourceLocation = #_sourceLocation
    ) async throws -> Outcome {
        try await Turn.shared.take()
        defer { Turn.shared.give() }
        let running = try start(arguments, input: input)
        return await running.end(at: location)
    }

    /// Starts it and lets it run.
    func start(_ arguments: [String], input: [UInt8]? = []) throws -> RunningSignalbox {
        try RunningSignalbox(self, arguments, input)
    }
}

/// A call of the program that runs beside the test.
final class RunningSignalbox: Sendable {
    let arguments: [String]
    private let process: ChildProcess

    fileprivate init(_ program: SignalboxProcess, _ arguments: [String], _ input: [UInt8]?) throws {
        self.arguments = arguments
        let own = ProcessInfo.processInfo.environment
        var environment = ["PATH": own["PATH"] ?? "/usr/bin:/bin", "HOME": "/nonexistent", "TZ": "UTC"]
        environment.merge(program.environment) { _, given in given }
        let file = FileManager.default.temporaryDirectory.appending(path: "signalbox-input-\(UUID().uuidString)")
        if let input { try Data(input).write(to: file) }
        process = try ChildProcess(
            SignalboxProcess.program.path, arguments, in: program.folder, environment: environment,
            input: input == nil ? .pipe : .file(file), limit: SignalboxProcess.limit)
        // What is open stays readable.
        if input != nil { try FileManager.default.removeItem(at: file) }
    }

    /// Writes to its standard input, which stays open.
    func write(_ text: String) throws { try process.write(text) }

    /// Closes its standard input.
    func closeInput() { process.closeInput() }

    /// Sends it a signal.
    func signal(_ number: Int32) { process.signal(number) }

    /// What it has printed so far.
    var printed: (out: String, err: String) { process.printed }

    /// Waits for its end, at most ``SignalboxProcess/limit`` after its start; `isKilled` says that the test has killed it.
    func end(isKilled: Bool = false, at location: SourceLocation = #_sourceLocation) async -> SignalboxProcess.Outcome {
        let end = await process.end()
        let call = arguments.joined(separator: " ")
        if end.isTooLate {
            Issue.record(
                "signalbox \(call) did not end within \(SignalboxProcess.limit) s:\n\(end.err.suffix(2000))",
                sourceLocation: location)
        } else if !isKilled, !(0...3).contains(end.status) {
            Issue.record(
                "signalbox \(call) ended with \(end.status):\n\(end.err.suffix(2000))", sourceLocation: location)
        }
        for word in ["Fatal error", "Illegal instruction", "Segmentation fault", "Thread 0", "*** "] {
            if end.err.contains(word) {
                Issue.record("signalbox \(call) says \(word):\n\(end.err.suffix(2000))", sourceLocation: location)
            }
        }
        return SignalboxProcess.Outcome(status: end.status, out: end.out, err: end.err)
    }
}

/// Lets few processes run at a time, so that none waits for a processor until its time is over.
private final class Turn: Sendable {
    static let shared = Turn()
    private let state = Mutex<(free: Int, waiting: [CheckedContinuation<Void, any Error>])>((3, []))

    func take() async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    func give() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
