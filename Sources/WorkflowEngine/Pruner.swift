public import RunStore
public import WorkflowModel

/// How long things are kept.
public struct Retention: Sendable, Hashable {
    /// Ended runs with their journals, and events that no run refers to any more; 90 days.
    public var runs = Duration.seconds(90 * 86_400)
    /// The identities of events, by which one that comes again is recognised; 365 days. Never shorter than ``runs`` in effect.
    public var identities = Duration.seconds(365 * 86_400)

    /// The documented ages.
    public init() {}

    /// These ages.
    public init(runs: Duration, identities: Duration) {
        self.runs = runs
        self.identities = identities
    }

    /// Up to when things may be deleted at `now`.
    public func bounds(at now: Timestamp) -> PruneBounds {
        PruneBounds(
            runsEndedBefore: now - runs, eventsBefore: now - runs, identitiesBefore: now - max(runs, identities),
            gatesBefore: now)
    }
}

/// Deletes what is older than the workspace keeps things, in small steps between which others write.
public struct Pruner: Sendable {
    /// The most runs, events and identities of one step.
    public static let step = 100
    /// How often ``run(report:)`` looks, at least; where things are kept for less than a day, it looks more often.
    public static let interval = Duration.seconds(3600)
    /// How often it looks at most.
    static let shortestInterval = Duration.seconds(60)
    /// What ``run(report:)`` leaves to others after each step.
    static let pause = Duration.milliseconds(20)

    private let store: any RunStore
    private let retention: Retention
    private let clock: any EngineClock

    /// A pruner of `store`.
    public init(store: any RunStore, retention: Retention, clock: any EngineClock = SystemClock()) {
        self.store = store
        self.retention = retention
        self.clock = clock
    }

    /// What ``prune()`` would delete now.
    ///
    /// - Throws: ``StoreError``.
    public func preview() async throws -> PruneCount {
        let bounds = retention.bounds(at: clock.now)
        return try await store.read(view: { try $0.prunable(bounds) })
    }

    /// Deletes all that is old now; returns how much. What was deleted stays deleted when it is cancelled or fails on the way.
    ///
    /// - Throws: ``StoreError``; `CancellationError` between two steps.
    @discardableResult
    public func prune() async throws -> PruneCount { try await prune(pausing: nil) }

    /// Prunes at once and then every hour, more often where things are kept for less than a day, until the task is cancelled. `report` is told what each round deleted, if anything, or
    /// why it failed.
    public func run(report: @Sendable (Result<PruneCount, any Error>) -> Void) async {
        while !Task.isCancelled {
            do {
                let count = try await prune(pausing: Pruner.pause)
                if !count.isEmpty { report(.success(count)) }
            } catch is CancellationError {
                return
            } catch {
                report(.failure(error))
            }
            do { try await clock.pause(for: interval) } catch { return }
        }
    }

    /// An hour, or a twenty-fourth of the time for which things are kept when that is less.
    private var interval: Duration {
        max(Pruner.shortestInterval, min(Pruner.interval, retention.runs / 24))
    }

    private func prune(pausing pause: Duration?) async throws -> PruneCount {
        // One bound for all steps, so that the end does not run away.
        let bounds = retention.bounds(at: clock.now)
        var total = PruneCount()
        while true {
            try Task.checkCancellation()
            let count = try await store.write { try $0.prune(bounds, limit: Pruner.step) }
            if count.isEmpty { return total }
            total = total + count
            if let pause { try await clock.pause(for: pause) }
        }
    }
}
