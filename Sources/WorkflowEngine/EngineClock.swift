import Glibc
public import WorkflowModel

/// Where the engine's time comes from. Nothing in the engine reads another clock.
public protocol EngineClock: Sendable {
    /// The time now.
    var now: Timestamp { get }
    /// Returns when `instant` has come, or throws `CancellationError` when the task is cancelled before.
    func sleep(until instant: Timestamp) async throws
}

/// The machine's own clock.
public struct SystemClock: EngineClock {
    /// The one of this machine.
    public init() {}

    /// The wall time with the resolution of the system.
    public var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
    }

    /// Sleeps in stretches of at most an hour, so that a change of the wall time is noticed.
    public func sleep(until instant: Timestamp) async throws {
        while true {
            let left = instant - now
            guard left > .zero else { return }
            try await Task.sleep(for: min(left, .seconds(3600)))
        }
    }
}
