import WorkflowModel

/// A path that an expression reads from outside: a name of the scope, with its fields as far as they are constant.
public struct Reference: Sendable, Hashable {
    /// The name and the fields: `steps.owner.assignee` is `["steps", "owner", "assignee"]`, as is `steps["owner"].assignee`.
    public let path: [String]
    /// The place of the whole path in the text.
    public let range: Range<Int>
    /// True when the path is only asked for by `has()`, `missing()` or `default()`, so that it may be absent.
    public let onlyTested: Bool

    /// A reference to `path` at `range`.
    public init(path: [String], range: Range<Int>, onlyTested: Bool) {
        self.path = path
        self.range = range
        self.onlyTested = onlyTested
    }
}

extension Expression {
    /// Every path that the expression reads from outside, in the order of the text. Names that a macro binds, names of types and
    /// the first parts of functions such as `math.greatest` are not among them.
    public var references: [Reference] {
        var collector = ReferenceCollector()
        collector.visit(root, bound: [], tested: false)
        return collector.references
    }
}

extension Reference {
    /// What to write instead, when nothing has this name and it is one from another language (`True`, `None`).
    public var helpForUnknownName: String? { path.first.flatMap { Slips.name($0) } }
}

private struct ReferenceCollector {
    var references: [Reference] = []

    mutating func visit(_ node: Node, bound: Set<String>, tested: Bool) {
        if let path = node.path {
            add(path, node.range, bound, tested)
            return
        }
        switch node.kind {
        case .select(let operand, let field, true):
            if let path = operand.path {
                add(path + [field], node.range, bound, true)
            } else {
                visit(operand, bound: bound, tested: true)
            }
        case .call(Operator.optionalSelect, nil, let args), .call(Operator.optionalIndex, nil, let args):
            if let path = args[0].path, let field = args[1].literal?.string {
                add(path + [field], node.range, bound, true)
            } else {
                for arg in args { visit(arg, bound: bound, tested: tested) }
            }
        case .call("missing", nil, let args):
            for arg in args { visit(arg, bound: bound, tested: true) }
        case .call("default", nil, let args):
            for (number, arg) in args.enumerated() { visit(arg, bound: bound, tested: number == 0 || tested) }
        case .call(let function, let target?, let args):
            let isQualified = target.dottedName.map { FunctionLibrary.standard.has("\($0).\(function)") } ?? false
            if !isQualified { visit(target, bound: bound, tested: tested) }
            for arg in args { visit(arg, bound: bound, tested: tested) }
        case .comprehension(let comprehension):
            visit(comprehension.source, bound: bound, tested: tested)
            let inner = bound.union(comprehension.variables)
            if let filter = comprehension.filter { visit(filter, bound: inner, tested: tested) }
            visit(comprehension.body, bound: inner, tested: tested)
        default:
            for child in node.kind.children { visit(child, bound: bound, tested: tested) }
        }
    }

    private mutating func add(_ path: [String], _ range: Range<Int>, _ bound: Set<String>, _ tested: Bool) {
        guard let root = path.first, !bound.contains(root) else { return }
        if TypeNames.isType(path.joined(separator: ".")) { return }
        let name = root.hasPrefix(".") ? String(root.dropFirst()) : root
        references.append(Reference(path: [name] + path.dropFirst(), range: range, onlyTested: tested))
    }
}
