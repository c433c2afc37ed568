import CLoop
import SQLiteRunStore
import WorkflowModel

/// W2 with writes: runs of five durable steps, each a write that goes nowhere, with its intent on disk before it and its outcome
/// after it; 1,000 runs in flight. Beside it, in the same minute, C loops over SQLite.
enum DurableWritesWorkload {
    private static let steps = 5

    static func run(runs: Int, inFlight: Int, rounds: Int) async throws {
        var ours: [Round] = []
        var bare: [signalbox_cloop_result] = []
        var alike: [signalbox_cloop_result] = []
        for _ in 0..<rounds {
            bare.append(try CLoopRunner.rows(runs * steps, perCommit: 100))
            ours.append(try await round(runs, inFlight))
            alike.append(try CLoopRunner.writes(runs: runs, steps: steps, perCommit: 100))
        }
        let bareRate = median(bare) { Double($0.rows) / $0.wall_s }
        let alikeRate = median(alike) { Double($0.rows) / $0.wall_s }
        let rowRate = median(ours) { Double($0.rows) / $0.wall }
        let stepCount = Double(runs * steps)
        Meter.report(
            "W2", "signalbox-write",
            [
                "runs": .int(Int64(runs)), "in_flight": .int(Int64(inFlight)), "steps": .int(Int64(runs * steps)),
                "rounds": .int(Int64(rounds)), "fsync": "full",
            ],
            [
                "steps_per_s": .double(stepCount / median(ours, \.wall)),
                "best_steps_per_s": .double(stepCount / (ours.map(\.wall).min() ?? 1)),
                "cpu_us_per_step": .double(median(ours, \.cpu) * 1e6 / stepCount), "rows_per_s": .double(rowRate),
                "rows_per_step": .double(Double(ours[0].rows) / stepCount),
                "cpu_us_per_row": .double(median(ours) { $0.cpu * 1e6 / Double($0.rows) }),
                "share_of_c_rows": .double(rowRate / bareRate), "share_of_c_same_rows": .double(rowRate / alikeRate),
                "rss_mb": .double(Meter.peakMemory),
            ])
        report("c-one-row-a-step", bare)
        report("c-same-rows", alike)
    }

    private struct Round {
        var wall: Double
        var cpu: Double
        var rows: Int
    }

    private static func round(_ runs: Int, _ inFlight: Int) async throws -> Round {
        let folder = try TemporaryFolder("w2-write")
        defer { folder.remove() }
        let bench = try await WorkloadEngine.open(
            folder: folder.path, workflow: StepPlaybook.five("bench.write"), runs: inFlight)
        guard try await bench.store.writerSetting("synchronous") == "2" else {
            throw WorkloadError("the store does not wait for the disk")
        }
        try await bench.complete([StepPlaybook.event("w2", -1)])
        let events = (0..<runs).map { StepPlaybook.event("w2", $0) }
        let before = try await bench.store.changedRows()
        let meter = Meter()
        try await bench.complete(events)
        let (wall, cpu) = (meter.wallSeconds, meter.cpuSeconds)
        let rows = try await bench.store.changedRows() - before
        await bench.close()
        return Round(wall: wall, cpu: cpu, rows: rows)
    }

    private static func median<Item>(_ items: [Item], _ figure: (Item) -> Double) -> Double {
        Meter.median(items.map(figure))
    }

    private static func report(_ name: String, _ results: [signalbox_cloop_result]) {
        Meter.report(
            "W2", name,
            ["rows": .int(Int64(results[0].rows)), "commits": .int(Int64(results[0].commits)), "fsync": "full"],
            [
                "rows_per_s": .double(median(results) { Double($0.rows) / $0.wall_s }),
                "cpu_us_per_row": .double(median(results) { $0.cpu_s * 1e6 / Double($0.rows) }),
            ])
    }
}
