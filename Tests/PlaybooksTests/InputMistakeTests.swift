import Playbooks
import Testing
import YAML

@Suite("Inputs that do not fit the action")
struct InputMistakeTests {
    private static func send(_ with: String) -> String { "  - uses: notify.send\n    with: { \(with) }" }

    static let mistakes: [Mistake] = [
        .step("no input at all", .missingActionInput, "  - uses: «notify.send»", "needs the input `to`"),
        .step("an unknown input", .unknownActionInput, send("to: ada, «txt»: x"), "no input `txt`", help: "text"),
        .step("a choice", .wrongActionInput, send("to: ada, by: «mail»"), "must be one of chat, email, outbox"),
        .step("a text for a number", .wrongActionInput, send("to: ada, copies: «many»"), "whole number"),
        .step(
            "a text with parts for a number", .wrongActionInput, send("to: ada, copies: «\"${{ ticket.id }}\"»"),
            "whole number"),
        .step(
            "a number in quotes", .wrongActionInput, send("to: ada, copies: «\"3\"»"), "whole number",
            help: "without quotes: 3"),
        .step(
            "a text field for a number", .wrongActionInput, send("to: ada, copies: «=ticket.title»"),
            "`ticket.title` is text"),
        .step(
            "a duration in words", .wrongActionInput, send("to: ada, within: «5 days»"), "must be a duration",
            help: "write 5d"),
        .step(
            "a team as a recipient", .unknownRecipient, send("to: «network»"), "no person network",
            help: "group:network"),
        .step(
            "a recipient in other words", .unknownRecipient, send("to: «the lead of network»"), "no person",
            help: "write lead of network"),
        .step(
            "a recipient without =", .unknownRecipient, send("to: «ticket.assignee»"), "no person",
            help: "write =ticket.assignee"),
        .step(
            "a channel of a kind that is not there", .unknownChannel, send("to: ada, channel: «webhook»"),
            "of the kind `webhook`", help: "by: webhook", severity: .warning),
        .step(
            "text and template", .conflictingKeys,
            "  - uses: notify.page\n    with: { to: ada, text: x, «template»: plain }",
            "`text` or `template`, and here is more than one", help: "leave out", severity: .warning),
        .step(
            "a column that the table does not have", .unknownEntry,
            "  - uses: enrich.lookup\n    with: { table: regions, column: «ownr» }",
            "the table `regions` has no column `ownr`", help: "did you mean `owner`", severity: .warning),
        .step("a number out of range", .wrongActionInput, send("to: ada, copies: «9»"), "at most 5"),
        .step("an empty text", .wrongActionInput, send("to: ada, text: «\"\"»"), "must not be empty"),
        .step("a wrong time", .wrongActionInput, send("to: ada, at: «tomorrow»"), "must be a time"),
        .step("a wrong duration", .wrongActionInput, send("to: ada, within: «soon»"), "must be a duration"),
        .step("a word for true", .wrongActionInput, send("to: ada, quiet: «on»"), "true or false"),
        .step(
            "a map for a list", .wrongActionInput, "  - uses: route.assign\n    with: { skills: «{ a: 1 }» }",
            "must be a list"),
        .step(
            "a list's element", .wrongActionInput, "  - uses: route.assign\n    with: { skills: [a, «3»] }",
            "must be text"),
        .step("an unknown person", .unknownRecipient, send("to: «graze»"), "no person graze; did you mean grace"),
        .step(
            "an unknown recipient in a list", .unknownRecipient, send("to: [ada, «group:nobody»]"),
            "no team or group nobody"),
        .step(
            "an unknown schedule", .unknownRecipient, send("to: «on-call of suport-primary»"),
            "did you mean support-primary"),
        .step("an unknown list", .unknownRecipient, send("to: «list:legals»"), "did you mean legal"),
        .step(
            "an unknown template", .unknownTemplate, send("to: ada, template: «sla-rsk»"), "no template `sla-rsk`",
            help: "sla-risk"),
        .step(
            "a template's name that no event gives", .missingTemplateName, send("to: ada, template: «greeting»"),
            "`customer_name`"),
        .step(
            "a template's field that does not exist", .missingTemplateName, send("to: ada, template: «typo»"),
            "`ticket.titel`", help: "title"),
        .step(
            "an unknown channel", .unknownChannel, send("to: ada, channel: «\"#suport\"»"), "no channel",
            help: "support"),
        .step(
            "an unknown table", .unknownTable, "  - uses: enrich.lookup\n    with: { table: «region», key: a }",
            "no table", help: "regions"),
        .step(
            "an unknown team", .unknownEntry, "  - uses: route.assign\n    with: { team: «suport» }", "no team",
            help: "support"),
        .step(
            "an unknown service", .unknownEntry, "  - uses: route.assign\n    with: { service: «chekout» }",
            "no service", help: "checkout"),
        .step(
            "an unknown person by format", .unknownEntry, "  - uses: route.assign\n    with: { person: «eve» }",
            "no person"),
        .step(
            "a missing field in depth", .missingActionInput,
            "  - uses: ticket.update\n    with: { id: a, fields: «{ priority: P1 }» }", "needs `status`"),
        .step(
            "an unknown field in depth", .unknownActionInput,
            "  - uses: ticket.update\n    with: { id: a, fields: { status: open, «prio»: P1 } }", "no field `prio`"),
        .step(
            "a choice in depth", .wrongActionInput,
            "  - uses: ticket.update\n    with: { id: a, fields: { status: open, priority: «P9» } }", "P1, P2"),
        .step(
            "a recipient in one of two forms", .unknownRecipient,
            "  - uses: route.escalate\n    with: { who: [ada, «graze»] }", "no person graze"),
        .step(
            "a value in none of two forms", .wrongActionInput,
            "  - uses: route.escalate\n    with: { who: «{ a: 1 }» }", "none of the forms"),
        .step(
            "an unknown zone", .unknownEntry, "  - uses: route.escalate\n    with: { zone: «Europe/Nowhere» }",
            "no time zone"),
        .step(
            "an address without @", .wrongActionInput, "  - uses: route.escalate\n    with: { mail: «someone» }",
            "no mail address"),
        .step("with as a list", .wrongKind, "  - uses: notify.send\n    with: «[a]»", "`with` must be a map"),
    ]

    @Test("each is reported once, at its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) { mistake.expect() }
}
