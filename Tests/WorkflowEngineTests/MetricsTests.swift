import PluginKit
import Prometheus
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Metrics", .timeLimit(.minutes(1)))
struct MetricsTests {
    private static let playbook = onTicket(
        """
        steps:
          - { id: a, uses: test.look, with: { value: =ticket.id } }
          - { id: never, if: "false", uses: test.compute }
          - wait: 10m
          - { id: b, uses: test.send, with: { value: =steps.a.value }, retry: { attempts: 2, backoff: constant, initial: 1s, jitter: none } }
        """)

    /// What one engine told about three events: one accepted, one twice, one refused.
    private func text(failing: Bool = false) async throws -> String {
        let plugin = ScriptedPlugin(consumes: ["ticket.created"])
        plugin.onEvent { event, _, _ in
            if event.id == "e-T-9" { throw Failure(code: "no", message: "not that one") }
            return [:]
        }
        plugin.on("send") { call in
            call.attempt == 1 ? .fail(Failure(code: "busy", message: "later", kind: .transient)) : .output("sent")
        }
        let fixture = try EngineFixture(Self.playbook, plugin: plugin)
        let registry = PrometheusRegistry(
            EngineMetrics.definitions.map { MetricDescription(name: $0.name, help: $0.help, bounds: $0.bounds) })
        let metrics = EngineMetrics(factory: registry)
        let engine = try await fixture.open { _, services in services.metrics = metrics }
        _ = try await engine.emit([ticket(), ticket(), ticket("T-9")])
        await engine.idle()
        fixture.clock.advance(by: .seconds(603))
        try await engine.fireDueTimers()
        try await fixture.runThrough(engine)
        metrics.committed(CommitReport(changes: 3, duration: .milliseconds(2)))
        metrics.committed(
            CommitReport(changes: 1, duration: .milliseconds(2), failure: StoreError(.full, "no space is left")))
        try await engine.sampleMetrics()
        await engine.close()
        return registry.text()
    }

    @Test func `what happened is counted once, by outcome`() async throws {
        let lines = Set(try await text().split(separator: "\n").map(String.init))
        for line in [
            "signalbox_events_total{outcome=\"accepted\"} 1", "signalbox_events_total{outcome=\"duplicate\"} 1",
            "signalbox_events_total{outcome=\"refused\"} 1", "signalbox_matches_total{outcome=\"fired\"} 1",
            "signalbox_runs_started_total 1", "signalbox_runs_ended_total{state=\"succeeded\"} 1",
            "signalbox_runs_ended_total{state=\"failed\"} 0", "signalbox_steps_total{outcome=\"succeeded\"} 2",
            "signalbox_steps_total{outcome=\"skipped\"} 1", "signalbox_step_retries_total 1",
            "signalbox_event_to_first_step_seconds_count 1",
            "signalbox_attempt_duration_seconds_count{effect=\"read\"} 1",
            "signalbox_attempt_duration_seconds_count{effect=\"write\"} 2", "signalbox_timer_lag_seconds_count 2",
            "signalbox_timer_lag_seconds_bucket{le=\"2.5\"} 1", "signalbox_timer_lag_seconds_bucket{le=\"5\"} 2",
            "signalbox_commit_changes_sum 3", "signalbox_commit_duration_seconds_sum 0.002",
            "signalbox_commits_failed_total 1", "signalbox_runs_at_work 0", "signalbox_oldest_pending_seconds 0",
            "signalbox_asks_open 0",
        ] { #expect(lines.contains(line), "\(line) is not among \(lines.sorted().joined(separator: "\n"))") }
    }

    @Test func `every metric is described, and every description is of a metric`() async throws {
        let text = try await text()
        let typed = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
        #expect(Set(typed.map(String.init)) == Set(EngineMetrics.definitions.map(\.name)))
        for definition in EngineMetrics.definitions {
            #expect(text.contains("# HELP \(definition.name) \(definition.help)\n"))
        }
    }

    @Test func `labels never hold what grows with the work: runs, steps, playbooks, subjects`() async throws {
        let text = try await text()
        for word in ["run_", "T-1", "steps[", "\"p\"", "e-T", "test."] { #expect(!text.contains(word)) }
    }

    @Test func `a run that should be worked on and is not is seen by its age`() async throws {
        let fixture = try EngineFixture(Self.playbook)
        let first = try await fixture.open()
        let run = try await fixture.start(first)
        await first.idle()
        await first.close()
        let registry = PrometheusRegistry()
        let engine = try await fixture.open { _, services in services.metrics = EngineMetrics(factory: registry) }
        fixture.clock.advance(by: .seconds(900))
        try await engine.sampleMetrics()
        #expect(registry.text().contains("signalbox_oldest_pending_seconds 300\n"), "\(run)")
        await engine.close()
    }
}
