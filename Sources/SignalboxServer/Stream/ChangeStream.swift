import HTTPTypes
import Hummingbird
import NIOCore
import RESTInterface
import Synchronization
import WorkflowEngine
import WorkflowModel

/// Writes changes to one who listens, for as long as both sides want: with signs of life between them, and no longer than the other
/// side reads.
struct ChangeStream: Sendable {
    /// How long nothing is said before a sign of life.
    static let quiet = Duration.seconds(15)
    /// How long the other side may take to read what was sent.
    static let patience = Duration.seconds(30)

    static let headers: HTTPFields = [
        .contentType: "text/event-stream", .cacheControl: "no-store", .accelBuffering: "no",
    ]

    private let lease: Lease
    private let clock: any EngineClock
    private let channel: any Channel
    /// Whether the other side may still listen.
    private let isAllowed: @Sendable () async -> Bool

    init(
        subscription: ChangeSubscription, clock: any EngineClock, channel: any Channel,
        isAllowed: @escaping @Sendable () async -> Bool
    ) {
        self.isAllowed = isAllowed
        lease = Lease(subscription)
        self.clock = clock
        self.channel = channel
    }

    func response() -> Response {
        Response(status: .ok, headers: Self.headers, body: ResponseBody { writer in try await write(to: &writer) })
    }

    private func write(to writer: inout any ResponseBodyWriter) async throws {
        let subscription = lease.subscription
        let progress = WriteProgress()
        let (clock, channel, isAllowed) = (clock, channel, isAllowed)
        let watch = Task {
            while !Task.isCancelled {
                do { try await clock.pause(for: Self.quiet) } catch { return }
                if progress.isStuck(since: clock.steady - Self.patience) {
                    // Nothing can be said to somebody who does not read.
                    return channel.close(mode: .all, promise: nil)
                }
                if await isAllowed() { subscription.wakeUp() } else { subscription.end(.notAllowed) }
            }
        }
        defer {
            watch.cancel()
            subscription.finish()
        }
        while let bytes = subscription.take() {
            progress.begin(clock.steady)
            try await writer.write(ByteBuffer(bytes: bytes.isEmpty ? ServerSentEvent.heartbeat : bytes))
            progress.end()
            await subscription.wait()
            try Task.checkCancellation()
        }
        try await writer.finish(nil)
    }

    /// Ends the subscription when nobody holds the answer any more, also when it was never written.
    private final class Lease: Sendable {
        let subscription: ChangeSubscription

        init(_ subscription: ChangeSubscription) { self.subscription = subscription }

        deinit { subscription.finish() }
    }

    /// Since when a write has been under way.
    private final class WriteProgress: Sendable {
        private let since = Mutex<Timestamp?>(nil)

        func begin(_ now: Timestamp) { since.withLock { $0 = now } }

        func end() { since.withLock { $0 = nil } }

        func isStuck(since limit: Timestamp) -> Bool { since.withLock { $0.map { $0 < limit } ?? false } }
    }
}
