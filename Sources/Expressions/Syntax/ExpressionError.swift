/// What is wrong with the text of an expression, in one word.
public enum ExpressionErrorCode: String, Sendable, Hashable {
    /// The text is no expression.
    case syntax
    /// A string or a bracket is not closed.
    case unclosed
    /// A literal that cannot be read: a number out of range, an unknown escape.
    case literal
    /// The text is longer than ``Expression/maximumLength``.
    case tooLong
    /// Brackets or operators are nested too deeply.
    case tooDeep
    /// A macro such as `exists` is used in a wrong form.
    case macro
    /// No function has this name.
    case unknownFunction
    /// The function exists, but not with this number of arguments or in this form.
    case arguments
    /// A constant argument can never work: a wrong regular expression, for instance.
    case constant
    /// A `${{ }}` part of a text is wrong.
    case template
}

/// A mistake in the text of an expression, with its place and, where a common slip is recognised, what to write instead.
public struct ExpressionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of mistake.
    public let code: ExpressionErrorCode
    /// What is wrong, as a sentence without a full stop.
    public let message: String
    /// The place, as Unicode scalar offsets in the text.
    public let range: Range<Int>
    /// What to write instead, when that is known.
    public let help: String?
    /// What must stand at ``range`` instead, when that alone mends the expression.
    public let fix: String?

    /// An error of these parts.
    public init(
        code: ExpressionErrorCode, message: String, range: Range<Int>, help: String? = nil, fix: String? = nil
    ) {
        self.fix = fix
        self.code = code
        self.message = message
        self.range = range
        self.help = help
    }

    /// The same error, `offset` scalars further on: for an expression that stands inside a longer text.
    public func moved(by offset: Int) -> ExpressionError {
        ExpressionError(
            code: code, message: message, range: range.lowerBound + offset..<range.upperBound + offset, help: help,
            fix: fix)
    }

    /// Place, message and help in one line.
    public var description: String {
        let place = "at character \(range.lowerBound + 1): \(message)"
        return help.map { "\(place) (\($0))" } ?? place
    }
}
