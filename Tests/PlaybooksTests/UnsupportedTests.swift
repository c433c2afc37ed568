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
}
