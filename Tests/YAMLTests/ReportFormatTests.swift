import Testing
import WorkflowModel
import YAML

/// Diagnostics for other programs: SARIF, GitHub annotations, and the pages that go with them.
struct ReportFormatTests {
    private static let source = SourceFile(path: "play books/p.yaml", text: "a: 1\nwenn: größe\nc: 3\n")

    private static func diagnostic(
        _ line: Int, _ from: Int, _ endLine: Int, _ to: Int, help: String? = nil, fixed: String? = nil,
        severity: Diagnostic.Severity = .error, code: String = "SB1102", message: String = "`wenn`: no key, 100%\nnone"
    ) -> Diagnostic {
        Diagnostic(
            severity: severity, code: code, file: source.path,
            range: SourceRange(
                start: SourcePosition(line: line, column: from, byte: 0),
                end: SourcePosition(line: endLine, column: to, byte: 0)),
            message: message, help: help, fixedLine: fixed)
    }

    @Test func `an annotation has its place, and is escaped as the runner reads it`() {
        let text = GitHubAnnotations.render([
            Self.diagnostic(2, 1, 2, 5, help: "write `when`", fixed: "when: größe"),
            Self.diagnostic(1, 1, 3, 2, severity: .warning, message: "long"),
            Diagnostic(code: "SB1601", file: "a,b:c.yaml", range: nil, message: "none"),
        ])
        #expect(
            text == """
                ::error file=play books/p.yaml,line=2,endLine=2,col=1,endColumn=4,title=SB1102::`wenn`: no key, 100%25%0Anone%0Ahelp: write `when`%0Awhen: größe
                ::warning file=play books/p.yaml,line=1,endLine=3,title=SB1102::long
                ::error file=a%2Cb%3Ac.yaml,title=SB1601::none

                """)
    }

    @Test func `a place without characters is annotated where it begins`() {
        #expect(
            GitHubAnnotations.render([Self.diagnostic(2, 3, 2, 3, message: "m")])
                == "::error file=play books/p.yaml,line=2,endLine=2,col=3,endColumn=3,title=SB1102::m\n")
    }

    private static let page = CodePage(
        "# SB1102: A key is not known\n\nSeverity: error\n\nThere is no such key.\nLook again.\n\n## Wrong\n\nx\n")

    @Test func `a page has its title and its explanation`() throws {
        let page = try #require(Self.page)
        #expect(page.code == "SB1102" && page.title == "A key is not known")
        #expect(page.explanation == "There is no such key.\nLook again.")
        #expect(CodePage("no page") == nil)
    }

    @Test func `a SARIF log has a rule for each code, and a result for each diagnostic`() throws {
        let page = try #require(Self.page)
        let log = SARIFLog.value(
            [
                Self.diagnostic(2, 1, 2, 5, fixed: "when: größe", code: "SB1102"),
                Self.diagnostic(1, 1, 3, 2, severity: .warning, code: "SB1020"),
                Diagnostic(code: "SB1102", file: "/tmp/x.yaml", range: nil, message: "none"),
            ], version: "0.1.0", pages: ["SB1102": page], sources: [Self.source.path: Self.source])
        #expect(SARIFRules.violations(of: log) == [])
        let run = try #require(log["runs"]?.list?.first)
        let rules = run["tool"]?["driver"]?["rules"]?.list
        #expect(rules?.compactMap { $0["id"]?.string } == ["SB1020", "SB1102"])
        #expect(rules?.last?["help"]?["markdown"]?.string == page.text)
        let results = try #require(run["results"]?.list)
        #expect(results.map { $0["ruleIndex"]?.int } == [1, 0, 1])
        #expect(results.map { $0["level"]?.string } == ["error", "warning", "error"])
        let place = results[0]["locations"]?.list?.first?["physicalLocation"]
        #expect(place?["artifactLocation"]?["uri"] == "play%20books/p.yaml")
        #expect(place?["region"] == ["startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 5])
        let change = results[0]["fixes"]?.list?.first?["artifactChanges"]?.list?.first
        let replacement = change?["replacements"]?.list?.first
        #expect(replacement?["deletedRegion"]?["endColumn"] == 12)
        #expect(replacement?["insertedContent"]?["text"] == "when: größe")
        let absolute = results[2]["locations"]?.list?.first?["physicalLocation"]
        #expect(absolute?["artifactLocation"]?["uri"] == "file:///tmp/x.yaml")
        #expect(absolute?["region"] == nil)
    }

    @Test func `an empty log is a log`() {
        #expect(SARIFRules.violations(of: SARIFLog.value([], version: "1", pages: [:], sources: [:])) == [])
    }

    @Test func `the rules for a log can fail`() {
        #expect(SARIFRules.violations(of: ["version": "2.0.0", "runs": [["tool": [:], "extra": 1]]]).count == 3)
    }
}

/// What SARIF 2.1.0 asks of the parts that we write: which keys there are, which must be there, and what their values are
/// (OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", §3.13 to §3.57).
enum SARIFRules {
    private indirect enum Rule: Sendable {
        case text, uri, whole(Int64), oneOf([String])
        case list(Rule)
        case map([String: Rule], required: [String])
        case named(Rule)
    }

    static func violations(of log: Value) -> [String] { check(log, whole, "log") }

    private static let message = Rule.map(["text": .text, "markdown": .text], required: ["text"])
    private static let artifact = Rule.map(
        ["uri": .uri, "uriBaseId": .text, "index": .whole(-1), "description": message], required: [])
    private static let region = Rule.map(
        [
            "startLine": .whole(1), "startColumn": .whole(1), "endLine": .whole(1), "endColumn": .whole(1),
        ], required: ["startLine"])
    private static let rule = Rule.map(
        [
            "id": .text, "shortDescription": message, "fullDescription": message, "help": message, "helpUri": .uri,
        ], required: ["id"])
    private static let fix = Rule.map(
        [
            "description": message,
            "artifactChanges": .list(
                .map(
                    [
                        "artifactLocation": artifact,
                        "replacements": .list(
                            .map(
                                ["deletedRegion": region, "insertedContent": .map(["text": .text], required: [])],
                                required: ["deletedRegion"])),
                    ], required: ["artifactLocation", "replacements"])),
        ], required: ["artifactChanges"])
    private static let result = Rule.map(
        [
            "ruleId": .text, "ruleIndex": .whole(-1), "level": .oneOf(["none", "note", "warning", "error"]),
            "message": message, "fixes": .list(fix),
            "locations": .list(
                .map(
                    [
                        "physicalLocation": .map(
                            ["artifactLocation": artifact, "region": region], required: ["artifactLocation"])
                    ], required: [])),
        ], required: ["message"])
    private static let run = Rule.map(
        [
            "tool": .map(
                [
                    "driver": .map(
                        ["name": .text, "version": .text, "semanticVersion": .text, "rules": .list(rule)],
                        required: ["name"])
                ], required: ["driver"]),
            "columnKind": .oneOf(["utf16CodeUnits", "unicodeCodePoints"]),
            "originalUriBaseIds": .named(artifact), "results": .list(result),
        ], required: ["tool"])
    private static let whole = Rule.map(
        ["$schema": .uri, "version": .oneOf(["2.1.0"]), "runs": .list(run)], required: ["version", "runs"])

    private static func check(_ value: Value, _ rule: Rule, _ path: String) -> [String] {
        switch rule {
        case .text: return value.string == nil ? ["\(path) is no text"] : []
        case .uri:
            let text = value.string ?? " "
            return text.contains(" ") || text.unicodeScalars.contains { !$0.isASCII } ? ["\(path) is no URI"] : []
        case .whole(let least): return value.int.map { $0 >= least } == true ? [] : ["\(path) is no number"]
        case .oneOf(let words): return words.contains(value.string ?? "") ? [] : ["\(path) is none of \(words)"]
        case .list(let rule):
            guard let items = value.list else { return ["\(path) is no list"] }
            return items.enumerated().flatMap { check($1, rule, "\(path)[\($0)]") }
        case .named(let rule):
            guard let map = value.map else { return ["\(path) is no map"] }
            return map.flatMap { check($0.value, rule, "\(path).\($0.key)") }
        case .map(let rules, let required):
            guard let map = value.map else { return ["\(path) is no map"] }
            var found = required.filter { value[$0] == nil }.map { "\(path) lacks \($0)" }
            for entry in map {
                guard let name = entry.key.string, let rule = rules[name] else {
                    found.append("\(path) has \(entry.key)")
                    continue
                }
                found += check(entry.value, rule, "\(path).\(name)")
            }
            return found
        }
    }
}
