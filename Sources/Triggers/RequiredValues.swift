import Expressions
import WorkflowModel

/// What a condition requires of single values: for each path a set, such that the condition is plainly false (and does not fail)
/// when the path leads to a value outside its set.
struct RequiredValues {
    /// A constant path into the event, `ticket.priority`.
    typealias Path = [String]

    /// The sets; a condition that requires nothing of this kind has none.
    var sets: [Path: Set<MapKey>] = [:]
    /// Whether the sets say all: the condition holds exactly when every path leads into its set.
    var isExact = false

    static let none = RequiredValues()

    init(sets: [Path: Set<MapKey>] = [:], isExact: Bool = false) {
        self.sets = sets
        self.isExact = isExact
    }

    init(_ condition: CompiledCondition) { self.init(condition.root) }

    private init(_ part: CompiledCondition.Part) {
        switch part {
        case .expression(let program, _): self.init(program.expression.root)
        case .all(let parts): self = parts.map(RequiredValues.init).reduce(RequiredValues(isExact: true)) { $0.and($1) }
        case .any(let parts):
            guard let first = parts.first else {
                self.init()
                return
            }
            self = parts.dropFirst().map(RequiredValues.init).reduce(RequiredValues(first)) { $0.or($1) }
        case .not: self.init()
        }
    }

    private init(_ node: Node) {
        self.init()
        guard case .call(let function, nil, let args) = node.kind, args.count == 2 else { return }
        switch function {
        case Operator.and: self = RequiredValues(args[0]).and(RequiredValues(args[1]))
        case Operator.or: self = RequiredValues(args[0]).or(RequiredValues(args[1]))
        case Operator.equals:
            if let path = args[0].path, let key = RequiredValues.key(args[1]) {
                self = RequiredValues(sets: [path: [key]], isExact: true)
            } else if let path = args[1].path, let key = RequiredValues.key(args[0]) {
                self = RequiredValues(sets: [path: [key]], isExact: true)
            }
        case Operator.in:
            guard let path = args[0].path, case .list(let items) = args[1].kind else { return }
            let keys = items.compactMap(RequiredValues.key)
            // A list with anything but plain constants says nothing that can be looked up.
            guard keys.count == items.count else { return }
            self = RequiredValues(sets: [path: Set(keys)], isExact: true)
        default: break
        }
    }

    /// The constant as a key; nil for constants whose equality is no lookup (doubles, null, times).
    private static func key(_ node: Node) -> MapKey? {
        switch node.literal {
        case .string(let text)?: .string(text)
        case .bool(let flag)?: .bool(flag)
        case .int(let number)?: .int(number)
        case .uint(let number)?: .uint(number)
        default: nil
        }
    }

    /// Of `a && b`: one false side makes it false, whatever the other does.
    private func and(_ other: RequiredValues) -> RequiredValues {
        RequiredValues(sets: sets.merging(other.sets) { $0.intersection($1) }, isExact: isExact && other.isExact)
    }

    /// Of `a || b`: only what both sides require, and never exact (a failing side may decide).
    private func or(_ other: RequiredValues) -> RequiredValues {
        var common: [Path: Set<MapKey>] = [:]
        for (path, set) in sets { if let others = other.sets[path] { common[path] = set.union(others) } }
        return RequiredValues(sets: common)
    }
}
