import Glibc

/// Runs this program again and measures what that costs.
enum ChildProcess {
    /// What a process has cost from its start to its end.
    struct Cost {
        var wallSeconds: Double
        /// User and system time of the process and its children.
        var cpuSeconds: Double
        /// The largest resident set, in MiB.
        var peakMemory: Double
    }

    /// Runs this program with `arguments` and waits for its end.
    ///
    /// - Throws: ``WorkloadError`` when it cannot be started or does not end with 0.
    static func run(_ arguments: [String]) throws -> Cost {
        let words = (["/proc/self/exe"] + arguments).map { strdup($0) }
        defer { for word in words { free(word) } }
        let meter = Meter()
        var child: pid_t = 0
        let problem = posix_spawn(&child, "/proc/self/exe", nil, nil, words + [nil], environ)
        guard problem == 0 else { throw WorkloadError("cannot start the child: \(String(cString: strerror(problem)))") }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(child, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw WorkloadError("cannot wait for the child: \(errno)") }
        }
        let wall = meter.wallSeconds
        guard status == 0 else { throw WorkloadError("the child ended with status \(status)") }
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
        // The system counts the memory of this process, from which the child was made, as the child's; it is the smaller one.
        return Cost(
            wallSeconds: wall, cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            peakMemory: Double(usage.ru_maxrss) / 1024)
    }
}
