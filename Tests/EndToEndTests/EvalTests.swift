import Testing
import WorkflowModel

/// `signalbox eval`.
@Suite("eval")
struct EvalTests {
    @Test(arguments: [
        (["1 + 2"], "3"), (["[1, 2].map(x, x * 2)"], "[2,4]"), (["\"a\" + \"b\""], "\"ab\""),
        (["timestamp(\"2026-11-22T08:00:00Z\") + duration(\"90s\")"], "\"2026-11-22T08:01:30Z\""),
        (["duration(\"90.5s\")"], "\"90.5s\""), (["b\"abc\""], "\"YWJj\""), (["0.0 / 0.0"], "\"NaN\""),
        (["7", "--typed"], "{\"type\":\"int\",\"value\":\"7\"}"),
        (["now", "--now", "2026-11-22T08:00:00Z"], "\"2026-11-22T08:00:00Z\""),
    ])
    func `an expression gives its value as CEL's JSON`(arguments: [String], expected: String) async throws {
        let copy = try WorkspaceCopy(empty: true)
        let outcome = try await copy.signalbox.run(["eval"] + arguments)
        #expect(outcome.status == 0 && outcome.out == expected + "\n", "\(outcome.out)\(outcome.err)")
    }

    @Test func `variables come from a file or standard input`() async throws {
        let copy = try WorkspaceCopy(empty: true)
        try copy.write(#"{"ticket": {"priority": "P1", "age": 3}}"#, to: "vars.json")
        let file = try await copy.run("eval", #"ticket.priority == "P1" && ticket.age > 2"#, "--vars", "vars.json")
        #expect(file.out == "true\n", "\(file.err)")
        let input = try await copy.run("eval", "x + 1", "--vars", "-", input: #"{"x": 41}"#)
        #expect(input.out == "42\n", "\(input.err)")
        for bad in ["[1]", "{", ""] {
            #expect(try await copy.run("eval", "x", "--vars", "-", input: bad).status == 1)
        }
    }

    @Test func `errors point at the place`() async throws {
        let copy = try WorkspaceCopy(empty: true)
        let text = try await copy.run("eval", "1 + nobody")
        #expect(text.status == 1)
        #expect(text.err.contains("nobody") && text.err.contains("    ^") && text.out.isEmpty, "\(text.err)")
        let json = try await copy.json("eval", "1 + nobody", status: 1)
        #expect(json["error"]?.string?.contains("nobody") == true && json["from"]?.int == 4, "\(json)")
    }

    @Test func `lines are answered one by one, bad ones too`() async throws {
        let copy = try WorkspaceCopy(empty: true)
        let outcome = try await copy.run(
            "eval", "--ndjson",
            input: """
                {"id": 1, "expr": "x * 2", "vars": {"x": 21}}
                {"id": "two", "expr": "x +", "vars": {}}

                no json
                {"id": 3}
                {"id": 4, "expr": "1 / 0"}
                {"id": 5, "expr": "[1, 2.5]"}
                """)
        #expect(outcome.status == 0)
        let answers = try outcome.out.split(separator: "\n").map { try JSON.parse(Array($0.utf8)) }
        #expect(answers.count == 6)
        #expect(answers.first == ["id": 1, "value": 42])
        #expect(answers[1]["id"] == "two" && answers[1]["error"] != nil)
        #expect(answers[2]["error"] != nil && answers[3]["error"] != nil && answers[4]["error"] != nil)
        #expect(answers.last?["value"] == [1, .double(2.5)])
    }
}
