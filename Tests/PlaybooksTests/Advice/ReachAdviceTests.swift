import Playbooks
import Testing

@Suite("Advice about steps that never run")
struct ReachAdviceTests {
    @Test("a step that nothing leads to is said so", arguments: wrong)
    func isSaid(_ advised: Advised) { advised.expect() }

    @Test("a step that something leads to is left alone", arguments: right)
    func isLeftAlone(_ advised: Advised) { advised.expect() }

    static let wrong: [Advised] = [
        Advised(
            "after an if that ends the run both ways", .neverRuns,
            """
              - if: missing(ticket.team)
                then: [{ stop: nobody }]
                else: [{ fail: somebody }]
              - «stop»: never
            """, "always ends the run"),
        Advised(
            "after a switch that always ends the run", .neverRuns,
            """
              - id: way
                switch: ticket.status
                cases:
                  - { is: new, then: [{ stop: a }] }
                default: [{ stop: b }]
              - «stop»: never
            """, "always ends the run"),
        Advised(
            "after a loop of rounds that ends the run", .neverRuns,
            """
              - repeat: { every: 1h, at_most: 3, steps: [{ stop: a }] }
              - «stop»: never
            """, "always ends the run"),
        Advised(
            "after a try whose two ways end the run", .neverRuns,
            """
              - try: [{ stop: a }]
                rescue: [{ fail: b }]
              - «stop»: never
            """, "always ends the run"),
        Advised(
            "behind parallel branches of which one ends the run", .neverRuns,
            """
              - parallel:
                  - { stop: a }
                  - { uses: ticket.update, with: { id: =ticket.id, fields: { status: open } } }
              - «stop»: never
            """, "always ends the run"),
        Advised(
            "a condition that the trigger excludes", .neverTrue,
            "  - { if: «ticket.priority == \"P3\"», stop: done }", "never true here",
            trigger: "trigger: { event: ticket.created, when: 'ticket.priority in [\"P1\", \"P2\"]' }"),
        Advised(
            "a condition that the one around it excludes", .neverTrue,
            """
              - if: ticket.priority == "P1"
                then:
                  - if: «ticket.priority == "P2"»
                    then: [{ stop: never }]
            """, "never true here"),
        Advised(
            "a condition that was dealt with above", .neverTrue,
            """
              - { if: missing(ticket.team), stop: nobody }
              - { if: «missing(ticket.team)», fail: never }
            """, "never true here"),
        Advised(
            "an else under a condition that always holds there", .neverRuns,
            """
              - if: ticket.priority == "P1"
                then: [{ uses: ticket.update, with: { id: =ticket.id, fields: { status: open } } }]
                else: [«{ stop: never }»]
            """,
            "is always true here", trigger: "trigger: { event: ticket.created, when: 'ticket.priority == \"P1\"' }"),
        Advised(
            "a case whose word never comes", .unknownWord,
            """
              - { id: found, uses: facts.find }
              - switch: steps.found.level
                cases:
                  - { is: [low, «hig»], then: [{ stop: a }] }
            """, #"is never "hig""#, help: "did you mean"),
        Advised(
            "a case that the trigger excludes", .caseNeverComes,
            """
              - switch: ticket.priority
                cases:
                  - { is: P1, then: [{ stop: a }] }
                  - { is: «P4», then: [{ stop: b }] }
            """, "is never `P4` here",
            trigger: "trigger: { event: ticket.created, when: 'ticket.priority in [\"P1\", \"P2\"]' }"),
        Advised(
            "a wait longer than a run", .longWait, "  - wait: «45d»", "this is 45d, and a run is ended after 30d"),
        Advised(
            "rounds longer than a run", .longWait,
            "  - repeat: { every: «1d», at_most: 90, steps: [{ if: missing(ticket.team), stop: a }] }",
            "all rounds together take 89d"),
        Advised(
            "an event that is waited for too long", .longWait,
            "  - wait_for: { event: ticket.assigned, timeout: «60d» }", "a run is ended after 30d"),
    ]

    static let right: [Advised] = [
        Advised(
            right: "after an if that ends the run one way only",
            """
              - if: missing(ticket.team)
                then: [{ stop: nobody }]
              - stop: somebody
            """),
        Advised(
            right: "after a try that may be rescued",
            """
              - try:
                  - { uses: ticket.update, with: { id: =ticket.id, fields: { status: open } } }
                  - { stop: a }
                rescue: [{ uses: ticket.update, with: { id: =ticket.id, fields: { status: closed } } }]
              - { stop: b }
            """),
        Advised(
            right: "after a loop that may have no elements",
            """
              - for_each: ticket.tags
                as: tag
                steps: [{ stop: =tag }]
              - stop: none
            """),
        Advised(
            right: "the same condition again after a wait",
            """
              - { if: missing(ticket.team), stop: nobody }
              - wait: 1h
              - { if: missing(ticket.team), fail: gone }
            """),
        Advised(
            right: "the trigger's condition after a wait",
            """
              - wait: 1h
              - { if: ticket.priority == "P3", stop: calmer }
            """, trigger: "trigger: { event: ticket.created, when: 'ticket.priority in [\"P1\", \"P2\"]' }"),
        Advised(
            right: "the same condition in two places that exclude each other",
            """
              - if: ticket.priority == "P1"
                then: [{ if: missing(ticket.team), stop: a }]
                else: [{ if: missing(ticket.team), stop: b }]
            """),
        Advised(
            right: "a variable that was set in between",
            """
              - { if: vars.tries == 1, stop: a }
              - set: { tries: 1 }
              - { if: vars.tries == 1, stop: b }
            """, head: "vars: { tries: 0 }\n"),
        Advised(
            right: "rounds that end before",
            "  - repeat: { every: 7d, until: missing(ticket.team), at_most: 90, steps: [{ if: 'ticket.status == \"new\"', stop: a }] }"
        ),
        Advised(
            right: "one of two triggers",
            "  - { if: ticket.priority == \"P3\", stop: done }",
            trigger: """
                trigger:
                  - { event: ticket.created, when: ticket.priority == "P1" }
                  - { event: ticket.reopened }
                """),
    ]
}
