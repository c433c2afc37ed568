import Testing
import YAML

func parse(_ text: String) -> YAMLParser.Result {
    YAMLParser.parse(SourceFile(path: "playbook.yaml", text: text))
}

func codes(_ text: String) -> [String] { parse(text).diagnostics.map(\.code) }

/// `line:column-line:column`.
func place(_ range: SourceRange?) -> String {
    guard let range else { return "nowhere" }
    return "\(range.start.line):\(range.start.column)-\(range.end.line):\(range.end.column)"
}

struct NodeTests {
    @Test(
        "plain scalars resolve by the core schema of YAML 1.2",
        arguments: [
            ("", CoreScalar.null), ("~", .null), ("null", .null), ("NULL", .null), ("nUll", .string),
            ("true", .bool(true)), ("False", .bool(false)), ("on", .string), ("yes", .string), ("no", .string),
            ("off", .string), ("12", .int(12)), ("-7", .int(-7)), ("+7", .int(7)), ("007", .int(7)), ("0o17", .int(15)),
            ("0xfF", .int(255)), ("0x", .string), ("0x-1", .string), ("1_000", .string), ("12:30", .string),
            ("2026-01-02", .string), ("1.5", .float(1.5)), (".5", .float(0.5)), ("1.", .float(1)),
            ("1e3", .float(1000)),
            ("-1.5E-2", .float(-0.015)), (".", .string), ("-", .string), ("+", .string), ("1e", .string),
            ("e3", .string),
            (".inf", .float(.infinity)), ("-.INF", .float(-.infinity)), ("9223372036854775807", .int(.max)),
            ("5m", .string), ("0.1.2", .string), ("inf", .string), ("nan", .string),
        ])
    func resolves(text: String, expected: CoreScalar) {
        #expect(CoreScalar(resolving: text) == expected)
    }

    @Test func `quoted scalars are always text`() throws {
        let root = try #require(parse("a: \"true\"\nb: '12'\nc: |\n  12\n").root)
        for key in ["a", "b", "c"] { #expect(root[key]?.scalar?.resolved == .string) }
    }

    @Test func `nodes know their style and their place, in characters and in bytes`() throws {
        let text = "größe: \"ünï\"  # groß\nlist:\n  - a\n  - {k: v, 😀: [1, 2]}\nlast: |\n  text\n"
        let (root, diagnostics) = parse(text)
        #expect(diagnostics.isEmpty)
        let node = try #require(root)
        #expect(place(node.range) == "1:1-7:1")
        let first = try #require(node["größe"])
        #expect(place(first.range) == "1:8-1:13")
        #expect(first.source.text(in: first.range) == "\"ünï\"")
        #expect(first.range.start.byte == 9)
        let flow = try #require(node["list"]?.items?[1])
        #expect(flow.style == .flow)
        #expect(place(flow.range) == "4:5-4:22")
        #expect(node["list"]?.style == .block)
        #expect(place(flow["😀"]?.range) == "4:15-4:21")
        #expect(node["last"]?.scalar?.style == .literal)
    }

    @Test(
        "positions are the same with every line ending and with a byte order mark",
        arguments: ["\n", "\r\n", "\r"], ["", "\u{FEFF}"])
    func lineEndings(lineEnd: String, mark: String) throws {
        let text = mark + ["ä: 1", "b:", "  - x", "  - 'y z'", ""].joined(separator: lineEnd)
        let root = try #require(parse(text).root)
        #expect(place(root["b"]?.items?[1].range) == "4:5-4:10")
        #expect(root["b"]?.items?[1].text == "y z")
    }

    @Test func `comments above and behind a node are found`() throws {
        let text = """
            # about the name
            # in two lines
            name: x # the name
            steps:
              # the first
              - id: a  # first step
                note: "#no"
              - id: b
            text: |  # header
              # not a comment
            last: 1
            """
        let root = try #require(parse(text).root)
        let name = try #require(root.entry("name"))
        #expect(name.key.comments.leading == ["about the name", "in two lines"])
        #expect(name.value.comments.trailing == "the name")
        #expect(name.value.comments.leading.isEmpty)
        let step = try #require(root["steps"]?.items?.first)
        #expect(step.comments.leading == ["the first"])
        #expect(step["id"]?.comments.trailing == "first step")
        #expect(step["note"]?.comments.trailing == nil)
        #expect(root["text"]?.comments.trailing == "header")
        #expect(root.entry("last")?.key.comments.leading == [])
    }

    @Test func `an alias repeats a node at its own place`() throws {
        let root = try #require(parse("a: &x [1, 2]\nb: *x\n").root)
        #expect(root["a"]?.anchor == "x")
        #expect(root["b"]?.items?.count == 2)
        #expect(place(root["b"]?.range) == "2:4-2:6")
        #expect(root["b"]?.aliased === root["a"])
    }

    @Test func `an anchor does not belong to the place of its scalar`() throws {
        let root = try #require(parse("a: &x  hello\n").root)
        #expect(place(root["a"]?.range) == "1:8-1:13")
    }

    @Test func `a source file finds positions of bytes`() {
        let source = SourceFile(path: "x", text: "aä\r\nb\rc\n")
        #expect(source.lineCount == 4)
        #expect(source.position(ofByte: 3) == SourcePosition(line: 1, column: 3, byte: 3))
        #expect(source.position(ofByte: 5).line == 2)
        #expect(source.position(ofByte: 7).line == 3)
        #expect(source.position(ofByte: 999) == SourcePosition(line: 4, column: 1, byte: 9))
        #expect(source.line(1) == "aä")
        #expect(source.line(9) == "")
    }
}
