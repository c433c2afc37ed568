import Access
import Hummingbird
import Logging
import Prometheus
import WorkflowEngine
import WorkflowModel

/// `GET /metrics`: everything measured, in the text format of Prometheus.
struct MetricsRoute {
    /// The content type of the format, version 0.0.4 (Prometheus, "Exposition formats").
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    let services: ServerServices

    func add(to router: Router<ServerContext>) {
        router.get("/metrics") { _, context in
            _ = try context.caller(for: .metrics)
            do {
                try await services.engine.sampleMetrics()
            } catch {
                // What was measured before is worth more than nothing just when the store has trouble.
                context.logger.warning("the gauges could not be refreshed", metadata: ["failure": "\(error)"])
            }
            return Response.bytes(Array(services.metrics.text().utf8), type: Self.contentType)
        }
    }
}
