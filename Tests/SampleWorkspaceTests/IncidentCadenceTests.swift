import Rehearsal
import RunStore
import Testing
import WorkflowModel

/// The playbooks of the sample workspace that follow a major incident, in pretended time.
@Suite("News of an incident")
struct IncidentCadenceTests {
    /// When and to whom something went out, in minutes since the declaration.
    private func played(
        _ id: String, severity: String, until end: Int, _ arrivals: [(Int, String, ValueMap)] = []
    ) async throws -> (reminders: [String], state: RunState?) {
        var script = RehearsalScript()
        let start = try SampleRunTests.event("incident.declared").time
        func event(_ type: String, _ minutes: Int, _ more: ValueMap) -> Event {
            let incident: ValueMap = ["id": "INC-42"]
            return Event(
                id: "\(type)-\(minutes)", source: "https://incidents.example.com", type: type,
                time: start + .seconds(minutes * 60), data: ["incident": .map(incident.merging(more))])
        }
        for (minutes, type, more) in arrivals + [(end, "incident.resolved", [:])] {
            script.arrivals.append(.init(after: .seconds(minutes * 60), .event(event(type, minutes, more))))
        }
        var declared = try SampleRunTests.event("incident.declared")
        var incident = declared.data["incident"]?.map ?? [:]
        incident["severity"] = .string(severity)
        declared.data["incident"] = .map(incident)
        let (playbooks, setting) = try SampleRunTests.stage(id)
        let dryRun = DryRun(try #require(playbooks.first), in: setting, script: script)
        let report = try await dryRun.play(event: declared)
        let reminders = report.writes.map { write in
            let text = JSONWriter.text(write.sent)
            return text.contains("lead-2@example.com")
                ? "lead" : text.contains("agent-6@example.com") ? "communications" : text
        }
        return (reminders, report.run?.state)
    }

    @Test(
        "without news somebody is reminded as often as the severity asks for, until it is over",
        arguments: [
            ("SEV1", 29, 0), ("SEV1", 31, 1), ("SEV1", 59, 1), ("SEV1", 61, 2), ("SEV1", 239, 7),
            ("SEV2", 59, 0), ("SEV2", 61, 1), ("SEV2", 239, 3),
            ("SEV3", 239, 0), ("SEV3", 241, 1),
            ("SEV4", 24 * 60 - 1, 0), ("SEV4", 24 * 60 + 1, 1),
        ])
    func cadence(severity: String, end: Int, expected: Int) async throws {
        let (reminders, state) = try await played("incident-news-due", severity: severity, until: end)
        #expect(reminders.filter { $0 == "communications" }.count == expected)
        // The second reminder in a row goes to the lead, too.
        #expect(reminders.filter { $0 == "lead" }.count == max(0, expected - 1))
        #expect(state == .cancelled, "it ends with the incident")
    }

    @Test func `news in time put the reminder off`() async throws {
        let news: ValueMap = ["news": "We have found it"]
        let updates = [25, 50, 75].map { ($0, "incident.updated", news) }
        let (reminders, _) = try await played("incident-news-due", severity: "SEV1", until: 100, updates)
        #expect(reminders.isEmpty)
        let late = try await played("incident-news-due", severity: "SEV1", until: 106, updates)
        #expect(late.reminders == ["communications"])
    }

    @Test func `a merged incident is nobody's any more`() async throws {
        let merged: [(Int, String, ValueMap)] = [(40, "incident.updated", ["status": "merged"])]
        let (reminders, state) = try await played("incident-news-due", severity: "SEV1", until: 600, merged)
        #expect(reminders == ["communications"])
        #expect(state == .cancelled)
    }

    @Test(
        "who must know hears of a change of severity",
        arguments: [
            ("SEV2", "SEV1", ["notify.send", "notify.send"]), ("SEV1", "SEV2", ["notify.send", "notify.send"]),
            ("SEV3", "SEV2", ["notify.page", "notify.send"]), ("SEV3", "SEV4", ["notify.send"]),
            ("SEV3", "SEV1", ["notify.page", "notify.send", "notify.send"]),
        ])
    func severity(from: String, to: String, writes: [String]) async throws {
        var event = try SampleRunTests.event("incident.updated")
        var incident = event.data["incident"]?.map ?? [:]
        incident["severity"] = .string(to)
        event.data["incident"] = .map(incident)
        event.data["changes"] = ["severity": ["from": .string(from), "to": .string(to)]]
        let report = try await SampleRunTests.play("incident-severity-changed") { try await $0.play(event: event) }
        #expect(report.run?.state == .succeeded, "\(String(describing: report.run?.failure))")
        #expect(report.writes.map(\.action).sorted() == writes)
    }

    @Test func `other changes tell nobody of a severity`() async throws {
        var event = try SampleRunTests.event("incident.updated")
        event.data["changes"] = ["status": ["from": "investigating", "to": "identified"]]
        let report = try await SampleRunTests.play("incident-severity-changed") { try await $0.play(event: event) }
        #expect(report.run == nil)
    }
}
