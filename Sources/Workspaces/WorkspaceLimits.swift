/// How much of a workspace is read.
public enum WorkspaceLimits {
    /// The largest YAML file or template, in bytes.
    public static let fileBytes = 1 << 20
    /// The largest CSV table, in bytes.
    public static let tableBytes = 8 << 20
    /// The most files of a workspace.
    public static let files = 10_000
    /// The most rows of a table.
    public static let rows = 100_000
    /// The most columns of a table.
    public static let columns = 1000
    /// The most cells of a table, rows times columns.
    public static let cells = 2_000_000
    /// How deep folders may lie in `playbooks/` and `templates/`.
    public static let folderDepth = 8
}
