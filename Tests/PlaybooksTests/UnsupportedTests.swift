import Playbooks
import Testing
import YAML

@Suite("Parts of the language that come later")
struct UnsupportedTests {
    @Test(
        "at the top level they are refused by name",
        arguments: ["timeout"])
    func topLevel(_ key: String) {
        Mistake.step(
            key, .unsupportedKey, "  - stop:", "`\(key)` is not supported yet in this version", head: "«\(key)»: [x]\n"
        ).expect()
    }

    @Test(
        "kinds of steps are refused by name",
        arguments: ["call"])
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
            "call", .unsupportedStep,
            "  - «call»:\n      - id: inner\n        uses: route.assign\n  - if: steps.inner.assignee != \"\"\n    stop:",
            "`call` is not supported"
        ).expect()
    }
}
