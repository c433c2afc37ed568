import Expressions
import WorkflowModel

/// Comparisons.
extension Sentence {
    /// The operators with what they say of numbers, of times and of spans of time.
    static let comparisons: [String: (number: String, time: String)] = [
        Operator.equals: ("is", "is"), Operator.notEquals: ("is not", "is not"),
        Operator.less: ("is less than", "is before"), Operator.lessEquals: ("is at most", "is at or before"),
        Operator.greater: ("is more than", "is after"), Operator.greaterEquals: ("is at least", "is at or after"),
    ]

    private static let opposites: [String: (number: String, time: String)] = [
        Operator.less: ("is not less than", "is not before"),
        Operator.lessEquals: ("is not at most", "is not at or before"),
        Operator.greater: ("is not more than", "is not after"),
        Operator.greaterEquals: ("is not at least", "is not at or after"),
    ]

    private static let mirrored = [
        Operator.equals: Operator.equals, Operator.notEquals: Operator.notEquals, Operator.less: Operator.greater,
        Operator.lessEquals: Operator.greaterEquals, Operator.greater: Operator.less,
        Operator.greaterEquals: Operator.lessEquals,
    ]

    func comparison(_ function: String, _ left: Node, _ right: Node, holds: Bool) -> Clause {
        // `"P1" == ticket.priority` reads better the other way round.
        if isConstant(left), !isConstant(right), let mirror = Self.mirrored[function] {
            return comparison(mirror, right, left, holds: holds)
        }
        if function == Operator.equals || function == Operator.notEquals {
            return equality(left, right, holds: holds == (function == Operator.equals))
        }
        if let size = sizeClause(function, left, right, holds) { return size }
        let isTime = isTime(left) || isTime(right)
        if isTime, let ago = agoClause(function, left, right, holds) { return ago }
        let words = holds ? Self.comparisons[function] : Self.opposites[function]
        guard let words else { return Clause(text: "`\(text(left))` compared with `\(text(right))`") }
        return Clause(text: "\(noun(left)) \(isTime ? words.time : words.number) \(noun(right))")
    }

    private func equality(_ left: Node, _ right: Node, holds: Bool) -> Clause {
        let not = holds ? "" : "not "
        if let size = sizeClause(holds ? Operator.equals : Operator.notEquals, left, right, true) { return size }
        if let value = right.literal {
            switch value {
            case .null:
                return Clause(text: "\(noun(left)) has \(holds ? "no" : "a") value")
            case .bool(let flag):
                if flag, let path = left.path, let words = names.truth(path, holds: holds) {
                    return Clause(text: words)
                }
                return Clause(text: "\(guarded(left, against: [right])) is \(not)\(flag ? "true" : "false")")
            case .string(let text):
                if let path = left.path, let words = names.status(path, text, holds: holds) {
                    return Clause(text: words)
                }
                if text.isEmpty { return Clause(text: "\(noun(left)) is \(not)an empty text") }
                if left.path == ["event", "type"] {
                    return Clause(text: "the event is \(not)\(text)")
                }
            default: break
            }
            return Clause(text: "\(guarded(left, against: [right])) is \(not)\(noun(right))")
        }
        return Clause(text: "\(noun(left)) is \(not)the same as \(noun(right))")
    }

    /// The noun of `node`. When it is `default(x, y)` with a constant that is none of `values`, the default only keeps a missing value
    /// from being an error: then the comparison says of `x` what it says of the whole.
    func guarded(_ node: Node, against values: [Node]) -> String {
        guard case .call("default", nil, let args) = node.kind, args.count == 2, let other = args[1].literal,
            isScalar(other)
        else { return noun(node) }
        let literals = values.compactMap(\.literal)
        guard literals.count == values.count, literals.allSatisfy({ isScalar($0) && !isEqual($0, other) }) else {
            return noun(node)
        }
        return noun(args[0])
    }

    private func isScalar(_ value: Value) -> Bool {
        switch value {
        case .string, .int, .uint, .bool, .double: true
        default: false
        }
    }

    private func isEqual(_ a: Value, _ b: Value) -> Bool {
        if let left = a.number, let right = b.number { return left == right }
        return a == b
    }

    /// `size(x) > 0` and its like.
    private func sizeClause(_ function: String, _ left: Node, _ right: Node, _ holds: Bool) -> Clause? {
        guard case .call("size", let target, let args) = left.kind, let of = target ?? args.first,
            let number = right.literal?.int
        else { return nil }
        let isEmpty: Bool
        switch (function, number) {
        case (Operator.equals, 0), (Operator.less, 1), (Operator.lessEquals, 0): isEmpty = holds
        case (Operator.notEquals, 0), (Operator.greater, 0), (Operator.greaterEquals, 1): isEmpty = !holds
        default: return nil
        }
        if case .call("default", nil, let inner) = of.kind, inner.count == 2, isEmptyConstant(inner[1]) {
            let what = noun(inner[0])
            return Clause(text: isEmpty ? "\(what) is missing or empty" : "\(what) is neither missing nor empty")
        }
        return Clause(text: "\(noun(of)) is \(isEmpty ? "" : "not ")empty")
    }

    private func isEmptyConstant(_ node: Node) -> Bool {
        switch node.kind {
        case .list(let items): items.isEmpty
        case .map(let entries): entries.isEmpty
        case .literal(.string(let text)): text.isEmpty
        default: false
        }
    }

    /// `x < ago("2d")`: more than 2 days ago.
    private func agoClause(_ function: String, _ left: Node, _ right: Node, _ holds: Bool) -> Clause? {
        guard case .call("ago", nil, let args) = right.kind, args.count == 1,
            let span = args[0].literal?.string.flatMap({ DurationText.parse($0) })
        else { return nil }
        let words: String
        switch function {
        case Operator.less: words = "more than \(English.duration(span)) ago"
        case Operator.lessEquals: words = "\(English.duration(span)) ago or earlier"
        case Operator.greater: words = "later than \(English.duration(span)) ago"
        default: words = "\(English.duration(span)) ago or later"
        }
        return Clause(text: "\(noun(left)) is \(holds ? "" : "not ")\(words)")
    }

    func isConstant(_ node: Node) -> Bool {
        switch node.kind {
        case .literal: true
        case .list(let items): items.allSatisfy(isConstant)
        case .call("duration", nil, let args), .call("timestamp", nil, let args): args.allSatisfy(isConstant)
        case .call("ago", nil, _): true
        case .ident("now"): true
        default: false
        }
    }

    /// Whether a node is certainly a moment, as far as its form tells.
    func isTime(_ node: Node) -> Bool {
        switch node.kind {
        case .ident("now"), .call("ago", nil, _), .call("timestamp", nil, _): return true
        case .call("default", nil, let args): return args.first.map(isTime) ?? false
        case .call(Operator.conditional, nil, let args): return args.count == 3 && isTime(args[1]) && isTime(args[2])
        case .call(Operator.add, nil, let args), .call(Operator.subtract, nil, let args):
            return args.first.map(isTime) ?? false && !(args.last.map(isTime) ?? true)
        default: return node.path?.last?.hasSuffix("_at") ?? false
        }
    }
}
