/// Why a calendar, a schedule or a question about them cannot be used, in words for the person who wrote it.
public struct CalendarError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, and where.
    public var message: String
    /// What to do instead, if that is known.
    public var help: String?

    /// An error that says what is wrong and, if known, what to do.
    public init(_ message: String, help: String? = nil) {
        self.message = message
        self.help = help
    }

    /// The message, and the help after a semicolon.
    public var description: String { help.map { "\(message); \($0)" } ?? message }
}
