import Expressions
import Testing
import WorkflowModel

@Suite struct TextTemplateTests {
    @Test(
        "values become text",
        arguments: [
            ("", ""), ("plain", "plain"), ("${{ ticket.id }}", "4711"),
            ("#${{ticket.id}}: ${{ ticket.title }}.", "#4711: Cannot log in."),
            ("${{ ticket.tags }}", "login, vip"), ("${{ 1 + 1 }} ${{ 1.0 }} ${{ 0.5 }} ${{ true }}", "2 1 0.5 true"),
            ("${{ now }}", "2026-11-22T08:00:00Z"), ("${{ duration(\"90m\") }}", "1h 30m"),
            ("${{ {\"a\": [1, b\"x\"]} }}", "{\"a\":[1,\"eA==\"]}"), ("${{ \"}}\" + '${{' }}", "}}${{"),
            ("${{ {\"a\": {\"b\": 1}}.a.b }}", "1"), ("$ {x} } }} $", "$ {x} } }} $"),
            ("${{ default(ticket.owner, \"nobody\") }}", "nobody"),
            ("é${{ ticket.id }}\u{1F600}", "é4711\u{1F600}"),
        ])
    func renders(_ text: String, _ wanted: String) throws {
        #expect(try TextTemplate(parsing: text).render(Samples.scope) == .string(wanted))
    }

    @Test func `a part that is null is an error at its place`() throws {
        let error = #expect(throws: EvaluationError.self) {
            try TextTemplate(parsing: "owner: ${{ ticket.owner }}").render(Samples.scope)
        }
        #expect(error?.code == .empty)
        #expect(error?.range == 11..<23)
        #expect(error?.message == "`ticket.owner` is empty; use default(ticket.owner, …)")
    }

    @Test func `all mistakes of a text are found, each at its place`() {
        let (template, errors) = TextTemplate.parse("{{ a }} ${{ b = 1 }} ${{ }} ${{ sizee(c) }} ${{ d")
        #expect(template == nil)
        #expect(errors.map(\.range) == [0..<7, 14..<15, 21..<27, 32..<37, 44..<47])
        #expect(errors[0].help == "write ${{ a }}")
        #expect(errors[4].message.contains("not closed"))
    }

    @Test func `references have their place in the whole text`() throws {
        let template = try TextTemplate(parsing: "x ${{ ticket.id }} ${{ default(steps.a.b, 1) }}")
        #expect(
            template.references == [
                Reference(path: ["ticket", "id"], range: 6..<15, onlyTested: false),
                Reference(path: ["steps", "a", "b"], range: 31..<40, onlyTested: true),
            ])
        #expect(!template.isConstant)
    }
}
