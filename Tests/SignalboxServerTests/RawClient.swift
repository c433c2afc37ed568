import Foundation
import Glibc

/// A connection that sends what a test says, byte for byte, and reads what comes.
final class RawClient {
    struct Trouble: Error, CustomStringConvertible { let description: String }

    /// An answer as it was read.
    struct Answer: Sendable {
        var status: Int
        var headers: [String: String]
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let socket: Int32
    private var read: [UInt8] = []

    /// - Parameter room: how many bytes the system may keep that were not read yet; nil leaves it to the system.
    init(port: Int, room: Int32? = nil) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var room { setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size)) }
        var time = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Trouble(description: "cannot connect to \(port): \(errno)") }
    }

    deinit { close(socket) }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            // The other side may have hung up, which is what some tests are about.
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Says that nothing more will be sent.
    func finish() { shutdown(socket, Int32(SHUT_WR)) }

    /// The next answer; nil when the connection ended before one.
    func answer(to method: String = "GET") throws -> Answer? {
        while true {
            if let end = read.firstRange(of: Array("\r\n\r\n".utf8)) {
                let lines = String(decoding: read[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
                guard let first = lines.first?.split(separator: " "), first.count > 1, let status = Int(first[1]) else {
                    throw Trouble(description: "no answer: \(lines)")
                }
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    let pair = line.split(separator: ":", maxSplits: 1)
                    if pair.count == 2 { headers[pair[0].lowercased()] = pair[1].trimmingCharacters(in: .whitespaces) }
                }
                let length = method == "HEAD" || status == 100 ? 0 : Int(headers["content-length"] ?? "0") ?? 0
                while read.count < end.upperBound + length { guard try more() else { return nil } }
                let body = Array(read[end.upperBound..<end.upperBound + length])
                read.removeFirst(end.upperBound + length)
                return Answer(status: status, headers: headers, body: body)
            }
            guard try more() else { return nil }
        }
    }

    /// What comes until `mark`, with it; what comes after it is left for the next one.
    func text(until mark: String) throws -> String {
        let mark = Array(mark.utf8)
        var looked = 0
        while true {
            if let found = Self.end(of: mark, in: read, from: looked) {
                defer { read.removeFirst(found) }
                return String(decoding: read[..<found], as: UTF8.self)
            }
            looked = max(0, read.count - mark.count)
            guard try more() else {
                throw Trouble(description: "the connection ended: \(String(decoding: read.suffix(300), as: UTF8.self))")
            }
        }
    }

    /// Where `mark` ends in `bytes`, at or after `start`: many megabytes are looked through, byte by byte only where it may begin.
    private static func end(of mark: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var place = start
            while place + mark.count <= buffer.count {
                guard let found = memchr(base + place, Int32(mark[0]), buffer.count - place) else { return nil }
                place = UnsafeRawPointer(found) - base
                guard place + mark.count <= buffer.count else { return nil }
                if memcmp(base + place, mark, mark.count) == 0 { return place + mark.count }
                place += 1
            }
            return nil
        }
    }

    /// Whether the connection ends before `limit` bytes have come.
    func isCutOff(within limit: Int) throws -> Bool {
        var count = 0
        while count < limit {
            read = []
            guard try more() else { return true }
            count += read.count
        }
        return false
    }

    /// Whether the server has ended the connection; waits for it.
    func isEnded() throws -> Bool { try !more() }

    private func more() throws -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &bytes, bytes.count, 0)
        if count < 0, errno == EAGAIN { throw Trouble(description: "nothing came for 10 seconds") }
        guard count > 0 else { return false }
        read += bytes[..<count]
        return true
    }

    /// Sends one request on a connection of its own and gives the answer.
    static func ask(
        _ port: Int, _ method: String, _ path: String, _ headers: [(String, String)] = [], _ body: [UInt8] = []
    ) throws -> Answer {
        let client = try RawClient(port: port)
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers where name.lowercased() != "host" { head += "\(name): \(value)\r\n" }
        if !body.isEmpty || method == "POST" { head += "Content-Length: \(body.count)\r\n" }
        client.send(Array((head + "\r\n").utf8) + body)
        guard let answer = try client.answer(to: method) else { throw Trouble(description: "the connection ended") }
        return answer
    }
}
