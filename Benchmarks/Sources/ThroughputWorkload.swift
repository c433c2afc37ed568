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
        let workflow = workflow()
        // Schema and a first run, so that the growth of the file is that of the runs.
        let first = try await WorkloadEngine.open(folder: folder.path, workflow: workflow)
        try await first.complete([event(-2)])
        guard try await first.store.writerSetting("synchronous") == "2" else {
            throw WorkloadError("the store does not wait for the disk")
        }
        await first.close()
        let before = try size(ofFileAt: database)

        let bench = try await WorkloadEngine.open(folder: folder.path, workflow: workflow)
        try await bench.complete([event(-1)])
        let events = (0..<runs).map(event)
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
                "db_bytes_per_step": .double(Double(try size(ofFileAt: database) - before) / steps),
            ])
    }

    private static func event(_ number: Int) -> Event {
        Event(
            id: "w2-\(number)", source: "bench", type: "bench.run", time: Timestamp(seconds: 1_795_305_600),
            data: ["number": .int(Int64(number))])
    }

    private static func workflow() -> Workflow {
        let place = SourcePlace(file: "generated", line: 1, column: 1)
        let steps = (0..<5).map { number in
            Step(
                id: "step\(number + 1)", path: StepPath("steps[\(number)]"),
                kind: .call(
                    ActionCall(
                        action: "bench.step", with: [NamedSource("n", .literal(.int(Int64(number))), at: place)])),
                place: place)
        }
        let trigger = EventTrigger(types: ["bench.run"], firing: .everyEvent, place: place)
        return Workflow(id: "five-steps", mode: .active, triggers: [.event(trigger)], steps: steps)
    }

    private static func size(ofFileAt path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        guard let size = attributes[.size] as? Int else { throw WorkloadError("no size of \(path)") }
        return size
    }
}
