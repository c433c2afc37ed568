import PluginKit
import WorkflowModel

extension ActionContext {
    /// The workspace's table of this name.
    ///
    /// - Throws: ``WorkflowModel/Failure`` `no_table` with "did you mean".
    func table(_ name: String) throws -> LookupTable {
        if let table = workspace.tables[name] { return table }
        let near = Similarity.nearest(to: name, among: workspace.tables.keys.sorted())
        throw Failure.permanent("no_table", "there is no table \(name)\(near.map { "; did you mean \($0)?" } ?? "")")
    }

    /// A field of the run's ticket, followed through maps; nil when null.
    func ticket(_ path: String...) -> Value? {
        let value = names["ticket"]?.at(path)
        return value.flatMap { $0.isNull ? Value?.none : $0 }
    }
}

extension LookupTable {
    /// Makes sure that the table has these columns.
    func require(_ wanted: [String]) throws {
        for column in wanted where !columns.contains(column) {
            let near = Similarity.nearest(to: column, among: columns)
            throw Failure.permanent(
                "bad_table",
                "the table \(name) has no column \(column)\(near.map { "; did you mean \($0)?" } ?? "")"
                    + "; its columns are \(columns.joined(separator: ", "))")
        }
    }
}

extension Value {
    /// A cell or key as text: `7` and "7" are the same.
    var cellText: String {
        switch self {
        case .string(let text): text
        case .null: ""
        default: int.map(String.init) ?? JSONWriter.text(self).filter { $0 != "\"" }
        }
    }
}
