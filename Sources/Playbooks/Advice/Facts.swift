import Expressions
import WorkflowModel

/// A condition as advice looks at it: expressions, joined by the playbook's `all`, `any` and `not`.
indirect enum Claim: Sendable {
    case node(Node, Expression)
    case all([Claim])
    case any([Claim])
    case not(Claim)
}

/// What must be so when certain conditions hold. Whatever is not understood is taken for possible: "impossible" is never a guess.
struct Facts {
    /// The values that a path can have; nil when they are not known.
    typealias Known = (_ path: [String]) -> [Value]?

    private(set) var domains: [String: ValueDomain] = [:]
    /// Whether the run has waited since it began, so that others may have changed what it is about.
    var hasWaited = false
    private var known: Known?
    /// How many choices may still be tried.
    private var effort = 200

    init(known: Known? = nil) { self.known = known }

    /// Whether `claim` can never hold.
    static func isImpossible(_ claim: Claim, holds: Bool = true, known: Known? = nil) -> Bool {
        var facts = Facts(known: known)
        return !facts.assume(claim, holds)
    }

    /// Takes in that `claim` holds, or does not; false when that cannot be.
    mutating func assume(_ claim: Claim, _ holds: Bool) -> Bool {
        var choices: [[(Claim, Bool)]] = []
        guard take(claim, holds, &choices) else { return false }
        for choice in choices {
            var possible = 0
            var last = self
            for (claim, holds) in choice {
                guard effort > 0 else { return true }
                effort -= 1
                var copy = self
                let isPossible = copy.assume(claim, holds)
                effort = copy.effort
                if isPossible {
                    possible += 1
                    last = copy
                }
            }
            guard possible > 0 else { return false }
            if possible == 1 {
                last.effort = effort
                self = last
            }
        }
        return true
    }

    /// The same facts, with what `known` says of values.
    func knowing(_ known: @escaping Known) -> Facts {
        var facts = self
        facts.known = known
        facts.effort = 200
        return facts
    }

    /// Forgets what is known of everything under a name.
    mutating func forget(_ name: String) {
        domains = domains.filter { key, _ in key != name && !key.hasPrefix("\(name).") }
    }

    /// Only the facts about paths for whose first name `keeps` answers true.
    func keeping(_ keeps: (_ root: Substring) -> Bool) -> Facts {
        var facts = self
        facts.domains = domains.filter { key, _ in
            key.utf8.allSatisfy(Self.isPathByte) && keeps(key.prefix { $0 != "." })
        }
        facts.effort = 200
        return facts
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte)
            || (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte)
    }

    // MARK: Claims

    private mutating func take(_ claim: Claim, _ holds: Bool, _ choices: inout [[(Claim, Bool)]]) -> Bool {
        switch claim {
        case .not(let part): return take(part, !holds, &choices)
        case .all(let parts), .any(let parts):
            var isAll = holds
            if case .any = claim { isAll = !holds }
            guard isAll else {
                choices.append(parts.map { ($0, holds) })
                return true
            }
            for part in parts where !take(part, holds, &choices) { return false }
            return true
        case .node(let node, let expression):
            switch node.kind {
            case .literal(.bool(let value)): return value == holds
            case .call(Operator.not, nil, let args) where args.count == 1:
                return take(.node(args[0], expression), !holds, &choices)
            case .call(Operator.and, nil, let args):
                return take(.all(args.map { .node($0, expression) }), holds, &choices)
            case .call(Operator.or, nil, let args):
                return take(.any(args.map { .node($0, expression) }), holds, &choices)
            default: return atom(node, expression, holds)
            }
        }
    }

    private mutating func atom(_ node: Node, _ expression: Expression, _ holds: Bool) -> Bool {
        switch node.kind {
        case .call("missing", nil, let args) where args.count == 1 && args[0].path != nil:
            return change(args[0], expression) {
                holds ? $0.restrict(to: Self.missing) : $0.exclude(Self.missing)
            }
        case .call(Operator.in, nil, let args) where args.count == 2:
            guard case .list(let items) = args[1].kind else { break }
            let values = items.compactMap { Self.constant($0).flatMap(ValueDomain.comparable) }
            guard values.count == items.count else { break }
            if let value = Self.constant(args[0]).flatMap(ValueDomain.comparable) {
                return values.contains(value) == holds
            }
            return isOne(of: values, args[0], expression, holds)
        case .call(let function, nil, let args) where args.count == 2:
            guard let comparison = Comparison(function) else { break }
            return compare(comparison, args[0], args[1], node, expression, holds)
        default: break
        }
        return change(node, expression) { $0.restrict(to: [.bool(holds)]) }
    }

    private mutating func compare(
        _ comparison: Comparison, _ left: Node, _ right: Node, _ node: Node, _ expression: Expression, _ holds: Bool
    ) -> Bool {
        switch (Self.constant(left), Self.constant(right)) {
        case (.some, .some):
            guard let value = Self.value(of: node, in: expression)?.bool else { return true }
            return value == holds
        case (nil, let value?): return compare(comparison, left, value, expression, holds)
        case (let value?, nil): return compare(comparison.flipped, right, value, expression, holds)
        case (nil, nil):
            let (first, second) = (Self.key(left, expression), Self.key(right, expression))
            if first == second { return comparison.holdsForItself == holds }
            switch comparison {
            case .equals, .notEquals:
                let key = first < second ? "\(first) == \(second)" : "\(second) == \(first)"
                return change(key) { $0.restrict(to: [.bool((comparison == .equals) == holds)]) }
            case .less, .greaterEquals:
                return change("\(first) < \(second)") { $0.restrict(to: [.bool((comparison == .less) == holds)]) }
            case .greater, .lessEquals:
                return change("\(second) < \(first)") { $0.restrict(to: [.bool((comparison == .greater) == holds)]) }
            }
        }
    }

    private mutating func compare(
        _ comparison: Comparison, _ term: Node, _ value: Value, _ expression: Expression, _ holds: Bool
    ) -> Bool {
        guard let value = ValueDomain.comparable(value) else { return true }
        switch comparison {
        case .equals: return isOne(of: [value], term, expression, holds)
        case .notEquals: return isOne(of: [value], term, expression, !holds)
        case .less, .lessEquals, .greater, .greaterEquals:
            let comparison = holds ? comparison : comparison.negated
            guard case .double(let number) = value else { return true }
            return change(term, expression) { domain in
                switch comparison {
                case .less: domain.isBelow(number, isOpen: true)
                case .lessEquals: domain.isBelow(number, isOpen: false)
                case .greater: domain.isAbove(number, isOpen: true)
                default: domain.isAbove(number, isOpen: false)
                }
            }
        }
    }

    private mutating func isOne(of values: [Value], _ term: Node, _ expression: Expression, _ holds: Bool) -> Bool {
        // default(x, "none") is "none" for an x that is not there, and x itself for any other.
        if case .call("default", nil, let args) = term.kind, args.count == 2, args[0].path != nil,
            let other = Self.constant(args[1]).flatMap(ValueDomain.comparable)
        {
            let meant = values.filter { !Self.missing.contains($0) } + (values.contains(other) ? Self.missing : [])
            return change(args[0], expression) { holds ? $0.restrict(to: meant) : $0.exclude(meant) }
        }
        return change(term, expression) { holds ? $0.restrict(to: values) : $0.exclude(values) }
    }

    private mutating func change(
        _ term: Node, _ expression: Expression, _ body: (inout ValueDomain) -> Void
    ) -> Bool {
        if let path = term.path {
            guard touch(path) else { return false }
        } else if case .call("size", _, _) = term.kind {
            guard change(Self.key(term, expression), { $0.isAbove(0, isOpen: false) }) else { return false }
        }
        return change(Self.key(term, expression), body)
    }

    /// Joins what the scope knows of a path to what the conditions say.
    mutating func touch(_ path: [String]) -> Bool {
        guard let values = known?(path)?.compactMap(ValueDomain.comparable) else { return true }
        return change(path.joined(separator: ".")) { $0.restrict(to: values) }
    }

    private mutating func change(_ key: String, _ body: (inout ValueDomain) -> Void) -> Bool {
        var domain = domains[key] ?? ValueDomain()
        body(&domain)
        domains[key] = domain
        return !domain.isEmpty
    }

    // MARK: Terms

    /// What `missing` takes for nothing.
    private static let missing: [Value] = [.null, .string("")]

    /// What terms that are always equal have in common: their path, or their text.
    static func key(_ term: Node, _ expression: Expression) -> String {
        term.path?.joined(separator: ".") ?? expression.text(of: term)
    }

    /// The constant that a node is, with its sign.
    static func constant(_ node: Node) -> Value? {
        if let value = node.literal { return value }
        guard case .call(Operator.negate, nil, let args) = node.kind, let value = args.first?.literal else {
            return nil
        }
        switch value {
        case .int(let number): return number == .min ? nil : .int(-number)
        case .double(let number): return .double(-number)
        default: return nil
        }
    }

    /// The value of a node that names nothing, by the evaluator.
    static func value(of node: Node, in expression: Expression) -> Value? {
        do throws(ExpressionError) {
            return try Program(parsing: expression.text(of: node)).constant
        } catch {
            // What cannot be planned is an error elsewhere; it has no value here.
            return nil
        }
    }
}

/// The comparisons of the expression language.
enum Comparison {
    case equals, notEquals, less, lessEquals, greater, greaterEquals

    init?(_ function: String) {
        switch function {
        case Operator.equals: self = .equals
        case Operator.notEquals: self = .notEquals
        case Operator.less: self = .less
        case Operator.lessEquals: self = .lessEquals
        case Operator.greater: self = .greater
        case Operator.greaterEquals: self = .greaterEquals
        default: return nil
        }
    }

    /// The same with its sides exchanged.
    var flipped: Comparison {
        switch self {
        case .equals: .equals
        case .notEquals: .notEquals
        case .less: .greater
        case .lessEquals: .greaterEquals
        case .greater: .less
        case .greaterEquals: .lessEquals
        }
    }

    /// What holds when this does not.
    var negated: Comparison {
        switch self {
        case .equals: .notEquals
        case .notEquals: .equals
        case .less: .greaterEquals
        case .lessEquals: .greater
        case .greater: .lessEquals
        case .greaterEquals: .less
        }
    }

    /// Whether it holds between a value and itself.
    var holdsForItself: Bool {
        switch self {
        case .equals, .lessEquals, .greaterEquals: true
        case .notEquals, .less, .greater: false
        }
    }
}
