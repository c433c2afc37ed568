import Glibc
import Logging

/// How many files and sockets the system lets this process have.
enum Descriptors {
    /// What files, the database and the pipes of processes may need besides connections.
    private static let spare = 200

    /// Raises the soft limit as far as `wanted` connections need it and the hard one allows, and gives how many connections fit.
    static func connections(_ wanted: Int, _ log: Logger) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
        let needed = rlim_t(wanted + spare)
        if limit.rlim_cur < needed {
            var raised = limit
            raised.rlim_cur = min(needed, limit.rlim_max)
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        guard limit.rlim_cur < needed else { return wanted }
        let possible = max(10, Int(limit.rlim_cur) - spare)
        log.warning(
            "fewer connections than the settings say: the system lets this process have few files",
            metadata: ["connections": "\(possible)", "wanted": "\(wanted)", "files": "\(limit.rlim_cur)"])
        return possible
    }
}
