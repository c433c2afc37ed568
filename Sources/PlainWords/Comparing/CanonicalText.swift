import Expressions
import WorkflowModel

/// Texts that are equal when two parts of playbooks do the same: without places, white space and brackets that mean nothing.
enum CanonicalText {
    static func expression(_ text: String) -> String {
        guard let expression = Expression.parse(text).0 else { return text }
        return node(expression.root)
    }

    static func expression(_ text: ExpressionText?) -> String { text.map { expression($0.text) } ?? "" }

    static func value(_ source: ValueSource?) -> String {
        switch source {
        case nil: "none"
        case .literal(let value): "literal \(TypedJSON.text(value))"
        case .expression(let text): "= \(expression(text.text))"
        case .text(let text): "text \(segments(text.text))"
        case .list(let items): "[\(items.map { value($0) }.joined(separator: ", "))]"
        case .map(let fields): "{\(named(fields))}"
        }
    }

    static func named(_ sources: [NamedSource]) -> String {
        sources.map { "\(JSONWriter.text(.string($0.name))): \(value($0.source))" }.joined(separator: ", ")
    }

    static func condition(_ condition: Condition?) -> String {
        switch condition {
        case nil: "none"
        case .expression(let text): expression(text.text)
        case .all(let parts): "all(\(parts.map { self.condition($0) }.joined(separator: ", ")))"
        case .any(let parts): "any(\(parts.map { self.condition($0) }.joined(separator: ", ")))"
        case .not(let part): "not(\(self.condition(part)))"
        }
    }

    static func options(_ options: [ListenStep.Option]) -> String {
        options.map { "\($0.types) \(expression($0.condition)) \($0.step ?? "")" }.joined(separator: " | ")
    }

    private static func segments(_ text: String) -> String {
        guard let template = TextTemplate.parse(text).0 else { return text }
        return template.segments.map { segment in
            switch segment {
            case .literal(let text): JSONWriter.text(.string(text))
            case .expression(let expression, _): node(expression.root)
            }
        }.joined(separator: " + ")
    }

    private static func node(_ node: Node) -> String {
        switch node.kind {
        case .literal(let value): return TypedJSON.text(value)
        case .ident(let name): return name
        case .select(let operand, let field, let isTest): return "(\(self.node(operand)).\(field)\(isTest ? "?" : ""))"
        case .call(let function, let target, let args):
            let all = (target.map { [self.node($0)] } ?? []) + args.map { self.node($0) }
            return "\(target == nil ? "" : ".")\(function)(\(all.joined(separator: ", ")))"
        case .list(let items): return "[\(items.map { self.node($0) }.joined(separator: ", "))]"
        case .map(let entries):
            return
                "{\(entries.map { "\($0.optional ? "?" : "")\(self.node($0.key)): \(self.node($0.value))" }.joined(separator: ", "))}"
        case .comprehension(let loop):
            return
                "\(loop.macro)(\(self.node(loop.source)); \(loop.variables); \(loop.filter.map { self.node($0) } ?? ""); "
                + "\(self.node(loop.body)))"
        }
    }
}
