/// How much a file may hold; beyond it parsing stops with an error, in bounded time and memory.
public struct YAMLLimits: Sendable, Hashable {
    /// Bytes of a file.
    public var bytes: Int
    /// How deep collections may stand in one another.
    public var depth: Int
    /// How many nodes all aliases of a file may stand for together.
    public var nodesThroughAliases: Int
    /// How many syntax errors are looked for before giving up on a file.
    public var syntaxErrors: Int

    /// Limits for files that people write: 1 MiB, depth 64, 10,000 nodes through aliases, 20 syntax errors.
    public init(
        bytes: Int = 1 << 20, depth: Int = 64, nodesThroughAliases: Int = 10_000, syntaxErrors: Int = 20
    ) {
        self.bytes = bytes
        self.depth = depth
        self.nodesThroughAliases = nodesThroughAliases
        self.syntaxErrors = syntaxErrors
    }
}
