import Glibc
import WorkflowModel

/// The simulated world: its time, what is about to happen, and which task goes on next. The same seed gives the same world, to the
/// last step.
///
/// Unchecked: a world and all its tasks live on one thread; ``enqueue(_:_:)`` notices when that is not so.
final class World: @unchecked Sendable {
    /// The world's day has 24 hours from here.
    static let begin = Timestamp(seconds: 1_795_334_400)
    /// More tasks than any seed needs: beyond it something turns in circles.
    static let mostJobs = 6_000_000

    let seed: UInt64
    private let thread = pthread_self()
    private var order: SeededNumbers
    private let isShuffled: Bool
    private var ready: [(job: UnownedJob, line: Line)] = []
    private var agenda = Agenda()
    private var waiting: [Int: (process: Int, continuation: UnsafeContinuation<Void, any Error>)] = [:]
    private var lastWait = 0
    /// Nanoseconds since the beginning; never goes back.
    private(set) var elapsed: Int64 = 0
    /// How far the wall clock is off, in nanoseconds.
    private var offset: Int64 = 0
    /// Counts the steps of tasks.
    private(set) var jobs = 0
    /// Looked at after each step of a task.
    var afterJob: (() -> Void)?
    /// Looked at after each commit.
    var afterCommit: (() -> Void)?
    /// What was broken.
    private(set) var violations: [String] = []
    private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    private let prints: Bool

    init(seed: UInt64, prints: Bool) {
        self.seed = seed
        self.prints = prints
        order = SeededNumbers(seed, "order")
        isShuffled = order.chance(700)
    }

    // MARK: Time

    /// What every clock on the wall shows.
    var now: Timestamp { World.begin + .nanoseconds(elapsed + offset) }

    /// What no clock on a wall shows: it goes on, whatever is done to them.
    var steady: Timestamp { World.begin + .nanoseconds(elapsed) }

    func moveClock(by duration: Duration) { offset += duration.nanoseconds }

    func plan(after duration: Duration, _ action: @escaping () -> Void) {
        agenda.plan(.happen(action), at: elapsed + max(0, duration.nanoseconds))
    }

    /// Waits that long, whatever the wall clocks do; woken earlier with an error when the task is cancelled or its process dies.
    func rest(_ process: Process, _ duration: Duration) async throws {
        let id = newWait()
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation {
                (continuation: UnsafeContinuation<Void, any Error>) in
                guard !Task.isCancelled, process.isAlive else {
                    return continuation.resume(throwing: CancellationError())
                }
                waiting[id] = (process.number, continuation)
                agenda.plan(.wake(id), at: elapsed + max(0, duration.nanoseconds))
            }
        } onCancel: {
            wake(id, .failure(CancellationError()))
        }
    }

    func newWait() -> Int {
        lastWait += 1
        return lastWait
    }

    /// Waits until ``wake(_:_:)``, cancelled or not; only the death of its process ends it otherwise.
    func hold(_ id: Int, _ process: Process) async throws {
        try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Void, any Error>) in
            guard process.isAlive else { return continuation.resume(throwing: Died()) }
            waiting[id] = (process.number, continuation)
        }
    }

    func wake(_ id: Int, _ result: Result<Void, any Error> = .success(())) {
        waiting.removeValue(forKey: id)?.continuation.resume(with: result)
    }

    func wakeAll(of process: Int, _ error: any Error) {
        for id in waiting.filter({ $0.value.process == process }).keys.sorted() { wake(id, .failure(error)) }
    }

    // MARK: Tasks

    func enqueue(_ job: UnownedJob, _ line: Line) {
        if pthread_equal(thread, pthread_self()) == 0 { broken("a task has left the world's thread") }
        ready.append((job, line))
    }

    /// Goes on until `isOver`, nothing more can happen, or it takes too long; says whether it was over.
    func run(until isOver: () -> Bool) -> Bool {
        while !isOver() {
            guard jobs < World.mostJobs else { return false }
            if !ready.isEmpty {
                let next = ready.remove(at: isShuffled ? order.below(min(ready.count, 16)) : 0)
                jobs += 1
                next.job.runSynchronously(on: next.line.asUnownedTaskExecutor())
                afterJob?()
            } else if let next = agenda.takeFirst() {
                switch next.item {
                case .wake(let id):
                    // Those that were woken before take no time.
                    guard waiting[id] != nil else { continue }
                    elapsed = max(elapsed, next.at)
                    wake(id)
                case .happen(let action):
                    elapsed = max(elapsed, next.at)
                    action()
                }
            } else {
                return false
            }
        }
        return true
    }

    /// Lets the tasks of a process that is dead come to their ends, before anything else goes on.
    func unwind(_ process: Int) {
        while let index = ready.firstIndex(where: { $0.line.process == process }) {
            let next = ready.remove(at: index)
            next.job.runSynchronously(on: next.line.asUnownedTaskExecutor())
        }
    }

    func end() {
        afterJob = nil
        afterCommit = nil
        agenda.clear()
    }

    // MARK: What is told

    func broken(_ text: String) {
        trace("BROKEN \(text)")
        if violations.count < 20 { violations.append(text) }
    }

    func trace(_ text: @autoclosure () -> String) {
        let text = text()
        for byte in text.utf8 { digest = (digest ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        digest = (digest ^ UInt64(bitPattern: elapsed)) &* 0x0000_0100_0000_01b3
        if prints { print("\(now.rfc3339) #\(jobs) \(text)") }
    }
}

/// The process in which this was called is dead.
struct Died: Error {}

extension Duration {
    static func nanoseconds(_ count: Int64) -> Duration {
        Duration(secondsComponent: count / 1_000_000_000, attosecondsComponent: count % 1_000_000_000 * 1_000_000_000)
    }

    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
