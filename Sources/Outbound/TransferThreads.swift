import Glibc
import Synchronization

/// Runs blocking transfers on threads of its own, so that Swift's few shared threads never wait for the network.
/// At most `limit` run at once; a thread lives while there is work.
final class TransferThreads: Sendable {
    /// Why a transfer was not begun.
    enum Refusal: Error {
        case overloaded
        case cancelled
    }

    private struct Job: Sendable {
        let cancellation: Cancellation
        let run: @Sendable (EasyHandle) -> Void
        let refuse: @Sendable (Refusal) -> Void
    }

    private struct State: Sendable {
        var running = 0
        var queue: [Job] = []
        var idle: [EasyHandle] = []
    }

    private let limit: Int
    private let waiting: Int
    private let state = Mutex(State())

    init(limit: Int, waiting: Int) {
        self.limit = max(limit, 1)
        self.waiting = max(waiting, 0)
    }

    /// Runs `work` on a thread. When the task is cancelled, `work` is told through its ``Cancellation``, and is not
    /// begun at all when it still waits for its turn.
    func run<Answer: Sendable>(
        _ work: @escaping @Sendable (EasyHandle, Cancellation) -> Answer
    ) async -> Result<Answer, Refusal> {
        let cancellation = Cancellation()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                submit(
                    Job(
                        cancellation: cancellation,
                        run: { handle in
                            continuation.resume(
                                returning: cancellation.isCancelled
                                    ? .failure(.cancelled) : .success(work(handle, cancellation)))
                        },
                        refuse: { continuation.resume(returning: .failure($0)) }))
            }
        } onCancel: {
            cancellation.cancel()
            withdraw(cancellation)
        }
    }

    private func submit(_ job: Job) {
        let (accepted, needsThread) = state.withLock { state in
            if state.running < limit {
                state.running += 1
                state.queue.append(job)
                return (true, true)
            }
            guard state.queue.count < waiting else { return (false, false) }
            state.queue.append(job)
            return (true, false)
        }
        guard accepted else { return job.refuse(.overloaded) }
        if needsThread, !startThread() {
            // The machine gives no thread: whoever is last in the queue is told so.
            let last = state.withLock { state in
                state.running -= 1
                return state.queue.popLast()
            }
            last?.refuse(.overloaded)
        }
    }

    private func withdraw(_ cancellation: Cancellation) {
        let job = state.withLock { state -> Job? in
            guard let index = state.queue.firstIndex(where: { $0.cancellation === cancellation }) else { return nil }
            return state.queue.remove(at: index)
        }
        job?.refuse(.cancelled)
    }

    private final class Entry: Sendable {
        let threads: TransferThreads
        init(_ threads: TransferThreads) { self.threads = threads }
    }

    private func startThread() -> Bool {
        let entry = Unmanaged.passRetained(Entry(self))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { entry in
                if let entry { Unmanaged<Entry>.fromOpaque(entry).takeRetainedValue().threads.work() }
                return nil
            }, entry.toOpaque())
        guard code == 0 else {
            entry.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func work() {
        while true {
            let (job, kept) = state.withLock { state -> (Job?, EasyHandle?) in
                guard !state.queue.isEmpty else {
                    state.running -= 1
                    return (nil, nil)
                }
                return (state.queue.removeFirst(), state.idle.popLast())
            }
            guard let job else { return }
            guard let handle = kept ?? EasyHandle() else {
                job.refuse(.overloaded)
                continue
            }
            handle.reset()
            job.run(handle)
            // A spent handle is closed only here, after the answer was told: closing says goodbye to the server.
            if !handle.isSpent { state.withLock { $0.idle.append(handle) } }
        }
    }
}
