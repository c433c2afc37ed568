public import WorkflowModel

/// Counts what happened during a span that slides, in a fixed space: the span is cut into parts, and a part is forgotten as a whole.
/// So the count may still hold what is older by one part.
public struct BucketCounter: Sendable, Hashable {
    private struct Bucket: Sendable, Hashable {
        var index: Int64
        var count: Int
    }

    private let width: Int64
    private let parts: Int64
    private var buckets: [Bucket] = []

    /// A counter over `span` in that many parts.
    public init(span: Duration, parts: Int = 60) {
        let (seconds, attoseconds) = span.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let milliseconds = overflow ? Int64.max : whole + attoseconds / 1_000_000_000_000_000
        self.parts = Int64(max(1, parts))
        width = max(1, milliseconds / self.parts)
    }

    private func index(_ instant: Timestamp) -> Int64 {
        let milliseconds = instant.milliseconds
        return milliseconds >= 0 ? milliseconds / width : (milliseconds - width + 1) / width
    }

    /// Counts one at `now`.
    public mutating func add(at now: Timestamp) {
        let index = index(now)
        forget(index)
        if buckets.last?.index == index {
            buckets[buckets.count - 1].count += 1
        } else {
            buckets.append(Bucket(index: index, count: 1))
        }
    }

    /// How many there were during the span before `now`.
    public func count(at now: Timestamp) -> Int {
        let index = index(now)
        return buckets.reduce(0) { $0 + ($1.index > index - parts && $1.index <= index ? $1.count : 0) }
    }

    private mutating func forget(_ index: Int64) {
        // What lies ahead is of a clock that was set back since.
        buckets.removeAll { $0.index <= index - parts || $0.index > index }
    }
}
