import Playbooks
import Testing
import WorkflowModel
import YAML

@Suite("Gates of a playbook")
struct GateMistakeTests {
    private static let step = "  - stop:"

    static let mistakes: [Mistake] = [
        .step(
            "a gate inside a trigger", .misplacedKey, step, "stands for all triggers", help: "beside `trigger`",
            trigger: "trigger: { event: ticket.created, «throttle»: { limit: 1, per: 1h } }"),
        .step(
            "two kinds of repeats", .conflictingKeys, step, "cannot stand beside `ignore_repeats_for`",
            head: "ignore_repeats_for: 10m\n«collect_for»: 5m\n"),
        .step(
            "a group of nothing", .misplacedKey, step, "`group_by` says what repeats have in common",
            head: "«group_by»: ticket.id\n"),
        .step("a window in words", .wrongValue, step, "duration", head: "ignore_repeats_for: «ten minutes»\n"),
        .step("a window of years", .wrongValue, step, "at most 366d", head: "collect_for: «400d»\n"),
        .step("no count", .missingKey, step, "`only_if` needs `count`", head: "only_if: { «within»: 1h }\n"),
        .step(
            "a count of one", .wrongValue, step, "from 2 to 1000", head: "only_if: { count: «1», within: 1h }\n"),
        .step(
            "another word in only_if", .unknownKey, step, "`per`",
            head: "only_if: { count: 5, within: 1h, «per»: 1h }\n"),
        .step("a throttle without a span", .missingKey, step, "needs `per`", head: "throttle: { «limit»: 5 }\n"),
        .step(
            "an excess in other words", .wrongValue, step, "must be one of suppress",
            head: "throttle: { limit: 5, per: 1h, over: «drop» }\n"),
        .step(
            "a concurrency that does not say what to do", .missingKey, step, "needs `if_busy`",
            head: "concurrency: { «limit»: 2 }\n"),
        .step(
            "a misspelt if_busy", .wrongValue, step, "must be one of wait, skip, replace, run_too", help: "replace",
            head: "concurrency: { if_busy: «replce» }\n"),
        .step(
            "a key with an equals sign", .superfluousEquals, step, "is an expression already",
            head: "concurrency: { key: '«=»ticket.id', if_busy: wait }\n"),
        .step(
            "a key of a step", .unknownName, step, "`steps` does not exist in the key of a gate",
            head: "concurrency: { key: «steps».x.y, if_busy: wait }\n"),
        .step(
            "a misspelt key", .unknownField, step, "has no field `prioriti`",
            head: "ignore_repeats_for: 10m\ngroup_by: ticket.«prioriti»\n"),
        .step(
            "inputs without a manual trigger", .unknownName, step, "`inputs` does not exist",
            head: "concurrency: { key: «inputs».x, if_busy: wait }\n"),
        .step(
            "a breaker in percent", .wrongValue, step, "above 0 and at most 1", help: "0.5",
            head: "breaker: { failed_share: «50%» }\n"),
        .step("a breaker switched on", .wrongValue, step, "must be `off` or a map", head: "breaker: «on»\n"),
        .step(
            "events without a collection", .unknownName, "  - { if: size(«events») > 1, stop: done }",
            "`events` exists only in playbooks that collect", help: "collect_for"),
    ]

    @Test("each mistake is found at its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) { mistake.expect() }

    @Test func `gates are read as they are written`() throws {
        let (workflow, diagnostics) = Sample.read(
            Sample.playbook(
                trigger: "trigger: { event: ticket.created }",
                head: """
                    collect_for: 5m
                    group_by: ticket.service
                    throttle: { key: ticket.service, limit: 20, per: 1h, over: suppress }
                    concurrency: { key: ticket.id, if_busy: run_too, limit: 3 }
                    breaker: { failed_share: 0.8, at_least: 5, within: 20m, runs: 50, per: 1m, cool_down: 2m }

                    """, steps: "  - { if: size(events) > 1, stop: done }"))
        #expect(diagnostics.isEmpty, "\(diagnostics.map(\.json))")
        let gates = try #require(workflow?.gates)
        #expect(gates.repeats?.kind == .collect(.seconds(300)))
        #expect(gates.repeats?.key?.text == "ticket.service")
        #expect(gates.collects)
        #expect(gates.throttle?.limit == 20)
        #expect(gates.throttle?.per == .seconds(3600))
        #expect(gates.concurrency?.ifBusy == .runToo)
        #expect(gates.concurrency?.limit == 3)
        let breaker = try #require(gates.breaker?.rule)
        #expect(breaker.failedShare == 0.8)
        #expect(breaker.runs == 50)
        #expect(breaker.coolDown == .seconds(120))
    }

    @Test func `a playbook without gates has none`() {
        let (workflow, _) = Sample.read(
            Sample.playbook(trigger: "trigger: { event: ticket.created }", steps: "  - stop:"))
        #expect(workflow?.gates == PlaybookGates())
        #expect(workflow?.gates.hasKeys == false)
    }
}
