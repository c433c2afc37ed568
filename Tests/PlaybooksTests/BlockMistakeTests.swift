import Playbooks
import Testing
import WorkflowModel
import YAML

@Suite("Mistakes in switch, try, repeat, waits and undo")
struct BlockMistakeTests {
    static let mistakes: [Mistake] = [
        .step(
            "switch without cases", .missingKey, "  - «switch»: ticket.priority", "`switch` needs `cases`", help: "is:"),
        .step(
            "cases as a map", .wrongKind, "  - switch: ticket.priority\n    cases: «{ P1: [{ stop: }] }»",
            "must be a list of cases"),
        .step("no cases", .emptyList, "  - switch: ticket.priority\n    cases: «[]»", "has no cases"),
        .step(
            "a case without a value", .missingKey, "  - switch: ticket.priority\n    cases: [«{ then: [{ stop: }] }»]",
            "a case needs `is`"),
        .step(
            "a case without steps", .missingKey, "  - switch: ticket.priority\n    cases: [«{ is: P1 }»]",
            "a case needs `then`"),
        .step(
            "a misspelt key of a case", .unknownKey,
            "  - switch: ticket.priority\n    cases: [{ is: P1, then: [{ stop: }], «thn»: [] }]", "`thn`", help: "then"),
        .step(
            "a value twice", .conflictingKeys,
            "  - switch: ticket.priority\n    cases: [{ is: [P1, P2], then: [{ stop: }] }, { is: «P2», then: [{ stop: }] }]",
            "has this value already"),
        .step(
            "a case with an expression", .wrongValue,
            "  - switch: ticket.priority\n    cases: [{ is: «=ticket.title», then: [{ stop: }] }]", "plain value",
            help: "if/then"),
        .step(
            "an equals sign in switch", .superfluousEquals,
            "  - switch: «=»ticket.priority\n    cases: [{ is: P1, then: [{ stop: }] }]", "`switch` is an expression"),
        .step("cases alone", .unclearStep, "  - «cases»: []", "`cases` belongs to `switch`"),
        .step(
            "a step of another case", .invisibleStep,
            """
              - switch: ticket.priority
                cases:
                  - { is: P1, then: [{ id: a, uses: route.assign }] }
                  - { is: P2, then: [{ stop: =steps.«a».assignee }] }
            """, "other branch"),
        .step(
            "try alone", .missingKey, "  - «try»: [{ uses: route.assign }]", "`try` needs `rescue` or `always`"),
        .step("rescue alone", .unclearStep, "  - «rescue»: [{ stop: }]", "`rescue` belongs to `try`"),
        .step(
            "failure outside of rescue", .unknownName,
            "  - try: [{ uses: route.assign }]\n    always: [{ if: «failure».code == \"x\", stop: }]",
            "only in `rescue` and `on_failure`"),
        .step(
            "a misspelt field of failure", .unknownField,
            "  - try: [{ uses: route.assign }]\n    rescue: [{ if: failure.«cod» == \"x\", stop: }]", "`failure`",
            help: "failure.code"),
        .step(
            "a step of always in rescue", .invisibleStep,
            """
              - try: [{ uses: route.assign }]
                rescue: [{ stop: =steps.«later».assignee }]
                always: [{ id: later, uses: route.assign }]
            """, "runs after"),
        .step(
            "a misspelt field of try", .unknownField,
            "  - { id: t, try: [{ uses: route.assign }], always: [{ uses: route.assign }] }\n  - { if: steps.t.«rescuedd», stop: }",
            "`steps.t`", help: "rescued"),
        .step(
            "repeat without every", .missingKey,
            "  - repeat: «{ at_most: 3, steps: [{ uses: route.assign }] }»", "needs `every`"),
        .step(
            "repeat without a limit", .missingKey,
            "  - repeat: «{ every: 20m, steps: [{ uses: route.assign }] }»", "needs `at_most`"),
        .step("repeat without steps", .missingKey, "  - repeat: «{ every: 20m, at_most: 3 }»", "needs `steps`"),
        .step(
            "too many rounds", .wrongValue,
            "  - repeat: { every: 20m, at_most: «5000», steps: [{ uses: route.assign }] }", "from 1 to 1000"),
        .step(
            "a misspelt key of repeat", .unknownKey,
            "  - repeat: { every: 20m, at_most: 3, «untill»: x, steps: [{ uses: route.assign }] }", "`untill`",
            help: "until"),
        .step(
            "a round's step from outside", .invisibleStep,
            """
              - id: r
                repeat: { every: 20m, at_most: 3, steps: [{ id: a, uses: route.assign }] }
              - stop: =steps.«a».assignee
            """, "every round", help: "steps.r.items[0].a"),
        .step(
            "a misspelt field in until", .unknownField,
            "  - repeat: { every: 20m, at_most: 3, until: steps.a.«asignee» == \"x\", steps: [{ id: a, uses: route.assign }] }",
            "`steps.a`", help: "assignee"),
        .step(
            "wait_for without a timeout", .missingKey, "  - wait_for: «{ event: ticket.assigned }»", "needs `timeout`"),
        .step("wait_for without an event", .missingKey, "  - wait_for: «{ timeout: 5m }»", "for which event"),
        .step(
            "wait_for an unknown event", .unknownEventType, "  - wait_for: { event: «ticket.asigned», timeout: 5m }",
            "no event type", help: "ticket.assigned"),
        .step(
            "any beside event", .conflictingKeys,
            "  - wait_for: { any: [{ event: ticket.assigned }], «event»: ticket.closed, timeout: 5m }", "beside `any`"),
        .step(
            "a misspelt field of the arriving event", .unknownField,
            "  - wait_for: { event: ticket.commented, when: 'comment.«txt» != \"\"', timeout: 5m }", "`comment`",
            help: "comment.text"),
        .step(
            "since a step that does not exist", .unknownStep,
            "  - { id: tell, uses: route.assign }\n  - wait_for: { event: ticket.assigned, since: «tel», timeout: 5m }",
            "no step `tel`", help: "tell"),
        .step(
            "since a step that is no call", .wrongValue,
            "  - { id: tell, set: { a: 1 } }\n  - wait_for: { event: ticket.assigned, since: «tell», timeout: 5m }",
            "a step with `uses`"),
        .step(
            "a misspelt field of wait_for", .unknownField,
            "  - { id: w, wait_for: { event: ticket.assigned, timeout: 5m } }\n  - { if: steps.w.«timedout», stop: }",
            "`steps.w`", help: "timed_out"),
        .step("a wait without a unit", .wrongValue, "  - wait: «15»", "`wait` must be a duration", help: "15s"),
        .step("wait_until with an equals sign", .superfluousEquals, "  - wait_until: «=»ticket.due_at", "no `=`"),
        .step(
            "something beside wait", .misplacedKey, "  - wait: 15m\n    «timeout»: 3s", "no meaning beside `wait`"),
        .step(
            "undo as a name", .wrongKind, "  - uses: route.assign\n    undo: «route.assign»", "`undo` must be a map"),
        .step(
            "undo without uses", .missingKey, "  - uses: route.assign\n    undo: «{ with: {} }»",
            "does not say what to call"),
        .step(
            "undo of an unknown action", .unknownAction, "  - uses: route.assign\n    undo: { uses: «route.unasign» }",
            "no action `route.unasign`"),
        .step(
            "undo with an unknown input", .unknownActionInput,
            "  - uses: route.assign\n    undo: { uses: route.assign, with: { «tem»: support } }", "tem", help: "team"),
        .step(
            "undo with a later step", .invisibleStep,
            "  - uses: route.assign\n    undo: { uses: route.assign, with: { person: =steps.«b».assignee } }\n  - { id: b, uses: route.assign }",
            "runs after"),
        .step(
            "undo in on_failure", .misplacedKey, "  - stop:", "no meaning inside `on_failure`",
            tail: "on_failure:\n  - uses: route.assign\n    undo: «{ uses: route.assign }»\n"),
        .step(
            "max_parallel as text", .wrongValue,
            "  - for_each: default(ticket.tags, [])\n    max_parallel: «many»\n    steps: [{ uses: route.assign }]",
            "whole number from 1 to 100"),
        .step(
            "max_parallel without for_each", .misplacedKey,
            "  - parallel: [{ uses: route.assign }]\n    «max_parallel»: 3",
            "no meaning beside `parallel`"),
    ]

    @Test("each is reported once, at its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) { mistake.expect() }

    @Test func `right ones are read as they are meant`() throws {
        let (workflow, diagnostics) = Sample.read(
            Sample.playbook(
                trigger: "trigger: { event: ticket.created }", head: "",
                steps: """
                      - { id: look_first, uses: route.assign }
                      - switch: ticket.priority
                        cases:
                          - is: [P1, P2, null]
                            then: [{ id: a, uses: route.assign, undo: { uses: route.assign, with: { person: =steps.a.assignee } } }]
                        default: [{ wait: 1h30m }]
                      - id: t
                        try:
                          - { id: risky, uses: route.assign }
                        rescue:
                          - { id: saved, uses: notify.send, with: { to: ada, text: "${{ failure.code }} ${{ failure.step }} ${{ steps.risky.status }}" } }
                        always:
                          - if: steps.saved.status == "succeeded"
                            wait_until: default(ticket.due_at, now)
                      - id: r
                        repeat:
                          every: 20m
                          until: steps.look.assignee == "ada" || ticket.status == "solved"
                          at_most: 5
                          steps: [{ id: look, uses: route.assign }]
                      - id: picked_up
                        wait_for:
                          any:
                            - { event: [ticket.assigned, ticket.closed] }
                            - { event: ticket.commented, when: comment.by == "agent" && event.type != "" && steps.look_first.assignee != ticket.assignee }
                          since: look_first
                          timeout: 15m
                      - if: steps.picked_up.timed_out || steps.picked_up.event.type == "ticket.closed"
                        stop: done
                      - if: steps.r.done && steps.r.rounds > 1 && steps.t.rescued
                        for_each: default(ticket.tags, [])
                        max_parallel: 7
                        steps: [{ uses: route.assign }]
                    """, tail: ""))
        #expect(diagnostics.isEmpty, "\(diagnostics.map(\.json))")
        let steps = try #require(workflow?.steps)
        guard case .choice(let choice) = steps[1].kind, case .attempt(let attempt) = steps[2].kind,
            case .rounds(let rounds) = steps[3].kind, case .listen(let listen) = steps[4].kind,
            case .forEach(let loop) = steps[6].kind
        else {
            Issue.record("other kinds of steps")
            return
        }
        #expect(choice.cases.map(\.values) == [["P1", "P2", .null]])
        #expect(choice.cases[0].steps[0].path.text == "steps[1].cases[0].then[0]")
        #expect(listen.types == ["ticket.assigned", "ticket.closed", "ticket.commented"])
        #expect(listen.since == "look_first")
        #expect(choice.otherwise[0].kind == .wait(WaitStep(.after(.seconds(5400)))))
        guard case .call(let call) = choice.cases[0].steps[0].kind else { return }
        #expect(call.undo?.action == "route.assign")
        #expect(attempt.rescue?[0].path.text == "steps[2].rescue[0]")
        #expect(attempt.always?[0].condition != nil)
        #expect(rounds.every == .seconds(1200))
        #expect(rounds.atMost == 5)
        #expect(rounds.until != nil)
        #expect(loop.maxParallel == 7)
    }
}
