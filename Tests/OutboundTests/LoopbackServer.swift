import Glibc
import Synchronization

/// A server on 127.0.0.1 that answers every connection with a script, on threads of its own.
final class LoopbackServer: Sendable {
    let port: Int
    private let listener: Int32
    private let script: @Sendable (LoopbackConnection) -> Void
    private let count = Atomic<Int>(0)

    /// How many connections were accepted so far.
    var accepted: Int { count.load(ordering: .acquiring) }

    struct Unavailable: Error {}

    init(_ script: @escaping @Sendable (LoopbackConnection) -> Void) throws {
        let (listener, port) = try Self.listen()
        self.listener = listener
        self.port = port
        self.script = script
        try Self.onThread { [self] in acceptAll() }
    }

    /// Closes the port. Connections that are open end by themselves.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// A port on which nobody listens.
    static func unusedPort() throws -> Int {
        let (listener, port) = try listen()
        close(listener)
        return port
    }

    private static func listen() throws -> (Int32, Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Unavailable() }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let ready = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && Glibc.listen(descriptor, 64) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard ready else { throw Unavailable() }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    private func acceptAll() {
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            count.add(1, ordering: .acquiringAndReleasing)
            let script = script
            do {
                try Self.onThread {
                    let connection = LoopbackConnection(descriptor)
                    script(connection)
                    connection.close()
                }
            } catch {
                Glibc.close(descriptor)
            }
        }
        close(listener)
    }

    private final class Entry: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private static func onThread(_ run: @escaping @Sendable () -> Void) throws {
        let entry = Unmanaged.passRetained(Entry(run))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { raw in
                if let raw { Unmanaged<Entry>.fromOpaque(raw).takeRetainedValue().run() }
                return nil
            }, entry.toOpaque())
        guard code == 0 else {
            entry.release()
            throw Unavailable()
        }
        pthread_detach(thread)
    }
}

/// One accepted connection, used by one thread.
final class LoopbackConnection {
    private var descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The next line without its end; `nil` when the other side has closed.
    func readLine() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                let line = buffer[..<end]
                buffer.removeFirst(end + 1)
                return String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
            }
            guard fill() else { return nil }
        }
    }

    func read(_ count: Int) -> [UInt8] {
        while buffer.count < count, fill() {}
        let bytes = Array(buffer.prefix(count))
        buffer.removeFirst(bytes.count)
        return bytes
    }

    /// Reads a whole HTTP request.
    func readRequest() -> (line: String, headers: [String], body: [UInt8])? {
        guard let line = readLine() else { return nil }
        var headers: [String] = []
        while let header = readLine(), !header.isEmpty { headers.append(header) }
        let length = headers.first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst("content-length:".count).filter(\.isNumber)) }
        return (line, headers, read(length ?? 0))
    }

    /// Waits until the other side has closed.
    func waitForClose() {
        repeat { buffer = [] } while fill()
    }

    @discardableResult func write(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    private func fill() -> Bool {
        guard descriptor >= 0 else { return false }
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { return false }
        buffer.append(contentsOf: chunk[..<count])
        return true
    }
}

/// What a script saw, to be looked at by the test.
final class Record: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    func add(_ line: String) { kept.withLock { $0.append(line) } }
}
