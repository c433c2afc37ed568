import Foundation
import Synchronization
import WorkflowEngine
import WorkflowModel

/// W7, latency: events come at a fixed rate whatever the engine does; how long is it from an event to the call of its run's first step, a write
/// whose intent is on disk by then?
enum LatencyWorkload {
    static func run(rate: Int, seconds: Int) async throws {
        let folder = try TemporaryFolder("w7-latency")
        defer { folder.remove() }
        let (warm, count) = (rate / 2, rate * seconds)
        let record = CallRecord(warm + count)
        let bench = try await WorkloadEngine.open(folder: folder.path, workflow: StepPlaybook.write, record: record)
        let meter = Meter()
        // The disk's own delays in the same seconds, at a rate that does not disturb.
        let disk = Kept<Result<[Double], any Error>>()
        let path = folder.path
        let probe = Thread {
            disk.value = Result { try CLoopRunner.disk(seconds * 25, pause: 0.04, folder: path) }
        }
        probe.start()
        let sender = Sender(engine: bench, count: warm + count, interval: 1 / Double(rate))
        let sent = try await sender.send()
        await bench.engine.idle()
        while disk.value == nil { try await Task.sleep(for: .milliseconds(10)) }
        let fsyncs = try disk.value?.get() ?? []
        let cpu = meter.cpuSeconds
        await bench.close()
        guard record.count == warm + count else { throw WorkloadError("only \(record.count) runs have begun") }
        let delays = zip(record.times, sent).map { $0 - $1 }.dropFirst(warm).map { $0 * 1e3 }
        let fsync99 = Meter.quantile(0.99, fsyncs) * 1e3
        let p99 = Meter.quantile(0.99, delays)
        Meter.report(
            "W7", "signalbox-latency",
            ["events_per_s": .int(Int64(rate)), "events": .int(Int64(count)), "fsync": "full"],
            [
                "p50_ms": .double(Meter.quantile(0.5, delays)), "p90_ms": .double(Meter.quantile(0.9, delays)),
                "p99_ms": .double(p99), "max_ms": .double(delays.max() ?? 0),
                "fsync_p50_ms": .double(Meter.quantile(0.5, fsyncs) * 1e3), "fsync_p99_ms": .double(fsync99),
                "bound_ms": .double(10 + 2 * fsync99), "holds": .bool(p99 < 10 + 2 * fsync99),
                "cpu_ms_per_event": .double(cpu * 1e3 / Double(warm + count)),
            ])
    }

    /// Gives events to the engine from a thread of its own, each at its time, without waiting for those before.
    private struct Sender {
        let engine: WorkloadEngine
        let count: Int
        let interval: Double

        /// When each was due.
        func send() async throws -> [Double] {
            let problem = Kept<any Error>()
            let sender = self
            let due = await withCheckedContinuation { (done: CheckedContinuation<[Double], Never>) in
                Thread {
                    let start = Meter.wall() + 0.01
                    let due = (0..<sender.count).map { start + Double($0) * sender.interval }
                    for (number, time) in due.enumerated() {
                        let left = time - Meter.wall()
                        if left > 0 { usleep(UInt32(left * 1e6)) }
                        let event = StepPlaybook.event("w7", number)
                        Task {
                            do { _ = try await sender.engine.engine.emit([event]) } catch {
                                problem.value = error
                            }
                        }
                    }
                    done.resume(returning: due)
                }.start()
            }
            // The last events are still on their way.
            try await Task.sleep(for: .milliseconds(500))
            if let problem = problem.value { throw problem }
            return due
        }
    }

    /// What another thread leaves.
    private final class Kept<Item: Sendable>: Sendable {
        private let state = Mutex<Item?>(nil)

        var value: Item? {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }
}
