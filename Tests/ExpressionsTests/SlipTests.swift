import Expressions
import Testing

@Suite struct SlipTests {
    struct Slip: Sendable, CustomTestStringConvertible {
        let text: String
        let range: Range<Int>
        let help: String
        var testDescription: String { text }

        init(_ text: String, _ range: Range<Int>, _ help: String) {
            self.text = text
            self.range = range
            self.help = help
        }
    }

    @Test(
        "a common slip is located, and what to write instead is named",
        arguments: [
            Slip("ticket.priority = \"P1\"", 16..<17, "=="), Slip("a === b", 2..<5, "=="), Slip("a <> b", 2..<4, "!="),
            Slip("a and b", 2..<5, "&&"), Slip("a or b", 2..<4, "||"), Slip("not a", 0..<3, "!"),
            Slip("a & b", 2..<3, "&&"), Slip("a | b", 2..<3, "||"), Slip("a is \"x\"", 2..<4, "=="),
            Slip("a is not \"x\"", 2..<4, "!="), Slip("a not in b", 2..<5, "!(x in"),
            Slip("title contains \"x\"", 6..<14, "x.contains("),
            Slip("a == \u{201C}P1\u{201D}", 5..<6, "straight quotes"),
            Slip("a == \"x", 5..<7, "end it with \""), Slip("(a == 1", 0..<1, "`)` is missing"),
            Slip("[1, 2", 0..<1, "`]` is missing"), Slip("f(a", 1..<2, "`)` is missing"),
            Slip("a > 30m", 4..<7, "duration("),
            Slip("\"\\d+\"", 1..<3, "r\""), Slip("a == #support", 5..<6, "quotes"),
            Slip("${{ a }}", 0..<1, "name alone"),
            Slip("sizee(a)", 0..<5, "did you mean size"), Slip("a.startWith(\"x\")", 2..<11, "did you mean startsWith"),
            Slip("contains(a, \"x\")", 0..<8, "x.contains("), Slip("a.matches(\"(\")", 10..<13, "RE2"),
            Slip("has(a)", 4..<5, "missing"), Slip("a > 3 days", 4..<10, "duration(\"3d\")"),
            Slip("len(a)", 0..<3, "size(x)"),
            Slip("a.b.toLowerCase()", 4..<15, "lowerAscii"), Slip("math.max(1, 2)", 5..<8, "math.greatest"),
            Slip("a.größe", 4..<5, "[\"…\"]"), Slip("tags.exists(\"vip\")", 5..<11, "list.exists"),
        ])
    func slips(_ slip: Slip) throws {
        let error = try #require(throws: ExpressionError.self) { try Program(Expression(parsing: slip.text)) }
        #expect(error.range == slip.range)
        let help = try #require(error.help)
        #expect(help.contains(slip.help))
    }

    @Test(
        "a text that is no expression is an error, not a trap",
        arguments: [
            "", " ", "+", "a +", "a..b", "a.", ".", "1 2", "a b", "a ? b", "a ? b :", "{", "{1}", "{1:", "[", "]", ")",
            "a[", "f(,)",
            "\"\\", "\"\\x4\"", "\"\\u12\"", "\"\\777\"", "0x", "1e", "1u2", "99999999999999999999", "`", "a.`", "a.`",
            "b\"\\u0041\"",
            "a{b: 1}", "package", "in", "a in", "@x", "\u{0}", "?", "[?]", "{?}", "cel.bind(1, 2, 3)", "x.all(1, 2)",
            "x.all(a, a, true)", "size()", "size(1, 2)", "math.greatest()", "a.b.c()", "r\"", "\"\"\"", "'''a''", "--",
            "!",
        ])
    func wrong(_ text: String) {
        #expect(throws: ExpressionError.self) { try Program(Expression(parsing: text)) }
    }

    @Test func `random texts give an error or a value, and never a crash`() {
        let pieces = [
            "a", ".", "(", ")", "[", "]", "{", "}", "\"x\"", "'", "1", "2.5", "+", "-", "&&", "||", "?", ":", ",", "in",
            "!", "==",
            "exists(e, e)", ".map(x, x)", "size(", "\\", "has(a.b)", " ", "<", "%", "true", "null", "\u{1F600}", "0x",
            "1u", "`",
            ".format([", "matches(", "timestamp(", "duration(", "optional.of(", "[?", ".?", "cel.bind(v, 1, ",
        ]
        var state: UInt64 = 20_261_122
        var parsed = 0
        for _ in 0..<20_000 {
            var text = ""
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            for _ in 0..<Int(state >> 60) + 1 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(state >> 33) % pieces.count]
            }
            guard let program = try? Program(Expression(parsing: text)) else { continue }
            parsed += 1
            _ = try? program.evaluate(Samples.scope)
            _ = program.explain(Samples.scope)
            _ = program.expression.references
        }
        #expect(parsed > 200)
    }
}
