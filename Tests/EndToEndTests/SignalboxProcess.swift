import Dispatch
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

    /// No call may take longer.
    static let limit = 180.0

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

/// A process that runs beside the test.
final class RunningSignalbox: Sendable {
    let arguments: [String]
    private let process: Mutex<Process>
    private let identifier: Int32
    private let out: URL
    private let err: URL
    private let pipe: FileHandle?
    private let ended = Mutex<(status: Int32?, waiter: CheckedContinuation<Int32, Never>?)>((nil, nil))

    fileprivate init(_ program: SignalboxProcess, _ arguments: [String], _ input: [UInt8]?) throws {
        self.arguments = arguments
        let scratch = FileManager.default.temporaryDirectory.appending(path: "signalbox-call-\(UUID().uuidString)")
        out = scratch.appendingPathExtension("out")
        err = scratch.appendingPathExtension("err")
        let process = Process()
        process.executableURL = SignalboxProcess.program
        process.arguments = arguments
        process.currentDirectoryURL = program.folder
        let own = ProcessInfo.processInfo.environment
        var environment = ["PATH": own["PATH"] ?? "/usr/bin:/bin", "HOME": "/nonexistent", "TZ": "UTC"]
        environment.merge(program.environment) { _, given in given }
        process.environment = environment
        // Files, since a pipe that nobody empties would stop a process that says much.
        for file in [out, err] { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        if let input {
            let file = scratch.appendingPathExtension("in")
            try Data(input).write(to: file)
            process.standardInput = try FileHandle(forReadingFrom: file)
            pipe = nil
            // What is open stays readable.
            try FileManager.default.removeItem(at: file)
        } else {
            let open = Pipe()
            process.standardInput = open
            pipe = open.fileHandleForWriting
        }
        self.process = Mutex(process)
        let done = Done()
        process.terminationHandler = { process in
            done.tell(
                process.terminationReason == .uncaughtSignal
                    ? 128 + process.terminationStatus
                    : process.terminationStatus)
        }
        try process.run()
        // The process has its own now. Foundation keeps ours open for as long as it keeps the `Process`, which may be for good.
        for handle in [process.standardOutput, process.standardError, process.standardInput] {
            try (handle as? FileHandle)?.close()
        }
        identifier = process.processIdentifier
        self.done = done
        done.listen { [weak self] status in self?.note(status) }
    }

    private let done: Done

    private func note(_ status: Int32) {
        try? pipe?.close()
        let waiter = ended.withLock { ended in
            ended.status = status
            defer { ended.waiter = nil }
            return ended.waiter
        }
        waiter?.resume(returning: status)
    }

    /// Writes to its standard input, which stays open.
    func write(_ text: String) throws { try pipe?.write(contentsOf: Data(text.utf8)) }

    /// Closes its standard input.
    func closeInput() throws { try pipe?.close() }

    /// Sends it a signal.
    func signal(_ number: Int32) { kill(identifier, number) }

    /// What it has printed so far.
    var printed: (out: String, err: String) {
        func text(_ file: URL) -> String {
            guard let data = FileManager.default.contents(atPath: file.path) else { return "" }
            return String(decoding: data, as: UTF8.self)
        }
        return (text(out), text(err))
    }

    /// Waits for its end, at most ``SignalboxProcess/limit``; `isKilled` says that the test has killed it.
    func end(isKilled: Bool = false, at location: SourceLocation = #_sourceLocation) async -> SignalboxProcess.Outcome {
        let number = identifier
        let watch = DispatchWorkItem { kill(number, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + SignalboxProcess.limit, execute: watch)
        let status = await withCheckedContinuation { continuation in
            let known = ended.withLock { ended in
                if ended.status == nil { ended.waiter = continuation }
                return ended.status
            }
            if let known { continuation.resume(returning: known) }
        }
        watch.cancel()
        let (outText, errText) = printed
        for file in [out, err] { try? FileManager.default.removeItem(at: file) }
        let call = arguments.joined(separator: " ")
        if !isKilled, !(0...3).contains(status) {
            Issue.record("signalbox \(call) ended with \(status):\n\(errText.suffix(2000))", sourceLocation: location)
        }
        for word in ["Fatal error", "Illegal instruction", "Segmentation fault", "Thread 0", "*** "] {
            if errText.contains(word) {
                Issue.record("signalbox \(call) says \(word):\n\(errText.suffix(2000))", sourceLocation: location)
            }
        }
        return SignalboxProcess.Outcome(status: status, out: outText, err: errText)
    }
}

/// Carries the end of a process to whoever listens, also when it came first.
private final class Done: Sendable {
    private let state = Mutex<(status: Int32?, listener: (@Sendable (Int32) -> Void)?)>((nil, nil))

    func tell(_ status: Int32) {
        let listener = state.withLock { state in
            state.status = status
            return state.listener
        }
        listener?(status)
    }

    func listen(_ listener: @escaping @Sendable (Int32) -> Void) {
        let status = state.withLock { state in
            state.listener = listener
            return state.status
        }
        if let status { listener(status) }
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
