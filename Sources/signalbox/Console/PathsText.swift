import Rehearsal
import RunStore
import WorkflowModel

/// Every ending of a dry run as one table.
struct PathsText {
    let paint: Paint

    /// The lines below what a dry run says of the event.
    func lines(_ report: AllPaths.Report) -> [String] {
        guard !report.paths.isEmpty else { return [] }
        var lines: [String] = []
        let states = counts(report.paths.map(\.run.state.rawValue))
        lines.append(paint.bold(report.paths.count == 1 ? "1 path" : "\(report.paths.count) paths") + ": \(states)")
        if report.isCut {
            lines.append(paint.yellow("there are more; only the first \(AllPaths.mostPaths) were played"))
        }
        if report.isDeep {
            lines.append(paint.yellow("some are longer than is told apart: their later waits were left to time out"))
        }
        lines.append("")
        var table = TextTable(["", "what happens", "it ends as", "after"].map(paint.dim))
        var rests: [[String]] = []
        for (number, path) in report.paths.enumerated() {
            table.add(row(path, number + 1))
            rests.append(rest(path))
        }
        let rows = table.lines(indent: 2)
        lines.append(rows[0])
        for (row, rest) in zip(rows.dropFirst(), rests) {
            var row = row
            while row.last == " " { row.removeLast() }
            lines.append(row)
            lines += rest.map { "       " + $0 }
        }
        return lines
    }

    private func row(_ path: AllPaths.Path, _ number: Int) -> [String] {
        let happens = path.points.map { "\($0.step): \($0.choice)" }.joined(separator: " → ")
        return [
            "\(number)", happens.isEmpty ? "(nothing is waited for)" : happens,
            RunText(paint: paint).state(path.run.state), path.duration.map(DurationText.forPeople) ?? "",
        ]
    }

    private func rest(_ path: AllPaths.Path) -> [String] {
        var lines: [String] = []
        for point in path.points { if let note = point.note { lines.append(paint.yellow("\(point.step): \(note)")) } }
        if let failure = path.run.failure, path.run.state == .failed {
            lines.append(paint.red("\(failure.step.map { "\($0): " } ?? "")\(failure.message)"))
        }
        let steps = path.steps.map { $0.hasFailed ? "\($0.name) (failed)" : $0.name }
        lines.append(paint.dim("steps  ") + (steps.isEmpty ? "none" : steps.joined(separator: ", ")))
        let writes = path.writes.map(\.summary)
        for (place, write) in writes.enumerated() {
            lines.append(paint.dim(place == 0 ? "leaves " : "       ") + write)
        }
        return lines
    }

    private func counts(_ names: [String]) -> String {
        var counts: [(name: String, count: Int)] = []
        for name in names {
            if let place = counts.firstIndex(where: { $0.name == name }) {
                counts[place].count += 1
            } else {
                counts.append((name, 1))
            }
        }
        return counts.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
    }

    static func json(_ report: AllPaths.Report, _ workflow: Workflow) -> Value {
        [
            "playbook": .string(workflow.id), "start": .timestamp(report.first.start), "sent": false,
            "fires": .bool(report.first.run != nil && !report.first.isForced),
            "event": report.first.event?.event.envelope ?? .null, "cut": .bool(report.isCut),
            "deep": .bool(report.isDeep),
            "paths": .list(report.paths.map(json)),
        ]
    }

    private static func json(_ path: AllPaths.Path) -> Value {
        [
            "points": .list(
                path.points.map { point in
                    [
                        "step": .string(point.step), "choice": .string(point.choice),
                        "options": .list(point.options.map(Value.string)),
                        "note": point.note.map(Value.string) ?? .null,
                    ]
                }),
            "state": .string(path.run.state.rawValue),
            "failure": path.run.failure.map {
                ["code": .string($0.code), "message": .string($0.message), "step": .string($0.step ?? "")]
            } ?? .null,
            "unexpected": .bool(path.failsUnexpectedly),
            "duration": path.duration.map(Value.duration) ?? .null,
            "steps": .list(
                path.steps.map { ["name": .string($0.name), "failed": .bool($0.hasFailed)] }),
            "writes": .list(
                path.writes.map { write in
                    [
                        "step": .string(write.step), "action": .string(write.action),
                        "summary": .string(write.summary), "sent": write.sent,
                    ]
                }),
        ]
    }
}
