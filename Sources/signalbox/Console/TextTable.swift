/// Columns of text, aligned, for people.
struct TextTable {
    private var rows: [[String]] = []

    init(_ header: [String] = []) {
        if !header.isEmpty { rows.append(header) }
    }

    mutating func add(_ row: [String]) { rows.append(row) }

    /// The lines; the last column is not padded, and columns are two spaces apart.
    func lines(indent: Int = 0) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? TextTable.width($0[column]) : 0 }.max() ?? 0
        }
        let margin = String(repeating: " ", count: indent)
        return rows.map { row in
            var line = margin
            for (column, cell) in row.enumerated() {
                line += cell
                if column < row.count - 1 {
                    line += String(repeating: " ", count: widths[column] - TextTable.width(cell) + 2)
                }
            }
            return line
        }
    }

    /// The width on a terminal: characters without colour codes.
    private static func width(_ text: String) -> Int {
        var count = 0
        var isCode = false
        for character in text {
            if character == "\u{1B}" {
                isCode = true
            } else if isCode {
                isCode = character != "m"
            } else {
                count += 1
            }
        }
        return count
    }
}
