/// Writes a chart as a flowchart of Mermaid (mermaid.js.org/syntax/flowchart.html).
public enum MermaidText {
    /// The text of `chart`, ending in a line break.
    public static func text(_ chart: FlowChart) -> String {
        var lines = ["flowchart TD"]
        for box in chart.boxes {
            let label = "\"" + box.lines.map(escaped).joined(separator: "<br/>") + "\""
            lines.append("    \(box.id)\(shaped(label, box.shape))")
        }
        for arrow in chart.arrows {
            let line = arrow.isFailure ? "-.->" : "-->"
            let label = arrow.label.map { "|\"\(escaped($0))\"|" } ?? ""
            lines.append("    \(arrow.from) \(line)\(label) \(arrow.to)")
        }
        lines += [
            "    classDef start fill:#e7f0fb,stroke:#3b6ea5", "    classDef good fill:#e8f5e9,stroke:#2e7d32",
            "    classDef bad fill:#fdecea,stroke:#b3261e",
        ]
        for (name, shapes) in [("start", [FlowChart.Shape.start]), ("good", [.end]), ("bad", [.failure])] {
            let ids = chart.boxes.filter { shapes.contains($0.shape) }.map(\.id)
            if !ids.isEmpty { lines.append("    class \(ids.joined(separator: ",")) \(name)") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func shaped(_ label: String, _ shape: FlowChart.Shape) -> String {
        switch shape {
        case .start, .end, .failure: "([\(label)])"
        case .step: "[\(label)]"
        case .choice: "{\(label)}"
        case .loop: "{{\(label)}}"
        case .wait: "(\(label))"
        case .ask: "[/\(label)/]"
        case .call: "[[\(label)]]"
        case .joint: "([\(label)])"
        }
    }

    /// A text that Mermaid shows as it is: its marks, and those of Markdown and HTML, by their numbers.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "#", "&", "<", ">", "`", "|", "*", "_", "~", "\\", "{", "}", "[", "]", ";":
                result += "#\(scalar.value);"
            case _ where scalar.value < 0x20: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
