import Foundation
import Glibc
import Testing

/// Programs of the system that a test has work with the real one.
enum OtherProgram {
    /// Where a program is installed; nil when it is not.
    static func path(of program: String) -> String? {
        ["/usr/bin", "/usr/sbin", "/usr/local/bin"].map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs a program to its end; gives all that it said.
    static func run(_ program: String, _ arguments: [String], input: URL? = nil) throws -> (
        status: Int32, text: String
    ) {
        let end = try ChildProcess(
            program, arguments, environment: ProcessInfo.processInfo.environment,
            input: input.map { .file($0) } ?? .nothing, limit: 60
        ).wait()
        return (end.status, end.out + end.err)
    }

    /// What `promtool` has against metrics; empty when it has nothing, or is not installed.
    static func complaints(about metrics: String, in copy: WorkspaceCopy) throws -> String {
        guard let promtool = path(of: "promtool") else { return "" }
        try copy.write(metrics, to: "metrics.txt")
        let outcome = try run(promtool, ["check", "metrics"], input: copy.folder.appending(path: "metrics.txt"))
        return outcome.status == 0 ? outcome.text : "status \(outcome.status): \(outcome.text)"
    }
}

/// A port of the loopback on which nothing listens just now.
enum FreePort {
    static func take() throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> Int in
                guard bind(socket, generic, length) == 0, getsockname(socket, generic, &length) == 0 else { return 0 }
                return Int(UInt16(bigEndian: pointer.pointee.sin_port))
            }
        }
        try #require(port > 0)
        return port
    }
}
