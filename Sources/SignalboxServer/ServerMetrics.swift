import CoreMetrics
public import Prometheus
import Synchronization

/// What the server tells monitoring: every name, unit and label is in this file, and in `docs/operations.md`. A label is never what a
/// sender wrote: routes are the patterns of the router, and unknown methods are one.
public final class ServerMetrics: Sendable {
    /// All metrics, in the order of the documentation.
    public static let definitions: [MetricDescription] = [
        MetricDescription(
            name: "signalbox_http_requests_total", help: "Requests answered, by route, method and status"),
        MetricDescription(
            name: "signalbox_http_request_duration_seconds", help: "From a request's head to its answer, by route",
            bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]),
        MetricDescription(name: "signalbox_http_refusals_total", help: "Requests refused, by the code of the problem"),
        MetricDescription(name: "signalbox_http_connections", help: "Open connections"),
        MetricDescription(
            name: "signalbox_http_connections_closed_total", help: "Connections that the server closed, by why"),
        MetricDescription(
            name: "signalbox_webhook_deliveries_total", help: "Deliveries to hooks, by hook and what became of them"),
        MetricDescription(
            name: "signalbox_webhook_unknown_words_total",
            help: "Words of senders that no table of the hook knows, by hook and table"),
    ]

    private struct Request: Hashable {
        var route, method: String
        var status: Int
    }

    private struct Handles {
        var requests: [Request: Counter] = [:]
        var durations: [String: CoreMetrics.Timer] = [:]
        var refusals: [String: Counter] = [:]
        var closings: [String: Counter] = [:]
        var deliveries: [[String]: Counter] = [:]
        var words: [[String]: Counter] = [:]
    }

    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    private let factory: any MetricsFactory
    private let handles = Mutex(Handles())
    private let connections: Gauge

    /// Metrics that `registry` keeps.
    public init(_ registry: PrometheusRegistry) {
        factory = registry
        connections = Gauge(label: "signalbox_http_connections", factory: registry)
    }

    func answered(route: String, method: String, status: Int, took: Duration) {
        let request = Request(
            route: route, method: Self.methods.contains(method) ? method : "other", status: status)
        let (counter, timer) = handles.withLock { handles in
            if let counter = handles.requests[request], let timer = handles.durations[route] { return (counter, timer) }
            let counter = Counter(
                label: "signalbox_http_requests_total",
                dimensions: [
                    ("route", request.route), ("method", request.method), ("status", String(request.status)),
                ], factory: factory)
            handles.requests[request] = counter
            let timer =
                handles.durations[route]
                ?? CoreMetrics.Timer(
                    label: "signalbox_http_request_duration_seconds", dimensions: [("route", route)], factory: factory)
            handles.durations[route] = timer
            return (counter, timer)
        }
        counter.increment()
        let (seconds, attoseconds) = took.components
        timer.recordNanoseconds(max(0, seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000))
    }

    func refused(_ code: String) {
        count("signalbox_http_refusals_total", "code", code, \.refusals)
    }

    func closed(because reason: String) {
        count("signalbox_http_connections_closed_total", "reason", reason, \.closings)
    }

    func delivery(to hook: String, _ outcome: String) {
        let counter = handles.withLock { handles in
            let counter =
                handles.deliveries[[hook, outcome]]
                ?? Counter(
                    label: "signalbox_webhook_deliveries_total", dimensions: [("hook", hook), ("outcome", outcome)],
                    factory: factory)
            handles.deliveries[[hook, outcome]] = counter
            return counter
        }
        counter.increment()
    }

    func unknownWord(at hook: String, in table: String) {
        let counter = handles.withLock { handles in
            let counter =
                handles.words[[hook, table]]
                ?? Counter(
                    label: "signalbox_webhook_unknown_words_total", dimensions: [("hook", hook), ("table", table)],
                    factory: factory)
            handles.words[[hook, table]] = counter
            return counter
        }
        counter.increment()
    }

    func note(connections count: Int) { connections.record(count) }

    private func count(
        _ name: String, _ label: String, _ value: String, _ place: WritableKeyPath<Handles, [String: Counter]>
    ) {
        let counter = handles.withLock { handles in
            let counter =
                handles[keyPath: place][value]
                ?? Counter(label: name, dimensions: [(label, value)], factory: factory)
            handles[keyPath: place][value] = counter
            return counter
        }
        counter.increment()
    }
}
