import Foundation
import SQLiteRunStore
import WorkflowModel

/// W2: N runs of five trivial steps, each step's output on disk before the next step of its run starts.
enum ThroughputWorkload {
    /// How the runs are given to the engine.
    enum Mode: String {
        /// The next event comes when the run of the one before has ended.
        case sequential = "seq"
        /// All events come at once.
        case parallel = "par"
    }

    static func run(_ mode: Mode, runs: Int) async throws {
        let folder = try TemporaryFolder("w2")
        defer { folder.remove() }
        let database = "\(folder.path)/\(SQLiteRunStore.fileName)"
        let workflow = StepPlaybook.five("bench.step")
        // Schema and a first run, so that the growth of the file is that of the runs.
        let first = try await WorkloadEngine.open(folder: folder.path, workflow: workflow)
        try await first.complete([StepPlaybook.event("w2", -2)])
        guard try await first.store.writerSetting("synchronous") == "2" else {
            throw WorkloadError("the store does not wait for the disk")
        }
        await first.close()
        let before = try TemporaryFolder.size(ofFileAt: database)

        let bench = try await WorkloadEngine.open(folder: folder.path, workflow: workflow)
        try await bench.complete([StepPlaybook.event("w2", -1)])
        let events = (0..<runs).map { StepPlaybook.event("w2", $0) }
        let meter = Meter()
        switch mode {
        case .sequential: for event in events { try await bench.complete([event]) }
        case .parallel: try await bench.complete(events)
        }
        let wall = meter.wallSeconds
        let cpu = meter.cpuSeconds
        await bench.close()
        let steps = Double(runs * 5)
        Meter.report(
            "W2", "signalbox",
            [
                "runs": .int(Int64(runs)), "steps": .int(Int64(runs * 5)), "mode": .string(mode.rawValue),
                "fsync": "full",
            ],
            [
                "steps_per_s": .double(steps / wall), "cpu_ms_per_step": .double(cpu * 1e3 / steps),
                "wall_s": .double(wall), "rss_mb": .double(Meter.peakMemory),
                "db_bytes_per_step": .double(Double(try TemporaryFolder.size(ofFileAt: database) - before) / steps),
            ])
    }
}
