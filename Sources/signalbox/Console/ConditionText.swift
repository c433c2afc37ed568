import RunStore
import Triggers
import WorkflowModel

/// Conditions with ✓ and ✗ and the values that they saw.
struct ConditionText {
    let paint: Paint

    /// The lines of a condition.
    func lines(_ report: ConditionReport, indent: Int) -> [String] {
        let width = min(60, report.lines.map { $0.depth * 2 + $0.text.count }.max() ?? 0)
        return report.lines.map { line in
            let text = String(repeating: "  ", count: line.depth) + oneLine(line.text)
            var out = String(repeating: " ", count: indent) + mark(line.verdict) + " " + text.padded(to: width)
            let seen = line.seen.filter { $0.text != line.text }.map { seen in
                seen.value.map { "\(seen.text) = \(shown($0))" } ?? "\(seen.text): \(seen.error ?? "no value")"
            }
            if !seen.isEmpty { out += "  " + paint.dim(seen.joined(separator: ", ")) }
            if let error = line.error, !line.seen.contains(where: { $0.error == error && $0.text != line.text }) {
                out += "  " + paint.red(error)
            }
            while out.last == " " { out.removeLast() }
            return out
        }
    }

    private func mark(_ verdict: ConditionReport.Verdict) -> String {
        switch verdict {
        case .holds: paint.green("✓")
        case .doesNotHold: paint.red("✗")
        case .failed: paint.yellow("!")
        }
    }

    private func oneLine(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

    private func shown(_ value: Value) -> String {
        let text = JSONWriter.text(value)
        return text.count <= 60 ? text : text.prefix(59) + "…"
    }
}
