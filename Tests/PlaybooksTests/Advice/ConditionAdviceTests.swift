import Playbooks
import Testing

@Suite("Advice about conditions")
struct ConditionAdviceTests {
    @Test("a condition that decides nothing is said so", arguments: wrong)
    func isSaid(_ advised: Advised) { advised.expect() }

    @Test("a condition that may go either way is left alone", arguments: right)
    func isLeftAlone(_ advised: Advised) { advised.expect() }

    static let wrong: [Advised] = [
        .condition(
            "x is unlike one of two", .alwaysTrue, #"«ticket.priority != "P1" || ticket.priority != "P2"»"#,
            #"cannot be both "P1" and "P2""#, help: #"write && between them, or !(ticket.priority in ["P1", "P2"])"#),
        .condition(
            "x is unlike one of three", .alwaysTrue,
            #"«ticket.status != "new" || ticket.status != "open" || ticket.status != "pending"»"#,
            #""new" and "open" and "pending""#),
        .condition(
            "x is two things", .neverTrue, #"«ticket.priority == "P1" && ticket.priority == "P2"»"#,
            "cannot be both", help: #"write || between them, or ticket.priority in ["P1", "P2"]"#),
        .condition(
            "x is compared with itself", .alwaysTrue, "«ticket.status == ticket.status»", "compared with itself"),
        .condition(
            "x is unlike itself", .neverTrue, "«ticket.status != ticket.status»", "compared with itself"),
        .condition(
            "two texts are compared", .neverTrue, #"'«"ticket.status" == "open"»'"#, "looks at nothing",
            help: "without quotes"),
        .condition("two numbers are compared", .alwaysTrue, "«2 > 1»", "looks at nothing"),
        .condition("true as it stands", .alwaysTrue, "«true»", "this condition is always true"),
        .condition("false as it stands", .neverTrue, "«false»", "this condition is never true"),
        .condition("a size below nothing", .neverTrue, "«size(ticket.tags) < 0»", "never true"),
        .condition("a size of nothing or more", .alwaysTrue, "«size(ticket.tags) >= 0»", "always true"),
        .condition(
            "numbers that leave no room", .neverTrue, "«size(ticket.tags) > 3 && size(ticket.tags) < 2»",
            "contradict each other"),
        .condition(
            "something and its opposite", .neverTrue,
            #"«mentions(ticket, ["vip"]) && !mentions(ticket, ["vip"])»"#, "contradict each other"),
        .condition(
            "something or its opposite", .alwaysTrue, "'«missing(ticket.team) || !missing(ticket.team)»'",
            "every value"),
        .condition(
            "missing and equal to something", .neverTrue,
            #"«missing(ticket.team) && ticket.team == "support"»"#, "contradict each other"),
        .condition(
            "a list without the value that is asked for beside", .neverTrue,
            #"'«ticket.priority in ["P1", "P2"] && ticket.priority == "P3"»'"#, "contradict each other"),
        .condition(
            "a part of an and", .alwaysTrue,
            #"ticket.team == "support" && («ticket.status != "new" || ticket.status != "open"»)"#,
            "this part of the condition is always true"),
        .condition(
            "a part of an or", .neverTrue,
            #"ticket.team == "support" || «ticket.status == "new" && ticket.status == "open"»"#,
            "this part of the condition is never true"),
        .condition(
            "a default that is asked for beside a value", .neverTrue,
            #"«default(ticket.team, "none") == "none" && ticket.team == "support"»"#, "contradict each other"),
        Advised(
            "a word that the result never is", .unknownWord,
            """
              - { id: found, uses: facts.find }
              - { if: steps.found.level == «"hihg"», stop: done }
            """, #"`steps.found.level` is never "hihg""#, help: #"did you mean "high"?"#),
        Advised(
            "a state that steps do not have", .unknownWord,
            """
              - { id: found, uses: facts.find, continue_on_error: true }
              - { if: steps.found.status == «"success"», stop: done }
            """, #"is never "success""#),
        Advised(
            "an event that the trigger does not have", .neverTrue,
            "  - { if: «event.type == \"ticket.closed\"», stop: done }", #"is never "ticket.closed""#),
        Advised(
            "a condition in a value", .alwaysTrue,
            "  - { fail: '=«1 == 1» ? \"a\" : \"b\"' }", "looks at nothing"),
        Advised(
            "all words of an input", .alwaysTrue,
            "  - { if: '«inputs.size == \"s\" || inputs.size == \"l\"»', stop: done }", "every value",
            trigger: "trigger: { manual: { inputs: { size: { type: text, enum: [s, l], default: s } } } }"),
        Advised(
            "a list of conditions that exclude each other", .neverTrue, "  - stop: done",
            "never holds together with the conditions above it", help: "`any:`",
            trigger: """
                trigger:
                  event: ticket.created
                  when:
                    - ticket.priority == "P1"
                    - ticket.team == "support"
                    - «ticket.priority in ["P2", "P3"]»
                """),
        Advised(
            "any of two of which one always holds", .alwaysTrue, "  - stop: done", "`any` is always true",
            trigger: """
                trigger:
                  event: ticket.created
                  when:
                    any:
                      - ticket.priority != "P1"
                      - «ticket.priority != "P2"»
                """),
    ]

    static let right: [Advised] = [
        .right(#"ticket.priority == "P1" || ticket.priority == "P2""#),
        .right(#"ticket.priority != "P1" && ticket.priority != "P2""#),
        .right(#"ticket.priority != "P1" || ticket.status != "open""#),
        .right("size(ticket.tags) > 2 && size(ticket.tags) < 9"),
        .right(#"'!missing(ticket.team) && ticket.team != "support"'"#),
        .right(#"missing(ticket.team) || ticket.team == "support""#),
        .right(#"default(ticket.team, "none") == "none" || ticket.team == "support""#),
        .right(#"mentions(ticket, ["vip"]) && !mentions(ticket, ["test"])"#),
        .right(#"event.time < now && missing(ticket.team)"#),
        .right("ticket.created_at < now"),
        .right(#"ticket.tags.exists(t, t == "a") && ticket.tags.exists(t, t == "b")"#),
        Advised(
            right: "one of two events",
            "  - { if: 'event.type == \"ticket.created\"', stop: done }",
            trigger: "trigger: { event: [ticket.created, ticket.reopened] }"),
    ]
}
