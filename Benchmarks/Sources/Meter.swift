import Glibc
import WorkflowModel

/// Wall and processor time of this process, and the line that every workload prints.
struct Meter {
    private let wallStart = Meter.wall()
    private let cpuStart = Meter.cpu()

    var wallSeconds: Double { Meter.wall() - wallStart }
    var cpuSeconds: Double { Meter.cpu() - cpuStart }

    private static func wall() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private static func cpu() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// The largest resident set of this process so far, in MiB.
    static var peakMemory: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1024
    }

    /// Prints one result.
    static func report(_ workload: String, _ system: String, _ params: ValueMap, _ metrics: ValueMap) {
        print(
            JSONWriter.text([
                "workload": .string(workload), "system": .string(system), "params": .map(params),
                "metrics": .map(metrics),
            ]))
    }

    static func median(_ numbers: [Double]) -> Double {
        let sorted = numbers.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted.count % 2 == 1
            ? sorted[sorted.count / 2] : (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
    }
}
