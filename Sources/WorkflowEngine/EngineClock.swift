import Glibc
public import WorkflowModel

/// Where the engine's time comes from. Nothing in the engine reads another clock.
public protocol EngineClock: Sendable {
    /// The time now. Somebody may set it, forward or back.
    var now: Timestamp { get }
    /// Returns when `instant` has come, or throws `CancellationError` when the task is cancelled before.
    func sleep(until instant: Timestamp) async throws

    /// A time that nobody can set: how long something lasts is measured by it. To be compared with itself only.
    var steady: Timestamp { get }
    /// Returns when ``steady`` has come to `instant`, or throws `CancellationError` when the task is cancelled before.
    func sleep(untilSteady instant: Timestamp) async throws
}

extension EngineClock {
    /// The time now, where nobody sets it.
    public var steady: Timestamp { now }

    /// Sleeps by the time now, where nobody sets it.
    public func sleep(untilSteady instant: Timestamp) async throws { try await sleep(until: instant) }

    /// Returns after `duration`, whatever is done to the time meanwhile.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before.
    public func pause(for duration: Duration) async throws { try await sleep(untilSteady: steady + duration) }
}

/// The machine's own clock.
public struct SystemClock: EngineClock {
    /// How long it takes at most until a change of the wall time is noticed.
    private static let stretch = Duration.seconds(5)

    /// The one of this machine.
    public init() {}

    /// The wall time with the resolution of the system.
    public var now: Timestamp { SystemClock.read(CLOCK_REALTIME) }

    /// Since the machine was started.
    public var steady: Timestamp { SystemClock.read(CLOCK_BOOTTIME) }

    private static func read(_ clock: clockid_t) -> Timestamp {
        var time = timespec()
        clock_gettime(clock, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
    }

    /// Sleeps in stretches of at most five seconds, so that a change of the wall time is noticed.
    public func sleep(until instant: Timestamp) async throws {
        while true {
            let left = instant - now
            guard left > .zero else { return }
            try await Task.sleep(for: min(left, SystemClock.stretch))
        }
    }

    /// Sleeps whatever the wall time does.
    public func sleep(untilSteady instant: Timestamp) async throws {
        while true {
            let left = instant - steady
            guard left > .zero else { return }
            try await Task.sleep(for: left)
        }
    }
}
