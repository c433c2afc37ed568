public import WorkflowModel

/// Diagnostics as a log in the Static Analysis Results Interchange Format, which code scanning and editors read.
///
/// Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
public enum SARIFLog {
    /// The log of one run: a rule for each code that occurs, with its page as help, and a result for each diagnostic.
    ///
    /// Columns count Unicode scalars from 1, and the end is the first column after (§3.30); the log says so in `columnKind`. Paths are
    /// relative to the source root. A line that can be mended is a `fix`.
    ///
    /// - Parameters:
    ///   - version: the version of the program.
    ///   - pages: what the codes mean, by code.
    ///   - sources: the files by the path that diagnostics have, for the length of lines that are mended.
    public static func value(
        _ diagnostics: [Diagnostic], version: String, pages: [String: CodePage], sources: [String: SourceFile]
    ) -> Value {
        let codes = Set(diagnostics.map(\.code)).sorted()
        let index = Dictionary(uniqueKeysWithValues: codes.enumerated().map { ($1, $0) })
        let driver: Value = [
            "name": "signalbox", "semanticVersion": .string(version), "version": .string(version),
            "rules": .list(codes.map { rule($0, pages[$0]) }),
        ]
        let run: Value = [
            "tool": ["driver": driver], "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": ["%SRCROOT%": ["description": ["text": "The folder in which check was called"]]],
            "results": .list(diagnostics.map { result($0, index[$0.code] ?? 0, sources[$0.file]) }),
        ]
        return [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": .list([run]),
        ]
    }

    private static func rule(_ code: String, _ page: CodePage?) -> Value {
        guard let page else { return ["id": .string(code)] }
        return [
            "id": .string(code), "shortDescription": ["text": .string(page.title)],
            "fullDescription": ["text": .string(page.explanation)],
            "help": ["text": .string(page.explanation), "markdown": .string(page.text)],
        ]
    }

    private static func result(_ diagnostic: Diagnostic, _ rule: Int, _ source: SourceFile?) -> Value {
        let text = diagnostic.message + (diagnostic.help.map { "\n\($0)" } ?? "")
        let artifact: Value = ["uri": .string(uri(diagnostic.file)), "uriBaseId": "%SRCROOT%"]
        var place: ValueMap = ["artifactLocation": artifact]
        if let range = diagnostic.range { place["region"] = region(range) }
        var result: ValueMap = [
            "ruleId": .string(diagnostic.code), "ruleIndex": .int(Int64(rule)),
            "level": .string(diagnostic.severity.rawValue), "message": ["text": .string(text)],
            "locations": .list([["physicalLocation": .map(place)]]),
        ]
        if let fixed = diagnostic.fixedLine, let line = diagnostic.range?.start.line, let source {
            let length = source.line(line).unicodeScalars.count
            let deleted: Value = [
                "startLine": .int(Int64(line)), "startColumn": 1, "endLine": .int(Int64(line)),
                "endColumn": .int(Int64(length + 1)),
            ]
            let change: Value = [
                "artifactLocation": artifact,
                "replacements": .list([["deletedRegion": deleted, "insertedContent": ["text": .string(fixed)]]]),
            ]
            result["fixes"] = .list([
                ["description": ["text": "The line as it was probably meant"], "artifactChanges": .list([change])]
            ])
        }
        return .map(result)
    }

    private static func region(_ range: SourceRange) -> Value {
        [
            "startLine": .int(Int64(range.start.line)), "startColumn": .int(Int64(range.start.column)),
            "endLine": .int(Int64(range.end.line)), "endColumn": .int(Int64(range.end.column)),
        ]
    }

    /// A path as a relative reference (RFC 3986): all but unreserved characters and `/` are escaped.
    private static func uri(_ path: String) -> String {
        let path = path.hasPrefix("./") ? path.dropFirst(2) : path[...]
        var out = path.hasPrefix("/") ? "file://" : ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                out.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                out += "%" + (hex.count == 1 ? "0" : "") + hex
            }
        }
        return out
    }
}
