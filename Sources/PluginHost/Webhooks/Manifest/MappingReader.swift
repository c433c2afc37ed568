import Expressions
import WorkflowModel
import YAML

/// Reads the computed values and conditions of a mapping, and checks the names and tables that they use.
struct MappingReader {
    let report: ManifestReport
    /// The names that expressions may use.
    var names: [String]
    /// The tables of words.
    let tables: [String]

    /// A value: `=EXPR`, a text with `${{ EXPR }}` parts, or as it stands.
    func value(_ node: YAMLNode) -> MappedValue? {
        switch node.content {
        case .scalar(let scalar):
            guard scalar.resolved == .string else { return .constant(node.plainValue) }
            if scalar.text.hasPrefix("=") {
                return program(String(scalar.text.dropFirst()), node, offset: 1).map(MappedValue.expression)
            }
            guard scalar.text.contains("{{") else { return .constant(.string(scalar.text)) }
            let (template, errors) = TextTemplate.parse(scalar.text, library: MappingFunctions.library)
            for error in errors {
                report.add(ManifestCode.expression, in: node, error.range, error.message, help: error.help)
            }
            guard let template else { return nil }
            check(template.references, node, offset: 0)
            for case .expression(let expression, let offset) in template.segments {
                checkTables(expression.root, node, offset: offset)
            }
            return .text(template)
        case .sequence(let items):
            let values = items.compactMap(value)
            return values.count == items.count ? .list(values) : nil
        case .mapping(let entries):
            let fields = entries.compactMap { entry in
                value(entry.value).map { (key: entry.key.text ?? "", value: $0) }
            }
            return fields.count == entries.count ? .map(fields) : nil
        }
    }

    /// One condition, or a list of which all must hold.
    func conditions(_ node: YAMLNode) -> [Program] {
        let items = node.items ?? [node]
        return items.compactMap { item in
            guard let text = item.text, !text.isEmpty else {
                report.add(
                    ManifestCode.wrongValue, at: item, "a condition must be an expression, this is \(item.kindInWords)")
                return nil
            }
            if text.hasPrefix("=") {
                report.add(
                    ManifestCode.expression, at: item, "a condition is written without =",
                    help: "write \(text.dropFirst())")
                return nil
            }
            return program(text, item, offset: 0)
        }
    }

    /// An expression that is written without `=`.
    func expression(_ node: YAMLNode, _ what: String) -> Program? {
        guard let text = node.text, !text.isEmpty, !text.hasPrefix("=") else {
            report.add(ManifestCode.wrongValue, at: node, "\(what) must be an expression, without =")
            return nil
        }
        return program(text, node, offset: 0)
    }

    private func program(_ text: String, _ node: YAMLNode, offset: Int) -> Program? {
        do throws(ExpressionError) {
            let program = try Program(parsing: text, library: MappingFunctions.library)
            check(program.expression.references, node, offset: offset)
            checkTables(program.expression.root, node, offset: offset)
            return program
        } catch {
            let range = error.moved(by: offset).range
            report.add(ManifestCode.expression, in: node, range, error.message, help: error.help)
            return nil
        }
    }

    private func check(_ references: [Reference], _ node: YAMLNode, offset: Int) {
        for reference in references {
            guard let name = reference.path.first, !names.contains(name) else { continue }
            let near = Similarity.nearest(to: name, among: names)
            let range = reference.range.lowerBound + offset..<reference.range.upperBound + offset
            report.add(
                ManifestCode.unknownName, in: node, range, "nothing has the name `\(name)` here",
                help: near.map { "did you mean \($0)?" } ?? reference.helpForUnknownName
                    ?? "there are \(names.joined(separator: ", "))")
        }
    }

    /// Reports tables that `word` is called with and that the manifest does not have.
    private func checkTables(_ root: Node, _ node: YAMLNode, offset: Int) {
        for call in root.calls(of: "word") + root.calls(of: "word_among") {
            guard let argument = call.first, case .literal(.string(let table)) = argument.kind, !tables.contains(table)
            else { continue }
            let near = Similarity.nearest(to: table, among: tables)
            let range = argument.range.lowerBound + offset..<argument.range.upperBound + offset
            report.add(
                ManifestCode.unknownName, in: node, range, "there is no table \(table) under words",
                help: near.map { "did you mean \($0)?" } ?? "write `words: { \(table): { … } }`")
        }
    }
}

extension Node {
    /// The arguments of every call of the function `name` in this tree.
    func calls(of name: String) -> [[Node]] {
        var found: [[Node]] = []
        visit { node in
            if case .call(name, nil, let args) = node.kind { found.append(args) }
        }
        return found
    }

    private func visit(_ body: (Node) -> Void) {
        body(self)
        switch kind {
        case .literal, .ident: break
        case .select(let operand, _, _): operand.visit(body)
        case .call(_, let target, let args):
            target?.visit(body)
            for arg in args { arg.visit(body) }
        case .list(let items): for item in items { item.visit(body) }
        case .map(let entries):
            for entry in entries {
                entry.key.visit(body)
                entry.value.visit(body)
            }
        case .comprehension(let comprehension):
            comprehension.source.visit(body)
            comprehension.filter?.visit(body)
            comprehension.body.visit(body)
        }
    }
}
