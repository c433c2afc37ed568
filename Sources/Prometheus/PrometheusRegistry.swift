public import CoreMetrics
import Synchronization

/// The metrics of this process, kept in memory, as text that Prometheus and what is compatible with it read: the
/// [text exposition format](https://prometheus.io/docs/instrumenting/exposition_formats/), version 0.0.4.
///
/// Metrics of the same name and labels share one value. Times are kept in seconds, whatever unit they were recorded in. At most
/// ``maximumSeries`` combinations of labels are kept for a name; what comes beyond is measured, but not shown, and counted in
/// `metrics_dropped_series_total`.
public final class PrometheusRegistry: MetricsFactory {
    /// The most combinations of labels of one name.
    public static let maximumSeries = 1000
    /// The bounds of a histogram that nobody has described, in seconds.
    public static let standardBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

    private struct State {
        var families: [String: Family] = [:]
        var dropped = 0
    }

    private let descriptions: [String: MetricDescription]
    private let state = Mutex(State())

    /// A registry that knows these metrics beforehand; others are taken, too.
    public init(_ descriptions: [MetricDescription] = []) {
        self.descriptions = Dictionary(descriptions.map { ($0.name, $0) }) { first, _ in first }
    }

    /// A counter.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        take(label, dimensions, .counter, make: CounterSeries.init)
    }

    /// A counter of fractions.
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        take(label, dimensions, .counter, make: CounterSeries.init)
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        take(label, dimensions, .gauge, make: GaugeSeries.init)
    }

    /// A histogram, or a gauge when nothing is to be aggregated.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return take(label, dimensions, .gauge, make: GaugeSeries.init) }
        let bounds = bounds(of: label)
        return take(label, dimensions, .histogram) { HistogramSeries(bounds: bounds) }
    }

    /// A histogram in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let bounds = bounds(of: label)
        return take(label, dimensions, .histogram) { HistogramSeries(bounds: bounds) }
    }

    /// Counters are kept until the process ends, so that their values never fall.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Counters are kept until the process ends, so that their values never fall.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    /// Gauges are kept until the process ends.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Histograms are kept until the process ends.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Histograms are kept until the process ends.
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func bounds(of label: String) -> [Double] {
        let known = descriptions[label]?.bounds ?? []
        return known.isEmpty ? PrometheusRegistry.standardBounds : known
    }

    /// The series with these labels, made when it is not there. One of another kind under the same name is not shown.
    private func take<Kept: Series>(
        _ label: String, _ dimensions: [(String, String)], _ kind: Family.Kind, make: () -> Kept
    ) -> Kept {
        let name = MetricText.name(label)
        let labels = MetricText.labels(dimensions)
        return state.withLock { state in
            var family = state.families[name] ?? Family(kind: kind, help: descriptions[label]?.help)
            if family.kind == kind, let kept = family.series[labels] as? Kept { return kept }
            let series = make()
            if family.kind == kind, family.series.count < PrometheusRegistry.maximumSeries {
                family.series[labels] = series
                state.families[name] = family
            } else {
                state.dropped += 1
            }
            return series
        }
    }

    /// Everything measured so far, by name, then by labels; each line ends with a line break.
    public func text() -> String {
        let (families, dropped) = state.withLock { ($0.families, $0.dropped) }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            if let help = family.help { text += "# HELP \(name) \(MetricText.help(help))\n" }
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.write(name: name, labels: labels, to: &text)
            }
        }
        guard dropped > 0 else { return text }
        return text + "# TYPE metrics_dropped_series_total counter\nmetrics_dropped_series_total \(dropped)\n"
    }
}

/// All series of one name.
private struct Family {
    enum Kind: String {
        case counter, gauge, histogram
    }

    let kind: Kind
    let help: String?
    var series: [String: any Series] = [:]
}
