import PluginKit
import WorkflowModel

/// `enrich.lookup`.
struct LookupAction: PureAction {
    func run(_ input: ActionInput, in context: ActionContext) throws -> Value {
        let table = try context.table(try input.text("table"))
        let column = try input.optionalText("key") ?? table.columns.first ?? ""
        try table.require([column])
        guard let value = input["value"] else { throw Failure.invalidInput("value is missing") }
        let index = try TableIndex(table, column: column, caseSensitive: try input.flag("case_sensitive"))
        let row = index[value]
        return [
            "found": .bool(row != nil), "row": row.map(Value.map) ?? input["default"] ?? .null,
            "table": .string(table.name), "hash": .string(table.contentHash),
        ]
    }
}

/// A column of a table as keys to rows. Rows without a key cannot be found.
struct TableIndex {
    private var positions: [String: Int] = [:]
    private let rows: [ValueMap]
    private let caseSensitive: Bool

    /// - Throws: ``WorkflowModel/Failure`` `duplicate_keys` when two rows have one key: which of them is meant would be chance.
    init(_ table: LookupTable, column: String, caseSensitive: Bool = false) throws {
        rows = table.rows
        self.caseSensitive = caseSensitive
        for (position, row) in table.rows.enumerated() {
            let key = FoldedText.key(row[column]?.cellText ?? "", caseSensitive: caseSensitive)
            guard !key.isEmpty else { continue }
            if let earlier = positions.updateValue(position, forKey: key) {
                throw Failure.permanent(
                    "duplicate_keys",
                    "rows \(earlier + 1) and \(position + 1) of the table \(table.name) both have the \(column) \(key)")
            }
        }
    }

    subscript(value: Value) -> ValueMap? {
        positions[FoldedText.key(value.cellText, caseSensitive: caseSensitive)].map { rows[$0] }
    }
}
