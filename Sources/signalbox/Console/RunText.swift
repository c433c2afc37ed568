import RunMachine
import RunStore
import WorkflowModel

/// Runs as text for people.
struct RunText {
    let paint: Paint

    /// The lines of a run's steps, as a tree.
    func tree(_ tree: RunTree) -> [String] {
        var rows: [Row] = []
        for node in tree.steps { add(node, depth: 0, to: &rows) }
        if !tree.onFailure.isEmpty {
            rows.append(Row(mark: paint.yellow("!"), label: "on_failure", title: "", time: "", rest: [], depth: 0))
            for node in tree.onFailure { add(node, depth: 1, to: &rows) }
        }
        let width = min(40, rows.map { $0.depth * 2 + $0.label.count }.max() ?? 0)
        // Conditions and loops have long titles and took no time of their own: the columns are for the actions.
        let titles = min(36, rows.map { $0.time.isEmpty ? 0 : $0.title.count }.max() ?? 0)
        return rows.map { row in
            let label = String(repeating: "  ", count: row.depth) + row.label
            var line = "  \(row.mark) " + label.padded(to: width) + "  " + paint.dim(row.title.padded(to: titles))
            if !row.time.isEmpty { line += "  " + row.time.padded(to: 6) }
            var rest = row.rest
            if let output = row.output {
                // Text that a person wrote, such as a failure, is never cut; what a step gave is, to fit 100 columns.
                let room = 100 - 14 - max(width, label.count) - titles - (rest.isEmpty ? 0 : rest[0].count + 3)
                let line = ValueText.line(output, limit: min(ValueText.limit, max(40, room)))
                if !line.isEmpty { rest.append(line) }
            }
            line += rest.isEmpty ? "" : "  " + rest.joined(separator: " · ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    private struct Row {
        var mark: String
        var label: String
        var title: String
        var time: String
        var rest: [String]
        var output: Value?
        var depth: Int
    }

    private func add(_ node: RunTree.Node, depth: Int, to rows: inout [Row]) {
        var rest: [String] = []
        if node.attempts > 1 { rest.append("\(node.attempts) attempts") }
        if let failure = node.failure, node.status != .succeeded {
            rest.append(paint.red("\(failure.code): \(failure.message)"))
        }
        if let detail = node.detail { rest.append(detail) }
        var time = ""
        if let start = node.startedAt, let end = node.endedAt, node.attempts > 0 {
            time = DurationText.forPeople(end - start)
        }
        rows.append(
            Row(
                mark: mark(node.status), label: node.label, title: node.title, time: time,
                rest: rest,
                output: node.status == .succeeded ? node.output : nil, depth: depth))
        for child in node.children { add(child, depth: depth + 1, to: &rows) }
    }

    func mark(_ status: RunTree.Status) -> String {
        switch status {
        case .succeeded: paint.green("✓")
        case .failed: paint.red("✗")
        case .skipped: paint.dim("–")
        case .cancelled: paint.yellow("⊘")
        case .running: paint.cyan("▸")
        case .waiting: paint.cyan("…")
        case .needsAttention: paint.yellow("?")
        case .notReached: paint.dim("·")
        }
    }

    /// A state in its colour.
    func state(_ state: RunState) -> String {
        switch state {
        case .succeeded: paint.green(state.rawValue)
        case .failed: paint.red(state.rawValue)
        case .needsAttention, .cancelled, .stopping: paint.yellow(state.rawValue)
        case .queued, .running, .waiting: paint.cyan(state.rawValue)
        }
    }

    /// What a run ended in, in a sentence.
    func ending(_ run: RunRecord) -> String {
        var text = "\(run.id) \(run.playbook): \(state(run.state))"
        if let end = run.endedAt { text += " after \(DurationText.forPeople(end - (run.startedAt ?? run.createdAt)))" }
        if run.state == .waiting, let wake = run.wakesAt { text += " until \(wake.forPeople)" }
        if let failure = run.failure {
            text += ": " + paint.red("\(failure.step.map { "\($0): " } ?? "")\(failure.message)")
            if let place = failure.place { text += " (\(place))" }
        }
        return text
    }

    /// The steps that wait for a person, as people call them.
    static func unsettled(_ tree: RunTree) -> [String] {
        func labels(_ node: RunTree.Node) -> [String] {
            let inside = node.children.flatMap(labels)
            return inside.isEmpty && node.status == .needsAttention ? [node.label] : inside
        }
        return (tree.steps + tree.onFailure).flatMap(labels)
    }
}

extension String {
    /// The text with blanks up to `width` characters.
    func padded(to width: Int) -> String { count >= width ? self : self + String(repeating: " ", count: width - count) }
}
