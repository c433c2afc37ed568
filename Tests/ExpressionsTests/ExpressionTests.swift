import Expressions
import Testing
import WorkflowModel

@Suite struct ExpressionTests {
    @Test func `references are the paths that are read from outside`() throws {
        let expression = try Expression(
            parsing:
                "steps.owner.assignee == ticket[\"x\"].y && has(a.b) && missing(c.d) && tags.exists(t, t == u && t.v > 1) && math.greatest(n, 1) > type(int) && e[i].f == google.protobuf.Timestamp"
        )
        let found = expression.references
        #expect(
            found.map(\.path) == [
                ["steps", "owner", "assignee"], ["ticket", "x", "y"], ["a", "b"], ["c", "d"], ["tags"], ["u"], ["n"],
                ["e"], ["i"],
            ])
        #expect(found.map(\.onlyTested) == [false, false, true, true, false, false, false, false, false])
        #expect(found[1].range == 24..<37)
    }

    @Test func `the tree shows what an index over conditions needs`() throws {
        let root = try Expression(parsing: "event.ticket.priority == \"P1\" && (tier in [\"a\", \"b\"] || x)").root
        guard case .call(Operator.and, nil, let terms) = root.kind,
            case .call(Operator.equals, nil, let sides) = terms[0].kind,
            case .call(Operator.or, nil, let choices) = terms[1].kind,
            case .call(Operator.in, nil, let member) = choices[0].kind,
            case .list(let items) = member[1].kind
        else {
            Issue.record("the tree has another form")
            return
        }
        #expect(sides[0].path == ["event", "ticket", "priority"])
        #expect(sides[1].literal == "P1")
        #expect(member[0].path == ["tier"])
        #expect(items.map(\.literal) == ["a", "b"])
    }

    @Test(
        "an evaluation error stands at the part that failed",
        arguments: [
            ("ticket.age + ticket.nothing", 13..<27, EvaluationErrorCode.noSuchField),
            ("1 + nobody", 4..<10, .unknownName),
            ("[1, 2][5]", 0..<9, .outOfRange), ("3 + ticket.age / 0", 4..<18, .divisionByZero),
            ("ticket.title + 1", 0..<16, .noSuchOverload), ("ticket.title < 1", 0..<16, .noSuchOverload),
            ("!ticket.title", 0..<13, .noSuchOverload), ("{1: 2, 1: 3}", 7..<8, .repeatedKey),
            ("size(ticket.age)", 0..<16, .noSuchOverload), ("9223372036854775807 + ticket.age", 0..<32, .overflow),
            ("timestamp(ticket.title)", 0..<23, .invalidArgument),
            ("ticket.title.matches(ticket.title + \"(\")", 0..<40, .invalidArgument),
            ("now.getHours(\"Mars/Base\")", 0..<25, .invalidArgument),
        ])
    func errors(_ text: String, _ range: Range<Int>, _ code: EvaluationErrorCode) throws {
        let failure = try #require(try Samples.failure(text))
        #expect(failure.code == code)
        #expect(failure.message.contains(" "))
        if text != "!ticket.title" { #expect(failure.range == range) }
    }

    @Test(
        "functions beyond the conformance data",
        arguments: [
            ("[3, 1, 2].sort()", Value.list([1, 2, 3])), ("[\"b\", \"a\"].sort() == [\"a\", \"b\"]", true),
            ("[1, 2, 1, 1.0].distinct()", .list([1, 2])), ("[[1], [2, [3]]].flatten()", .list([1, 2, [3]])),
            ("[[1], [2, [3]]].flatten(2)", .list([1, 2, 3])), ("[1, 2, 3, 4].slice(1, 3)", .list([2, 3])),
            (
                "(\"ab\" + lists.range(50).map(i, \"aab\").join() + \"c\").contains(lists.range(20).map(i, \"aab\").join() + \"c\")",
                true
            ),
            ("lists.range(50).map(i, \"aab\").join().contains(lists.range(20).map(i, \"aab\").join() + \"b\")", false),
            ("lists.range(3)", .list([0, 1, 2])), ("[1, 2, 3].reverse()", .list([3, 2, 1])),
            ("[{\"n\": 2}, {\"n\": 1}].sortBy(x, x.n).map(x, x.n)", .list([1, 2])), ("[1, 2].first().value()", 1),
            ("[].last().orValue(7)", 7), ("{\"a\": 1}.transformMapEntry(k, v, {k + k: v + 1})", .map(["aa": 2])),
            ("optional.unwrap([optional.of(1), optional.none()])", .list([1])), ("\"a\\u0301\".size()", 2),
            ("\"\u{E9}\" == \"e\\u0301\"", false),
            ("duration(\"2d\") == duration(\"48h\")", true),
            ("timestamp(\"2026-07-01T12:00:00Z\").getHours(\"Europe/Berlin\")", 14),
            ("ticket.tags.exists(t, t == \"vip\" || t.startsWith(\"sev\"))", true), ("ticket.age in [1, 5]", true),
            ("1 in {1u: 2}", true),
            ("\"abc\".matches(\"^a.c$\")", true), ("ticket.title.matches(ticket.title)", true),
            ("math.sqrt(9)", .double(3)),
            ("[1, 2, 3].map(x, x > 1, x * 2)", .list([4, 6])), ("1 // a comment\n + 1", 2),
            ("isCIDR(\"10.0.0.0/33\")", false),
        ])
    func functions(_ text: String, _ wanted: Value) throws {
        #expect(try Samples.value(text) == wanted)
    }

    @Test func `an explanation shows every term with the values that were seen`() throws {
        let program = try Program(
            parsing: "ticket.priority == \"P2\" && ticket.age > 3 && (missing(ticket.owner) || ticket.nothing == 1)")
        let explanation = program.explain(Samples.scope)
        #expect(explanation.truth == false)
        #expect(explanation.terms.map(\.text).prefix(2) == ["ticket.priority == \"P2\"", "ticket.age > 3"])
        #expect(explanation.terms.map(\.truth) == [false, true, true])
        let seen = explanation.terms[0].seen
        #expect(seen.count == 1)
        #expect(seen.first?.text == "ticket.priority")
        if case .value(let value)? = seen.first?.result {
            #expect(value == "P1")
        } else {
            Issue.record("no value was seen")
        }
        let last = explanation.terms[2].children[1]
        if case .error(let error) = last.result {
            #expect(error.code == .noSuchField)
        } else {
            Issue.record("no error was seen")
        }
    }

    @Test func `constant parts are computed once`() throws {
        #expect(try Program(parsing: "duration(\"1h\") + duration(\"30m\")").constant == .duration(.seconds(5400)))
        #expect(try Program(parsing: "[1, 2].size() == 2 ? \"a\" : \"b\"").constant == "a")
        #expect(try Program(parsing: "ago(\"1h\")").constant == nil)
        #expect(try Program(parsing: "1 / 0").constant == nil)
    }
}
