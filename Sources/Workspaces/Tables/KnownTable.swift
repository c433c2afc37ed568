import WorkflowModel
import YAML

/// Reads the rows of a table whose columns Signalbox knows, with a report for every cell that cannot be.
struct KnownTable {
    let raw: RawTable
    let report: LoadReport
    /// What messages call the table: `people`.
    let name: String

    /// Checks the columns: `aliases` are other words for some of them.
    init(_ raw: RawTable, name: String, columns: [String], aliases: [String: String] = [:], report: LoadReport) {
        var raw = raw
        for index in raw.rows.indices {
            for cell in raw.rows[index].cells.indices {
                let column = raw.rows[index].cells[cell].column
                if let meant = aliases[column] { raw.rows[index].cells[cell].column = meant }
            }
        }
        self.raw = raw
        self.report = report
        self.name = name
        for column in raw.columns where !columns.contains(aliases[column] ?? column) {
            let row = raw.rows.first { $0[column] != nil }
            let near = Similarity.nearest(to: column, among: columns + aliases.keys.sorted())
            report.report(
                .unknownColumn, raw.source.path, raw.isCSV ? nil : row?.range, "`\(name)` has no column `\(column)`",
                help: near.map { "did you mean `\($0)`?" } ?? "columns: \(columns.joined(separator: ", "))")
        }
    }

    /// Each row with its id. Rows without one, and with `unique` those whose id another has, are reported and left out.
    func rows(id column: String = "id", unique: Bool = true) -> [(id: String, row: RawRow)] {
        var seen: Set<String> = []
        var found: [(id: String, row: RawRow)] = []
        for row in raw.rows {
            guard let id = text(column, row, required: true) else { continue }
            if unique, !seen.insert(id).inserted {
                wrong(.repeatedRow, row[column], row, "`\(name)` has two rows for `\(id)`")
                continue
            }
            found.append((id, row))
        }
        return found
    }

    func wrong(_ code: WorkspaceCode, _ cell: RawCell?, _ row: RawRow, _ message: String, help: String? = nil) {
        report.report(code, raw.source.path, cell?.range ?? row.range, message, help: help)
    }

    /// A text; a number or a truth value is taken as it is written.
    func text(_ column: String, _ row: RawRow, required: Bool = false) -> String? {
        guard let cell = row[column], !cell.isEmpty else {
            if required { wrong(.missingCell, nil, row, "a row of `\(name)` needs `\(column)`") }
            return nil
        }
        guard let text = cell.text else {
            wrong(.wrongCell, cell, row, "`\(column)` must be a text")
            return nil
        }
        return text
    }

    /// A list of texts: a list in YAML or one text; in CSV texts with `;` or `,` between them.
    func texts(_ column: String, _ row: RawRow) -> [String] {
        guard let cell = row[column], !cell.isEmpty else { return [] }
        switch cell.content {
        case .csv(let text): return Self.split(text)
        case .yaml(let node):
            if let items = node.items {
                return items.compactMap { item in
                    if item.isDamaged { return nil }
                    guard let text = item.text, !item.isNull else {
                        report.report(.wrongCell, item, "`\(column)` must be a list of texts")
                        return nil
                    }
                    return text
                }
            }
            if let text = node.text { return [text] }
            wrong(.wrongCell, cell, row, "`\(column)` must be a list of texts")
            return []
        }
    }

    static func split(_ text: String) -> [String] {
        text.split { $0 == ";" || $0 == "," }.map { trimmed($0) }.filter { !$0.isEmpty }
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// A whole number in `range`.
    func number(_ column: String, _ row: RawRow, in range: ClosedRange<Int>) -> Int? {
        guard let cell = row[column], !cell.isEmpty else { return nil }
        guard let text = cell.text, let number = Int(text), range.contains(number) else {
            wrong(
                .wrongCell, cell, row,
                "`\(column)` must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// A truth value; in CSV also yes and no.
    func flag(_ column: String, _ row: RawRow) -> Bool? {
        guard let cell = row[column], !cell.isEmpty else { return nil }
        let isCSV = cell.node == nil
        switch cell.text?.lowercased() {
        case "true": return true
        case "false": return false
        case "yes" where isCSV, "1" where isCSV: return true
        case "no" where isCSV, "0" where isCSV: return false
        default:
            wrong(.wrongCell, cell, row, "`\(column)` must be true or false")
            return nil
        }
    }

    /// A zone by its IANA name.
    func zone(_ column: String, _ row: RawRow) -> String? {
        guard let zone = text(column, row) else { return nil }
        guard let problem = ZoneName.problem(zone) else { return zone }
        wrong(.unknownZone, row[column], row, problem.message, help: problem.help)
        return nil
    }

    /// Open hours; nil for always, and with a report for what cannot be read.
    func hours(_ column: String, _ row: RawRow) -> WeeklyHours? {
        guard let cell = row[column], !cell.isEmpty else { return nil }
        do throws(HoursText.Problem) {
            if let node = cell.node, node.entries != nil { return try HoursText.hours(of: node) }
            guard let text = cell.text else { throw HoursText.Problem("must be a text or a map of days to hours") }
            return try HoursText.hours(of: text)
        } catch {
            wrong(.wrongCell, cell, row, "`\(column)` \(error.message)", help: HoursText.help)
            return nil
        }
    }

    /// A length of time.
    func duration(_ column: String, _ row: RawRow) -> Duration? {
        guard let text = text(column, row) else { return nil }
        if let duration = DurationText.parse(text), duration > .zero { return duration }
        wrong(.wrongCell, row[column], row, "`\(column)` must be a duration such as 12h or 7d")
        return nil
    }

    /// An instant: RFC 3339, or a day or local time in `zone`.
    func instant(_ column: String, _ row: RawRow, zone: String) -> Timestamp? {
        guard let text = text(column, row) else { return nil }
        if let instant = Timestamp(rfc3339: text) ?? ZoneName.instant(local: text, zone: zone) { return instant }
        wrong(
            .wrongCell, row[column], row, "`\(column)` must be a time",
            help: "write 2026-01-05, 2026-01-05 09:00 (local time) or 2026-01-05T09:00:00Z")
        return nil
    }
}
