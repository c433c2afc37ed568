/// What somebody wrote in a mail, without what was quoted and without the signature.
enum MessageText {
    /// `text` without quoted lines (`>`), the mail quoted below, and the signature (RFC 3676 section 4.3: a line `-- `).
    static func own(_ text: String) -> String {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        var kept: [String] = []
        for (index, line) in lines.enumerated() {
            let trimmed = line.drop { $0 == " " || $0 == "\t" }
            if trimmed.hasPrefix(">") { continue }
            if line == "-- " || line == "--" || startsQuotedMail(trimmed) { break }
            if introducesQuote(trimmed) {
                // With `>` below it the answer may stand under the quote; without, all that follows is quoted.
                let next = lines[(index + 1)...].first { !$0.allSatisfy(\.isWhitespace) }
                if next?.drop(while: { $0 == " " || $0 == "\t" }).hasPrefix(">") == true { continue }
                break
            }
            kept.append(line)
        }
        return kept.joined(separator: "\n")
    }

    private static func startsQuotedMail(_ line: Substring) -> Bool {
        let line = line.lowercased()
        let words = line.filter { $0 != "-" && $0 != "_" && $0 != " " }
        if line.hasPrefix("--"), ["originalmessage", "forwardedmessage", "ursprünglichenachricht"].contains(words) {
            return true
        }
        return line.hasPrefix("________________________________")
    }

    private static func introducesQuote(_ line: Substring) -> Bool {
        let line = line.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard line.hasSuffix(":"), line.count <= 200 else { return false }
        return (line.hasPrefix("on ") && line.hasSuffix("wrote:"))
            || (line.hasPrefix("am ") && line.contains("schrieb"))
    }
}
