import SwiftCSV
import YAML

/// A record of a CSV file (RFC 4180) with the place where it stands.
struct CSVRecord {
    /// Why a file is no CSV.
    struct Problem: Error {
        var message: String
        var range: SourceRange?
        var help: String?
    }

    var fields: [String]
    /// How many cells are written; fewer than ``fields`` when the row ends early. Nil when the place of the row is not known.
    var written: Int?
    var range: SourceRange?

    /// The records of a text that are not empty, the header first. Cells are separated by commas, or by semicolons where the first line
    /// has no comma, as spreadsheets of some countries write them.
    static func records(of text: String, in source: SourceFile) -> Result<[CSVRecord], Problem> {
        let first = text.prefix { !$0.isNewline }
        let delimiter: CSVDelimiter = !first.contains(",") && first.contains(";") ? .semicolon : .comma
        let separator = UInt8(ascii: delimiter == .comma ? "," : ";")
        let (extents, open) = extents(of: source.bytes, separator)
        if let open {
            return .failure(
                Problem(
                    message: "a double quote is opened here and never closed",
                    range: source.range(ofBytes: open..<open + 1),
                    help: "write a double quote inside a quoted cell twice"))
        }
        do {
            let csv = try EnumeratedCSV(string: text, delimiter: delimiter, loadColumns: false)
            let filled = ([csv.header] + csv.rows).filter { $0.contains { !$0.isEmpty } }
            let isPlaced = filled.count == extents.count
            let width = csv.header.count
            let records = filled.enumerated().map { index, fields in
                // Short and long rows come filled up to the longest one.
                let extra = fields.dropFirst(width).allSatisfy(\.isEmpty)
                return CSVRecord(
                    fields: extra ? Array(fields.prefix(width)) : fields,
                    written: isPlaced ? extents[index].cells : nil,
                    range: isPlaced ? source.range(ofBytes: extents[index].bytes) : nil)
            }
            return .success(records)
        } catch {
            let wrong = extents.first { extent in
                let record = String(decoding: source.bytes[extent.bytes], as: UTF8.self)
                return (try? EnumeratedCSV(string: record, delimiter: delimiter, loadColumns: false)) == nil
            }
            return .failure(
                Problem(
                    message: "a double quote stands inside a cell of this row",
                    range: wrong.map { source.range(ofBytes: $0.bytes) },
                    help: "put the whole cell in double quotes, and write the quote inside it twice"))
        }
    }

    /// The bytes and the number of cells of each record that holds more than separators, since a quoted cell may hold line ends; and where a quote is opened that
    /// is never closed.
    private static func extents(
        of bytes: [UInt8], _ separator: UInt8
    ) -> (found: [(bytes: Range<Int>, cells: Int)], open: Int?) {
        var found: [(bytes: Range<Int>, cells: Int)] = []
        var cells = 1
        var start = 0
        var open: Int?
        var isAtCellStart = true
        var isFilled = false
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            if open != nil {
                if byte == UInt8(ascii: "\"") {
                    if at + 1 < bytes.count, bytes[at + 1] == byte { at += 1 } else { open = nil }
                }
                isFilled = true
            } else if byte == UInt8(ascii: "\""), isAtCellStart {
                open = at
                isAtCellStart = false
            } else if byte == 0x0A || byte == 0x0D {
                if isFilled { found.append((start..<at, cells)) }
                start = at + 1
                cells = 1
                isFilled = false
                isAtCellStart = true
            } else if byte == separator {
                cells += 1
                isAtCellStart = true
            } else if byte != UInt8(ascii: " "), byte != 0x09 {
                isFilled = true
                isAtCellStart = false
            }
            at += 1
        }
        if isFilled, open == nil { found.append((start..<bytes.count, cells)) }
        return (found, open)
    }
}
