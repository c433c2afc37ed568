import CDispatch
import Foundation
import Synchronization

/// Reads files and standard input that a person named, within a limit, with errors that say what is wrong.
enum InputFile {
    /// The bytes of the file `path`, or of standard input for `-`.
    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        let descriptor: Int32
        if path == "-" {
            descriptor = STDIN_FILENO
        } else {
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw CommandFailure(.environment, "cannot read \(path): \(reason(errno))")
            }
        }
        defer { if path != "-" { close(descriptor) } }
        try refuseFolder(descriptor, path)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw CommandFailure(.environment, "cannot read \(path): \(reason(errno))")
            }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[0..<count])
            guard bytes.count <= limit else {
                throw CommandFailure(
                    .failed, "\(path == "-" ? "standard input" : path) is larger than \(limit / 1_048_576) MiB")
            }
        }
    }

    /// Opening a folder is no error to the system, only reading it is.
    fileprivate static func refuseFolder(_ descriptor: Int32, _ path: String) throws {
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw CommandFailure(.usage, "\(path) is a folder; a file is expected")
        }
    }

    fileprivate static func reason(_ code: Int32) -> String {
        switch code {
        case ENOENT: "there is no such file"
        case EACCES, EPERM: "you may not read it"
        default: String(cString: strerror(code))
        }
    }
}

/// Whether input is to be read no further, since a signal asks this process to end: a pipe that stays open must not keep it.
enum InputStop {
    private static let asked = Atomic(false)

    static var isAsked: Bool { asked.load(ordering: .relaxed) }

    /// Lets every reader of ``InputLines`` find the end.
    static func ask() { asked.store(true, ordering: .relaxed) }
}

/// The lines of a file or of standard input, one by one, each within a limit.
struct InputLines {
    private let descriptor: Int32
    private let name: String
    private let limit: Int
    private var buffer: [UInt8] = []
    private var start = 0
    private var ended = false
    /// The number of the line given last, from 1.
    private(set) var number = 0

    /// A line that is longer than the limit; the rest of it has been skipped.
    struct TooLong: Error {
        let number: Int
    }

    /// The lines of `path`, or of standard input for `-`.
    init(_ path: String, lineLimit: Int) throws {
        name = path
        limit = lineLimit
        if path == "-" {
            descriptor = STDIN_FILENO
        } else {
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw CommandFailure(.environment, "cannot read \(path): \(InputFile.reason(errno))")
            }
            try InputFile.refuseFolder(descriptor, path)
        }
    }

    /// Whether more can be read without waiting longer than `milliseconds`; the end counts as more.
    func hasMore(within milliseconds: Int32) -> Bool {
        if ended || buffer[start...].contains(0x0A) { return true }
        var input = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&input, 1, milliseconds) != 0
    }

    /// The next line without its end; nil after the last.
    ///
    /// - Throws: ``TooLong``, after which reading may go on.
    mutating func next() throws -> ArraySlice<UInt8>? {
        var scanned = start
        var overflowed = false
        while true {
            if let end = buffer[scanned...].firstIndex(of: 0x0A) {
                let line = buffer[start..<end]
                start = end + 1
                number += 1
                if overflowed || line.count > limit { throw TooLong(number: number) }
                return line
            }
            if ended {
                let line = buffer[start...]
                start = buffer.count
                guard !line.isEmpty || overflowed else { return nil }
                number += 1
                if overflowed || line.count > limit { throw TooLong(number: number) }
                return line
            }
            if start > 0 {
                buffer.removeFirst(start)
                start = 0
            }
            if buffer.count > limit {
                buffer.removeAll(keepingCapacity: true)
                overflowed = true
            }
            scanned = buffer.count
            while !hasMore(within: 100) {
                if InputStop.isAsked { return nil }
            }
            if InputStop.isAsked { return nil }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw CommandFailure(.environment, "cannot read \(name): \(String(cString: strerror(errno)))")
            }
            if count == 0 { ended = true } else { buffer.append(contentsOf: chunk[0..<count]) }
        }
    }
}
