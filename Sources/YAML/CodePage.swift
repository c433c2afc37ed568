/// What a code means, as its page in `docs/errors/` says it.
public struct CodePage: Sendable, Hashable {
    /// The code, `SB1203`.
    public let code: String
    /// What is wrong, in one line.
    public let title: String
    /// Why, and what to do, as Markdown without headings.
    public let explanation: String
    /// The whole page as Markdown.
    public let text: String

    /// Reads a page: its first line is `# CODE: TITLE`, and the explanation is what stands before `## Wrong` but for the line of the
    /// severity. Nil when the text does not begin like that.
    public init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, first.hasPrefix("# SB"), let colon = first.firstIndex(of: ":") else {
            return nil
        }
        code = String(first[..<colon].dropFirst(2))
        title = first[first.index(after: colon)...].drop { $0 == " " }.description
        let body = lines.dropFirst().prefix { !$0.hasPrefix("## ") }.filter { !$0.hasPrefix("Severity: ") }
        explanation = body.drop { $0.isEmpty }.reversed().drop { $0.isEmpty }.reversed().joined(separator: "\n")
        self.text = text
    }
}
