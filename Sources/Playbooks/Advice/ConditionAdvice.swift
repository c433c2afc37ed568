import Expressions
import WorkflowModel
import YAML

/// Finds conditions, and parts of them, that are always true or never true.
struct ConditionAdvice {
    let advice: PlaybookAdvice

    func run() {
        for site in advice.reading.sites {
            if site.isCondition {
                look(site.expression.root, site, isWhole: true)
            } else {
                choices(site.expression.root, site)
            }
        }
        for trigger in advice.workflow.triggers {
            if case .event(let event) = trigger, let condition = event.condition { look(condition) }
        }
    }

    /// The conditions of `a ? b : c` inside a value.
    private func choices(_ node: Node, _ site: PlaybookReading.Site) {
        if case .call(Operator.conditional, nil, let args) = node.kind, let first = args.first {
            look(first, site, isWhole: true)
            for arg in args.dropFirst() { choices(arg, site) }
            return
        }
        for child in node.kind.children { choices(child, site) }
    }

    private func look(_ node: Node, _ site: PlaybookReading.Site, isWhole: Bool) {
        let claim = Claim.node(node, site.expression)
        let known = advice.known(site.scope)
        if Facts.isImpossible(claim, known: known) {
            neverTrue(node, site, isWhole: isWhole)
            return
        }
        if Facts.isImpossible(claim, holds: false, known: known) {
            alwaysTrue(node, site, isWhole: isWhole)
            return
        }
        switch node.kind {
        case .call(Operator.and, nil, let args), .call(Operator.or, nil, let args), .call(Operator.not, nil, let args):
            for arg in args { look(arg, site, isWhole: false) }
        case .call(Operator.conditional, nil, _): choices(node, site)
        default: break
        }
    }

    // MARK: Messages

    private func alwaysTrue(_ node: Node, _ site: PlaybookReading.Site, isWhole: Bool) {
        let what = isWhole ? "this condition" : "this part of the condition"
        let range = advice.range(node, site)
        guard !advice.isReported(range) else { return }
        if let compared = comparedWithItself(node, site) {
            advice.warn(
                .alwaysTrue, range, "\(compared) is compared with itself, so \(what) is always true",
                help: "compare it with something else")
        } else if let (term, values) = differences(node, site) {
            advice.warn(
                .alwaysTrue, range,
                "\(what) is always true: `\(term)` cannot be \(Self.both(values)) at once, so one of these always holds",
                help: "write && between them, or !(\(term) in [\(values.joined(separator: ", "))])")
        } else if node.literal != nil {
            advice.warn(.alwaysTrue, range, "\(what) is always true", help: "remove it, or compare something")
        } else if isConstant(node) {
            advice.warn(
                .alwaysTrue, range, "\(what) is always true: it looks at nothing of the event or of the steps",
                help: "a name stands without quotes: ticket.priority")
        } else {
            advice.warn(
                .alwaysTrue, range, "\(what) is always true: it holds for every value that there can be",
                help: isWhole ? "remove it if that is meant" : "remove this part if that is meant")
        }
    }

    private func neverTrue(_ node: Node, _ site: PlaybookReading.Site, isWhole: Bool) {
        let what = isWhole ? "this condition" : "this part of the condition"
        let range = advice.range(node, site)
        guard !advice.isReported(range) else { return }
        if let compared = comparedWithItself(node, site) {
            advice.warn(
                .neverTrue, range, "\(compared) is compared with itself, so \(what) is never true",
                help: "compare it with something else")
        } else if let (term, value, known) = strangeWord(node, site) {
            let near = Similarity.nearest(to: value, among: known)
            advice.warn(
                .neverTrue, range, "`\(term)` is never \"\(value)\", so \(what) is never true",
                help: near.map { "did you mean \"\($0)\"?" } ?? "it is one of \(known.joined(separator: ", "))")
        } else if let (term, values) = equalities(node, site) {
            advice.warn(
                .neverTrue, range, "\(what) is never true: `\(term)` cannot be \(Self.both(values)) at once",
                help: "write || between them, or \(term) in [\(values.joined(separator: ", "))]")
        } else if node.literal != nil {
            advice.warn(
                .neverTrue, range, "\(what) is never true",
                help: "remove what it guards, or put `#` before its lines for a while")
        } else if isConstant(node) {
            advice.warn(
                .neverTrue, range, "\(what) is never true: it looks at nothing of the event or of the steps",
                help: "a name stands without quotes: ticket.priority")
        } else {
            advice.warn(
                .neverTrue, range, "\(what) is never true: its parts contradict each other",
                help: "write || if one of them is enough")
        }
    }

    private static func both(_ values: [String]) -> String {
        values.count == 2 ? "both \(values[0]) and \(values[1])" : values.joined(separator: " and ")
    }

    // MARK: Forms

    /// What is compared with itself in `x == x`.
    private func comparedWithItself(_ node: Node, _ site: PlaybookReading.Site) -> String? {
        guard case .call(let function, nil, let args) = node.kind, args.count == 2, Comparison(function) != nil,
            Facts.constant(args[0]) == nil,
            Facts.key(args[0], site.expression) == Facts.key(args[1], site.expression)
        else { return nil }
        return "`\(site.expression.text(of: args[0]))`"
    }

    /// The term and the values of `x != "A" || x != "B"`.
    private func differences(_ node: Node, _ site: PlaybookReading.Site) -> (String, [String])? {
        guard case .call(Operator.or, nil, let args) = node.kind else { return nil }
        return repeated(args, Operator.notEquals, site)
    }

    /// The term and the values of `x == "A" && x == "B"`.
    private func equalities(_ node: Node, _ site: PlaybookReading.Site) -> (String, [String])? {
        guard case .call(Operator.and, nil, let args) = node.kind else { return nil }
        return repeated(args, Operator.equals, site)
    }

    private func repeated(
        _ parts: [Node], _ function: String, _ site: PlaybookReading.Site
    ) -> (String, [String])? {
        var terms: Set<String> = []
        var values: [String] = []
        for part in flat(parts, function == Operator.equals ? Operator.and : Operator.or) {
            guard case .call(function, nil, let args) = part.kind, args.count == 2, Facts.constant(args[1]) != nil
            else {
                return nil
            }
            terms.insert(site.expression.text(of: args[0]))
            values.append(site.expression.text(of: args[1]))
        }
        guard terms.count == 1, let term = terms.first, values.count > 1 else { return nil }
        return (term, values)
    }

    private func flat(_ parts: [Node], _ function: String) -> [Node] {
        parts.flatMap { part in
            if case .call(function, nil, let args) = part.kind { flat(args, function) } else { [part] }
        }
    }

    /// The term, the word and the words that there are, of a comparison with a word that the term never is.
    private func strangeWord(_ node: Node, _ site: PlaybookReading.Site) -> (String, String, [String])? {
        guard case .call(Operator.equals, nil, let args) = node.kind, args.count == 2 else { return nil }
        for (term, value) in [(args[0], args[1]), (args[1], args[0])] {
            guard let word = Facts.constant(value)?.string, let path = term.path,
                let known = advice.known(site.scope)(path)?.compactMap(\.string), !known.contains(word)
            else { continue }
            return (path.joined(separator: "."), word, known)
        }
        return nil
    }

    /// Whether a node names nothing.
    private func isConstant(_ node: Node) -> Bool {
        switch node.kind {
        case .ident: false
        case .comprehension: false
        default: node.kind.children.allSatisfy(isConstant)
        }
    }

    // MARK: Conditions of triggers

    private func look(_ condition: Condition) {
        guard case .all(let parts) = condition, parts.count > 1 else {
            if case .any(let parts) = condition, parts.count > 1 { lookAtAny(parts, condition) }
            return
        }
        // A part that is never true for itself has been reported.
        let claims = parts.compactMap(advice.claim)
        guard claims.count == parts.count else { return }
        var facts = Facts(known: known(condition))
        for (part, claim) in zip(parts, claims) {
            if facts.assume(claim, true) { continue }
            guard !Facts.isImpossible(claim, known: known(condition)), let range = range(part),
                !advice.isReported(range)
            else { return }
            advice.warn(
                .neverTrue, range,
                "this never holds together with the conditions above it, so the trigger never fires",
                help: "all conditions of a list must hold; write `any:` above those of which one is enough")
            return
        }
        for part in parts { look(part) }
    }

    private func lookAtAny(_ parts: [Condition], _ condition: Condition) {
        let claims = parts.compactMap(advice.claim)
        guard claims.count == parts.count, let last = parts.last, let range = range(last) else { return }
        guard Facts.isImpossible(.any(claims), holds: false, known: known(condition)),
            !claims.contains(where: { Facts.isImpossible($0, holds: false, known: known(condition)) }),
            !advice.isReported(range)
        else { return }
        advice.warn(
            .alwaysTrue, range, "this or one of the conditions above it always holds, so `any` is always true",
            help: "write `all:` if each of them must hold")
    }

    private func known(_ condition: Condition) -> Facts.Known? {
        condition.expressions.first.flatMap(advice.site).map { advice.known($0.scope) }
    }

    private func range(_ condition: Condition) -> SourceRange? {
        guard let site = condition.expressions.first.flatMap(advice.site) else { return nil }
        return advice.range(site.expression.root, site)
    }
}
