public import WorkflowModel

/// What a part of an expression gave: a tree that shows why a condition held or not.
public struct Explanation: Sendable {
    /// The part as it was written.
    public let text: String
    /// The part's place, as Unicode scalar offsets in the expression.
    public let range: Range<Int>
    /// What it gave.
    public let result: Result
    /// The parts below that are worth showing: the terms of `&&` and `||`, what `!`, `?:` and comparisons look at.
    public let children: [Explanation]

    /// What a part gave.
    public enum Result: Sendable {
        /// A value.
        case value(Value)
        /// No value.
        case error(EvaluationError)
        /// The part was not needed: the branch of `?:` that was not taken.
        case notEvaluated
    }

    /// True or false when the part is a condition that gave one; nil for other values and errors.
    public var truth: Bool? {
        if case .value(.bool(let flag)) = result { return flag }
        return nil
    }

    /// The lines of a condition: its terms when it is an `&&`, else the condition itself.
    public var terms: [Explanation] {
        isConjunction ? children.flatMap(\.terms) : [self]
    }

    private let isConjunction: Bool

    init(
        text: String, range: Range<Int>, result: Result, children: [Explanation], isConjunction: Bool
    ) {
        self.text = text
        self.range = range
        self.result = result
        self.children = children
        self.isConjunction = isConjunction
    }

    /// The paths below that were read, with what they held: `ticket.priority` was `"P3"`.
    public var seen: [(text: String, result: Result)] {
        if children.isEmpty { return [(text, result)] }
        var known: Set<String> = []
        return children.flatMap(\.seen).filter { known.insert($0.text).inserted }
    }
}

extension Program {
    /// Evaluates the expression and every part of it that is worth showing. Unlike ``evaluate(_:)`` it looks at both sides of
    /// `&&` and `||`, so that all values are seen.
    public func explain(_ scope: some Scope) -> Explanation {
        Explainer(program: self, scope: scope).explain(expression.root)
    }
}

private struct Explainer {
    let program: Program
    let scope: any Scope

    func explain(_ node: Node) -> Explanation {
        Explanation(
            text: program.expression.text(of: node), range: node.range, result: result(node),
            children: children(node), isConjunction: isCall(node, Operator.and))
    }

    private func children(_ node: Node) -> [Explanation] {
        guard case .call(Operator.conditional, nil, let args) = node.kind else { return parts(node).map(explain) }
        let condition = explain(args[0])
        let unused: Int? = condition.truth.map { $0 ? 2 : 1 }
        var children = isWorthShowing(args[0]) ? [condition] : []
        for branch in 1...2 where isWorthShowing(args[branch]) {
            children.append(branch == unused ? passedOver(args[branch]) : explain(args[branch]))
        }
        return children
    }

    private func passedOver(_ node: Node) -> Explanation {
        Explanation(
            text: program.expression.text(of: node), range: node.range, result: .notEvaluated, children: [],
            isConjunction: false)
    }

    private func result(_ node: Node) -> Explanation.Result {
        var planner = Planner(library: program.library, container: program.container)
        do throws(ExpressionError) {
            let plan = try planner.plan(node)
            var frame = Frame(scope: scope, slots: planner.slots)
            do throws(EvalFailure) {
                return .value(try Sizes.checked(plan.evaluate(&frame)))
            } catch {
                return .error(error.published)
            }
        } catch {
            return .error(EvaluationError(code: .noSuchOverload, message: error.message, range: error.range))
        }
    }

    private func isCall(_ node: Node, _ function: String) -> Bool {
        if case .call(function, _, _) = node.kind { return true }
        return false
    }

    /// The nodes below that are shown: neither constants, nor what a macro evaluates per element.
    private func parts(_ node: Node) -> [Node] {
        if node.path != nil { return [] }
        switch node.kind {
        case .call(let function, let target, let args):
            if function == Operator.and || function == Operator.or {
                return args.flatMap { chain($0, function) }
            }
            let qualified = target?.dottedName.map { program.library.has("\($0).\(function)") } ?? false
            return ((qualified ? nil : target).map { [$0] } ?? []).appending(args).filter(isWorthShowing)
        case .select(let operand, _, let testOnly): return testOnly ? [operand].filter(isWorthShowing) : [operand]
        case .comprehension(let comprehension): return [comprehension.source].filter(isWorthShowing)
        case .list(let items): return items.filter(isWorthShowing)
        default: return []
        }
    }

    private func chain(_ node: Node, _ function: String) -> [Node] {
        guard case .call(function, _, let args) = node.kind else { return [node] }
        return args.flatMap { chain($0, function) }
    }

    private func isWorthShowing(_ node: Node) -> Bool {
        switch node.kind {
        case .literal: false
        case .list(let items): items.contains(where: isWorthShowing)
        case .map(let entries): entries.contains { isWorthShowing($0.value) }
        case .call(Operator.optionalElement, _, _): false
        default: true
        }
    }
}

extension Array {
    fileprivate func appending(_ others: [Element]) -> [Element] { self + others }
}
