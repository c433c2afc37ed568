import Expressions
import Foundation
import Testing
import WorkflowModel

@Suite struct LimitTests {
    @Test(
        "work that grows over its limit ends in an error, soon",
        arguments: [
            "lists.range(100000).exists(a, lists.range(100000).exists(b, a + b < 0))",
            "lists.range(5000).map(a, lists.range(5000).map(b, b)).size() > 0",
            "lists.range(100001)",
            "cel.bind(a, lists.range(60000).map(i, \"aaaaaaaaaa\").join(), (a + \"b\").indexOf(a.substring(0, 300000) + \"b\"))",
            "cel.bind(a, \"0123456789abcdef\", lists.range(100000).map(i, a + a + a + a).join(a))",
            "cel.bind(a, \"x\".replace(\"\", \"0123456789012345678901234567890123456789\"), [1,2,3,4,5,6,7].map(i, a).join().replace(\"\", a).replace(\"\", a))",
            "\"%s%s%s\".format([lists.range(100000), lists.range(100000), lists.range(100000)])",
        ])
    func costs(_ text: String) throws {
        let program = try Program(Expression(parsing: text))
        let start = ContinuousClock.now
        let error = #expect(throws: EvaluationError.self) { try program.evaluate(Samples.scope) }
        #expect(error?.code == .costExceeded)
        #expect(ContinuousClock.now - start < .seconds(120))
    }

    @Test func `an exhausted evaluation is not rescued by ||`() throws {
        let loop = "lists.range(100000).all(a, lists.range(100000).all(b, a + b >= 0))"
        #expect(try Samples.failure("\(loop) || true")?.code == .costExceeded)
        #expect(try Samples.failure("\(loop) && false")?.code == .costExceeded)
    }

    @Test func `a text over 64 KiB is refused`() {
        let text = "\"" + String(repeating: "x", count: 65_536) + "\""
        let error = #expect(throws: ExpressionError.self) { try Expression(parsing: text) }
        #expect(error?.code == .tooLong)
    }

    @Test func `thousands of terms of && and || are no deep nesting`() throws {
        let text = Array(repeating: "ticket.age == 5", count: 3000).joined(separator: " && ")
        #expect(try Samples.value(text) == .bool(true))
    }

    /// Runs `body` on a thread with a stack of 512 KiB.
    static func onSmallStack(_ body: @escaping @Sendable () -> Void) {
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            body()
            done.signal()
        }
        thread.stackSize = 512 * 1024
        thread.start()
        done.wait()
    }

    static let deep: [String] = {
        func nested(_ open: String, _ inner: String, _ close: String, _ count: Int) -> String {
            String(repeating: open, count: count) + inner + String(repeating: close, count: count)
        }
        return [62, 63, 64, 94, 95, 96, 400, 5000].flatMap { count in
            [
                nested("(", "1", ")", count), nested("[", "1", "]", count), nested("{1: ", "1", "}", count),
                nested("size([", "1", "])", count), nested("!", "true", "", count),
                nested("-", "ticket.age", "", count),
                nested("[1].map(x, ", "x", ")", count), nested("true ? ", "1", " : 2", count),
                nested("", "1", " + 1", count), nested("", "ticket", ".a", count), nested("", "ticket", "[0]", count),
                nested("cel.bind(v, 1, ", "v", ")", count), nested("false ? 1 : ", "2", "", count),
                nested("missing(", "1", ")", count),
                nested("f(", "1", "", count), nested("(", "", "", count), nested("[", "", "", count),
            ]
        }
    }()

    @Test("deep nesting is refused or evaluated on a small stack, not a trap", arguments: deep.indices)
    func depth(_ number: Int) {
        let text = Self.deep[number]
        Self.onSmallStack {
            guard let program = try? Program(Expression(parsing: text)) else { return }
            _ = try? program.evaluate(Samples.scope)
            _ = program.expression.references
            _ = program.explain(Samples.scope)
        }
    }

    @Test func `60 brackets are well within the limit`() throws {
        let text = String(repeating: "(", count: 60) + "7" + String(repeating: ")", count: 60)
        #expect(try Samples.value(text) == .int(7))
    }
}

@Suite struct SharingTests {
    /// A list that holds the one before twice, `count` times over: cheap to make, and with 2 to the power of `count` elements.
    static func doubled(_ count: Int, _ body: (String) -> String) -> String {
        var text = body("v\(count)")
        for number in (1...count).reversed() {
            text = "cel.bind(v\(number), [v\(number - 1), v\(number - 1)], \(text))"
        }
        return "cel.bind(v0, [ticket.age], \(text))"
    }

    @Test func `a value that shares its parts many times is refused, not walked`() throws {
        for body in [
            { $0 }, { "\($0) == \($0)" }, { "\"%s\".format([\($0)])" }, { "\($0) in [\($0)]" },
            { "[\($0), \($0)].distinct()" },
            { "[\($0)].flatten(60)" }, { "{\"a\": \($0)}" }, { "{\"a\": 1}[\($0)]" },
        ] as [(String) -> String] {
            let failure = try #require(try Samples.failure(Self.doubled(40, body)))
            #expect(failure.code == .costExceeded || failure.code == .noSuchField)
        }
        let template = try TextTemplate(parsing: "${{ \(Self.doubled(40) { $0 }) }}")
        #expect(throws: EvaluationError.self) { try template.render(Samples.scope) }
    }

    @Test func `large regular expressions on long texts are refused`() throws {
        #expect(throws: ExpressionError.self) {
            try Program(parsing: "ticket.title.matches(r\"(\\pL{1,100}){1,10}x\")")
        }
        let long = "lists.range(60000).map(i, \"0123456789\").join()"
        #expect(try Samples.failure("\(long).matches(\"(a?){200}b{200}[0-9]{800}x\")")?.code == .costExceeded)
        #expect(try Samples.value("\(long).matches(\"[0-9]+$\")") == .bool(true))
    }
}
