/// A parsed text in the Common Expression Language (google/cel-spec, doc/langdef.md).
public struct Expression: Sendable {
    /// The longest text that is read, in UTF-8 bytes.
    public static let maximumLength = 65_536
    /// The deepest tree of operators and calls; chains of `&&` and `||` count once.
    public static let maximumDepth = 96
    /// The deepest nesting of brackets and of `?:`. Both limits keep every walk over the tree within a stack of 512 KiB.
    public static let maximumNesting = 64

    /// The text as it was given.
    public let text: String
    /// The syntax tree.
    public let root: Node

    /// Reads `text`.
    ///
    /// - Throws: the first ``ExpressionError``, with its place in the text.
    public init(parsing text: String) throws(ExpressionError) {
        guard text.utf8.count <= Self.maximumLength else {
            throw ExpressionError(
                code: .tooLong, message: "the expression is longer than \(Self.maximumLength / 1024) KiB",
                range: 0..<text.unicodeScalars.count)
        }
        var parser = try Parser(text)
        self.text = text
        root = try parser.parse()
    }

    /// Reads `text`; gives the expression, or what is wrong with it.
    public static func parse(_ text: String) -> (Expression?, [ExpressionError]) {
        do throws(ExpressionError) {
            return (try Expression(parsing: text), [])
        } catch {
            return (nil, [error])
        }
    }

    /// The text of a node, as it was written.
    public func text(of node: Node) -> String {
        let scalars = text.unicodeScalars
        let start = scalars.index(scalars.startIndex, offsetBy: node.range.lowerBound, limitedBy: scalars.endIndex)
        let end = scalars.index(scalars.startIndex, offsetBy: node.range.upperBound, limitedBy: scalars.endIndex)
        return String(scalars[(start ?? scalars.endIndex)..<(end ?? scalars.endIndex)])
    }
}
