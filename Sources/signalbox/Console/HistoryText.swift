import Rehearsal
import WorkflowModel

/// A rehearsed history as text for people and as JSON.
struct HistoryText {
    let paint: Paint

    func lines(_ report: HistoryRehearsal.Report) -> [String] {
        var lines = [paint.bold("\(report.events) events about \(report.subjects) subjects. Nothing was sent.")]
        if let span = report.span { lines[0] += "  \(span.lowerBound) to \(span.upperBound)" }
        if report.duplicates > 0 { lines.append("\(report.duplicates) events were there twice and counted once") }
        for refused in report.refused { lines.append(paint.red("✗") + " \(refused.id): \(refused.why)") }
        for summary in report.playbooks { lines += self.lines(summary) }
        return lines
    }

    private func lines(_ summary: HistoryRehearsal.Summary) -> [String] {
        var lines = ["", paint.bold(summary.playbook)]
        if summary.looked == 0, summary.scheduled == 0 { return lines + ["  no event of its types in this history"] }
        if summary.looked > 0 {
            lines.append(
                "  would have fired \(summary.fired) times, for \(summary.subjects.count) subjects (of \(summary.looked) events that it looks at)"
            )
        }
        if summary.scheduled > 0 { lines.append("  its schedules would have fired \(summary.scheduled) times") }
        if !summary.suppressed.isEmpty { lines.append("  held back: \(counts(summary.suppressed))") }
        if !summary.failures.isEmpty {
            lines.append("  " + paint.yellow("could not be decided") + ": \(counts(summary.failures, limit: 3))")
        }
        for (line, count) in top(summary.stoppedBy, 4) { lines.append("  not fired \(count) times by   \(line)") }
        if !summary.states.isEmpty {
            let states = RunState.allCases.compactMap { state in summary.states[state].map { "\($0) \(state.rawValue)" }
            }
            lines.append("  runs: \(states.joined(separator: ", "))")
        }
        for (message, count) in top(summary.runFailures, 3) {
            lines.append("    " + paint.red("\(count) × \(message)"))
        }
        if !summary.writes.isEmpty { lines.append("  would have sent: \(counts(summary.writes))") }
        if !summary.assignees.isEmpty { lines.append("  assigned to: \(counts(summary.assignees, limit: 8))") }
        if !summary.examples.isEmpty {
            lines.append("  first: " + summary.examples.prefix(5).map { $0.subject ?? $0.id }.joined(separator: ", "))
        }
        return lines
    }

    private func top(_ counts: [String: Int], _ limit: Int) -> [(key: String, value: Int)] {
        Array(counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit))
    }

    private func counts(_ counts: [String: Int], limit: Int = 10) -> String {
        var text = top(counts, limit).map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        if counts.count > limit { text += ", …" }
        return text
    }

    static func json(_ report: HistoryRehearsal.Report) -> Value {
        func map(_ counts: [String: Int]) -> Value {
            .map(ValueMap(strings: counts.sorted { $0.key < $1.key }.map { ($0.key, .int(Int64($0.value))) }))
        }
        return [
            "events": .int(Int64(report.events)), "duplicates": .int(Int64(report.duplicates)),
            "subjects": .int(Int64(report.subjects)),
            "sent": false, "refused": .list(report.refused.map { ["id": .string($0.id), "why": .string($0.why)] }),
            "playbooks": .list(
                report.playbooks.map { summary in
                    [
                        "playbook": .string(summary.playbook), "looked": .int(Int64(summary.looked)),
                        "fired": .int(Int64(summary.fired)), "scheduled": .int(Int64(summary.scheduled)),
                        "subjects": .int(Int64(summary.subjects.count)), "suppressed": map(summary.suppressed),
                        "failures": map(summary.failures), "stopped_by": map(summary.stoppedBy),
                        "states": map(
                            Dictionary(uniqueKeysWithValues: summary.states.map { ($0.key.rawValue, $0.value) })),
                        "run_failures": map(summary.runFailures), "writes": map(summary.writes),
                        "assignees": map(summary.assignees),
                        "examples": .list(summary.examples.map { .string($0.subject ?? $0.id) }),
                    ]
                }),
        ]
    }
}
