import Dispatch

/// Runs readers on threads of their own: a long search must not hold up the threads that all tasks share.
final class ReaderExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "signalbox.store.readers", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
