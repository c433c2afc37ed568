import RunStore
import Synchronization
import WorkflowEngine
import WorkflowModel

/// W7, waking: runs that all wait for the same moment, then make one durable write.
enum TimersWorkload {
    static func run(runs: Int, rounds: Int) async throws {
        var results: [Round] = []
        for _ in 0..<rounds { results.append(try await round(runs)) }
        func median(_ figure: (Round) -> Double) -> Value { .double(Meter.median(results.map(figure))) }
        Meter.report(
            "W7", "signalbox-timers",
            ["runs": .int(Int64(runs)), "rounds": .int(Int64(rounds)), "fsync": "full"],
            [
                "fired_s": median(\.fired), "awake_s": median(\.awake), "begun_s": median(\.begun),
                "done_s": median(\.done),
                "wakes_per_s": median { Double(runs) / $0.done },
                "wake_cpu_ms_per_run": median { $0.cpu * 1e3 / Double(runs) }, "rss_mb": .double(Meter.peakMemory),
            ])
    }

    private struct Round {
        /// From the moment until all timers have fired and all runs are in line, until a worker has taken up the last run, until the
        /// next step of all has begun, until all have ended.
        var fired, awake, begun, done, cpu: Double
    }

    /// When runs were taken up again and ended.
    private final class Watch: Sendable {
        private let state = Mutex((woken: 0, lastWoken: 0.0, ended: 0, lastEnd: 0.0))

        func take(_ progress: Progress) {
            switch progress {
            case .runStarted(_, resumed: true):
                state.withLock { state in
                    state.woken += 1
                    state.lastWoken = Meter.wall()
                }
            case .runEnded:
                state.withLock { state in
                    state.ended += 1
                    state.lastEnd = Meter.wall()
                }
            default: break
            }
        }

        var ended: Int { state.withLock(\.ended) }
        var lastWoken: Double { state.withLock(\.lastWoken) }
        var lastEnd: Double { state.withLock(\.lastEnd) }
    }

    private static func round(_ runs: Int) async throws -> Round {
        let folder = try TemporaryFolder("w7-timers")
        defer { folder.remove() }
        let record = CallRecord(runs)
        let watch = Watch()
        let bench = try await WorkloadEngine.open(
            folder: folder.path, workflow: StepPlaybook.wait(StepPlaybook.due), record: record,
            progress: { watch.take($0) })
        let clock = SystemClock()
        let due = clock.now + .milliseconds(max(4000, runs * 5 / 4))
        var next = 0
        while next < runs {
            let end = min(next + 1000, runs)
            _ = try await bench.engine.emit((next..<end).map { StepPlaybook.event("w7", $0, due: due) })
            next = end
        }
        await bench.engine.idle()
        let left = (due - clock.now) / .seconds(1)
        guard left > 0, record.count == 0 else { throw WorkloadError("the runs were not all asleep at the moment") }
        let moment = Meter.wall() + left
        try await clock.sleep(until: due - .milliseconds(20))
        let meter = Meter()
        var fired: Double?
        while watch.ended < runs {
            if fired == nil, let next = try await bench.engine.nextTimer(), next > due { fired = Meter.wall() }
            guard Meter.wall() < moment + 60 else {
                throw WorkloadError("\(runs - watch.ended) runs have not ended a minute after the moment")
            }
            try await Task.sleep(for: .milliseconds(2))
        }
        let cpu = meter.cpuSeconds
        await bench.close()
        return Round(
            fired: (fired ?? watch.lastEnd) - moment, awake: watch.lastWoken - moment,
            begun: (record.times.max() ?? 0) - moment, done: watch.lastEnd - moment,
            cpu: cpu)
    }
}
