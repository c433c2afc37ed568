import CDispatch
import Foundation
import RunStore
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel

/// One finding of `signalbox doctor`.
struct Finding: Sendable {
    enum Level: String, Sendable {
        case ok, warn, fail
    }

    let name: String
    let level: Level
    /// What was found.
    let text: String
    /// What to do, when something is to be done.
    let help: String?

    init(_ name: String, _ level: Level, _ text: String, help: String? = nil) {
        self.name = name
        self.level = level
        self.text = text
        self.help = help
    }

    var value: Value {
        [
            "name": .string(name), "level": .string(level.rawValue), "text": .string(text),
            "help": help.map(Value.string) ?? .null,
        ]
    }
}

/// Looks at a state folder and says what is well and what is not. Changes nothing.
struct Checkup {
    let state: StateFolder
    let now: Timestamp

    /// Below this, the disk is nearly full.
    static let littleSpace: Int64 = 1 << 30
    /// Below this, the next change may fail.
    static let noSpace: Int64 = 64 << 20
    /// What has waited longer than this for an executor, nobody is working on.
    static let patience = Duration.seconds(60)
    /// The most overdue timers that are counted.
    static let countedTimers = 10_000

    /// The findings that need no database.
    func folder() -> [Finding] { [space(), rights(), outbox(), executor()] }

    private func space() -> Finding {
        var status = statvfs()
        guard statvfs(state.path, &status) == 0 else {
            return Finding("disk", .warn, "free space cannot be asked for: \(String(cString: strerror(errno)))")
        }
        let free = Int64(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
        let text = "\(ByteText.forPeople(free)) free"
        if free < Checkup.noSpace {
            return Finding("disk", .fail, text, help: "make room now: without space nothing can be stored")
        }
        if free < Checkup.littleSpace { return Finding("disk", .warn, text, help: "make room soon") }
        return Finding("disk", .ok, text)
    }

    /// Whether other users of the machine can look into the folder: it holds tickets, messages and the hashes of tokens.
    private func rights() -> Finding {
        var status = stat()
        guard stat(state.path, &status) == 0 else {
            return Finding("rights", .warn, "they cannot be asked for: \(String(cString: strerror(errno)))")
        }
        let mode = status.st_mode & 0o777
        let text = "\(state.path) has the mode \(String(mode, radix: 8))"
        let others = mode & 0o007 != 0
        guard others || mode & 0o020 != 0 else {
            return Finding(
                "rights", .ok, text + (mode & 0o070 == 0 ? ", it is its owner's alone" : ", its group may look into it")
            )
        }
        return Finding(
            "rights", .warn,
            text + (others ? ": every user of this machine can look into it" : ": its group can change what is in it"),
            help: "chmod 700 \(state.path)")
    }

    private func outbox() -> Finding {
        let isThere = FileManager.default.fileExists(atPath: state.outbox)
        let place = isThere ? state.outbox : state.path
        guard access(place, W_OK | X_OK) == 0 else {
            return Finding(
                "outbox", .fail, "\(place) cannot be written: \(String(cString: strerror(errno)))",
                help: "give this user the right to write there; messages of the channel outbox are files in it")
        }
        return Finding("outbox", .ok, isThere ? "can be written" : "is made with the first message")
    }

    /// Who executes, and whether it is able to.
    private func executor() -> Finding {
        guard let holder = ExecutorLock.holder(of: state.path) else {
            return Finding("executor", .ok, "nobody executes now", help: "signalbox serve executes until it is stopped")
        }
        guard let state = Checkup.processState(holder.pid) else {
            // Another machine's process, or one that this user may not see.
            return Finding("executor", .ok, "\(holder)")
        }
        switch state {
        case "T", "t":
            return Finding(
                "executor", .fail, "\(holder) is stopped and holds the lock",
                help: "let it go on: kill -CONT \(holder.pid)")
        case "Z", "X":
            return Finding(
                "executor", .fail, "\(holder) has ended and its lock is held by a process that it left",
                help: "find it with: fuser \(self.state.path)/executor.lock")
        default: return Finding("executor", .ok, "\(holder)")
        }
    }

    /// The letter of a process's state in `/proc/PID/stat` (proc_pid_stat(5)); nil when it cannot be read.
    private static func processState(_ pid: Int64) -> Character? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        // The name before it is in parentheses and may have anything in it.
        guard let end = text.lastIndex(of: ")") else { return nil }
        return text[end...].dropFirst(2).first
    }

    /// The findings about the file of the database.
    func file(_ store: SQLiteRunStore) async -> [Finding] {
        let size = store.size
        var findings = [
            Finding("version", .ok, "signalbox \(Version.text), layout \(SQLiteRunStore.version) of the database"),
            Finding(
                "size", .ok,
                "\(ByteText.forPeople(size.database)), and \(ByteText.forPeople(size.log)) not yet moved from the log"),
        ]
        do {
            let problems = try await store.integrityProblems()
            findings.append(
                problems.isEmpty
                    ? Finding("integrity", .ok, "the database is whole")
                    : Finding("integrity", .fail, problems.joined(separator: "; "), help: Checkup.damageHelp))
        } catch {
            findings.append(Finding("integrity", .fail, "\(error)", help: Checkup.damageHelp))
        }
        return findings
    }

    static let damageHelp = "stop the executor, keep a copy of the folder, then: signalbox restore BACKUP"

    /// The findings about what the database holds.
    func content(_ store: SQLiteRunStore) async throws -> [Finding] {
        let isServed = ExecutorLock.holder(of: state.path) != nil
        let now = now
        return try await store.read(view: { reader in
            [
                try Checkup.runs(reader), try Checkup.attention(reader), try Checkup.stopped(reader),
                try Checkup.pending(reader, now, isServed: isServed),
                try Checkup.timers(reader, now, isServed: isServed),
                try Checkup.requests(reader, now, isServed: isServed), try Checkup.clock(reader, now),
                try Checkup.tokens(reader, now),
            ]
        })
    }

    private static func runs(_ reader: any StoreReader) throws -> Finding {
        let counts = try reader.runCounts()
        let text = RunState.allCases.compactMap { state in counts[state].map { "\($0) \(state.rawValue)" } }
        return Finding("runs", .ok, text.isEmpty ? "none" : text.joined(separator: ", "))
    }

    /// What starts no runs: paused by a person, or stopped by its breaker.
    private static func stopped(_ reader: any StoreReader) throws -> Finding {
        let pauses = try Pause.all(in: reader).map(\.sentence)
        let breakers = try OpenBreaker.all(in: reader).map(\.sentence)
        guard !pauses.isEmpty || !breakers.isEmpty else { return Finding("paused", .ok, "no playbook is paused") }
        return Finding(
            "paused", .warn, (pauses + breakers).prefix(20).joined(separator: "; "),
            help: "when it may go on: signalbox resume PLAYBOOK|--all")
    }

    private static func attention(_ reader: any StoreReader) throws -> Finding {
        let runs = try reader.runs(RunQuery(states: [.needsAttention], limit: 1000))
        guard let newest = runs.first else { return Finding("attention", .ok, "no run waits for a decision") }
        return Finding(
            "attention", .warn,
            "\(runs.count == 1000 ? "1000 or more runs wait" : runs.count == 1 ? "1 run waits" : "\(runs.count) runs wait") for a decision, such as \(newest.id)",
            help:
                "signalbox runs list --state needs_attention, then: signalbox runs resolve RUN --step STEP --as done|retry|skip"
        )
    }

    /// Every run that could go on and has not, whoever has it: no generation of an executor is below zero.
    private static func pending(_ reader: any StoreReader, _ now: Timestamp, isServed: Bool) throws -> Finding {
        let ids = try reader.runnable(generation: -1, now: now, limit: 1)
        guard let run = try ids.first.flatMap({ try reader.run($0) }) else {
            return Finding("pending", .ok, "no run waits for an executor")
        }
        let age = now - (run.state == .waiting ? run.wakesAt ?? run.createdAt : run.createdAt)
        let text = "the oldest is \(run.id), \(run.state.rawValue) for \(DurationText.forPeople(age))"
        guard age > patience else { return Finding("pending", .ok, text) }
        // With an executor at work it may simply take long.
        return isServed
            ? Finding("pending", .ok, text + ", and the executor is at work")
            : Finding("pending", .warn, text, help: Checkup.nobodyHelp)
    }

    private static let nobodyHelp = "nobody executes: signalbox serve, or once: signalbox runs resume"

    private static func timers(_ reader: any StoreReader, _ now: Timestamp, isServed: Bool) throws -> Finding {
        let due = try reader.timers(dueBy: now, limit: countedTimers)
        guard let first = due.first else {
            let next = try reader.nextTimer()
            return Finding("timers", .ok, next.map { "the next is due at \($0.forPeople)" } ?? "none is set")
        }
        let late = now - first.due
        let text =
            "\(due.count)\(due.count == countedTimers ? " or more" : "") overdue, the oldest by \(DurationText.forPeople(late))"
        guard late > patience else { return Finding("timers", .ok, text) }
        return Finding(
            "timers", .warn, text,
            help: isServed ? "the executor does not keep up or cannot write: look at its log" : Checkup.nobodyHelp)
    }

    private static func requests(_ reader: any StoreReader, _ now: Timestamp, isServed: Bool) throws -> Finding {
        let open = try reader.openRequests(limit: 1000)
        guard let oldest = open.first else { return Finding("requests", .ok, "all are answered") }
        let age = now - oldest.at
        let text = "\(open.count) of other commands without an answer, the oldest for \(DurationText.forPeople(age))"
        guard age > .seconds(5) else { return Finding("requests", .ok, text) }
        return isServed
            ? Finding("requests", .fail, text, help: "the executor does not answer: look at its log, or restart it")
            : Finding("requests", .warn, text, help: Checkup.nobodyHelp)
    }

    private static func clock(_ reader: any StoreReader, _ now: Timestamp) throws -> Finding {
        guard let newest = try reader.events(before: nil, limit: 1).first else {
            return Finding("clock", .ok, "no event to compare it with")
        }
        let ahead = newest.acceptedAt - now
        guard ahead > .seconds(2) else {
            return Finding(
                "clock", .ok, "the newest event came \(DurationText.forPeople(max(.zero, .zero - ahead))) ago")
        }
        return Finding(
            "clock", ahead > .seconds(3600) ? .fail : .warn,
            "the newest event was accepted \(DurationText.forPeople(ahead)) from now: the clock has been set back",
            help: "look at the machine's time service; waits and deadlines are wrong by as much")
    }
}

/// Numbers of bytes for people.
enum ByteText {
    /// `512 bytes`, `3.4 MiB`.
    static func forPeople(_ bytes: Int64) -> String {
        var size = Double(bytes)
        var unit = "bytes"
        for next in ["KiB", "MiB", "GiB", "TiB"] where size >= 1024 {
            size /= 1024
            unit = next
        }
        return unit == "bytes" ? "\(bytes) bytes" : "\((size * 10).rounded() / 10) \(unit)"
    }
}
