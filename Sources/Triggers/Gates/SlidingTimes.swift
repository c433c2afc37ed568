public import WorkflowModel

/// When something has happened during the last while: the memory of gates that count.
public struct SlidingTimes: Sendable, Hashable {
    /// The times that count, oldest first.
    public private(set) var times: [Timestamp]

    /// What of `times` counts at `now`, for a span that slides: a time counts until `span` has passed. A time that lies ahead (the
    /// clock was set back) counts as now, so that neither more is let through nor everything is stopped until then.
    public init(_ times: [Timestamp], within span: Duration, now: Timestamp) {
        self.times = times.filter { now - $0 < span }.map { min($0, now) }
    }

    /// Adds `now`, and forgets the oldest beyond `limit`.
    public mutating func add(_ now: Timestamp, keeping limit: Int) {
        times.append(now)
        if times.count > limit { times.removeFirst(times.count - limit) }
    }

    /// The times as a value, for the store.
    public var value: Value { .list(times.map(Value.timestamp)) }

    /// The times that ``value`` gave; none for anything else.
    public static func times(_ value: Value?) -> [Timestamp] { (value?.list ?? []).compactMap(\.timestamp) }
}
