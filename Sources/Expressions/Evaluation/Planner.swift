import WorkflowModel

/// Turns a syntax tree into operations. Small functions each, so that deep trees take little stack.
struct Planner {
    let library: FunctionLibrary
    let container: String?
    /// How many slots the macros of the whole expression need.
    var slots = 0
    private var bound: [(name: String, slot: Int)] = []

    init(library: FunctionLibrary, container: String?) {
        self.library = library
        self.container = container
    }

    mutating func plan(_ node: Node) throws(ExpressionError) -> any Operation {
        switch node.kind {
        case .literal(let value): return Constant(value, node.range)
        case .ident(let name): return path(name, [], node.range)
        case .select: return try select(node)
        case .call: return try call(node)
        case .list(let items): return try list(items, node.range)
        case .map(let entries): return try map(entries, node.range)
        case .comprehension(let comprehension): return try self.comprehension(comprehension, node.range)
        }
    }

    // MARK: Names

    private mutating func select(_ node: Node) throws(ExpressionError) -> any Operation {
        guard case .select(let operand, let field, let testOnly) = node.kind else { return Constant(.null, node.range) }
        if testOnly { return Has(try plan(operand), field, node.range) }
        if let path = node.path, let name = path.first {
            return self.path(name, Array(path.dropFirst()), node.range)
        }
        return Select(try plan(operand), field, node.range)
    }

    /// A name with constant fields: of a macro's name, else of the scope.
    private func path(_ name: String, _ fields: [String], _ range: Range<Int>) -> any Operation {
        if let slot = bound.last(where: { $0.name == name })?.slot {
            var operation: any Operation = LocalName(slot, range)
            for field in fields { operation = Select(operation, field, range) }
            return operation
        }
        let absolute = name.hasPrefix(".")
        let name = absolute ? String(name.dropFirst()) : name
        let dotted = ([name] + fields).joined(separator: ".")
        let fallback: Value? = TypeNames.isType(dotted) ? .type(dotted) : nil
        return ScopePath(
            name, fields, fallback: fallback, candidates: candidates(name, fields, absolute: absolute), range)
    }

    /// The names with dots that the path may be, innermost container first, longest first.
    private func candidates(_ name: String, _ fields: [String], absolute: Bool) -> [(name: String, fields: Int)] {
        guard let container else { return [] }
        var prefixes = [""]
        if !absolute, !container.isEmpty {
            let parts = container.split(separator: ".")
            prefixes = (0...parts.count).reversed().map { parts.prefix($0).map { $0 + "." }.joined() }
        }
        var result: [(name: String, fields: Int)] = []
        for prefix in prefixes {
            for taken in (0...fields.count).reversed() {
                let full = prefix + ([name] + fields.prefix(taken)).joined(separator: ".")
                result.append((full, fields.count - taken))
            }
        }
        return result
    }

    private mutating func bind(_ name: String) -> Int {
        // A slot per macro of the expression: inner macros never disturb outer ones.
        let slot = slots
        slots += 1
        bound.append((name, slot))
        return slot
    }

    // MARK: Literals

    private mutating func list(_ items: [Node], _ range: Range<Int>) throws(ExpressionError) -> any Operation {
        var operations: [any Operation] = []
        var optionals: [Bool] = []
        for item in items {
            if case .call(Operator.optionalElement, nil, let args) = item.kind {
                operations.append(try plan(args[0]))
                optionals.append(true)
            } else {
                operations.append(try plan(item))
                optionals.append(false)
            }
        }
        return folded(MakeList(operations, optionals: optionals, range), operations)
    }

    private mutating func map(_ entries: [Node.MapEntry], _ range: Range<Int>) throws(ExpressionError) -> any Operation
    {
        var operations: [(key: any Operation, value: any Operation, optional: Bool)] = []
        for entry in entries {
            operations.append((try plan(entry.key), try plan(entry.value), entry.optional))
        }
        return folded(MakeMap(operations, range), operations.flatMap { [$0.key, $0.value] })
    }

    /// The constant that `operation` gives when all its parts are constant; `operation` itself when it fails or is not.
    func folded(_ operation: any Operation, _ parts: [any Operation]) -> any Operation {
        guard parts.allSatisfy({ $0 is Constant }) else { return operation }
        var frame = Frame(scope: NamedValues([:], now: .earliest), slots: 0)
        do throws(EvalFailure) {
            return Constant(try operation.evaluate(&frame), operation.range)
        } catch {
            return operation
        }
    }

    // MARK: Macros

    private mutating func comprehension(
        _ comprehension: Node.Comprehension, _ range: Range<Int>
    ) throws(ExpressionError) -> any Operation {
        let source = try plan(comprehension.source)
        let depth = bound.count
        let slots = comprehension.variables.map { bind($0) }
        let filter = try comprehension.filter.map { (node) throws(ExpressionError) in try plan(node) }
        let body = try plan(comprehension.body)
        bound.removeSubrange(depth...)
        let binding = Binding(first: slots[0], second: slots.count > 1 ? slots[1] : nil)
        switch comprehension.macro {
        case .all: return Quantifier(.all, source, binding, body, range)
        case .exists: return Quantifier(.exists, source, binding, body, range)
        case .existsOne: return Quantifier(.one, source, binding, body, range)
        case .map, .transformList: return Transform(.list, source, binding, filter: filter, body, range)
        case .filter: return Transform(.filter, source, binding, filter: nil, body, range)
        case .transformMap: return Transform(.map, source, binding, filter: filter, body, range)
        case .transformMapEntry: return Transform(.mapEntry, source, binding, filter: filter, body, range)
        case .sortBy: return SortBy(source, slots[0], body, range)
        case .bind: return Bind(source, slots[0], body, range)
        case .optMap: return OptionalTransform(source, slots[0], flat: false, body, range)
        case .optFlatMap: return OptionalTransform(source, slots[0], flat: true, body, range)
        }
    }

    // MARK: Calls

    private mutating func call(_ node: Node) throws(ExpressionError) -> any Operation {
        guard case .call(let function, let target, let args) = node.kind else { return Constant(.null, node.range) }
        if target == nil, let path = node.path, let name = path.first {
            return self.path(name, Array(path.dropFirst()), node.range)
        }
        if let target, let namespace = target.dottedName, bound.last(where: { $0.name == namespace }) == nil,
            library.has("\(namespace).\(function)")
        {
            return try function_("\(namespace).\(function)", nil, args, node)
        }
        return try function_(function, target, args, node)
    }

    private mutating func function_(
        _ name: String, _ target: Node?, _ args: [Node], _ node: Node
    ) throws(ExpressionError) -> any Operation {
        var operations: [any Operation] = []
        if let target { operations.append(try plan(target)) }
        for arg in args { operations.append(try plan(arg)) }
        return try operation(name, isMethod: target != nil, operations, node)
    }

    private func operation(
        _ name: String, isMethod: Bool, _ operations: [any Operation], _ node: Node
    ) throws(ExpressionError) -> any Operation {
        let range = node.range
        if !isMethod, let special = SpecialForms.operation(name, operations, range) {
            return special.isPure ? folded(special.operation, operations) : special.operation
        }
        guard let entry = library.find(name, method: isMethod, count: operations.count) else {
            let problem = library.problem(name, method: isMethod, count: operations.count, node.nameRange ?? range)
            if library.defersProblems { return WrongCall(problem.message, range) }
            throw problem
        }
        if let fast = try FastCalls.operation(name, operations, range) { return folded(fast, operations) }
        let operation: any Operation =
            switch entry.body {
            case .one(let body): CallOne(body, operations[0], range)
            case .two(let body): CallTwo(body, operations[0], operations[1], range)
            case .many(let body): CallMany(body, operations, range)
            }
        return entry.isPure ? folded(operation, operations) : operation
    }
}
