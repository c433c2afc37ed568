import Expressions
import WorkflowModel

/// Values of an expression as nouns.
extension Sentence {
    /// The value of a node in words.
    func noun(_ node: Node) -> String {
        if let path = node.path { return names.path(path) }
        switch node.kind {
        case .literal(let value): return English.value(value)
        case .list(let items):
            if items.isEmpty { return "an empty list" }
            return items.count == 1 ? noun(items[0]) : English.list(items.map(noun))
        case .map(let entries):
            guard entries.allSatisfy({ $0.key.literal?.string != nil && !$0.optional }) else { return written(node) }
            if entries.isEmpty { return "nothing" }
            return entries.map { "\($0.key.literal?.string ?? "") = \(noun($0.value))" }.joined(separator: ", ")
        case .call(let function, let target, let args): return call(function, target, args, node)
        case .comprehension(let loop): return comprehension(loop, node)
        case .select(_, _, true): return "whether \(clause(node, holds: true).text)"
        case .select(let operand, let field, false): return "the \(NameWords.field(field)) of \(noun(operand))"
        case .ident(let name): return names.path([name])
        }
    }

    /// A value that there are no words for.
    private func written(_ node: Node) -> String { "`\(text(node))`" }

    /// A text in quotes, whatever it is; other values as they are.
    func textNoun(_ node: Node) -> String {
        if let text = node.literal?.string { return "“\(text)”" }
        return noun(node)
    }

    private func call(_ function: String, _ target: Node?, _ args: [Node], _ node: Node) -> String {
        switch (function, target, args.count) {
        case ("default", nil, 2):
            let chain = alternatives(node)
            guard chain.count == 2 else {
                return "(the first that is not missing of \(English.list(chain.map(noun), "or")))"
            }
            let other = args[1].literal?.string == "" ? "nothing" : noun(args[1])
            return "\(noun(args[0])) (\(other) if missing)"
        case ("duration", nil, 1):
            if let span = args[0].literal?.string.flatMap({ DurationText.parse($0) }) { return English.duration(span) }
            return noun(args[0])
        case ("timestamp", nil, 1): return args[0].literal?.string ?? noun(args[0])
        case ("ago", nil, 1):
            if let span = args[0].literal?.string.flatMap({ DurationText.parse($0) }) {
                return "\(English.duration(span)) ago"
            }
            return "the moment \(noun(args[0])) ago"
        case ("size", _, _):
            guard let of = target ?? args.first else { return written(node) }
            return "the size of \(noun(of))"
        case ("string", nil, 1): return noun(args[0])
        case ("int", nil, 1), ("double", nil, 1): return "\(noun(args[0])) as a number"
        case ("lowerAscii", let target?, 0): return "\(noun(target)) in lower case"
        case ("upperAscii", let target?, 0): return "\(noun(target)) in upper case"
        case ("trim", let target?, 0): return "\(noun(target)) without blanks at its ends"
        case ("join", let target?, 0): return "\(noun(target)) written together"
        case ("join", let target?, 1): return "\(noun(target)) joined by \(textNoun(args[0]))"
        case ("distinct", let target?, 0): return "\(noun(target)) without repetitions"
        case ("first", let target?, 0): return "the first entry of \(noun(target))"
        case ("last", let target?, 0): return "the last entry of \(noun(target))"
        case (Operator.conditional, nil, 3):
            return "(\(choice(node)))"
        case (Operator.add, nil, 2): return sum(args[0], args[1])
        case (Operator.subtract, nil, 2):
            if isTime(args[0]), isSpan(args[1]) { return "\(inner(args[1])) before \(inner(args[0]))" }
            return "\(inner(args[0])) minus \(inner(args[1]))"
        case (Operator.multiply, nil, 2): return "\(inner(args[0])) times \(inner(args[1]))"
        case (Operator.divide, nil, 2): return "\(inner(args[0])) divided by \(inner(args[1]))"
        case (Operator.negate, nil, 1): return "minus \(inner(args[0]))"
        case (Operator.index, nil, 2):
            if args[1].literal?.int == 0 { return "the first entry of \(noun(args[0]))" }
            return written(node)
        default: break
        }
        if isStatement(function, target) { return "whether \(clause(node, holds: true).closed)" }
        return written(node)
    }

    /// `x if this; y if that; otherwise z`.
    func choice(_ node: Node) -> String {
        guard case .call(Operator.conditional, nil, let args) = node.kind, args.count == 3 else {
            return "otherwise \(noun(node))"
        }
        return "\(noun(args[1])) if \(clause(args[0], holds: true).closed); \(choice(args[2]))"
    }

    /// The values of nested `default(a, default(b, c))`.
    private func alternatives(_ node: Node) -> [Node] {
        guard case .call("default", nil, let args) = node.kind, args.count == 2 else { return [node] }
        return [args[0]] + alternatives(args[1])
    }

    /// Whether a node is a span of time that is written out.
    private func isSpan(_ node: Node) -> Bool {
        guard case .call("duration", nil, let args) = node.kind, args.count == 1 else { return false }
        return args[0].literal?.string.flatMap { DurationText.parse($0) } != nil
    }

    private func isStatement(_ function: String, _ target: Node?) -> Bool {
        if target == nil {
            return Self.comparisons[function] != nil
                || [Operator.and, Operator.or, Operator.not, Operator.in, "missing", "mentions", "open_now"].contains(
                    function)
        }
        return ["startsWith", "endsWith", "contains", "matches"].contains(function)
    }

    private func sum(_ left: Node, _ right: Node) -> String {
        if case .ident("now") = left.kind, isSpan(right) { return "\(inner(right)) from now" }
        if isTime(left), isSpan(right) { return "\(inner(right)) after \(inner(left))" }
        var parts: [Node] = []
        func collect(_ node: Node) {
            if case .call(Operator.add, nil, let args) = node.kind, args.count == 2, !isTime(node) {
                collect(args[0])
                collect(args[1])
            } else {
                parts.append(node)
            }
        }
        collect(left)
        collect(right)
        if parts.contains(where: { $0.literal?.string != nil }) {
            return
                "the text \(parts.map { part in part.literal?.string.map { "“\($0)”" } ?? "[\(noun(part))]" }.joined(separator: " + "))"
        }
        return parts.map(inner).joined(separator: " plus ")
    }

    /// A noun inside another: sums and differences in brackets.
    private func inner(_ node: Node) -> String {
        switch node.kind {
        case .call(Operator.add, nil, _), .call(Operator.subtract, nil, _), .call(Operator.multiply, nil, _),
            .call(Operator.divide, nil, _):
            "(\(noun(node)))"
        default: noun(node)
        }
    }

    private func comprehension(_ loop: Node.Comprehension, _ node: Node) -> String {
        guard loop.variables.count == 1, let variable = loop.variables.first, loop.filter == nil else {
            return written(node)
        }
        var within = self
        within.names.loopVariables.insert(variable)
        switch loop.macro {
        case .filter:
            return
                "those “\(variable)” of \(noun(loop.source)) for which \(within.clause(loop.body, holds: true).closed)"
        case .map: return "\(within.noun(loop.body)) for each “\(variable)” of \(noun(loop.source))"
        case .exists, .all, .existsOne: return "whether \(clause(node, holds: true).text)"
        default: return written(node)
        }
    }
}
