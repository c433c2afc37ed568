import Playbooks
import Testing
import YAML

@Suite("Expressions that cannot be read")
struct ExpressionMistakeTests {
    static let mistakes: [Mistake] = [
        .step("= in a condition", .superfluousEquals, "  - if: «=»ticket.id == \"1\"\n    stop:", "no `=` before it"),
        .step(
            "braces around a condition", .superfluousBraces, "  - if: «${{ ticket.id == '1' }}»\n    stop:",
            "no `${{ }}`",
            help: "write ticket.id == '1'"),
        .step(
            "braces in a condition", .superfluousBraces, "  - if: ticket.id == «${{» vars.x }}\n    stop:",
            "no `${{ }}`"),
        .step("braces after =", .superfluousBraces, "  - fail: «=${{ ticket.id }}»", "not needed", help: "=ticket.id"),
        .step("bare braces", .bareBraces, "  - fail: \"Ticket «{{ ticket.id }}»\"", "`{{`", help: "${{ ticket.id }}"),
        .step("open braces", .textPart, "  - fail: \"Ticket «${{» ticket.id\"", "not closed"),
        .step("a number as condition", .notACondition, "  - if: «5»\n    stop:", "is a number"),
        .step("a text as condition", .notACondition, "  - if: «'\"yes\"'»\n    stop:", "always a text"),
        .step("an empty condition", .emptyExpression, "  - if:«»\n    stop:", "empty"),
        .step("an empty value", .emptyExpression, "  - fail: «=»", "empty"),
        .step("a condition as a list", .wrongKind, "  - if: «[a, b]»\n    stop:", "must be an expression"),
        .step("one =", .syntax, "  - if: ticket.id «=» \"1\"\n    stop:", "does not compare", help: "=="),
        .step(
            "a word for an operator", .syntax, "  - if: ticket.id == \"1\" «and» true\n    stop:", "`and`", help: "&&"),
        .step("a slip in a text", .syntax, "  - fail: \"${{ ticket.id «=» 1 }}\"", "does not compare"),
        .step(
            "single braces", .bareBraces, "  - fail: \"Ticket «{ticket.id}»\"", "stays as it is",
            help: "${{ ticket.id }}"),
        .step(
            "a dollar and single braces", .bareBraces, "  - fail: \"${{ ticket.id }}: «${ ticket.title }»\"",
            "stays as it is", help: "${{ ticket.title }}"),
        .step(
            "a text field as condition", .notACondition, "  - if: «ticket.title»\n    stop:", "is text",
            help: "!missing"),
        .step(
            "a number as a part of a condition", .notACondition,
            "  - if: ticket.id == \"1\" && !«ticket.reopen_count»\n    stop:", "is a number", help: "> 0"),
        .step(
            "a number compared with a text", .wrongOperand, "  - if: ticket.reopen_count >= «\"2\"»\n    stop:",
            "is a number", help: "2"),
        .step(
            "a number that never equals a text", .unlikeComparison,
            "  - if: ticket.reopen_count == «\"2\"»\n    stop:", "is a number", help: "2", severity: .warning),
        .step(
            "a time compared with a text", .wrongOperand, "  - if: ticket.created_at < «\"2d\"»\n    stop:",
            "is a time", help: "ago(\"2d\")"),
        .step(
            "a name without =", .missingEquals, "  - uses: notify.send\n    with: { to: ada, text: «ticket.title» }",
            "the text `ticket.title`", help: "=ticket.title", severity: .warning),
        .step("an unknown function", .function, "  - if: «startWith»(ticket.title, \"a\")\n    stop:", "startWith"),
    ]

    @Test("each is reported once, at its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) { mistake.expect() }

    @Test("the mended line is given where one line can be mended")
    func fixedLines() {
        let text = Sample.playbook(steps: "  - if: = ticket.id == \"1\"\n    stop: \"a {{ ticket.id }}\"")
        let fixed = Sample.read(text).diagnostics.compactMap(\.fixedLine)
        #expect(fixed == ["  - if: ticket.id == \"1\"", "    stop: \"a ${{ ticket.id }}\""])
    }
}
