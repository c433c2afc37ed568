import Playbooks
import Testing
import YAML

@Suite("Mistakes in a playbook's structure")
struct StructureMistakeTests {
    private static let rest = "trigger: { event: ticket.created }\nsteps:\n  - stop:\n"

    static let mistakes: [Mistake] = [
        Mistake("no mode", .missingMode, "«playbook»: a\nowner: ada\n" + rest, "it is a shadow", severity: .warning),
        Mistake("no owner", .missingOwner, "«playbook»: a\nmode: active\n" + rest, "no `owner`", severity: .warning),
        Mistake(
            "an unknown owner", .unknownOwner, "playbook: a\nowner: «adda»\nmode: active\n" + rest, "no person adda",
            severity: .warning),
        Mistake("no id", .missingKey, "«owner»: ada\nmode: active\n" + rest, "`playbook` is missing"),
        Mistake(
            "a wrong id", .wrongValue, "playbook: «Big_One»\nowner: ada\nmode: active\n" + rest, "lower-case letters",
            help: "big-one"),
        Mistake(
            "a mode in other words", .wrongValue, "playbook: a\nowner: ada\nmode: «live»\n" + rest, "must be one of",
            help: "active"),
        Mistake(
            "an unknown mode", .wrongValue, "playbook: a\nowner: ada\nmode: «actve»\n" + rest, "must be one of",
            help: "active"),
        Mistake(
            "no trigger", .missingKey, "«playbook»: a\nowner: ada\nmode: active\nsteps:\n  - stop:\n",
            "`trigger` is missing"),
        Mistake(
            "no steps", .missingKey, "«playbook»: a\nowner: ada\nmode: active\ntrigger: { event: ticket.created }\n",
            "`steps` is missing"),
        Mistake(
            "an unknown key", .unknownKey, "playbook: a\nowner: ada\nmode: active\n«titel»: x\n" + rest, "`titel`",
            help: "title"),
        Mistake(
            "a title with an expression", .plainText,
            "playbook: a\nowner: ada\nmode: active\ntitle: «x ${{ a }}»\n" + rest,
            "shown as it stands"),
        Mistake("a list as playbook", .wrongKind, "«- a»\n", "must be a map"),
        .step("steps as a map", .wrongKind, "  «uses»: notify.send", "must be a list", help: "`-`"),
        .step("no steps in the list", .emptyList, "  «[]»", "has no steps"),
        .step("a step that is text", .wrongKind, "  - «notify.send»", "a step must be a map"),
        .step("a step that does nothing", .unclearStep, "  - «name»: x", "does not say what to do"),
        .step(
            "a step that does two things", .unclearStep, "  - uses: ticket.update\n    «set»: { a: 1 }",
            "`uses` and `set`"),
        .step("if alone", .unclearStep, "  - «if»: 'true'", "`if` needs `then`"),
        .step(
            "an id that is a word of expressions", .wrongValue, "  - { id: «loop», stop: done }",
            "a word of the expression language", help: "loop_step"),
        .step("another word for a kind", .unknownKey, "  - «action»: notify.send", "`action`", help: "uses"),
        .step(
            "another word for a key of retry", .unknownKey,
            "  - { uses: route.assign, retry: { «times»: 3 } }", "`times`", help: "attempts"),
        .step("a pause", .unknownKey, "  - «sleep»: 5m", "`sleep`", help: "wait"),
        .step(
            "a duration in words", .wrongValue, "  - { uses: route.assign, timeout: «20 seconds» }", "duration",
            help: "write 20s"),
        .step(
            "an action beside a loop", .unclearStep, "  - uses: route.assign\n    «for_each»: vars.x",
            "cannot stand together", help: "`steps:`", head: "vars: { x: [] }\n"),
        .step(
            "a comparison as a key", .wrongKind, "  - stop:", "no key with a value",
            help: "ticket.category == \"billing\"",
            trigger: "trigger:\n  event: ticket.created\n  when:\n    - «ticket.category»: billing"),
        .step(
            "an event with spaces", .unknownEventType, "  - stop:", "no spaces", help: "ticket.created",
            trigger: "trigger: { event: «new ticket» }"),
        .step(
            "an input of an unknown type, which is used", .wrongValue, "  - fail: =inputs.n", "must be one of",
            help: "integer", trigger: "trigger: { manual: { inputs: { n: { type: «int» } } } }"),
        .step("a misspelt kind", .unknownKey, "  - «usse»: notify.send", "`usse`", help: "uses"),
        .step("a misspelt key", .unknownKey, "  - uses: route.assign\n    «widh»: {}", "`widh`", help: "with"),
        .step("a misplaced key", .misplacedKey, "  - set: { a: 1 }\n    «with»: {}", "no meaning beside `set`"),
        .step("a wrong step id", .wrongValue, "  - id: «Big-One»\n    stop:", "lower-case letters", help: "big_one"),
        .step(
            "an id twice", .repeatedStepID, "  - { id: a, uses: route.assign }\n  - { id: «a», uses: route.assign }",
            "another step has the id"),
        .step("a loop without steps", .missingKey, "  - «for_each»: ticket.tags", "needs `steps`"),
        .step("then without if", .missingKey, "  - «then»:\n      - stop:", "`then` needs `if`"),
        .step(
            "a loop variable with the name of the language", .reservedName,
            "  - for_each: default(ticket.tags, [])\n    as: «event»\n    steps:\n      - uses: route.assign",
            "playbook language"),
        .step(
            "the same loop variable twice", .reservedName,
            """
              - for_each: default(ticket.tags, [])
                steps:
                  - for_each: default(ticket.tags, [])
                    as: «item»
                    steps:
                      - uses: route.assign
            """, "already"),
        .step(
            "a duration without unit", .wrongValue, "  - { uses: route.assign, timeout: «30» }", "duration", help: "30s"
        ),
        .step("no time at all", .wrongValue, "  - { uses: route.assign, timeout: «0s» }", "longer than nothing"),
        .step("too many attempts", .wrongValue, "  - { uses: route.assign, retry: «101» }", "from 1 to 100"),
        .step(
            "an unknown backoff", .wrongValue, "  - { uses: route.assign, retry: { backoff: «expo» } }",
            "must be one of"),
        .step(
            "an unknown key of retry", .unknownKey, "  - { uses: route.assign, retry: { «atempts»: 3 } }", "`atempts`",
            help: "attempts"),
        .step(
            "a flag that is a word", .wrongKind, "  - { uses: route.assign, continue_on_error: «yes» }",
            "true or false",
            help: "write true"),
        .step("fail without message", .missingKey, "  - fail:«»", "needs a message"),
        .step("set without names", .emptyList, "  - set: «{}»", "assigns nothing"),
        .step("a variable with a dash", .wrongValue, "  - set: { «my-name»: 1 }", "letters, digits", help: "my_name"),
        .step(
            "steps behind a stop", .unreachableStep, "  - stop:\n  - «uses»: route.assign", "never runs",
            severity: .warning),
        .step(
            "a deadline below the time-out", .wrongValue, "  - { uses: route.assign, timeout: 1m, deadline: «30s» }",
            "must not be shorter", severity: .warning),
        .step("a text as trigger", .wrongKind, "  - stop:", "must be a map", trigger: "trigger: «ticket.created»"),
        .step(
            "a trigger without event", .missingKey, "  - stop:", "what starts",
            trigger: "trigger: «{ fires: becomes_true }»"),
        .step(
            "event beside manual", .conflictingKeys, "  - stop:", "beside `manual`",
            trigger: "trigger: { «event»: ticket.created, manual: {} }"),
        .step(
            "an unknown type of input", .wrongValue, "  - stop:", "must be one of", help: "integer",
            trigger: "trigger: { manual: { inputs: { n: { type: «intger» } } } }"),
        .step(
            "a default that nobody is", .unknownRecipient, "  - stop:", "no person graze; did you mean grace",
            trigger: "trigger: { manual: { inputs: { n: { type: recipient, default: «graze» } } } }"),
        .step(
            "a default of another type", .wrongValue, "  - stop:", "must be a whole number",
            trigger: "trigger: { manual: { inputs: { n: { type: integer, default: «many» } } } }"),
        .step(
            "any with a text", .wrongKind, "  - stop:", "list of conditions",
            trigger: "trigger: { event: ticket.created, when: { any: «'true'» } }"),
        .step(
            "any beside all", .conflictingKeys, "  - stop:", "cannot stand beside",
            trigger: "trigger: { event: ticket.created, when: { any: ['true'], «all»: ['true'] } }"),
        .step(
            "an unknown kind of condition", .unknownKey, "  - stop:", "`nay`", help: "any",
            trigger: "trigger: { event: ticket.created, when: { «nay»: ['true'] } }"),
    ]

    @Test("each mistake is reported once, at its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) { mistake.expect() }
}
