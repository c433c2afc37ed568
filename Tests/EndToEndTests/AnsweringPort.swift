import Foundation
import Glibc
import Synchronization

/// A port of the loopback that takes requests, keeps their bodies, and says 200 to each.
final class AnsweringPort: Sendable {
    let port: UInt16
    private let descriptor: Int32
    private let kept = Mutex<[String]>([])

    /// The bodies of the requests so far.
    var bodies: [String] { kept.withLock { $0 } }

    init() throws {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let size = length
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(file, address, size) == 0 && listen(file, 16) == 0 && getsockname(file, address, &length) == 0
            }
        }
        guard isBound else { throw Trouble("no port: \(errno)") }
        descriptor = file
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(file, nil, nil)
                guard connection >= 0 else { return }
                let body = AnsweringPort.answer(connection)
                self?.kept.withLock { $0.append(body) }
                close(connection)
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// Reads one request, answers it, and gives its body.
    private static func answer(_ connection: Int32) -> String {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let parts = text.components(separatedBy: "\r\n\r\n")
            if parts.count > 1 {
                let line = parts[0].lowercased().components(separatedBy: "\r\n").first {
                    $0.hasPrefix("content-length:")
                }
                let length = line.flatMap { Int($0.drop { !$0.isNumber }) } ?? 0
                let body = parts.dropFirst().joined(separator: "\r\n\r\n")
                if body.utf8.count >= length {
                    let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".utf8)
                    _ = write(connection, answer, answer.count)
                    return body
                }
            }
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { return text }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
    }
}
