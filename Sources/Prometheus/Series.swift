import CoreMetrics
import Synchronization

/// One combination of labels of a metric.
protocol Series: AnyObject, Sendable {
    /// Appends its lines.
    func write(name: String, labels: String, to text: inout String)
}

/// What only grows.
final class CounterSeries: Series, CounterHandler, FloatingPointCounterHandler {
    private let whole = Atomic<Int64>(0)
    private let fraction = Mutex(0.0)

    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        whole.wrappingAdd(amount, ordering: .relaxed)
    }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        fraction.withLock { $0 += amount }
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        fraction.withLock { $0 = 0 }
    }

    func write(name: String, labels: String, to text: inout String) {
        let value = Double(whole.load(ordering: .relaxed)) + fraction.withLock { $0 }
        text += MetricText.line(name, labels, MetricText.number(value))
    }
}

/// What goes up and down.
final class GaugeSeries: Series, MeterHandler, RecorderHandler {
    private let value = Mutex(0.0)

    func set(_ value: Int64) { set(Double(value)) }

    func set(_ value: Double) { self.value.withLock { $0 = value } }

    func increment(by amount: Double) { value.withLock { $0 += amount } }

    func decrement(by amount: Double) { value.withLock { $0 -= amount } }

    func record(_ value: Int64) { set(Double(value)) }

    func record(_ value: Double) { set(value) }

    func write(name: String, labels: String, to text: inout String) {
        text += MetricText.line(name, labels, MetricText.number(value.withLock { $0 }))
    }
}

/// How values are distributed over buckets.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
    private struct State {
        /// How many values fell into each bucket, the infinite one last.
        var counts: [Int64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard !value.isNaN else { return }
        state.withLock { state in
            state.counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func write(name: String, labels: String, to text: inout String) {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var total: Int64 = 0
        for (bound, count) in zip(bounds + [.infinity], counts) {
            total += count
            let limit = "le=\"\(MetricText.number(bound))\""
            text += MetricText.line("\(name)_bucket", labels.isEmpty ? limit : "\(labels),\(limit)", String(total))
        }
        text += MetricText.line("\(name)_sum", labels, MetricText.number(sum))
        text += MetricText.line("\(name)_count", labels, String(total))
    }
}
