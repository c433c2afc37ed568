import Playbooks
import Testing
import YAML

@Suite("Parts of the language that come later")
struct UnsupportedTests {
    @Test(
        "at the top level they are refused by name",
        arguments: [
            "stop_when", "concurrency", "throttle", "ignore_repeats_for", "collect_for", "only_if", "group_by",
            "timeout",
        ])
    func topLevel(_ key: String) {
        Mistake.step(
            key, .unsupportedKey, "  - stop:", "`\(key)` is not supported yet in this version", head: "«\(key)»: [x]\n"
        ).expect()
    }

    @Test(
        "kinds of steps are refused by name",
        arguments: ["switch", "repeat", "wait", "wait_until", "wait_for", "ask", "approve", "try", "call"])
    func steps(_ key: String) {
        Mistake.step(
            key, .unsupportedStep,
            "  - id: later\n    «\(key)»: { x: 1 }\n  - { if: steps.later.anything == 1, stop: done }",
            "`\(key)` is not supported yet in this version"
        ).expect()
    }

    @Test("what refers to a step inside a later kind is not called unknown")
    func inner() {
        Mistake.step(
            "try", .unsupportedStep,
            "  - «try»:\n      - id: inner\n        uses: route.assign\n  - if: steps.inner.assignee != \"\"\n    stop:",
            "`try` is not supported"
        ).expect()
    }

    @Test("keys beside a step are refused by name", arguments: ["undo", "calendar"])
    func beside(_ key: String) {
        Mistake.step(
            key, .unsupportedStep, "  - uses: route.assign\n    «\(key)»: x", "`\(key)` is not supported yet"
        ).expect()
    }

    @Test("a schedule is refused by name")
    func schedule() {
        Mistake.step(
            "schedule", .unsupportedTrigger, "  - stop:", "`schedule` is not supported yet",
            trigger: "trigger: { «schedule»: { cron: 0 8 * * 1 } }"
        ).expect()
    }

    @Test("a loop's max_parallel is refused by name")
    func maxParallel() {
        Mistake.step(
            "max_parallel", .unsupportedStep,
            "  - for_each: ticket.tags\n    «max_parallel»: 3\n    steps:\n      - uses: route.assign", "`max_parallel`"
        ).expect()
    }
}
