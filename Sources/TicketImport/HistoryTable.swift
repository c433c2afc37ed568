import SwiftCSV
import WorkflowModel
import YAML

/// The rows of an export, of which only the columns that a mapping names are kept.
struct HistoryTable {
    /// One update of a ticket.
    struct Row {
        /// As a spreadsheet counts: the header is row 1.
        let number: Int
        let fields: [String]
    }

    static let maximumFileSize = 256 << 20
    static let maximumColumns = 1000
    static let maximumFieldLength = 128 << 10

    private(set) var rows: [Row] = []
    private(set) var skipped: [ImportReport.SkippedRow] = []
    /// Column name to its position in `Row.fields`.
    private(set) var positions: [String: Int] = [:]

    /// Reads the file.
    /// - Throws: ``ImportFailure`` when it cannot be read as a table with the mapping's columns.
    init(_ bytes: [UInt8], path: String, mapping: ImportMapping) throws(ImportFailure) {
        guard bytes.count <= HistoryTable.maximumFileSize else {
            throw ImportFailure(
                ImportCode.size, path, "the file is larger than 256 MiB",
                help: "export it in parts, by month for instance")
        }
        let text = try HistoryTable.text(bytes, path)
        let delimiter = CSVDelimiter.character(mapping.delimiter)
        do {
            // A row limit of 1 reads the header and one row: the rest is streamed below, and never held twice.
            let file = try CSV<Enumerated>(string: text, delimiter: delimiter, loadColumns: false, rowLimit: 1)
            try readHeader(file.header, path, mapping)
            try readRows(file, path)
        } catch let failure as ImportFailure {
            throw failure
        } catch {
            throw ImportFailure(
                ImportCode.quoting, path, "after row \(rows.count + skipped.count + 1) a quoted field goes wrong",
                help:
                    "a field that holds a quote or the delimiter stands in \"…\", with each quote inside written twice")
        }
        guard bytes.lazy.filter({ $0 == UInt8(ascii: "\"") }).count.isMultiple(of: 2) else {
            throw ImportFailure(
                ImportCode.quoting, path,
                "a \" is opened and never closed; row \(rows.count + skipped.count + 1) is the last that could be told apart",
                help: "look for a single \" in that row or after it")
        }
    }

    private static func text(_ bytes: [UInt8], _ path: String) throws(ImportFailure) -> String {
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        guard let text = String(validating: body, as: UTF8.self) else {
            throw ImportFailure(
                ImportCode.encoding, path, "the file is not UTF-8 text", help: "export or save it again as CSV UTF-8")
        }
        guard body.contains(where: { $0 > 0x20 }) else {
            throw ImportFailure(ImportCode.header, path, "the file is empty; the first row must name the columns")
        }
        guard !body.contains(0) else {
            throw ImportFailure(ImportCode.encoding, path, "the file holds zero bytes: it is not a CSV file in UTF-8")
        }
        return text
    }

    private var width = 0
    private var kept: [Int] = []

    private mutating func readHeader(_ header: [String], _ path: String, _ mapping: ImportMapping) throws(ImportFailure)
    {
        guard header.count <= HistoryTable.maximumColumns else {
            throw ImportFailure(
                ImportCode.size, path,
                "there are \(header.count) columns; at most \(HistoryTable.maximumColumns) can be read")
        }
        var wrong: [Diagnostic] = []
        for column in mapping.columns where positions[column.text] == nil {
            let places = header.indices.filter { header[$0] == column.text }
            switch places.count {
            case 1:
                positions[column.text] = kept.count
                kept.append(places[0])
            case 0:
                let near = Similarity.nearest(to: column.text, among: header)
                wrong.append(
                    Diagnostic(
                        code: ImportCode.unknownColumn, file: mapping.file.path, range: column.range,
                        message: "\(path) has no column \(column.text)",
                        help: near.map { "did you mean \($0)?" }
                            ?? "its columns are \(HistoryTable.shown(header, mapping.delimiter))"))
            default:
                wrong.append(
                    Diagnostic(
                        code: ImportCode.header, file: mapping.file.path, range: column.range,
                        message: "\(path) has \(places.count) columns named \(column.text)",
                        help: "rename one of them in the file"))
            }
        }
        guard wrong.isEmpty else { throw ImportFailure(diagnostics: wrong.sorted()) }
        width = header.count
    }

    private static func shown(_ header: [String], _ delimiter: Character) -> String {
        let names = header.prefix(40).map { $0.count > 60 ? $0.prefix(60) + "…" : $0 }
        let more = header.count > 40 ? ", …" : ""
        let hint = header.count == 1 ? " (if that is a whole row, the delimiter is not \(delimiter))" : ""
        return names.joined(separator: ", ") + more + hint
    }

    private mutating func readRows(_ file: CSV<Enumerated>, _ path: String) throws {
        var rows: [Row] = []
        var skipped: [ImportReport.SkippedRow] = []
        let (width, kept) = (width, kept)
        var number = 1
        // The same words stand in most rows; one copy of each is enough.
        var words: Set<String> = []
        defer {
            self.rows = rows
            self.skipped = skipped
        }
        try file.enumerateAsArray(startAt: 1, rowLimit: nil) { fields in
            number += 1
            if fields.allSatisfy(\.isEmpty), fields.count <= 1 { return }
            // The parser drops an empty last field at the very end of the file.
            guard fields.count == width || fields.count == width - 1 else {
                let reason = "has \(fields.count) fields, the header names \(width)"
                skipped.append(.init(row: number, reason: reason))
                return
            }
            var values: [String] = []
            values.reserveCapacity(kept.count)
            for column in kept {
                let value = column < fields.count ? fields[column] : ""
                guard value.utf8.count <= HistoryTable.maximumFieldLength else {
                    skipped.append(.init(row: number, reason: "field \(column + 1) is longer than 128 KiB"))
                    return
                }
                values.append(
                    value.utf8.count > 15 && words.count < 100_000 ? words.insert(value).memberAfterInsert : value)
            }
            rows.append(Row(number: number, fields: values))
        }
    }
}
