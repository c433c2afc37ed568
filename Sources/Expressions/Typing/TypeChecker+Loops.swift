import WorkflowModel

/// Macros that bind names.
extension TypeChecker {
    mutating func comprehension(_ macro: Node.Comprehension) -> ExpressionType {
        switch macro.macro {
        case .bind: return binding([(macro.variables[0], value(macro.source))]) { $0.value(macro.body) }
        case .optMap, .optFlatMap: return optional(macro)
        default: return loop(macro)
        }
    }

    private mutating func binding<T>(
        _ names: [(name: String, type: ExpressionType)], _ body: (inout TypeChecker) -> T
    ) -> T {
        bound += names.map { ($0.name, $0.type) }
        defer { bound.removeLast(names.count) }
        return body(&self)
    }

    private mutating func optional(_ macro: Node.Comprehension) -> ExpressionType {
        let source = value(macro.source)
        var held = ExpressionType.dyn
        if case .optional(let inner) = source {
            held = inner
        } else if !source.isUnknown {
            report(
                .wrongArgument, macro.source.range,
                "`\(macro.macro.rawValue)` works on an optional, and \(shown(macro.source)) is \(source.inWords)",
                help: "write .? before the last field, as in ticket.?owner")
        }
        let body = binding([(macro.variables[0], held)]) { $0.value(macro.body) }
        if macro.macro == .optMap { return .optional(body) }
        if case .optional = body { return body }
        if !body.isUnknown {
            report(
                .wrongArgument, macro.body.range,
                "`optFlatMap` needs an optional from its expression, and this is \(body.inWords)", help: "write optMap")
        }
        return .dyn
    }

    private mutating func loop(_ macro: Node.Comprehension) -> ExpressionType {
        let source = present(macro.source, value(macro.source))
        let (key, element, isList) = parts(of: source, macro.source)
        let names: [(name: String, type: ExpressionType)] =
            macro.variables.count > 1
            ? [
                (macro.variables[0], isList == false ? key : isList == true ? .int : .dyn),
                (macro.variables[1], element),
            ]
            : [(macro.variables[0], isList == false ? key : isList == true ? element : .dyn)]
        let single = names[0].type
        return binding(names) { checker in
            if let filter = macro.filter { checker.condition(filter) }
            switch macro.macro {
            case .all, .exists, .existsOne:
                checker.condition(macro.body)
                return .bool
            case .filter:
                checker.condition(macro.body)
                return .list(single)
            case .map, .transformList: return .list(checker.body(macro))
            case .transformMap: return .map(isList == false ? key : isList == true ? .int : .dyn, checker.body(macro))
            case .transformMapEntry:
                let body = checker.body(macro)
                if case .map = body { return body }
                return .map(.dyn, .dyn)
            case .sortBy:
                _ = checker.body(macro)
                return .list(single)
            case .bind, .optMap, .optFlatMap: return .dyn
            }
        }
    }

    /// The body, where the filter has let the element through.
    private mutating func body(_ macro: Node.Comprehension) -> ExpressionType {
        guard let filter = macro.filter else { return value(macro.body) }
        return assuming(filter, true) { $0.value(macro.body) }
    }

    /// What a loop over `type` meets; whether it is a list, or nil when that is not known.
    private mutating func parts(
        of type: ExpressionType, _ node: Node
    ) -> (key: ExpressionType, element: ExpressionType, isList: Bool?) {
        switch type {
        case .list(let element): return (.int, element, true)
        case .map(let key, let value): return (key, value, false)
        case .object: return (.string, .dyn, false)
        case .secret:
            report(.secret, node.range, Self.secretMessage, help: Self.secretHelp)
        case .oneOf(let members):
            guard members.allSatisfy({ !$0.hasElements }) else { break }
            noElements(node, type)
        default: if !type.hasElements { noElements(node, type) }
        }
        return (.dyn, .dyn, nil)
    }

    private mutating func noElements(_ node: Node, _ type: ExpressionType) {
        report(
            .noElements, node.range, "\(shown(node)) is \(type.inWords) and has no elements to go through",
            help: type.isText ? "write \(name(node)).split(\",\") to make a list of it" : nil)
    }
}

extension ExpressionType {
    /// Whether there is, or may be, something to go through.
    var hasElements: Bool {
        switch self {
        case .list, .map, .object, .space: true
        case .nullable(let inner), .absent(let inner): inner.hasElements
        case .oneOf(let members): members.contains(where: \.hasElements)
        default: isUnknown
        }
    }
}
