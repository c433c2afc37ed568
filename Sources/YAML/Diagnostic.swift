/// Something wrong, or doubtful, in a file that a person wrote: what, where, and what to write instead.
public struct Diagnostic: Sendable, Hashable, Comparable {
    /// Whether the file can be used at all.
    public enum Severity: String, Sendable, Hashable {
        /// The file cannot be used.
        case error
        /// The file can be used, but probably does not do what its author meant.
        case warning
    }

    /// Error or warning.
    public let severity: Severity
    /// A stable code such as `SB1003`; the hundreds say which part of the product speaks (10 is YAML).
    public let code: String
    /// The path as the user knows it.
    public let file: String
    /// Where, when it is about a place.
    public let range: SourceRange?
    /// One sentence that says what is wrong, without a full stop.
    public let message: String
    /// What to do instead, when that is known: "write …".
    public let help: String?
    /// The line as it should be, without its line break, when one line can be mended.
    public let fixedLine: String?

    /// Makes a diagnostic from its parts.
    public init(
        severity: Severity = .error, code: String, file: String, range: SourceRange?, message: String,
        help: String? = nil, fixedLine: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.file = file
        self.range = range
        self.message = message
        self.help = help
        self.fixedLine = fixedLine
    }

    /// Ordered by file, then by position (what has none comes first), then errors before warnings, then by code and message.
    public static func < (a: Diagnostic, b: Diagnostic) -> Bool {
        if a.file != b.file { return a.file < b.file }
        let (aStart, bStart) = (a.range?.start, b.range?.start)
        if aStart != bStart {
            guard let aStart else { return true }
            guard let bStart else { return false }
            return aStart < bStart
        }
        if a.severity != b.severity { return a.severity == .error }
        return (a.code, a.message) < (b.code, b.message)
    }

    /// The diagnostic as one JSON object on one line, for `--format json`.
    ///
    /// Keys: `severity`, `code`, `file`, `message`, and where known `line`, `column`, `end_line`, `end_column`, `help`, `fixed_line`.
    public var json: String {
        var fields = [
            ("severity", Self.quoted(severity.rawValue)), ("code", Self.quoted(code)), ("file", Self.quoted(file)),
        ]
        if let range {
            fields += [
                ("line", String(range.start.line)), ("column", String(range.start.column)),
                ("end_line", String(range.end.line)), ("end_column", String(range.end.column)),
            ]
        }
        fields.append(("message", Self.quoted(message)))
        if let help { fields.append(("help", Self.quoted(help))) }
        if let fixedLine { fields.append(("fixed_line", Self.quoted(fixedLine))) }
        return "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}

/// What is done with many diagnostics together.
public enum Diagnostics {
    /// The most of one file that is kept, whatever is shown of it.
    public static let keptPerFile = 1000
    /// The most that is shown to people at once.
    public static let shown = 100

    /// Sorted by file and position, without repetitions, at most `limit` per file.
    public static func sortedAndCapped(_ diagnostics: [Diagnostic], limit: Int = keptPerFile) -> [Diagnostic] {
        var kept: [Diagnostic] = []
        var inFile = 0
        for diagnostic in diagnostics.sorted() where diagnostic != kept.last {
            inFile = diagnostic.file == kept.last?.file ? inFile + 1 : 1
            if inFile <= limit { kept.append(diagnostic) }
        }
        return kept
    }
}
