import Dispatch
import Foundation
import Glibc
import Testing
import WorkflowModel

/// A connection to a server of this machine on which a test says exactly what it wants, right or wrong.
struct Wire: Sendable {
    /// An answer of HTTP, as it came.
    struct Answer: Sendable {
        /// All bytes as text.
        var text: String
        /// Whether the server closed the connection.
        var isClosed: Bool

        /// The status of the first answer; 0 when nothing came.
        var status: Int {
            Int(text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).dropFirst().first ?? "") ?? 0
        }

        /// What follows the head of the first answer.
        var body: String {
            text.range(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? ""
        }

        /// The body as JSON.
        var json: Value { get throws { try JSON.parse(Array(body.utf8)) } }

        /// The code of a problem document.
        var code: String? { (try? json)?["code"]?.string }

        /// The values of a field of the first answer.
        func field(_ name: String) -> String? {
            let head = text.components(separatedBy: "\r\n\r\n")[0].components(separatedBy: "\r\n").dropFirst()
            return head.first { $0.lowercased().hasPrefix(name.lowercased() + ":") }.map {
                String($0.dropFirst(name.count + 1)).trimmingCharacters(in: .whitespaces)
            }
        }
    }

    let port: UInt16

    /// Sends bytes and reads until the server closes or says nothing more for `patience` seconds.
    func send(_ bytes: [UInt8], patience: Int = 20) async throws -> Answer {
        let port = port
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try Wire.exchange(bytes, port, patience) })
            }
        }
    }

    /// One request on a connection that ends with it.
    func ask(
        _ path: String, method: String = "GET", token: String? = nil, fields: [String] = [], body: String = ""
    ) async throws -> Answer {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: localhost", "Connection: close"] + fields
        if let token { lines.append("Authorization: Bearer \(token)") }
        if !body.isEmpty || method == "POST" { lines.append("Content-Length: \(body.utf8.count)") }
        return try await send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
    }

    private static func exchange(_ bytes: [UInt8], _ port: UInt16, _ patience: Int) throws -> Answer {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(file) }
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw Trouble("nobody listens on \(port): \(errno)") }
        var rest = bytes[...]
        while !rest.isEmpty {
            // A server that refuses may close before it has read everything.
            let count = rest.withUnsafeBytes {
                Glibc.send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(file, &buffer, buffer.count, 0)
            guard count > 0 else {
                return Answer(text: String(decoding: text, as: UTF8.self), isClosed: count == 0 || errno == ECONNRESET)
            }
            text += buffer[..<count]
        }
    }
}

/// `signalbox serve` on a free port.
struct Served {
    let process: RunningSignalbox
    let wire: Wire

    /// Starts it in a workspace and waits until it is ready.
    init(_ copy: WorkspaceCopy, port: Int = 0, _ arguments: String...) async throws {
        let note = copy.state.appending(path: "server.json")
        let process = try copy.signalbox.start(["serve", "--listen", "127.0.0.1:\(port)"] + arguments)
        try await copy.wait(for: "the server") { process.printed.err.contains("serving") }
        let text = try JSON.parse([UInt8](Data(contentsOf: note)))
        let port = text["address"]?.string?.split(separator: ":").last.flatMap { UInt16($0) }
        self.process = process
        wire = Wire(port: try #require(port))
    }

    /// Stops it; what it said.
    func stop() async -> SignalboxProcess.Outcome {
        process.signal(SIGTERM)
        return await process.end()
    }
}
