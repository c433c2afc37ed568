public import WorkflowModel

/// A lookup table of the workspace: what `tables/NAME.yaml`, `.json` or `.csv` holds.
///
/// Cells of a CSV file are texts as they stand, empty ones null; those of YAML keep their kind. A YAML file is a list of maps, or a map
/// from a key to a map or to a single value: then the first column is `key`, and a single value stands in the column `value`.
public struct Table: Sendable, Hashable {
    /// The name by which playbooks call it.
    public var name: String
    /// The file, relative to the workspace.
    public var file: String
    /// The columns, in the order of the file.
    public var columns: [String]
    /// The rows: maps with a value for every column, null where the file has none.
    public var rows: [Value]
    /// The SHA-256 of the file's bytes, in hex: what is recorded when a step reads the table.
    public var contentHash: String

    /// A table of these parts.
    public init(name: String, file: String, columns: [String], rows: [Value], contentHash: String) {
        self.name = name
        self.file = file
        self.columns = columns
        self.rows = rows
        self.contentHash = contentHash
    }
}
