import Playbooks
import Testing
import YAML

@Suite("Comments that allow a warning")
struct AllowTests {
    /// Steps with a comment, and the codes that are still said.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let steps: String
        let said: [String]
        let allowed: [String]
        var head = ""

        init(_ title: String, _ steps: String, said: [String] = [], allowed: [String] = [], head: String = "") {
            testDescription = title
            self.steps = steps
            self.said = said
            self.allowed = allowed
            self.head = head
        }
    }

    static let cases: [Case] = [
        Case("on its line", "  - { if: 1 == 1, stop: done } # signalbox: allow SB1903 for now", allowed: ["SB1903"]),
        Case(
            "on the line above", "  # signalbox: allow SB1903 for now\n  - { if: 1 == 1, stop: done }",
            allowed: ["SB1903"]),
        Case(
            "above another comment and an empty line",
            "  # signalbox: allow SB1903 for now\n\n  # because\n  - { if: 1 == 1, stop: done }", allowed: ["SB1903"]),
        Case(
            "two codes at once",
            "  # signalbox: allow SB1903, SB1912: both for now\n  - { if: 1 == 1, uses: facts.find }",
            allowed: ["SB1912", "SB1903"]),
        Case(
            "behind the first line of a long text",
            "  - if: '1 == 1' # signalbox: allow SB1903 for now\n    fail: | # signalbox: what follows is a text\n      no",
            allowed: ["SB1903"]),
        Case(
            "in a text it is a text",
            "  - if: 1 == 1\n    fail: |\n      # signalbox: allow SB1903 for now", said: ["SB1903"]),
        Case(
            "in quotes it is a text",
            "  - { if: 1 == 1, stop: \"a # signalbox: allow SB1903 for now\" }", said: ["SB1903"]),
        Case(
            "two lines above it is too far",
            "  # signalbox: allow SB1903 for now\n  - id: a\n    if: 1 == 1\n    stop: done",
            said: ["SB1920", "SB1903"]),
        Case(
            "without its warning it is one itself", "  # signalbox: allow SB1903 for now\n  - stop: done",
            said: ["SB1920"]),
        Case(
            "an unknown code", "  # signalbox: allow SB1093 for now\n  - stop: done", said: ["SB1921"]),
        Case("no code", "  # signalbox: allow it for now\n  - stop: done", said: ["SB1921"]),
        Case("no reason", "  # signalbox: allow SB1903\n  - { if: 1 == 1, stop: done }", said: ["SB1921", "SB1903"]),
        Case("another word", "  # signalbox: ignore SB1903 for now\n  - stop: done", said: ["SB1921"]),
        Case("any other remark", "  # signalbox: this one is for the night\n  - stop: done"),
        Case(
            "an error stays", "  - stop: =vars.none # signalbox: allow SB1202 for now", said: ["SB1202", "SB1922"]),
        Case(
            "at the top for the whole file",
            "  - { if: 1 == 1, stop: done }\n  - { if: 2 == 2, stop: done }", allowed: ["SB1903", "SB1903"],
            head: "# signalbox: allow SB1903 for now\n"),
        Case(
            "at the top and without its warning", "  - stop: done", said: ["SB1920"],
            head: "# signalbox: allow SB1903 for now\n"),
    ]

    @Test("says what is allowed and what is not", arguments: cases)
    func allow(_ example: Case) {
        let source = SourceFile(path: "p.yaml", text: example.head + Sample.playbook(steps: example.steps))
        let parsed = YAMLParser.parse(source)
        let found = PlaybookReader.inspect(parsed.root, parsed.diagnostics, source, in: Advised.environment)
        let (kept, allowed) = found.settled(isWhole: false)
        #expect(kept.sorted().map(\.code) == example.said, "\(kept.map(\.json))")
        #expect(allowed.map(\.diagnostic).sorted().map(\.code) == example.allowed.sorted(), "\(allowed)")
        #expect(allowed.allSatisfy { $0.reason.hasSuffix("for now") })
        #expect((found.workflow == nil) == kept.contains { $0.severity == .error })
    }

    @Test("what is wrong with a comment is shown at its word")
    func places() throws {
        let marked = MarkedText(Sample.playbook(steps: "  # signalbox: allow «sb1903» for now\n  - stop: done"))
        let found = try #require(Sample.read(marked.text, in: Advised.environment).diagnostics.first)
        let range = try #require(found.range)
        #expect("\(range.start.line):\(range.start.column)" == marked.start)
        #expect("\(range.end.line):\(range.end.column)" == marked.end)
        #expect(found.help == "did you mean SB1903?")
    }

    @Test("without advice there are no comments to read")
    func silent() {
        let text = Sample.playbook(steps: "  # signalbox: allow SB1 x\n  - { if: 1 == 1, stop: done }")
        #expect(Sample.read(text, in: .structureOnly).diagnostics.isEmpty)
    }
}
