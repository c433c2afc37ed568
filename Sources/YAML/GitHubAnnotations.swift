/// Diagnostics as workflow commands of GitHub Actions, which that shows beside the lines of a change.
public enum GitHubAnnotations {
    /// One command a line, in the order given:
    ///
    ///     ::error file=p.yaml,line=4,endLine=4,col=9,endColumn=12,title=SB1203::there is no input `nam`
    ///
    /// Line ends and `%` are escaped as the runner undoes it, in properties `:` and `,` too. Columns are of the first and the last
    /// character; a place of several lines has no columns, since annotations know columns within one line only.
    ///
    /// Source: actions/toolkit, `packages/core/src/command.ts`, and "Workflow commands for GitHub Actions".
    public static func render(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map { line($0) + "\n" }.joined()
    }

    private static func line(_ diagnostic: Diagnostic) -> String {
        var properties = [("file", diagnostic.file)]
        if let range = diagnostic.range {
            properties += [("line", String(range.start.line)), ("endLine", String(range.end.line))]
            if range.start.line == range.end.line {
                properties += [
                    ("col", String(range.start.column)),
                    ("endColumn", String(max(range.start.column, range.end.column - 1))),
                ]
            }
        }
        properties.append(("title", diagnostic.code))
        var message = diagnostic.message
        if let help = diagnostic.help { message += "\nhelp: \(help)" }
        if let fixed = diagnostic.fixedLine { message += "\n\(fixed)" }
        let list = properties.map { "\($0.0)=\(property($0.1))" }.joined(separator: ",")
        return "::\(diagnostic.severity.rawValue) \(list)::\(data(message))"
    }

    private static func data(_ text: String) -> String {
        escaped(text, ["%": "%25", "\r": "%0D", "\n": "%0A"])
    }

    private static func property(_ text: String) -> String {
        escaped(text, ["%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"])
    }

    private static func escaped(_ text: String, _ replacements: [Unicode.Scalar: String]) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            if let replacement = replacements[scalar] {
                out += replacement
            } else {
                out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
