import Expressions
import WorkflowModel

/// A ticket event as conditions see it, and shortcuts to evaluate a text on it.
enum Samples {
    static let now = Timestamp(rfc3339: "2026-11-22T08:00:00Z") ?? Timestamp(seconds: 0)

    static let scope = NamedValues(
        [
            "ticket": [
                "id": "4711", "title": "Cannot log in", "priority": "P1", "tags": ["login", "vip"], "owner": nil,
                "service": "", "description": "I want to speak to your MANAGER, or I cancel my\ncontract.",
                "comments": [["text": "Escalated to tier two"]], "age": 5,
            ],
            "secrets": .map(["TOKEN": .secret(SecretText(secret: "TOKEN"))]),
            "steps": ["owner": ["assignee": "kim@example.com"]],
        ],
        now: now,
        calendars: { name, moment in name == "support-hours" ? moment == Samples.now : nil })

    static func value(_ text: String) throws -> Value {
        try Program(Expression(parsing: text)).evaluate(scope)
    }

    /// The code of the error that evaluating `text` ends in; nil when it gives a value.
    static func failure(_ text: String) throws -> EvaluationError? {
        let program = try Program(Expression(parsing: text))
        do throws(EvaluationError) {
            _ = try program.evaluate(scope)
            return nil
        } catch {
            return error
        }
    }
}
