import Dispatch
import Foundation
import Glibc
import Synchronization

/// A program in a process of its own, which ends at the latest when its time is over: no test can wait for it for ever.
///
/// What it says goes into files, since a pipe that nobody empties would stop a process that says much.
final class ChildProcess: Sendable {
    /// What it reads.
    enum Input {
        /// Nothing.
        case nothing
        /// A file that is there.
        case file(URL)
        /// What ``ChildProcess/write(_:)`` gives, until ``ChildProcess/closeInput()``.
        case pipe
    }

    /// How it ended.
    struct End: Sendable {
        /// The exit status; 128 and the signal's number when a signal ended it.
        var status: Int32
        /// What it printed.
        var out: String
        /// What it said beside.
        var err: String
        /// Whether it was killed since its time was over.
        var isTooLate: Bool
    }

    private struct State {
        var status: Int32?
        var isTooLate = false
        var input: Int32?
    }

    /// The process's number.
    let identifier: Int32
    private let folder: URL
    private let shared: Shared<State>
    private let running: DispatchGroup

    /// Starts `program`, a path or a name in `PATH`, with `environment` alone.
    ///
    /// - Parameter limit: seconds after which it is killed, with what it has started.
    /// - Throws: ``Trouble`` when it cannot be started.
    init(
        _ program: String, _ arguments: [String], in place: URL? = nil, environment: [String: String],
        input: Input = .nothing, limit: Double = 240
    ) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "signalbox-process-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var ends: [Int32] = [-1, -1]
        if case .pipe = input, pipe(&ends) != 0 { throw Trouble("no pipe: \(errno)") }
        defer { if ends[0] >= 0 { close(ends[0]) } }
        let source: String? =
            switch input {
            case .nothing: "/dev/null"
            case .file(let file): file.path
            case .pipe: nil
            }
        let words = (place.map { ["/usr/bin/env", "-C", $0.path] } ?? []) + [program] + arguments
        identifier = try Self.spawn(
            words, environment, reading: source, or: ends[0], writingInto: folder)
        let (number, running) = (identifier, DispatchGroup())
        self.running = running
        let state = Shared(State(input: ends[1] >= 0 ? ends[1] : nil))
        shared = state
        running.enter()
        Thread.detachNewThread {
            // It stays a zombie, whose number nobody else gets, until all that send signals know.
            var info = siginfo_t()
            while waitid(P_PID, id_t(number), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
            state.value.withLock { state in
                var status: Int32 = 0
                while waitpid(number, &status, 0) < 0, errno == EINTR {}
                state.status = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
                if let input = state.input { close(input) }
                state.input = nil
            }
            running.leave()
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + limit) {
            state.value.withLock {
                guard $0.status == nil else { return }
                $0.isTooLate = true
                kill(-number, SIGKILL)
            }
        }
    }

    deinit {
        shared.value.withLock { if $0.status == nil { kill(-identifier, SIGKILL) } }
        // What is left of a test's files hurts nobody.
        _ = try? FileManager.default.removeItem(at: folder)
    }

    /// What it has said so far.
    var printed: (out: String, err: String) { (text("out"), text("err")) }

    /// Whether it has not ended.
    var isRunning: Bool { shared.value.withLock { $0.status == nil } }

    /// Sends it a signal, unless it has ended.
    func signal(_ number: Int32) {
        shared.value.withLock { if $0.status == nil { kill(identifier, number) } }
    }

    /// Gives it something to read.
    func write(_ text: String) throws {
        let bytes = Array(text.utf8)
        let count = shared.value.withLock { state in state.input.map { Glibc.write($0, bytes, bytes.count) } }
        guard count == bytes.count else { throw Trouble("it reads no more") }
    }

    /// Nothing more comes to read.
    func closeInput() {
        shared.value.withLock { state in
            if let input = state.input { close(input) }
            state.input = nil
        }
    }

    /// Waits for its end.
    func end() async -> End {
        await withCheckedContinuation { continuation in
            running.notify(queue: .global()) { continuation.resume() }
        }
        return ended()
    }

    /// Waits for its end, and keeps the thread.
    func wait() -> End {
        running.wait()
        return ended()
    }

    private func ended() -> End {
        let (out, err) = printed
        return shared.value.withLock { End(status: $0.status ?? -1, out: out, err: err, isTooLate: $0.isTooLate) }
    }

    private func text(_ name: String) -> String {
        String(
            decoding: FileManager.default.contents(atPath: folder.appending(path: name).path) ?? Data(), as: UTF8.self)
    }

    /// Starts a process that leads a group of its own and has none of our files open.
    private static func spawn(
        _ words: [String], _ environment: [String: String], reading source: String?, or input: Int32,
        writingInto folder: URL
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let source {
            posix_spawn_file_actions_addopen(&actions, 0, source, O_RDONLY, 0)
        } else {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        }
        for (number, name) in [(Int32(1), "out"), (2, "err")] {
            let file = folder.appending(path: name).path
            posix_spawn_file_actions_addopen(&actions, number, file, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            if let open = Int32(name), open > 2 { posix_spawn_file_actions_addclose(&actions, open) }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let arguments = words.map { strdup($0) }
        let variables = environment.map { strdup("\($0.key)=\($0.value)") }
        defer { for text in arguments + variables { free(text) } }
        var number: Int32 = 0
        let problem = posix_spawnp(&number, words[0], &actions, &attributes, arguments + [nil], variables + [nil])
        guard problem == 0 else { throw Trouble("cannot start \(words[0]): \(String(cString: strerror(problem)))") }
        return number
    }
}

/// What several closures and an object of a class share.
private final class Shared<Value: Sendable>: Sendable {
    let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }
}
