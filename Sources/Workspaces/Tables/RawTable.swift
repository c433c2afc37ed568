import Digests
import Playbooks
import WorkflowModel
import YAML

/// A cell of a table with its place.
struct RawCell {
    enum Content {
        case yaml(YAMLNode)
        case csv(String)
    }

    var content: Content
    var range: SourceRange?

    init(_ node: YAMLNode) {
        content = .yaml(node)
        range = node.range
    }

    init(csv text: String, range: SourceRange?) {
        content = .csv(text)
        self.range = range
    }

    /// The value as it stands; empty cells of CSV are null.
    var value: Value {
        switch content {
        case .yaml(let node): node.plainValue
        case .csv(let text): text.isEmpty ? .null : .string(text)
        }
    }

    /// The text; nil for lists, maps and nothing.
    var text: String? {
        switch content {
        case .yaml(let node): node.isNull ? nil : node.text
        case .csv(let text): text.isEmpty ? nil : text
        }
    }

    var isEmpty: Bool {
        switch content {
        case .yaml(let node): node.isNull || node.isDamaged
        case .csv(let text): text.isEmpty
        }
    }

    var node: YAMLNode? {
        if case .yaml(let node) = content { return node }
        return nil
    }
}

/// A row of a table with its place.
struct RawRow {
    var cells: [(column: String, cell: RawCell)]
    var range: SourceRange?

    subscript(_ column: String) -> RawCell? { cells.first { $0.column == column }?.cell }
}

/// A table as its file has it, before its columns are understood.
struct RawTable {
    var source: SourceFile
    var columns: [String] = []
    var rows: [RawRow] = []
    var isCSV = false

    var contentHash: String { SHA256.hex(of: source.bytes) }

    /// Reads a file by its ending. `key` is the column that the keys of a YAML map stand for, `value` the one of single values.
    init?(_ source: SourceFile, key: String, value: String, report: LoadReport) {
        self.source = source
        if source.path.hasSuffix(".csv") {
            isCSV = true
            guard readCSV(report) else { return nil }
        } else {
            let parsed = YAMLParser.parse(source)
            report.take(parsed.diagnostics)
            guard let root = parsed.root, !root.isDamaged else { return nil }
            guard readYAML(root, key, value, report) else { return nil }
        }
        guard columns.count <= WorkspaceLimits.columns, columns.count * rows.count <= WorkspaceLimits.cells else {
            report.report(
                .tooManyRows, source.path, rows.first?.range,
                "the table has \(columns.count) columns and \(rows.count) rows; at most \(WorkspaceLimits.columns) columns and "
                    + "\(WorkspaceLimits.cells) cells are read")
            return nil
        }
        guard rows.count <= WorkspaceLimits.rows else {
            report.report(
                .tooManyRows, source.path, rows[WorkspaceLimits.rows].range,
                "the table has \(rows.count) rows; at most \(WorkspaceLimits.rows) are read")
            return nil
        }
    }

    // MARK: YAML

    private mutating func readYAML(_ root: YAMLNode, _ key: String, _ value: String, _ report: LoadReport) -> Bool {
        var seen: Set<String> = []
        func note(_ column: String, _ columns: inout [String]) {
            if seen.insert(column).inserted { columns.append(column) }
        }
        switch root.content {
        case .sequence(let items):
            for item in items where !item.isDamaged {
                guard let entries = item.entries else {
                    report.report(.wrongTable, item, "a row must be a map of columns to values, is \(item.kindInWords)")
                    continue
                }
                for entry in entries { note(entry.key.text ?? "", &columns) }
                rows.append(
                    RawRow(cells: entries.map { ($0.key.text ?? "", RawCell($0.value)) }, range: start(of: item)))
            }
        case .mapping(let entries):
            note(key, &columns)
            for entry in entries {
                var cells = [(column: key, cell: RawCell(entry.key))]
                if let fields = entry.value.entries {
                    cells += fields.map { ($0.key.text ?? "", RawCell($0.value)) }
                } else if !entry.value.isNull {
                    cells.append((value, RawCell(entry.value)))
                }
                for cell in cells { note(cell.column, &columns) }
                rows.append(RawRow(cells: cells, range: entry.key.range))
            }
        case .scalar:
            guard !root.isNull else { return true }
            report.report(.wrongTable, root, "a table must be a list of rows, or a map, is \(root.kindInWords)")
            return false
        }
        return true
    }

    private func start(of item: YAMLNode) -> SourceRange { item.entries?.first?.key.range ?? item.range }

    // MARK: CSV

    private mutating func readCSV(_ report: LoadReport) -> Bool {
        guard let text = String(validating: source.bytes, as: UTF8.self) else {
            report.report(
                .wrongTable, source.path, nil, "the file is not UTF-8",
                help: "save it as UTF-8; spreadsheets call it \"CSV UTF-8\"")
            return false
        }
        let records: [CSVRecord]
        switch CSVRecord.records(of: text, in: source) {
        case .success(let found): records = found
        case .failure(let problem):
            report.report(.wrongTable, source.path, problem.range, problem.message, help: problem.help)
            return false
        }
        guard let header = records.first else {
            report.report(
                .wrongTable, source.path, nil, "the file is empty",
                help: "the first line holds the names of the columns")
            return false
        }
        columns = header.fields.map(Self.columnName)
        guard columns.count <= WorkspaceLimits.columns else { return true }
        for (index, column) in columns.enumerated() {
            if column.isEmpty {
                report.report(.wrongTable, source.path, header.range, "column \(index + 1) has no name")
                return false
            }
            if columns[..<index].contains(column) {
                report.report(.wrongTable, source.path, header.range, "the column `\(column)` is there twice")
                return false
            }
        }
        for record in records.dropFirst() {
            guard record.fields.count <= columns.count else {
                report.report(
                    .wrongTable, source.path, record.range,
                    "the row has \(record.fields.count) cells, but there are \(columns.count) columns",
                    help: "put cells with the separator in them in double quotes")
                continue
            }
            if let written = record.written, written < columns.count {
                report.report(
                    .wrongTable, source.path, record.range,
                    "the row has \(written) cell\(written == 1 ? "" : "s"), but there are \(columns.count) columns",
                    help: "a cell that is empty still needs its separator")
                continue
            }
            let cells = zip(columns, record.fields).map { ($0, RawCell(csv: $1, range: record.range)) }
            rows.append(RawRow(cells: cells, range: record.range))
        }
        return true
    }

    private static func columnName(_ text: String) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    /// The table for lookups.
    func table(_ name: String, file: String) -> Table {
        let values = rows.map { row -> Value in
            var map = ValueMap()
            for column in columns { map[column] = row[column]?.value ?? .null }
            return .map(map)
        }
        return Table(name: name, file: file, columns: columns, rows: values, contentHash: contentHash)
    }
}
