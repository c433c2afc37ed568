import Playbooks
import Testing
import YAML

/// A playbook with one mistake, marked by `«»`.
struct Mistake: Sendable, CustomTestStringConvertible {
    let title: String
    let code: PlaybookCode
    let text: String
    let message: String
    let help: String?
    let severity: Diagnostic.Severity

    init(
        _ title: String, _ code: PlaybookCode, _ text: String, _ message: String, help: String? = nil,
        severity: Diagnostic.Severity = .error
    ) {
        self.title = title
        self.code = code
        self.text = text
        self.message = message
        self.help = help
        self.severity = severity
    }

    /// A mistake in the steps of an otherwise right playbook.
    static func step(
        _ title: String, _ code: PlaybookCode, _ steps: String, _ message: String, help: String? = nil,
        severity: Diagnostic.Severity = .error, trigger: String = "trigger: { event: ticket.created }",
        head: String = "", tail: String = ""
    ) -> Mistake {
        Mistake(
            title, code, Sample.playbook(trigger: trigger, head: head, steps: steps, tail: tail), message, help: help,
            severity: severity)
    }

    var testDescription: String { title }

    /// Fails unless exactly this mistake is reported at its place.
    func expect() {
        let marked = MarkedText(text)
        let (workflow, diagnostics) = Sample.read(marked.text)
        #expect(diagnostics.count == 1, "\(diagnostics.map(\.json))")
        guard let found = diagnostics.first else { return }
        let range = found.range.map { "\($0.start.line):\($0.start.column)-\($0.end.line):\($0.end.column)" }
        #expect(found.code == code.rawValue, "\(found.json)")
        #expect(range == "\(marked.start)-\(marked.end)", "\(found.json)")
        #expect(found.message.contains(message), "\(found.message)")
        #expect(found.severity == severity)
        if let help { #expect(found.help?.contains(help) == true, "\(found.help ?? "no help")") }
        #expect((workflow == nil) == (severity == .error))
    }
}
