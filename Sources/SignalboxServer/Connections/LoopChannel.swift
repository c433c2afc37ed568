import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes

/// A connection whose requests are answered on its own event loop: what comes in and what goes out then changes threads only where
/// something is waited for, such as a commit. Whoever has long work to do leaves it (``Aside``).
struct LoopChannel: ServerChildChannel {
    let base: HTTP1Channel

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        base.setup(channel: channel, logger: logger)
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await withTaskExecutorPreference(LoopExecutor(value.channel.eventLoop)) {
            await base.handle(value: value, logger: logger)
        }
    }
}

/// Runs tasks on an event loop.
private final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Work that would hold up the other connections of an event loop.
enum Aside {
    /// A body of so many bytes is read in less than a millisecond.
    static let smallBody = 64 * 1024

    /// Runs `body` on the threads that all tasks share.
    static func run<Output>(_ body: () async throws -> Output) async rethrows -> Output {
        try await withTaskExecutorPreference(globalConcurrentExecutor) { try await body() }
    }

    /// Runs `body` there if `isLong`, else where the caller is.
    static func run<Output>(if isLong: Bool, _ body: () async throws -> Output) async rethrows -> Output {
        try await isLong ? run(body) : body()
    }
}
