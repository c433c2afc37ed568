import Testing
import YAML

struct DiagnosticTests {
    private let source = SourceFile(path: "p.yaml", text: "name: x\nwenn: größe 漢字 y\n\tz: \u{1}\n")

    private func diagnostic(_ bytes: Range<Int>, help: String? = nil, fixed: String? = nil) -> Diagnostic {
        Diagnostic(
            code: "SB1003", file: "p.yaml", range: source.range(ofBytes: bytes), message: "wrong", help: help,
            fixedLine: fixed)
    }

    @Test func `a frame shows the line, the exact place and the help`() {
        let text = CodeFrame.render(
            diagnostic(8..<12, help: "write `when`", fixed: "when: größe"), source: source, colour: false)
        #expect(
            text == """
                p.yaml:2:1: error[SB1003]: wrong
                   2 | wenn: größe 漢字 y
                     | ^^^^
                help: write `when`:
                     | when: größe

                """)
    }

    @Test func `the mark stands right below wide characters`() {
        let line = CodeFrame.render(diagnostic(22..<28), source: source, colour: false).split(separator: "\n")[2]
        #expect(line == "     |             ^^^^")
    }

    @Test func `control characters do not reach the terminal`() {
        let text = CodeFrame.render(diagnostic(31..<36), source: source, colour: false)
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }

    @Test func `a place of many lines is shown in part`() {
        let many = SourceFile(path: "p.yaml", text: (1...9).map { "line \($0)\n" }.joined())
        let range = many.range(ofBytes: 2..<40)
        let text = CodeFrame.render(
            Diagnostic(code: "X", file: "p.yaml", range: range, message: "m"), source: many, colour: false)
        #expect(text.contains("   1 | line 1\n     |   ^^^^\n   2 | line 2\n     | ^^^^^^\n"))
        #expect(text.contains("… up to line 6"))
    }

    @Test(
        "the mark stands below its characters, whatever stands before them",
        arguments: [
            ("text: \"👍🏽 ok\"", "ok", 11), ("text: \"🇩🇪 ok\"", "ok", 11), ("text: \"e\u{301} ok\"", "ok", 10),
            ("text: \"票 ok\"", "ok", 11), ("a:\tb", "b", 4), ("text: \"a\u{200B}b ok\"", "ok", 11),
        ])
    func marks(line: String, marked: String, column: Int) throws {
        let file = SourceFile(path: "p.yaml", text: "x: 1\n\(line)\n")
        let text = Array(line.utf8)
        let start = try #require(text.indices.first { text[$0...].starts(with: marked.utf8) })
        let range = file.range(ofBytes: 5 + start..<5 + start + marked.utf8.count)
        let frame = CodeFrame.render(
            Diagnostic(code: "X", file: "p.yaml", range: range, message: "m"), source: file, colour: false)
        let mark = frame.split(separator: "\n")[2].drop { $0 != "|" }.dropFirst(2)
        #expect(mark.prefix { $0 == " " }.count + 1 == column, "\(frame)")
        #expect(mark.count { $0 == "^" } == marked.count)
    }

    @Test func `a blank line inside a place has no mark`() {
        let file = SourceFile(path: "p.yaml", text: "a: |\n  one\n\n  two\nb: 1\n")
        let text = CodeFrame.render(
            Diagnostic(code: "X", file: "p.yaml", range: file.range(ofBytes: 3..<18), message: "m"), source: file,
            colour: false)
        #expect(
            text == """
                p.yaml:1:4: error[X]: m
                   1 | a: |
                     |    ^
                   2 |   one
                     |   ^^^
                   3 |
                   4 |   two
                     |   ^^^

                """)
    }

    @Test func `a long line is shown around its place`() {
        let long = SourceFile(
            path: "p", text: String(repeating: "a", count: 5000) + "!" + String(repeating: "b", count: 5000))
        let text = CodeFrame.render(
            Diagnostic(code: "X", file: "p", range: long.range(ofBytes: 5000..<5001), message: "m"), source: long,
            colour: false)
        let lines = text.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count < 180 })
        let column = lines[2].firstIndex(of: "^").map { lines[2].distance(from: lines[2].startIndex, to: $0) } ?? 0
        #expect(lines[1][lines[1].index(lines[1].startIndex, offsetBy: column)] == "!")
    }

    @Test func `colour is only there when it is wanted`() {
        #expect(CodeFrame.render(diagnostic(0..<4), source: source, colour: true).contains("\u{1B}[1;31m"))
        #expect(!CodeFrame.render(diagnostic(0..<4), source: source, colour: false).contains("\u{1B}"))
    }

    @Test func `without a place only the sentence is shown`() {
        let bare = Diagnostic(severity: .warning, code: "SB1", file: "p", range: nil, message: "odd")
        #expect(CodeFrame.render(bare, source: nil, colour: false) == "p: warning[SB1]: odd\n")
    }

    @Test func `a diagnostic is one JSON object`() {
        let text = diagnostic(8..<12, help: "a \"b\"\n\u{1}\\").json
        #expect(
            text
                == #"{"severity":"error","code":"SB1003","file":"p.yaml","line":2,"column":1,"end_line":2,"end_column":5,"#
                + #""message":"wrong","help":"a \"b\"\n\u0001\\"}"#)
    }

    @Test func `diagnostics are sorted by place and capped by file`() {
        let wild = (0..<150).map { index in
            Diagnostic(
                code: "SB1", file: index % 2 == 0 ? "b" : "a",
                range: SourceRange(
                    start: SourcePosition(line: 200 - index, column: 1, byte: 0),
                    end: SourcePosition(line: 200 - index, column: 2, byte: 1)), message: "m")
        }
        let kept = Diagnostics.sortedAndCapped(wild + wild, limit: 50)
        #expect(kept.count == 100)
        #expect(kept.map(\.file) == Array(repeating: "a", count: 50) + Array(repeating: "b", count: 50))
        #expect(kept.first?.range?.start.line == 51)
        #expect(kept == kept.sorted())
    }
}
