public import WorkflowModel

/// Finds out what types an expression's parts have, and what can never work (cel-spec, doc/langdef.md, "Gradual Type Checking").
///
/// What nothing is known of is ``ExpressionType/dyn``: it goes with everything and is never reported.
public struct TypeChecker {
    /// What the check of an expression gives.
    public struct Result: Sendable {
        /// The type of the whole expression.
        public let type: ExpressionType
        /// The types of its nodes by their ids; empty unless they were asked for.
        public let types: [ExpressionType]
        /// What was found, in the order of the text.
        public let problems: [TypeProblem]
    }

    /// What the place of the expression asks for.
    public enum Wanted: Sendable {
        case anything
        /// True or false.
        case condition
    }

    let expression: Expression
    let environment: any TypeEnvironment
    let library: FunctionLibrary
    let signatures: [String: [FunctionSignature]]
    private(set) var problems: [TypeProblem] = []
    private var types: [ExpressionType] = []
    private let keepsTypes: Bool
    /// The names that macros bind, innermost last.
    var bound: [(name: String, type: ExpressionType)] = []
    /// What decides whether the part that is being looked at is evaluated: conditions, and whether they hold.
    private var guards: [(condition: Node, holds: Bool)] = []

    /// Checks an expression.
    ///
    /// - Parameters:
    ///   - environment: what the names stand for.
    ///   - library: the functions that may be called.
    ///   - wanted: what the place asks for.
    ///   - keepingTypes: whether the type of every node is wanted.
    public static func check(
        _ expression: Expression, in environment: any TypeEnvironment, library: FunctionLibrary = .standard,
        wanted: Wanted = .anything, keepingTypes: Bool = false
    ) -> Result {
        check(expression, environment, library, FunctionSignatures.table, wanted, keepingTypes)
    }

    /// The same with other signatures, for libraries with functions of their own.
    static func check(
        _ expression: Expression, _ environment: any TypeEnvironment, _ library: FunctionLibrary,
        _ signatures: [String: [FunctionSignature]], _ wanted: Wanted, _ keepingTypes: Bool
    ) -> Result {
        var checker = TypeChecker(
            expression: expression, environment: environment, library: library, signatures: signatures,
            keepsTypes: keepingTypes)
        if keepingTypes { checker.types = Array(repeating: .dyn, count: expression.root.id + 1) }
        let type: ExpressionType
        switch wanted {
        case .anything: type = checker.value(expression.root)
        case .condition: type = checker.condition(expression.root)
        }
        var problems = checker.problems
        if problems.count > 1 {
            problems.sort {
                ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
            }
        }
        return Result(type: type, types: checker.types, problems: problems)
    }

    private init(
        expression: Expression, environment: any TypeEnvironment, library: FunctionLibrary,
        signatures: [String: [FunctionSignature]], keepsTypes: Bool
    ) {
        self.expression = expression
        self.environment = environment
        self.library = library
        self.signatures = signatures
        self.keepsTypes = keepsTypes
    }

    // MARK: Reporting

    mutating func report(
        _ kind: TypeProblem.Kind, _ range: Range<Int>, _ message: String, help: String? = nil, isWarning: Bool = false
    ) {
        // A part that a macro looks at twice is reported once.
        guard !problems.contains(where: { $0.range == range && $0.kind == kind }) else { return }
        problems.append(
            TypeProblem(kind: kind, isWarning: isWarning, message: message, range: range, help: help))
    }

    /// Takes back what was reported after the first `count`.
    mutating func forget(from count: Int) { problems.removeSubrange(count...) }

    /// Takes back what was said of names after the first `count` reports.
    mutating func forgetNames(from count: Int) {
        let others = problems[count...].filter {
            if case .name = $0.kind { false } else { true }
        }
        problems.replaceSubrange(count..., with: others)
    }

    /// A part of the expression as it stands in messages.
    func shown(_ node: Node) -> String {
        let text = node.path?.joined(separator: ".") ?? expression.text(of: node)
        return text.count <= 48 ? "`\(text)`" : "this"
    }

    // MARK: Parts

    /// The type of a part that is used as a value.
    mutating func value(_ node: Node, tested: Bool = false) -> ExpressionType {
        let type = self.type(node, tested: tested)
        if case .absent(let inner) = type, !tested {
            reportAbsent(node)
            return inner
        }
        guard case .space(let space) = type else { return type }
        if case .problem(let code, let message, let help)? = environment.problem(ofWhole: space) {
            report(.name(code: code), node.range, message, help: help)
            return .dyn
        }
        return .openMap
    }

    /// The type of a part; with `tested` it may be missing, because a word around it asks whether it is there.
    mutating func type(_ node: Node, tested: Bool = false) -> ExpressionType {
        let type = deduced(node, tested)
        if keepsTypes, node.id < types.count { types[node.id] = type }
        return type
    }

    private mutating func deduced(_ node: Node, _ tested: Bool) -> ExpressionType {
        switch node.kind {
        case .literal(let value): return Self.type(of: value)
        case .ident(let name): return ident(name, node, tested)
        case .select(let operand, let field, let testOnly): return select(operand, field, testOnly, node, tested)
        case .call(let function, let target, let args): return call(function, target, args, node, tested)
        case .list(let items): return list(items)
        case .map(let entries): return map(entries)
        case .comprehension(let comprehension): return self.comprehension(comprehension)
        }
    }

    /// The type of a constant.
    static func type(of value: Value) -> ExpressionType {
        switch value {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string(let text): .words([text])
        case .bytes: .bytes
        case .timestamp: .timestamp
        case .duration: .duration
        case .list, .map, .type, .optional: .dyn
        case .secret: .secret
        }
    }

    private mutating func list(_ items: [Node]) -> ExpressionType {
        var element = ExpressionType.free
        for item in items {
            if case .call(Operator.optionalElement, nil, let args) = item.kind, args.count == 1 {
                element = element.joined(held(in: args[0]))
            } else {
                element = element.joined(value(item))
            }
        }
        return .list(element)
    }

    private mutating func map(_ entries: [Node.MapEntry]) -> ExpressionType {
        var (key, content) = (ExpressionType.free, ExpressionType.free)
        for entry in entries {
            key = key.joined(value(entry.key))
            content = content.joined(entry.optional ? held(in: entry.value) : value(entry.value))
        }
        return .map(key, content)
    }

    /// What the optional `node` holds, written after a `?`.
    private mutating func held(in node: Node) -> ExpressionType {
        switch value(node) {
        case .optional(let inner): return inner
        case let other:
            guard other.isUnknown else {
                report(
                    .wrongOperand, node.range, "`?` needs an optional, and \(shown(node)) is \(other.inWords)",
                    help: "write it without the `?`")
                return other
            }
            return .dyn
        }
    }

    // MARK: Conditions

    /// Checks a part that must be true or false.
    @discardableResult
    mutating func condition(_ node: Node) -> ExpressionType {
        let type = value(node)
        switch type {
        case .bool: return .bool
        case .nullable(let inner):
            if case .bool = inner {
                if !isKnown(node) {
                    report(
                        .mayBeMissing, node.range, "\(shown(node)) may be missing, and then the condition fails",
                        help: "write \(name(node)) == true", isWarning: true)
                }
                return .bool
            }
        default: break
        }
        guard !type.present.isUnknown, !type.present.members.contains(where: { $0 == .bool || $0.isUnknown }) else {
            return .bool
        }
        report(
            .notACondition, node.range, "\(shown(node)) is \(type.inWords), not true or false",
            help: conditionHelp(node, type.present))
        return .bool
    }

    private func conditionHelp(_ node: Node, _ type: ExpressionType) -> String {
        let name = name(node)
        if type.isText { return "compare it: \(name) == \"…\"; or ask whether it is there: !missing(\(name))" }
        if type.isNumber { return "compare it: \(name) > 0" }
        switch type {
        case .list: return "ask for its length: size(\(name)) > 0"
        case .optional: return "ask whether it holds something: \(name).hasValue()"
        default: return "compare it, or ask whether it is there: !missing(\(name))"
        }
    }

    /// A part as it can stand in "write …".
    func name(_ node: Node) -> String {
        let text = node.path?.joined(separator: ".") ?? expression.text(of: node)
        return text.count <= 48 ? text : "…"
    }

    /// Runs `body` where `condition` is known to hold, or not to.
    mutating func assuming<T>(_ condition: Node, _ holds: Bool, _ body: (inout TypeChecker) -> T) -> T {
        guards.append((condition, holds))
        defer { guards.removeLast() }
        return body(&self)
    }

    // MARK: What may be missing

    /// Whether it is known that `node` is there.
    func isKnown(_ node: Node) -> Bool {
        for (condition, holds) in guards where Presence.isProved(node, by: condition, holds) { return true }
        return environment.isPresent(node)
    }

    /// The type of `node` when it is there; reports one that may be missing.
    mutating func present(_ node: Node, _ type: ExpressionType) -> ExpressionType {
        guard case .nullable(let inner) = type else { return type }
        reportMissing(node)
        return inner
    }

    /// Reports a value that may not be there at all.
    mutating func reportAbsent(_ node: Node) {
        guard !isKnown(node) else { return }
        report(
            .mayBeAbsent, node.range, "\(shown(node)) may not be there, and then this fails",
            help: "write default(\(name(node)), …), or ask !missing(\(name(node))) before", isWarning: true)
    }

    mutating func reportMissing(_ node: Node) {
        guard !isKnown(node) else { return }
        report(
            .mayBeMissing, node.range, "\(shown(node)) may be missing, and then this fails",
            help: "write default(\(name(node)), …), or ask !missing(\(name(node))) before", isWarning: true)
    }
}

extension TypeChecker {
    /// Whether a constant can ever equal a value of `type`, as far as that is known.
    public static func canEqual(_ constant: Value, _ type: ExpressionType) -> Bool {
        Self.type(of: constant).canEqual(type)
    }
}
