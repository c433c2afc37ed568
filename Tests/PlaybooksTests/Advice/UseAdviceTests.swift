import Playbooks
import Testing

@Suite("Advice about what nothing uses")
struct UseAdviceTests {
    @Test("what nothing uses is said so", arguments: wrong)
    func isSaid(_ advised: Advised) { advised.expect() }

    @Test("what something uses, or may use, is left alone", arguments: right)
    func isLeftAlone(_ advised: Advised) { advised.expect() }

    static let manual = "trigger: { manual: { inputs: { days: { type: integer, default: 3 } } } }"

    static let wrong: [Advised] = [
        Advised(
            "a variable", .unusedVariable, "  - stop: =vars.used", "nothing uses the variable `other`",
            help: "vars.other", head: "vars: { used: 1, «other»: 2 }\n"),
        Advised(
            "a variable that a step sets", .unusedVariable, "  - set: { «later»: 1 }", "that is set here"),
        Advised(
            "an input", .unusedInput, "  - stop: done", "nothing uses it",
            trigger: "trigger: { manual: { inputs: { «days»: { type: integer, default: 3 } } } }"),
        Advised(
            "a result", .unusedResult, "  - { id: found, uses: «facts.find» }", "changes nothing",
            help: "use steps.found"),
        Advised("a result without a name", .unusedResult, "  - uses: «facts.find»", "changes nothing", help: "an `id`"),
        Advised(
            "a variable beside a template that uses others", .unusedVariable,
            "  - { uses: notify.send, with: { to: ada, template: plain } }", "`other`",
            head: "vars: { «other»: 2 }\n"),
    ]

    static let right: [Advised] = [
        Advised(right: "a variable in another one", "  - stop: =vars.b", head: "vars: { a: 1, b: =vars.a }\n"),
        Advised(right: "a variable in a text", "  - stop: \"${{ vars.a }}\"", head: "vars: { a: 1 }\n"),
        Advised(right: "a variable by brackets", "  - stop: '=vars[\"a\"]'", head: "vars: { a: 1 }\n"),
        Advised(right: "all variables at once", "  - stop: '=string(size(vars))'", head: "vars: { a: 1 }\n"),
        Advised(
            right: "a template that is chosen at run time",
            "  - { uses: notify.send, with: { to: ada, template: '=ticket.id' } }", head: "vars: { a: 1 }\n"),
        Advised(right: "an input in a condition", "  - { if: inputs.days > 1, stop: done }", trigger: manual),
        Advised(
            right: "a result in outputs", "  - { id: found, uses: facts.find }",
            tail: "outputs: { level: =steps.found.level }"),
        Advised(
            right: "a step that may be there to fail",
            "  - { try: [{ uses: facts.find }], rescue: [{ stop: nothing there }] }"),
        Advised(right: "a step that changes something", "  - { id: changed, uses: desk.slow, timeout: 3s }"),
    ]
}
