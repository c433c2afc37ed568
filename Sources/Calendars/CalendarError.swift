/// Why a calendar, a schedule or a question about them cannot be used, in words for the person who wrote it.
public struct CalendarError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, and where.
    public var message: String
    /// What to do instead, if that is known.
    public var help: String?
    /// Which characters of the text that was read are wrong, counted in Unicode scalars; nil for all of it.
    public var part: Range<Int>?

    /// An error that says what is wrong and, if known, what to do; `part` is a piece of the text that was read.
    public init(_ message: String, help: String? = nil, at part: Substring? = nil) {
        self.message = message
        self.help = help
        self.part = part.map { part in
            let start = part.base.unicodeScalars.distance(from: part.base.startIndex, to: part.startIndex)
            return start..<start + part.unicodeScalars.count
        }
    }

    /// The message, and the help after a semicolon.
    public var description: String { help.map { "\(message); \($0)" } ?? message }
}
