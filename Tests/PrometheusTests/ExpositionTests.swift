import CoreMetrics
import Prometheus
import Testing

@Suite("The exposition format")
struct ExpositionTests {
    @Test func `each kind is written as the format says`() {
        let registry = PrometheusRegistry([
            MetricDescription(name: "a_total", help: "Things \\ that\nhappened"),
            MetricDescription(name: "c_seconds", help: "Time", bounds: [0.01, 0.1, 1]),
        ])
        let done = Counter(label: "a_total", dimensions: [("state", "done")], factory: registry)
        done.increment(by: 3)
        Counter(label: "a_total", dimensions: [("state", "a \"b\" \\ \n c")], factory: registry).increment()
        Gauge(label: "b", factory: registry).record(2.5)
        let timer = Timer(label: "c_seconds", dimensions: [("kind", "x")], factory: registry)
        timer.recordMilliseconds(5)
        timer.recordMilliseconds(10)
        timer.recordMilliseconds(500)
        timer.recordSeconds(7)
        #expect(
            registry.text() == """
                # HELP a_total Things \\\\ that\\nhappened
                # TYPE a_total counter
                a_total{state="a \\"b\\" \\\\ \\n c"} 1
                a_total{state="done"} 3
                # TYPE b gauge
                b 2.5
                # HELP c_seconds Time
                # TYPE c_seconds histogram
                c_seconds_bucket{kind="x",le="0.01"} 2
                c_seconds_bucket{kind="x",le="0.1"} 2
                c_seconds_bucket{kind="x",le="1"} 3
                c_seconds_bucket{kind="x",le="+Inf"} 4
                c_seconds_sum{kind="x"} 7.515
                c_seconds_count{kind="x"} 4

                """)
    }

    @Test(
        "names and labels hold only what the format allows",
        arguments: [
            ("http.requests", "http_requests"), ("9lives", "_9lives"), ("a:b", "a:b"), ("", "_"),
            ("größe", "gr__e"),
        ])
    func names(_ given: String, _ written: String) {
        let registry = PrometheusRegistry()
        Counter(label: given, factory: registry).increment()
        #expect(registry.text() == "# TYPE \(written) counter\n\(written) 1\n")
    }

    @Test func `labels come by name, without colons, and the last of two counts`() {
        let registry = PrometheusRegistry()
        let labels = [("b:c", "1"), ("a", "2"), ("a", "3")]
        Counter(label: "n", dimensions: labels, factory: registry).increment()
        #expect(registry.text().hasSuffix("n{a=\"3\",b_c=\"1\"} 1\n"))
    }

    @Test(
        "numbers without a finite value have their names",
        arguments: [(Double.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (3, "3"), (1e-7, "1e-07")])
    func numbers(_ number: Double, _ written: String) {
        let registry = PrometheusRegistry()
        Gauge(label: "g", factory: registry).record(number)
        #expect(registry.text() == "# TYPE g gauge\ng \(written)\n")
    }

    @Test func `the same name and labels are one value, and a counter outlives its handle`() {
        let registry = PrometheusRegistry()
        for _ in 0..<3 { Counter(label: "n", dimensions: [("a", "1")], factory: registry).increment() }
        let counter = Counter(label: "n", dimensions: [("a", "1")], factory: registry)
        counter.increment()
        counter.destroy()
        #expect(registry.text().contains("n{a=\"1\"} 4\n"))
    }

    @Test func `a counter never falls, and a histogram takes no value that is none`() {
        let registry = PrometheusRegistry()
        let counter = Counter(label: "n", factory: registry)
        counter.increment(by: 5)
        counter.increment(by: -3)
        FloatingPointCounter(label: "f", factory: registry).increment(by: 0.5)
        Recorder(label: "r", factory: registry).record(Double.nan)
        let text = registry.text()
        #expect(text.contains("\nn 5\n"))
        #expect(text.contains("f 0.5\n"))
        #expect(text.contains("r_count 0\n"))
    }

    @Test func `a name keeps its kind and at most a thousand combinations of labels`() {
        let registry = PrometheusRegistry()
        for number in 0..<(PrometheusRegistry.maximumSeries + 5) {
            Counter(label: "n", dimensions: [("id", "\(number)")], factory: registry).increment()
        }
        Gauge(label: "n", factory: registry).record(1)
        let text = registry.text()
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("n{") }.count == PrometheusRegistry.maximumSeries)
        #expect(text.hasSuffix("# TYPE metrics_dropped_series_total counter\nmetrics_dropped_series_total 6\n"))
    }
}
