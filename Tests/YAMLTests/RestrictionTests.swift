import Testing
import YAML

/// What YAML allows and the playbook language does not: each is an error with its place.
struct RestrictionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let expected: [String]
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "duplicate key", text: "a: 1\nb: 2\na: 3\n", expected: ["SB1004 3:1-3:2"]),
        Case(name: "duplicate quoted key", text: "a: 1\n\"a\": 3\n", expected: ["SB1004 2:1-2:4"]),
        Case(
            name: "two duplicates", text: "a: 1\na: 2\nb: {c: 1, c: 2}\n",
            expected: ["SB1004 2:1-2:2", "SB1004 3:11-3:12"]),
        Case(name: "tab as indentation", text: "a:\n\tb: 1\n", expected: ["SB1005 2:1-2:2"]),
        Case(name: "tabs in two lines", text: "a:\n\tb: 1\n\tc: 1\n", expected: ["SB1005 2:1-2:2", "SB1005 3:1-3:2"]),
        Case(name: "tab in a flow mapping", text: "a: {\n\tb: 1}\n", expected: ["SB1005 2:1-2:2"]),
        Case(name: "tag", text: "a: !!str 12\n", expected: ["SB1006 1:4-1:9"]),
        Case(name: "tag on a mapping", text: "a: !thing\n  b: 1\n", expected: ["SB1006 1:4-1:10"]),
        Case(name: "tag directive", text: "%YAML 1.2\n%TAG ! x\n---\na: 1\n", expected: ["SB1006 2:1-2:9"]),
        Case(name: "include tag", text: "a: !include file.yaml\n", expected: ["SB1006 1:4-1:12"]),
        Case(name: "merge key", text: "a: &x {k: 1}\nb:\n  <<: *x\n", expected: ["SB1007 3:3-3:5"]),
        Case(name: "second document", text: "a: 1\n---\nb: 2\n", expected: ["SB1008 2:1-2:4"]),
        Case(name: "list as a key", text: "? [a, b]\n: 1\n", expected: ["SB1009 1:3-1:4"]),
        Case(name: "alias as a key", text: "a: &x k\n*x : 1\n", expected: ["SB1009 2:1-2:3"]),
        Case(name: "unknown alias", text: "a: *x\n", expected: ["SB1011 1:4-1:6"]),
        Case(name: "alias inside itself", text: "a: &x [1, *x]\n", expected: ["SB1011 1:11-1:13"]),
        Case(name: "control character", text: "a: \u{1}x\n", expected: ["SB1013 1:4-1:5"]),
        Case(name: "empty file", text: "", expected: ["SB1014 1:1-1:1"]),
        Case(name: "blank file", text: "\n  \n", expected: ["SB1014 1:1-1:1"]),
        Case(name: "only comments", text: "# nothing\n", expected: ["SB1014 1:1-1:1"]),
        Case(name: "long number", text: "id: 12345678901234567890\n", expected: ["SB1015 1:5-1:25"]),
    ]

    @Test("each restriction is a located error", arguments: cases)
    func restriction(one: Case) {
        let found = parse(one.text).diagnostics.map { "\($0.code) \(place($0.range))" }
        #expect(found == one.expected)
    }

    @Test func `text that only looks like a restriction is allowed`() {
        let text = """
            ---
            text: |
              a: !tag
              \tcode with a tab
            quoted: "a
              \tb"
            on: yes
            """
        #expect(codes(text) == [])
    }

    @Test(
        "bytes that are not UTF-8 are found at their place",
        arguments: [
            ([0x61, 0x3A, 0x20, 0xFF], "1:4-1:5"), ([0xC3], "1:1-1:2"), ([0x61, 0x0A, 0xC0, 0x80], "2:1-2:2"),
            ([0xED, 0xA0, 0x80], "1:1-1:2"), ([0xF5, 0x80, 0x80, 0x80], "1:1-1:2"), ([0xE2, 0x82], "1:1-1:2"),
        ] as [([UInt8], String)])
    func invalidUTF8(bytes: [UInt8], expected: String) {
        let (root, diagnostics) = YAMLParser.parse(SourceFile(path: "x.yaml", bytes: bytes))
        #expect(root == nil)
        #expect(diagnostics.first?.code == "SB1002")
        #expect(place(diagnostics.first?.range) == expected)
    }

    @Test func `UTF-16 is named as such`() {
        let (_, diagnostics) = YAMLParser.parse(SourceFile(path: "x.yaml", bytes: [0xFF, 0xFE, 0x61, 0x00]))
        #expect(diagnostics.map(\.message) == ["the file is in UTF-16"])
    }

    @Test func `depth has a limit`() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(codes(nested(64)) == [])
        #expect(codes(nested(65)) == ["SB1010"])
        #expect(place(parse(nested(65)).diagnostics.first?.range) == "1:65-1:66")
        #expect(codes(String(repeating: "[", count: 500_000)) == ["SB1010"])
        #expect(codes(String(repeating: "- ", count: 500_000)) == ["SB1010"])
        #expect(codes(String(repeating: "{a: ", count: 200_000)) == ["SB1010"])
    }

    @Test func `size has a limit`() {
        let line = "# " + String(repeating: "x", count: 97) + "\n"
        let fits = String(repeating: line, count: (1 << 20) / 100) + "a: 1\n"
        #expect(codes(fits) == [])
        #expect(codes(fits + fits) == ["SB1001"])
    }

    @Test func `an alias bomb is stopped`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            text +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        let (root, diagnostics) = parse(text)
        #expect(root == nil)
        #expect(diagnostics.map(\.code) == ["SB1012"])
        #expect(diagnostics.first?.range?.start.line == 5)
    }

    @Test func `many keys and many lines of trouble take bounded time`() {
        let keys = (0..<60_000).map { "key\($0): 1\n" }.joined()
        let clock = ContinuousClock()
        var found: [String] = []
        #expect(clock.measure { found = codes(keys + "key1: 2\n") } < .seconds(60))
        #expect(found == ["SB1004"])
        let trouble = (0..<20_000).map { "key\($0): \"a\" b\n" }.joined()
        #expect(clock.measure { found = codes(trouble) } < .seconds(60))
        #expect(!found.isEmpty && found.count <= 20)
    }
}
