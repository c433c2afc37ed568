import Playbooks
import Testing
import YAML

@Suite("Names that do not exist")
struct NameMistakeTests {
    private static let two = "  - { id: owner, uses: route.assign }\n"

    static let mistakes: [Mistake] = [
        .step("a misspelt name", .unknownName, "  - { if: '«tiket».id == \"1\"', stop: }", "`tiket`", help: "ticket"),
        .step(
            "a text without quotes", .unknownName, "  - if: ticket.priority == «P1»\n    stop:", "`P1`", help: "quotes"),
        .step(
            "a field of the event", .unknownField, "  - if: ticket.«prioritty» == \"P1\"\n    stop:",
            "no field `prioritty`",
            help: "ticket.priority"),
        .step(
            "a field in depth", .unknownField, "  - if: ticket.customer.«teir» == \"gold\"\n    stop:", "`teir`",
            help: "ticket.customer.tier"),
        .step(
            "a field of a text", .unknownField, "  - if: ticket.id.«value» == \"\"\n    stop:",
            "is text and has no field"),
        .step(
            "a name that another event gives", .unknownName, "  - if: «incident».severity == \"SEV1\"\n    stop:",
            "`incident`"),
        .step(
            "a field in a text", .unknownField, "  - fail: \"Ticket ${{ ticket.«titel» }} is lost\"", "`titel`",
            help: "ticket.title"),
        .step(
            "a field in a folded text", .unknownField,
            "  - fail: >\n      Ticket\n      ${{ ticket.«titel» }}\n      is lost",
            "`titel`"),
        .step(
            "a field behind an escape", .unknownField, "  - fail: \"a\\t\\u00e9 ${{ ticket.«titel» }}\"", "`titel`"),
        .step(
            "an unknown step", .unknownStep, two + "  - if: steps.«ower».assignee != \"\"\n    stop:", "`ower`",
            help: "steps.owner"),
        .step(
            "an unknown field of a step", .unknownField, two + "  - if: steps.owner.«asignee» != \"\"\n    stop:",
            "`asignee`",
            help: "steps.owner.assignee"),
        .step(
            "a field of a status", .unknownField, two + "  - if: steps.owner.status.«code» != \"\"\n    stop:",
            "is text"),
        .step(
            "a field of a failure", .unknownField, two + "  - if: steps.owner.failure.«mesage» != \"\"\n    stop:",
            "`mesage`",
            help: "message"),
        .step(
            "a field of an output that is no map", .unknownField,
            "  - { id: e, uses: route.escalate }\n  - if: steps.e.«first» == \"\"\n    stop:", "no field `first`",
            help: "output"),
        .step(
            "a field of a set step", .unknownField, "  - { id: s, set: { a: 1 } }\n  - if: steps.s.«a» == 1\n    stop:",
            "no field `a`"),
        .step(
            "a later step", .invisibleStep, "  - if: steps.«owner».assignee != \"\"\n    fail: x\n" + two,
            "runs after this step"),
        .step(
            "the step itself", .invisibleStep,
            "  - id: owner\n    uses: route.assign\n    with: { person: =steps.«owner».assignee }", "this very step"),
        .step(
            "the step around", .invisibleStep,
            "  - id: both\n    parallel:\n      - if: steps.«both».status == \"failed\"\n        uses: route.assign",
            "this step is inside it"),
        .step(
            "a branch at the same time", .invisibleStep,
            "  - parallel:\n      - { id: a, uses: route.assign }\n      - uses: route.assign\n        with: { person: =steps.«a».assignee }",
            "at the same time"),
        .step(
            "the other branch", .invisibleStep,
            """
              - if: ticket.id == "1"
                then:
                  - { id: a, uses: route.assign }
                else:
                  - uses: route.assign
                    with: { person: =steps.«a».assignee }
            """, "other branch"),
        .step(
            "a step inside a loop", .invisibleStep,
            """
              - id: each
                for_each: default(ticket.tags, [])
                steps:
                  - { id: a, uses: route.assign }
              - if: steps.«a».assignee == "x"
                stop:
            """, "inside a loop", help: "steps.each.items[0].a"),
        .step(
            "a step of on_failure", .invisibleStep, "  - if: steps.«told».status == \"failed\"\n    stop:",
            "after the playbook has failed", tail: "on_failure:\n  - { id: told, uses: route.assign }"),
        .step(
            "an unknown variable", .unknownVariable, "  - if: vars.«cout» > 1\n    stop:", "`cout`", help: "vars.count",
            head: "vars: { count: 1 }\n"),
        .step(
            "a variable before its time", .unknownVariable, "  - stop:", "has no value yet",
            head: "vars:\n  a: =vars.«b»\n  b: 1\n"),
        .step("no variables", .unknownVariable, "  - if: vars.«x» > 1\n    stop:", "`x`"),
        .step(
            "an unknown input", .unknownInput, "  - if: inputs.«nam» == \"\"\n    stop:", "`nam`", help: "inputs.name",
            trigger: "trigger: { manual: { inputs: { name: text } } }"),
        .step(
            "an input without a manual trigger", .unknownInput, "  - if: inputs.«x» == \"\"\n    stop:", "`x`",
            help: "manual"),
        .step(
            "a step's id as a name", .unknownName, two + "  - if: «owner».assignee == \"\"\n    stop:", "`owner`",
            help: "steps.owner"),
        .step(
            "failure outside on_failure", .unknownName, "  - fail: =«failure».message",
            "only in `rescue` and `on_failure`"),
        .step(
            "steps in a trigger", .unknownName, "  - stop:", "nothing has run yet",
            trigger: "trigger: { event: ticket.created, when: '«steps».a == 1' }"),
        .step(
            "collected events", .unknownName, "  - if: «events».size() > 1\n    stop:",
            "only in playbooks that collect events"),
        .step("a field of run", .unknownField, "  - fail: =run.«urll»", "`urll`", help: "run.url"),
        .step("a field of the envelope", .unknownField, "  - fail: =event.«subjct»", "`subjct`", help: "event.subject"),
        .step("a field of the envelope's data", .unknownField, "  - fail: =event.data.ticket.«titel»", "`titel`"),
        .step("a field as it was at the start", .unknownField, "  - fail: =trigger.ticket.«titel»", "`titel`"),
        .step(
            "a field of a loop's element", .unknownField,
            """
              - { id: tell, uses: notify.send, with: { to: ada } }
              - for_each: steps.tell.sent_to
                as: person
                steps:
                  - fail: =person.«idd»
            """, "`idd`", help: "person.id"),
        .step("a secret outside with", .misplacedSecret, "  - fail: =«secrets».DESK_TOKEN", "in `with` only"),
        .step(
            "an unknown secret", .unknownSecret,
            "  - uses: notify.send\n    with: { to: ada, token: =secrets.«DESK_TOKN» }", "`DESK_TOKN`",
            help: "secrets.DESK_TOKEN"),
        .step("an unknown action", .unknownAction, "  - uses: «notify.sned»", "notify.sned", help: "notify.send"),
        .step("an unknown plugin", .unknownPlugin, "  - uses: «notfy».send", "no plugin `notfy`", help: "notify.send"),
        .step("an action without its plugin", .wrongValue, "  - uses: «send»", "PLUGIN.ACTION", help: "notify.send"),
        .step(
            "an unknown event", .unknownEventType, "  - stop:", "`ticket.craeted`", help: "ticket.created",
            trigger: "trigger: { event: «ticket.craeted» }"),
        .step("a family of events", .unknownEventType, "  - stop:", "no `*`", trigger: "trigger: { event: «sla.*» }"),
        .step(
            "an event of a known family", .unknownEventType, "  - stop:", "not checked", severity: .warning,
            trigger: "trigger: { event: «sla.reconsidered» }"),
        .step(
            "an unknown calendar", .unknownEntry, "  - if: open_now(«\"suport-hours\"»)\n    stop:", "no calendar",
            help: "support-hours"),
    ]

    @Test("each is reported once, at its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) { mistake.expect() }
}
