import Glibc
import Synchronization
import WorkflowModel

/// The right to execute: one process a state folder holds it. The system gives it back when the process dies, however it dies.
public final class ExecutorLock: Sendable {
    /// Who holds the lock, as written in the lock file.
    public struct Holder: Sendable, Hashable, CustomStringConvertible {
        /// The process.
        public var pid: Int64
        /// The machine's name.
        public var host: String
        /// What it runs, `signalbox serve`.
        public var command: String

        /// `signalbox serve (process 4711 on desk-1)`.
        public var description: String { "\(command) (process \(pid) on \(host))" }
    }

    /// Why the lock was not given.
    public enum Refusal: Error, Sendable, Hashable, CustomStringConvertible {
        /// Another process executes.
        case held(by: Holder?, folder: String)
        /// The lock file cannot be opened or written.
        case unusable(path: String, why: String)

        /// What happened, and what to do.
        public var description: String {
            switch self {
            case .held(let holder, let folder):
                "another executor works on \(folder): \(holder?.description ?? "an unknown process"); "
                    + "hand it the work with `signalbox emit`, or end it first"
            case .unusable(let path, let why):
                "the lock file \(path) cannot be used: \(why); the state folder must be writable (--state-dir)"
            }
        }
    }

    private let descriptor: Mutex<Int32>
    /// The lock file.
    public let path: String

    private init(_ descriptor: Int32, _ path: String) {
        self.descriptor = Mutex(descriptor)
        self.path = path
    }

    deinit { release() }

    /// Takes the lock of `folder`, which must exist.
    ///
    /// - Parameter command: what this process runs, for the message that a second executor gets.
    /// - Throws: ``Refusal`` when another process has it or the file cannot be used. It does not wait.
    public static func acquire(folder: String, command: String) throws(Refusal) -> ExecutorLock {
        let path = folder + "/executor.lock"
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .unusable(path: path, why: String(cString: strerror(errno))) }
        guard lock(file) else {
            let reason = errno
            defer { close(file) }
            guard reason == EWOULDBLOCK else { throw .unusable(path: path, why: String(cString: strerror(reason))) }
            throw .held(by: holder(in: file), folder: folder)
        }
        let holder: Value = ["pid": .int(Int64(getpid())), "host": .string(hostName()), "command": .string(command)]
        let bytes = JSONWriter.data(holder)
        guard ftruncate(file, 0) == 0, pwrite(file, bytes, bytes.count, 0) == bytes.count else {
            let reason = errno
            close(file)
            throw .unusable(path: path, why: String(cString: strerror(reason)))
        }
        return ExecutorLock(file, path)
    }

    /// Locks a file for this process alone, in two ways: one that others can ask about without a lock of their own, and the one that
    /// programs before 0.1.0 know. Those share theirs for an instant when they look; that is no reason to give up.
    private static func lock(_ file: Int32) -> Bool {
        var wanted = wholeFile()
        guard fcntl(file, setLock, &wanted) == 0 else {
            if errno == EACCES || errno == EAGAIN { errno = EWOULDBLOCK }
            return false
        }
        for _ in 0..<1000 {
            if flock(file, LOCK_EX | LOCK_NB) == 0 { return true }
            guard errno == EWOULDBLOCK, flock(file, LOCK_SH | LOCK_NB) == 0 else { return false }
            flock(file, LOCK_UN)
            sched_yield()
        }
        errno = EWOULDBLOCK
        return false
    }

    /// `F_OFD_GETLK` and `F_OFD_SETLK` of fcntl(2): locks that belong to the open file, not to the process.
    private static let (getLock, setLock): (Int32, Int32) = (36, 37)

    private static func wholeFile() -> flock {
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        return lock
    }

    /// Who executes on `folder` now; nil when nobody does.
    public static func holder(of folder: String) -> Holder? {
        let file = open(folder + "/executor.lock", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        // Asking takes no lock, which would keep an executor that is just beginning from getting its own.
        var found = wholeFile()
        guard fcntl(file, getLock, &found) == 0, found.l_type != Int16(F_UNLCK) else { return nil }
        return holder(in: file) ?? Holder(pid: 0, host: "?", command: "an unknown process")
    }

    /// Gives the lock back; a second time does nothing.
    public func release() {
        descriptor.withLock { file in
            guard file >= 0 else { return }
            close(file)
            file = -1
        }
    }

    private static func holder(in file: Int32) -> Holder? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = pread(file, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let value: Value
        // A lock file that was just made has nothing in it yet.
        do throws(JSONError) { value = try JSON.parse(bytes[..<count]) } catch { return nil }
        guard let pid = value["pid"]?.int else { return nil }
        return Holder(pid: pid, host: value["host"]?.string ?? "?", command: value["command"]?.string ?? "?")
    }

    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "?" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
