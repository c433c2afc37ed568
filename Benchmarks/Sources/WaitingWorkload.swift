import Foundation
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel

/// W7, asleep: what many waiting runs cost: to make, in the memory of the process that made them, and in start-up and memory of one that
/// finds them.
enum WaitingWorkload {
    static func run(runs: Int) async throws {
        let (full, empty) = (try TemporaryFolder("w7-full"), try TemporaryFolder("w7-empty"))
        defer {
            full.remove()
            empty.remove()
        }
        let bench = try await WorkloadEngine.open(folder: full.path, workflow: workflow)
        // What the first runs take stays: caches, threads, connections.
        try await make(-2000..<0, on: bench)
        let before = Meter.memory
        let meter = Meter()
        try await make(0..<runs, on: bench)
        let (wall, cpu) = (meter.wallSeconds, meter.cpuSeconds)
        let after = Meter.memory
        await bench.close()
        await (try WorkloadEngine.open(folder: empty.path, workflow: workflow)).close()
        var (starts, bases): ([Start], [Start]) = ([], [])
        for _ in 0..<3 {
            bases.append(try start(empty.path))
            starts.append(try start(full.path))
        }
        Meter.report(
            "W7", "signalbox-waiting", ["runs": .int(Int64(runs)), "fsync": "full"],
            [
                "start_cpu_ms_per_run": .double(cpu * 1e3 / Double(runs)), "make_wall_s": .double(wall),
                "added_mb": .double(after - before),
                "added_mb_after_start": .double(
                    Meter.median(starts.map(\.memory)) - Meter.median(bases.map(\.memory))),
                "startup_s": .double(Meter.median(starts.map(\.wall))),
                "startup_cpu_s": .double(Meter.median(starts.map(\.cpu))),
                "startup_empty_s": .double(Meter.median(bases.map(\.wall))),
                "idle_cpu_pct": .double(Meter.median(starts.map(\.idle))),
                "db_bytes_per_run": .double(
                    Double(try TemporaryFolder.size(ofFileAt: "\(full.path)/\(SQLiteRunStore.fileName)"))
                        / Double(runs + 2000)),
            ])
    }

    private static var workflow: Workflow { StepPlaybook.wait(.after(.seconds(86_400))) }

    private static func make(_ numbers: Range<Int>, on bench: WorkloadEngine) async throws {
        var next = numbers.lowerBound
        while next < numbers.upperBound {
            let end = min(next + 1000, numbers.upperBound)
            _ = try await bench.engine.emit((next..<end).map { StepPlaybook.event("w7", $0) })
            next = end
        }
        await bench.engine.idle()
    }

    private struct Start {
        var wall: Double
        var cpu: Double
        var memory: Double
        var idle: Double
    }

    /// Starts this program on `folder` and lets it measure itself.
    private static func start(_ folder: String) throws -> Start {
        let report = "\(folder)/start.json"
        _ = try ChildProcess.run(["w7-child", folder, report])
        let figures = try JSON.parse(TemporaryFolder.bytes(ofFileAt: report))
        func figure(_ name: String) -> Double { Medians.number(figures[name]) ?? 0 }
        return Start(wall: figure("wall"), cpu: figure("cpu"), memory: figure("memory"), idle: figure("idle"))
    }

    /// What the started program does: opens all, takes back what is to be taken back, and idles for two seconds.
    static func child(folder: String, report: String) async throws {
        let meter = Meter()
        let bench = try await WorkloadEngine.open(folder: folder, workflow: workflow)
        let due = try await bench.engine.nextTimer()
        let (wall, cpu) = (meter.wallSeconds, meter.cpuSeconds)
        let memory = Meter.memory
        let idle = Meter()
        try await Task.sleep(for: .seconds(2))
        let figures: ValueMap = [
            "wall": .double(wall), "cpu": .double(cpu), "memory": .double(memory),
            "idle": .double(idle.cpuSeconds / idle.wallSeconds * 100), "has_timer": .bool(due != nil),
        ]
        await bench.close()
        try JSONWriter.text(.map(figures)).write(toFile: report, atomically: false, encoding: .utf8)
    }
}
