import Projections
import Rehearsal
import RunMachine
import RunStore
import WorkflowModel

/// A dry run as text for people and as JSON.
struct DryRunText {
    let paint: Paint

    /// What starts it, and whether it does.
    func head(_ report: DryRun.Report, _ workflow: Workflow) -> [String] {
        var lines = [
            paint.bold("Pretend time starts \(Timestamp(seconds: report.start.seconds)). Nothing was sent."), "",
        ]
        lines.append(
            "playbook  \(workflow.id)" + (workflow.title.map { ": \($0)" } ?? "") + " (mode \(workflow.mode.rawValue))")
        if let record = report.event { lines += event(record) }
        lines += verdict(report)
        return lines
    }

    /// What people call the steps, by run and key; of called runs with the step that called them before.
    private static func labels(of tree: RunTree, of run: RunID) -> [RunID: [String: String]] {
        var labels: [RunID: [String: String]] = [:]
        func visit(_ nodes: [RunTree.Node], _ run: RunID, _ before: String) {
            for node in nodes {
                if let key = node.key { labels[run, default: [:]][key] = before + node.label }
                visit(
                    node.children, node.calledRun ?? run, node.calledRun == nil ? before : "\(before)\(node.label) › ")
            }
        }
        visit(tree.steps + tree.onFailure, run, "")
        return labels
    }

    func lines(_ report: DryRun.Report, _ workflow: Workflow) -> [String] {
        var lines = head(report, workflow)
        guard let tree = report.tree, let run = report.run else { return lines }
        let text = RunText(paint: paint)
        lines += ["", "steps"] + text.tree(tree)
        if !report.asks.isEmpty {
            lines += ["", "whom it would ask"]
            for (number, ask) in report.asks.enumerated() {
                lines.append(
                    "  \(number + 1). " + paint.bold(ask.label)
                        + " (\(ask.isApproval ? "approve" : "ask")): \(ask.question)")
                lines.append(
                    "     asked: \(ask.who.joined(separator: ", "))" + (ask.quorum > 1 ? ", \(ask.quorum) of them" : "")
                        + (ask.dueAt.map { "; until \($0.forPeople)" } ?? ""))
                for answer in ask.answers { lines.append("     assumed: \(AskText(paint: paint).answer(answer))") }
                if ask.answers.isEmpty { lines.append("     assumed: nobody answers in time") }
            }
        }
        if !report.happenings.isEmpty {
            var table = TextTable()
            for happening in report.happenings {
                table.add(["+\(DurationText.forPeople(happening.at - report.start))", happening.text])
            }
            lines += ["", "meanwhile"] + table.lines(indent: 2)
        }
        if !report.writes.isEmpty {
            lines += ["", "what would have left"]
            let labels = DryRunText.labels(of: tree, of: run.id)
            for (number, write) in report.writes.enumerated() {
                lines.append(
                    "  \(number + 1). " + paint.bold(labels[write.run]?[write.step] ?? write.step)
                        + " (\(write.action)): \(write.summary)" + (write.isMocked ? " (output assumed: mock)" : ""))
                lines += ValueText.block(write.sent, indent: 5)
            }
        } else {
            lines += ["", "nothing would have left"]
        }
        if !report.emitted.isEmpty {
            lines += ["", "events it would lead to"] + report.emitted.map { "  \($0.type) \($0.subject ?? "")" }
        }
        lines += ["", "it would end as \(text.state(run.state))" + ending(run)]
        return lines
    }

    private func event(_ record: EventRecord) -> [String] {
        let event = record.event
        var text = "event     \(event.type) \(event.subject ?? event.id)"
        if event.type == Event.scheduleFired, let told = event.data["schedule"], let due = told["due_at"]?.string {
            let times = told["cron"]?.string ?? told["rrule"]?.string ?? ""
            text += ", due \(due) (\(times), \(told["zone"]?.string ?? ""))"
        }
        if let title = event.data["ticket"]?["title"]?.string ?? event.data["incident"]?["title"]?.string {
            text += " \"\(title)\""
        }
        return [text]
    }

    private func verdict(_ report: DryRun.Report) -> [String] {
        guard report.event != nil else { return ["started by hand"] }
        var lines: [String] = []
        let fires = report.run != nil && !report.isForced
        if fires {
            let detail = report.match?.detail ?? ""
            lines.append("it would  " + paint.green("fire") + (detail.isEmpty ? "" : ": it \(detail)"))
        } else if report.match?.outcome == .suppressed {
            lines.append(
                "it would  " + paint.yellow("be held back")
                    + " (\(report.match?.reason ?? "")): \(report.match?.detail ?? "")")
        } else if report.match?.outcome == .failed {
            lines.append("it would  " + paint.yellow("not be decided") + ": \(report.match?.detail ?? "")")
        } else if report.verdicts.contains(where: \.looksAtType) {
            lines.append("it would  " + paint.red("not fire") + ": the condition does not hold")
        } else {
            lines.append(
                "it would  " + paint.red("not fire")
                    + ": it looks at \(report.verdicts.flatMap(\.types).joined(separator: ", "))")
        }
        for verdict in report.verdicts {
            if let condition = verdict.condition { lines += ConditionText(paint: paint).lines(condition, indent: 4) }
        }
        if report.isForced {
            lines.append(paint.yellow("played anyway, as if it had fired"))
        } else if report.run == nil {
            lines.append("--set PATH=VALUE changes the event, --anyway plays the steps all the same.")
        }
        return lines
    }

    private func ending(_ run: RunRecord) -> String {
        var text = ""
        if let end = run.endedAt, let start = run.startedAt {
            text += " after \(DurationText.forPeople(end - start)) of pretended time"
        }
        if let failure = run.failure {
            text += ": \(failure.step.map { "\($0): " } ?? "")\(failure.message)"
            if let place = failure.place { text += " (\(place))" }
        }
        return text
    }

    static func json(_ report: DryRun.Report, _ workflow: Workflow) -> Value {
        var map: ValueMap = [
            "playbook": .string(workflow.id), "mode": .string(workflow.mode.rawValue),
            "start": .timestamp(report.start),
            "sent": false, "fires": .bool(report.run != nil && !report.isForced), "forced": .bool(report.isForced),
            "triggers": .list(
                report.verdicts.map { verdict in
                    [
                        "types": .list(verdict.types.map(Value.string)), "looks_at_type": .bool(verdict.looksAtType),
                        "condition": verdict.condition.map(ConditionJSON.report) ?? .null,
                    ]
                }),
            "writes": .list(
                report.writes.map { write in
                    [
                        "step": .string(write.step), "action": .string(write.action), "summary": .string(write.summary),
                        "sent": write.sent, "output": write.output, "mocked": .bool(write.isMocked),
                    ]
                }),
            "emitted": .list(report.emitted.map(\.envelope)),
            "happenings": .list(
                report.happenings.map { ["at": .timestamp($0.at), "text": .string($0.text)] }),
        ]
        map["event"] = report.event?.event.envelope
        map["match"] = report.match.map {
            ["outcome": .string($0.outcome.rawValue), "reason": .string($0.reason), "detail": .string($0.detail)]
        }
        map["asks"] = .list(report.asks.map(AskJSON.whole))
        map["run"] = report.run.map(RunJSON.row)
        map["tree"] = report.tree.map { RunJSON.tree($0) }
        return .map(map)
    }
}

/// A dry run as a page that stands alone.
enum DryRunPage {
    static func html(_ lines: [String], title: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(escaped(title))</title>
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c2430; background: #fff }
        pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f5f7fa; border: 1px solid #d8dee8; border-radius: 6px; padding: 1rem }
        .first { font-weight: 600 }
        </style>
        <h1>\(escaped(title))</h1>
        <p class="first">\(escaped(lines.first ?? ""))</p>
        <pre>\(escaped(lines.dropFirst(2).joined(separator: "\n")))</pre>
        </html>
        """ + "\n"
    }

    private static func escaped(_ text: String) -> String {
        var out = ""
        for character in text {
            switch character {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            default: out.append(character)
            }
        }
        return out
    }
}
