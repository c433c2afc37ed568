import WorkflowModel
import YAML

/// Reads the priority matrix: rows of `impact`, `urgency` and `priority`; in YAML also a map from impact to a map from urgency to
/// priority.
struct PriorityMatrix {
    let report: LoadReport

    private static let columns = ["impact", "urgency", "priority"]

    func table(_ raw: RawTable, file: String) -> Table {
        var raw = raw
        let isNested = !raw.isCSV && raw.columns.first == "impact" && !raw.columns.contains("priority")
        if isNested {
            raw.rows = raw.rows.flatMap { row -> [RawRow] in
                guard let impact = row["impact"] else { return [] }
                return row.cells.dropFirst().compactMap { cell in
                    guard let node = cell.cell.node else { return nil }
                    return RawRow(
                        cells: [
                            ("impact", impact), ("urgency", RawCell(csv: cell.column, range: node.range)),
                            ("priority", cell.cell),
                        ],
                        range: node.range)
                }
            }
            raw.columns = Self.columns
        }
        let known = KnownTable(raw, name: "priority", columns: Self.columns, report: report)
        var seen: Set<[String]> = []
        var rows: [Value] = []
        for row in known.raw.rows {
            guard let impact = known.text("impact", row, required: true),
                let urgency = known.text("urgency", row, required: true),
                let priority = known.text("priority", row, required: true)
            else { continue }
            guard seen.insert([impact, urgency]).inserted else {
                known.wrong(.repeatedRow, nil, row, "the matrix has two priorities for `\(impact)` and `\(urgency)`")
                continue
            }
            rows.append(["impact": .string(impact), "urgency": .string(urgency), "priority": .string(priority)])
        }
        return Table(name: "priority", file: file, columns: Self.columns, rows: rows, contentHash: raw.contentHash)
    }
}
