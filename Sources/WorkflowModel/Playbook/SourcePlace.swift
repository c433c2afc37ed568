/// A place in a file, for messages at run time: the file as the user knows it, line and column from 1.
public struct SourcePlace: Sendable, Hashable, CustomStringConvertible {
    /// The file's path, as given or relative to the workspace.
    public var file: String
    /// Line, from 1.
    public var line: Int
    /// Column in characters, from 1.
    public var column: Int

    /// The place `line`:`column` of `file`.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file:line:column`.
    public var description: String { "\(file):\(line):\(column)" }
}

/// The text of an expression and the place where it begins.
public struct ExpressionText: Sendable, Hashable {
    /// The expression, without `=` or `${{ }}`.
    public var text: String
    /// Where its first character stands.
    public var place: SourcePlace

    /// The expression `text` that begins at `place`.
    public init(_ text: String, at place: SourcePlace) {
        self.text = text
        self.place = place
    }
}
