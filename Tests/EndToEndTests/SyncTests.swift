import Foundation
import Testing
import WorkflowModel

/// How often a command waits for the disk: on a slow one that is most of its time.
@Suite("Waiting for the disk", .timeLimit(.minutes(2)))
struct SyncTests {
    static let tracer = "/usr/bin/strace"

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: tracer), "needs strace"))
    func `a run that begins in a known workspace syncs the disk at most eight times`() async throws {
        let copy = try WorkspaceCopy()
        #expect(try await copy.run("run", "stalled-tickets", "--input", "silent_for=8h").status == 0)
        let trace = copy.folder.appending(path: "trace")
        let traced = try ChildProcess(
            SyncTests.tracer,
            ["-f", "-y", "-e", "trace=fsync,fdatasync", "-o", trace.path, SignalboxProcess.program.path]
                + ["run", "stalled-tickets", "--input", "silent_for=8h"],
            in: copy.folder, environment: ProcessInfo.processInfo.environment)
        #expect(await traced.end().status == 0)
        let lines = try copy.text("trace").split(separator: "\n").filter { $0.contains("sync(") }
        // The log's head and its name, the executor, the run, its one write before and after; the log into the database, and both.
        #expect(!lines.isEmpty && lines.count <= 8, "\(lines.joined(separator: "\n"))")
    }
}
