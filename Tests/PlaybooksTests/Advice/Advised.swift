import Playbooks
import Testing
import WorkflowModel
import YAML

/// A playbook of which one thing is said, at the place marked by `«»`; without a code nothing is said of it.
struct Advised: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: PlaybookCode?
    let text: String
    let message: String
    let help: String

    /// A playbook with these steps of which `code` is said.
    init(
        _ title: String, _ code: PlaybookCode, _ steps: String, _ message: String, help: String = "",
        trigger: String = "trigger: { event: ticket.created }", head: String = "", tail: String = ""
    ) {
        testDescription = title
        self.code = code
        self.message = message
        self.help = help
        text = Sample.playbook(trigger: trigger, head: head, steps: steps, tail: tail)
    }

    /// A playbook with these steps of which nothing is said.
    init(
        right title: String, _ steps: String, trigger: String = "trigger: { event: ticket.created }",
        head: String = "", tail: String = ""
    ) {
        testDescription = title
        code = nil
        message = ""
        help = ""
        text = Sample.playbook(trigger: trigger, head: head, steps: steps, tail: tail)
    }

    /// Steps with a condition.
    static func condition(
        _ title: String, _ code: PlaybookCode, _ condition: String, _ message: String, help: String = ""
    )
        -> Advised
    { Advised(title, code, "  - if: \(condition)\n    stop: done", message, help: help) }

    /// Steps with a condition of which nothing is said.
    static func right(_ condition: String) -> Advised {
        Advised(right: condition, "  - if: \(condition)\n    stop: done")
    }

    /// The sample workspace, with teams that have nobody, and actions that say what they lead to.
    static let environment: CheckEnvironment = {
        var environment = Sample.environment
        environment.givesAdvice = true
        environment.directory?.teams[0].lead = "ada"
        environment.directory?.lists["nobody"] = []
        environment.directory?.onCall.append(OnCallSchedule(id: "day"))
        environment.directory?.onCall[1].layers = [
            OnCallSchedule.Layer(people: ["ada"], start: Timestamp(seconds: 0), turn: .seconds(604_800))
        ]
        var levels = Schema(types: ["object"])
        var level = Schema(types: ["string"])
        level.allowed = ["low", "high"]
        levels.properties = [
            Schema.Property("level", level), Schema.Property("sure", Schema(types: ["boolean"])),
            Schema.Property("count", Schema(types: ["integer"])),
        ]
        environment.actions?["facts.find"] = ActionSignature(name: "facts.find", effect: "read", output: levels)
        var bare = ActionSignature(name: "desk.change", effect: "write")
        bare.hasRetry = false
        environment.actions?["desk.change"] = bare
        var slow = ActionSignature(name: "desk.slow", effect: "write")
        slow.hasTimeout = false
        environment.actions?["desk.slow"] = slow
        for name in ["notify.send", "notify.page"] {
            environment.actions?[name]?.input.properties.append(
                Schema.Property("acknowledge", Schema(types: ["boolean"])))
        }
        return environment
    }()

    /// Fails unless exactly this is said.
    func expect() {
        let marked = MarkedText(text)
        let (workflow, diagnostics) = Sample.read(marked.text, in: Self.environment)
        #expect(workflow != nil)
        guard let code else {
            #expect(diagnostics.isEmpty, "\(diagnostics.map(\.json))")
            return
        }
        #expect(diagnostics.count == 1, "\(diagnostics.map(\.json))")
        guard let found = diagnostics.first else { return }
        let range = found.range.map { "\($0.start.line):\($0.start.column)-\($0.end.line):\($0.end.column)" }
        #expect(found.code == code.rawValue, "\(found.json)")
        #expect(found.severity == .warning)
        #expect(range == "\(marked.start)-\(marked.end)", "\(found.json)")
        #expect(found.message.contains(message), "\(found.message)")
        if !help.isEmpty { #expect(found.help?.contains(help) == true, "\(found.help ?? "no help")") }
    }
}
