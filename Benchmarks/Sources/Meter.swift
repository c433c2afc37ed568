import CLoop
import Glibc
import WorkflowModel

/// Wall and processor time of this process, and the line that every workload prints.
struct Meter {
    private let wallStart = Meter.wall()
    private let cpuStart = Meter.cpu()

    var wallSeconds: Double { Meter.wall() - wallStart }
    var cpuSeconds: Double { Meter.cpu() - cpuStart }

    /// The monotonic clock, in seconds.
    static func wall() -> Double {
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

    /// The resident set of this process now, in MiB, after free memory was given back.
    static var memory: Double {
        signalbox_cloop_trim()
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 200)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            .split(separator: " ")
        return (words.count > 1 ? Double(words[1]) ?? 0 : 0) * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576
    }

    /// The smallest of `numbers` that at most `share` of them exceed: `quantile(0.99, …)` is the 99th percentile.
    static func quantile(_ share: Double, _ numbers: [Double]) -> Double {
        let sorted = numbers.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, max(0, Int((Double(sorted.count) * share).rounded(.up)) - 1))]
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
