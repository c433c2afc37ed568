import Expressions
import WorkflowModel

/// How the values of a playbook read: literals as they stand, expressions in words, and texts with their filled-in parts in `[…]`.
struct ValueWords {
    var conditions: ConditionWords

    /// A value; `format` is that of its schema, such as `recipient`.
    func value(_ source: ValueSource, format: String? = nil) -> String {
        switch source {
        case .literal(let value): return literal(value, format)
        case .expression(let text): return conditions.value(text.text)
        case .text(let text): return "“\(filled(text.text))”"
        case .list(let items): return English.list(items.map { value($0, format: format) })
        case .map(let fields): return fields.map { "\($0.name) = \(value($0.source))" }.joined(separator: ", ")
        }
    }

    /// The text that a source makes, without quotes: what a person would read.
    func text(_ source: ValueSource) -> String {
        switch source {
        case .literal(let value): value.string ?? English.value(value)
        case .text(let text): filled(text.text)
        default: "[\(value(source))]"
        }
    }

    /// Whom a source names.
    func recipients(_ source: ValueSource) -> [String] {
        switch source {
        case .literal(.list(let items)): items.map { literal($0, "recipient") }
        case .list(let items): items.map { value($0, format: "recipient") }
        default: [value(source, format: "recipient")]
        }
    }

    private func filled(_ text: String) -> String {
        guard let template = TextTemplate.parse(text).0 else { return text }
        return template.segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .expression(let expression, _): "[\(conditions.value(expression.text))]"
            }
        }.joined()
    }

    private func literal(_ value: Value, _ format: String?) -> String {
        if case .list(let items) = value, format != nil { return English.list(items.map { literal($0, format) }) }
        guard let text = value.string else { return English.value(value) }
        switch format {
        case "recipient": return Self.recipient(text)
        case "duration": return DurationText.parse(text).map { English.duration($0) } ?? text
        case "template", "channel", "calendar", "table", "team", "person", "service", "playbook": return text
        default: return English.quoted(text)
        }
    }

    /// Whom a recipient means.
    static func recipient(_ text: String) -> String {
        switch Recipient(text) {
        case .assignee: "the ticket's assignee"
        case .lead(let team): "the lead of \(team)"
        case .onCall(let schedule): "whoever is on call for \(schedule)"
        case .group(let name): "the group \(name)"
        case .list(let name): "the list \(name)"
        case .channel(let name): "the channel \(name)"
        case .person(let id): id
        case .address(let address): address
        }
    }
}
