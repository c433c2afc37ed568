import Foundation
import SignalboxServer
import Workspaces

/// Finds out who listens on a port, as far as /proc tells this user.
enum PortHolder {
    /// ` (process 4711, nginx, listens there)`; empty when nobody can be named.
    static func sentence(_ failure: WebServer.ListenFailure) -> String {
        guard failure.errno == EADDRINUSE, failure.address.port > 0 else { return "" }
        guard let holder = find(failure.address.port) else {
            return " (by a process that this user may not see: `ss -ltnp` as an administrator names it)"
        }
        return " (by process \(holder.pid), \(holder.name))"
    }

    private static func find(_ port: Int) -> (pid: Int, name: String)? {
        let sockets = Set(["tcp", "tcp6"].flatMap { inodes(of: port, in: "/proc/net/\($0)") })
        guard !sockets.isEmpty, let entries = try? FileManager.default.contentsOfDirectory(atPath: "/proc") else {
            return nil
        }
        for pid in entries.compactMap(Int.init).sorted() {
            guard let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd") else { continue }
            for file in files {
                guard
                    let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\(file)"),
                    sockets.contains(target)
                else { continue }
                let name = (try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)) ?? "?"
                return (pid, name.trimmingCharacters(in: .whitespacesAndNewlines))
            }
        }
        return nil
    }

    /// The sockets that listen on `port`, as links in /proc/PID/fd name them (proc(5): fields 1, 3 and 9; state 0A is LISTEN).
    private static func inodes(of port: Int, in path: String) -> [String] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 9, fields[3] == "0A", let digits = fields[1].split(separator: ":").last,
                Int(digits, radix: 16) == port
            else { return nil }
            return "socket:[\(fields[9])]"
        }
    }
}
