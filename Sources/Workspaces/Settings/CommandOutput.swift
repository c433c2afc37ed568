import Foundation

/// Runs a program for what it prints, within a time and a size.
enum CommandOutput {
    static func read(
        _ words: [String], environment: [String: String], folder: String, limit: Int, within time: Duration
    ) -> Result<[UInt8], FileProblem> {
        guard let program = words.first, let path = find(program, environment, folder) else {
            return .failure(FileProblem(message: "is not found", help: nil))
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = Array(words.dropFirst())
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        // What it says of its troubles may hold the secret: nobody sees it.
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch {
            return .failure(FileProblem(message: "cannot be started: \(FileProblem.words(error))"))
        }
        let deadline = ContinuousClock.now + time
        let bytes = collect(output.fileHandleForReading.fileDescriptor, limit: limit, until: deadline)
        while process.isRunning, ContinuousClock.now < deadline, bytes != nil { usleep(2000) }
        if process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let isSlow = ContinuousClock.now >= deadline
            return .failure(
                FileProblem(message: isSlow ? "did not end in time" : "gives more than \(limit) bytes"))
        }
        guard let bytes else { return .failure(FileProblem(message: "gives more than \(limit) bytes")) }
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            return .failure(FileProblem(message: "failed with status \(process.terminationStatus)"))
        }
        return .success(bytes)
    }

    /// Everything up to the end of the pipe or the deadline; nil when it is more than `limit`.
    private static func collect(_ descriptor: Int32, limit: Int, until deadline: ContinuousClock.Instant) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 8192)
        while true {
            let left = (deadline - ContinuousClock.now).components
            let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
            guard milliseconds > 0 else { return bytes }
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&wait, 1, Int32(min(milliseconds, 1000)))
            if ready <= 0 { continue }
            let got = buffer.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
            if got <= 0 { return bytes }
            bytes += buffer[..<got]
            if bytes.count > limit + 2 { return nil }
        }
    }

    /// The program's path: as given when it has a `/`, else the first in `PATH`.
    private static func find(_ program: String, _ environment: [String: String], _ folder: String) -> String? {
        let files = FileManager.default
        if program.contains("/") {
            let path = program.hasPrefix("/") ? program : folder + "/" + program
            return files.isExecutableFile(atPath: path) ? path : nil
        }
        let folders = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
        return folders.map { "\($0)/\(program)" }.first { files.isExecutableFile(atPath: $0) }
    }
}
