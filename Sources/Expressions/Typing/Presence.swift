import WorkflowModel

/// What conditions tell about what is there.
public enum Presence {
    /// Whether `node` is known to be there when `condition` holds, or when it does not.
    public static func isProved(_ node: Node, by condition: Node, _ holds: Bool) -> Bool {
        switch condition.kind {
        case .select(let step, "timed_out", false) where !holds && isBelow(node, step): return true
        case .select(let operand, let field, true):
            return holds && (isField(node, field, of: operand) || isUsed(node, in: operand))
        case .call(let function, let target, let args):
            return isProved(node, byCall: function, target, args, holds)
        case .comprehension(let comprehension): return isUsed(node, in: comprehension.source)
        default: return isUsed(node, in: condition)
        }
    }

    private static func isProved(
        _ node: Node, byCall function: String, _ target: Node?, _ args: [Node], _ holds: Bool
    ) -> Bool {
        switch (function, args.count) {
        case (Operator.and, 2), (Operator.or, 2):
            let left = isProved(node, by: args[0], holds)
            let decides = (function == Operator.and) == holds
            return decides ? left || isProved(node, by: args[1], holds) : left && isProved(node, by: args[1], holds)
        case (Operator.not, 1): return isProved(node, by: args[0], !holds)
        case ("missing", 1): return !holds && isUsed(node, in: args[0])
        case (Operator.equals, 2), (Operator.notEquals, 2):
            return isProved(node, byEqual: args, holds == (function == Operator.equals))
        case (Operator.in, 2) where holds && isEventType(args[0]) && isName(node): return true
        case (Operator.in, 2): return isUsed(node, in: args[1]) || holds && isUsed(node, in: args[0])
        case ("hasValue", 0):
            guard holds, let target, case .call(Operator.optionalSelect, nil, let parts) = target.kind,
                parts.count == 2, let field = parts[1].literal?.string
            else { return false }
            return isField(node, field, of: parts[0])
        case ("default", 2): return false
        default: return args.contains { isUsed(node, in: $0) } || target.map { isUsed(node, in: $0) } ?? false
        }
    }

    /// `x == y`, or with `same` false `x != y`.
    private static func isProved(_ node: Node, byEqual args: [Node], _ same: Bool) -> Bool {
        for (one, other) in [(args[0], args[1]), (args[1], args[0])] {
            guard let literal = other.literal else {
                if isInside(node, one) { return true }
                continue
            }
            if literal.isNull != same, isUsed(node, in: one) { return true }
            if same, isEventType(one), isName(node) { return true }
            // A step that has succeeded has all its results.
            if literal.string == "succeeded" && same || literal.string == "skipped" && !same,
                case .select(let step, "status", false) = one.kind, step.path?.count == 2, isBelow(node, step)
            {
                return true
            }
        }
        return false
    }

    /// What started the run decides which names there are.
    private static func isEventType(_ node: Node) -> Bool { node.path == ["event", "type"] }

    private static func isName(_ node: Node) -> Bool {
        if case .ident = node.kind { return true }
        return false
    }

    /// Whether `part` can only be evaluated when `node` is there.
    private static func isUsed(_ node: Node, in part: Node) -> Bool {
        isSame(node, part) || isInside(node, part)
    }

    private static func isInside(_ node: Node, _ part: Node) -> Bool {
        switch part.kind {
        case .select(let operand, _, let testOnly): return !testOnly && isUsed(node, in: operand)
        case .call(let function, let target, let args):
            switch function {
            case Operator.and, Operator.or, Operator.conditional, Operator.optionalSelect, Operator.optionalIndex,
                Operator.equals, Operator.notEquals, "missing", "default", "mentions":
                return false
            default: break
            }
            return args.contains { isUsed(node, in: $0) } || target.map { isUsed(node, in: $0) } ?? false
        case .comprehension(let comprehension): return isUsed(node, in: comprehension.source)
        default: return false
        }
    }

    private static func isField(_ node: Node, _ field: String, of operand: Node) -> Bool {
        switch node.kind {
        case .select(let other, field, false): isSame(other, operand)
        case .call(Operator.index, nil, let args) where args.count == 2 && args[1].literal?.string == field:
            isSame(args[0], operand)
        default: false
        }
    }

    /// Whether `node` is a field, at any depth, of `base`.
    private static func isBelow(_ node: Node, _ base: Node) -> Bool {
        switch node.kind {
        case .select(let operand, _, false): isSame(operand, base) || isBelow(operand, base)
        case .call(Operator.index, nil, let args) where args.count == 2: isSame(args[0], base) || isBelow(args[0], base)
        default: false
        }
    }

    /// Whether two parts, of one expression or of two, ask for the same thing.
    public static func isSame(_ a: Node, _ b: Node) -> Bool {
        switch (a.kind, b.kind) {
        case (.ident(let a), .ident(let b)): return a == b
        case (.literal(let a), .literal(let b)): return a == b
        case (.select(let x, let f, let t), .select(let y, let g, let u)): return f == g && t == u && isSame(x, y)
        case (.select(let x, let field, false), .call(Operator.index, nil, let args)),
            (.call(Operator.index, nil, let args), .select(let x, let field, false)):
            return args.count == 2 && args[1].literal?.string == field && isSame(args[0], x)
        case (.call(let f, let t, let args), .call(let g, let u, let others)):
            guard f == g, args.count == others.count, (t == nil) == (u == nil) else { return false }
            if let t, let u, !isSame(t, u) { return false }
            for (one, other) in zip(args, others) where !isSame(one, other) { return false }
            return true
        case (.list(let items), .list(let others)):
            guard items.count == others.count else { return false }
            for (one, other) in zip(items, others) where !isSame(one, other) { return false }
            return true
        default: return false
        }
    }
}
