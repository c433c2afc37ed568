import Expressions
import WorkflowModel

/// Statements of one expression.
struct Sentence {
    let expression: Expression
    var names: NameWords

    /// The node as a statement that is true when the node is, or with `holds` false when it is not.
    func clause(_ node: Node, holds: Bool) -> Clause {
        switch node.kind {
        case .literal(.bool(let flag)): return Clause(text: flag == holds ? "always" : "never")
        case .call(Operator.not, nil, let args) where args.count == 1: return clause(args[0], holds: !holds)
        case .call(Operator.and, nil, let args):
            return .joined(flat(args, Operator.and).map { clause($0, holds: holds) }, by: holds ? .and : .or)
        case .call(Operator.or, nil, let args):
            return .joined(flat(args, Operator.or).map { clause($0, holds: holds) }, by: holds ? .or : .and)
        case .call(Operator.conditional, nil, let args) where args.count == 3:
            let question = clause(args[0], holds: true).closed
            let yes = clause(args[1], holds: holds).closed
            let no = clause(args[2], holds: holds).closed
            return Clause(text: "(if \(question): \(yes); otherwise: \(no))")
        case .call(let function, nil, let args) where args.count == 2 && Self.comparisons[function] != nil:
            return comparison(function, args[0], args[1], holds: holds)
        case .call(Operator.in, nil, let args) where args.count == 2: return membership(args[0], args[1], holds)
        case .call("missing", nil, let args) where args.count == 1: return missing(args[0], isThere: !holds)
        case .call("default", nil, let args) where args.count == 2: return fallback(node, args, holds)
        case .call("mentions", nil, let args) where args.count == 2: return mentions(args[0], args[1], holds, node)
        case .call("open_now", nil, let args) where args.count == 1:
            let calendar =
                args[0].literal?.string.map { "the calendar \($0)" } ?? "the calendar named by \(noun(args[0]))"
            return Clause(text: "\(calendar) is \(holds ? "open" : "closed") now")
        case .call(let function, let target?, let args) where args.count == 1 && Self.textTests[function] != nil:
            guard let (yes, no) = Self.textTests[function] else { break }
            let what = function == "matches" ? "`\(args[0].literal?.string ?? text(args[0]))`" : textNoun(args[0])
            return Clause(text: "\(noun(target)) \(holds ? yes : no) \(what)")
        case .select(let operand, let field, true):
            let what = operand.path.map { names.path($0 + [field]) } ?? "\(NameWords.field(field)) of \(noun(operand))"
            return Clause(text: "\(what) is \(holds ? "" : "not ")present")
        case .comprehension(let loop): return quantified(loop, node, holds)
        default: break
        }
        if let path = node.path {
            return Clause(text: names.truth(path, holds: holds) ?? "\(names.path(path)) is \(holds ? "" : "not ")true")
        }
        return written(node, holds)
    }

    /// A statement that there are no words for.
    func written(_ node: Node, _ holds: Bool) -> Clause {
        Clause(text: "`\(text(node))` \(holds ? "holds" : "does not hold")")
    }

    /// The source of a node on one line.
    func text(_ node: Node) -> String {
        expression.text(of: node).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The terms of a chain of one operator.
    private func flat(_ args: [Node], _ function: String) -> [Node] {
        args.flatMap { arg in
            if case .call(function, nil, let inner) = arg.kind { flat(inner, function) } else { [arg] }
        }
    }

    private static let textTests = [
        "startsWith": ("begins with", "does not begin with"), "endsWith": ("ends with", "does not end with"),
        "contains": ("contains", "does not contain"), "matches": ("matches the pattern", "does not match the pattern"),
    ]

    // MARK: Presence

    private func missing(_ node: Node, isThere: Bool) -> Clause {
        if let path = node.path { return Clause(text: names.presence(path, isThere: isThere)) }
        return Clause(text: "\(noun(node)) is \(isThere ? "not " : "")missing")
    }

    /// `default(x, y)` as a condition.
    private func fallback(_ node: Node, _ args: [Node], _ holds: Bool) -> Clause {
        // Missing and false are one, and so are missing and true in the other case.
        if let other = args[1].literal?.bool, let path = args[0].path {
            if !other {
                return Clause(
                    text: names.truth(path, holds: holds) ?? "\(names.path(path)) is \(holds ? "" : "not ")true")
            }
            return Clause(text: "\(names.path(path)) is \(holds ? "not " : "")false")
        }
        return Clause(text: "\(noun(node)) is \(holds ? "" : "not ")true")
    }

    private func mentions(_ subject: Node, _ words: Node, _ holds: Bool, _ node: Node) -> Clause {
        let wanted: [String]
        switch words.kind {
        case .literal(.string(let word)): wanted = [word]
        case .list(let items):
            wanted = items.compactMap { $0.literal?.string }
            guard wanted.count == items.count else { return written(node, holds) }
        default: return written(node, holds)
        }
        guard !wanted.isEmpty else { return written(node, holds) }
        let quoted = wanted.map { "“\($0)”" }
        let what = noun(subject)
        if quoted.count == 1 { return Clause(text: "\(what) \(holds ? "mentions" : "does not mention") \(quoted[0])") }
        return Clause(
            text: holds
                ? "\(what) mentions \(English.list(quoted, "or"))"
                : "\(what) mentions neither \(English.list(quoted, "nor"))")
    }

    // MARK: Lists

    private func membership(_ element: Node, _ list: Node, _ holds: Bool) -> Clause {
        if case .list(let items) = list.kind {
            if items.isEmpty { return Clause(text: holds ? "never" : "always") }
            let subject = guarded(element, against: items)
            let words = items.map { noun($0) }
            if words.count == 1 { return Clause(text: "\(subject) is \(holds ? "" : "not ")\(words[0])") }
            return Clause(
                text: holds
                    ? "\(subject) is \(English.list(words, "or"))"
                    : "\(subject) is neither \(English.list(words, "nor"))")
        }
        // In a list that is missing there is nothing.
        if case .call("default", nil, let args) = list.kind, args.count == 2, case .list(let none) = args[1].kind,
            none.isEmpty
        {
            return membership(element, args[0], holds)
        }
        return Clause(text: "\(noun(element)) is \(holds ? "" : "not ")among \(noun(list))")
    }

    private func quantified(_ loop: Node.Comprehension, _ node: Node, _ holds: Bool) -> Clause {
        guard loop.variables.count == 1, let variable = loop.variables.first, loop.filter == nil else {
            return written(node, holds)
        }
        var inner = self
        inner.names.loopVariables.insert(variable)
        func among(_ word: String, _ body: Bool = true) -> Clause {
            Clause(
                text: "for \(word) “\(variable)” among \(noun(loop.source)): "
                    + inner.clause(loop.body, holds: body).closed, binding: .single
            ).bracketed
        }
        switch loop.macro {
        case .exists: return among(holds ? "at least one" : "no")
        case .all: return holds ? among("every") : among("at least one", false)
        case .existsOne: return among(holds ? "exactly one" : "none or several")
        default: return written(node, holds)
        }
    }
}

extension Clause {
    /// In brackets, because it ends with an open sentence.
    var bracketed: Clause { Clause(text: "(\(text))") }
}
