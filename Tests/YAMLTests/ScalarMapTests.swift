import Testing
import YAML

/// Errors in an expression point at its own characters, however the scalar is written.
struct ScalarMapTests {
    /// The source text that stands for the characters `of` in the value of `a`.
    private func source(of part: String, in text: String) throws -> (text: String, place: String) {
        let source = SourceFile(path: "x.yaml", text: text)
        let root = try #require(YAMLParser.parse(source).root)
        let node = try #require(root["a"])
        let value = Array(try #require(node.text).unicodeScalars)
        let wanted = Array(part.unicodeScalars)
        let start = try #require(
            (0...(value.count - wanted.count)).first { Array(value[$0..<$0 + wanted.count]) == wanted })
        #expect(node.scalarMap.isExact)
        let range = node.sourceRange(ofScalars: start..<start + wanted.count)
        return (source.text(in: range), place(range))
    }

    @Test(
        "a part of a value is found in its source",
        arguments: [
            ("a: one two three", "two", "two", "1:8-1:11"),
            ("ä: 1\na: größe == 'ß' && x", "x", "x", "2:20-2:21"),
            ("a: one\n  two\n\n  three", "two\nthree", "two\n\n  three", "2:3-4:8"),
            ("a: one\n  two", "e t", "e\n  t", "1:6-2:4"),
            ("a: 'it''s x'", "'s x", "''s x", "1:7-1:12"),
            ("a: 'one\n  two'", "two", "two", "2:3-2:6"),
            (#"a: "\u00e4\x41\U0001F600\t\"x y""#, "ä", #"\u00e4"#, "1:5-1:11"),
            (#"a: "\u00e4\x41\U0001F600\t\"x y""#, "A😀\t", #"\x41\U0001F600\t"#, "1:11-1:27"),
            (#"a: "\u00e4\x41\U0001F600\t\"x y""#, "x", "x", "1:29-1:30"),
            ("a: \"one \\\n   two\"", "two", "two", "2:4-2:7"),
            ("a: \"one\n\n   two\"", "\n", "\n", "2:1-3:1"),
            ("a: |\n  one\n    two\n\n  three\n", "  two", "  two", "3:3-3:8"),
            ("a: |\n  one\n    two\n\n  three\n", "three", "three", "5:3-5:8"),
            ("a: |2-\n    one\n  two\n", "two", "two", "3:3-3:6"),
            ("b: 1\na: >  # folded\n  one\n  two\n\n  three\n", "two", "two", "4:3-4:6"),
            ("b: 1\na: >-\n  one\n  two\n\n  three\n", "three", "three", "6:3-6:8"),
            ("a: >-\r\n  ö\r\n  two\r\n", "two", "two", "3:3-3:6"),
            ("a: =f(x,\n  y.z)", "y.z", "y.z", "2:3-2:6"),
            ("\u{FEFF}a: 'ü' # x", "ü", "ü", "1:5-1:6"),
        ])
    func part(text: String, part: String, expected: String, place: String) throws {
        let found = try source(of: part, in: text)
        #expect(found.text == expected)
        #expect(found.place == place)
    }

    @Test func `what lies beyond a value is its end`() throws {
        let root = try #require(parse("a: 'abc'\n").root)
        let node = try #require(root["a"])
        #expect(place(node.sourceRange(ofScalars: 3..<3)) == "1:8-1:8")
        #expect(place(node.sourceRange(ofScalars: 1..<99)) == "1:6-1:8")
        #expect(place(root.sourceRange(ofScalars: 1..<2)) == place(root.range))
    }

    @Test func `random texts are found again in every style`() throws {
        var random = SeededGenerator(seed: 42)
        let words = ["one", "ä", "😀", "x.y", "a  b", "'", "''", "it's", "\"q\"", "\\", "z:z", "#", "=f(", "7", "\\n"]
        var exact = 0
        for round in 0..<1500 {
            let lines = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                (0..<Int.random(in: 0...3, using: &random)).map { _ in words.randomElement(using: &random) ?? "x" }
                    .joined(separator: " ")
            }
            let indent = String(repeating: " ", count: Int.random(in: 1...4, using: &random))
            let body = lines.joined(separator: "\n" + indent)
            let lineEnd = Bool.random(using: &random) ? "\n" : "\r\n"
            let text: String =
                switch round % 5 {
                case 0: "- - k: \(body)\n"
                case 1: "- - k: '\(body.replacing("'", with: "''"))'\n"
                case 2: "- - k: \"\(body.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\"\n"
                case 3:
                    "- - k: |\(["", "-", "+"].randomElement(using: &random) ?? "")\n      \(indent)\(lines.joined(separator: "\n      " + indent))\n\n"
                default:
                    "- - k: >\(["", "-", "+"].randomElement(using: &random) ?? "")\n      \(indent)\(lines.joined(separator: "\n      " + indent))\n\n"
                }
            let source = SourceFile(path: "x", text: text.replacing("\n", with: lineEnd))
            guard let root = YAMLParser.parse(source).root else { continue }
            for node in allNodes(root) where node.scalar != nil && !node.isDamaged && node.text != "" {
                let map = node.scalarMap
                #expect(map.isExact, "\(source.text)")
                exact += map.isExact ? 1 : 0
                // Places follow one another and stay inside the node.
                var last = node.byteRange.lowerBound
                for index in 0..<(node.text ?? "").unicodeScalars.count {
                    let place = map.byteRange(ofScalars: index..<index + 1)
                    #expect(place.lowerBound >= last && place.upperBound <= node.byteRange.upperBound)
                    last = place.upperBound
                }
            }
        }
        #expect(exact > 1000)
    }
}

/// A small generator with a seed (SplitMix64), so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
