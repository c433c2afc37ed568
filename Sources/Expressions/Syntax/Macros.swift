import WorkflowModel

/// Calls that are macros: they bind names, or look at the form of their argument instead of its value.
extension Parser {
    /// A call of `name`, or the macro that it is.
    mutating func call(
        _ name: String, target: Node?, args: [Node], nameRange: Range<Int>, range: Range<Int>
    ) throws(ExpressionError) -> Node {
        if let target {
            if case .ident("cel") = target.kind, let node = try celMacro(name, args, range) { return node }
            if let macro = Self.comprehension(name, args.count) {
                return try comprehension(macro, source: target, args: args, name: name, range: range)
            }
        } else if name == "has" {
            guard args.count == 1 else { throw wrongMacro("has takes one field, as in has(ticket.owner)", range) }
            guard case .select(let operand, let field, false) = args[0].kind else {
                // `has(a.?b)` looks through the optional: present when the optional holds something.
                if case .call(Operator.optionalSelect, _, _) = args[0].kind {
                    return try node(.call(function: "hasValue", target: args[0], args: []), range)
                }
                throw wrongMacro(
                    "has asks for a field, as in has(ticket.owner)", args[0].range,
                    "for an element of a list write x in list; for a value missing(x)")
            }
            return try node(.select(operand: operand, field: field, testOnly: true), range)
        }
        return try node(.call(function: name, target: target, args: args), range, name: nameRange)
    }

    private static func comprehension(_ name: String, _ count: Int) -> (Node.Comprehension.Macro, variables: Int)? {
        switch (name, count) {
        case ("all", 2): (.all, 1)
        case ("all", 3): (.all, 2)
        case ("exists", 2): (.exists, 1)
        case ("exists", 3): (.exists, 2)
        case ("exists_one", 2), ("existsOne", 2): (.existsOne, 1)
        case ("exists_one", 3), ("existsOne", 3): (.existsOne, 2)
        case ("map", 2), ("map", 3): (.map, 1)
        case ("filter", 2): (.filter, 1)
        case ("transformList", 3), ("transformList", 4): (.transformList, 2)
        case ("transformMap", 3), ("transformMap", 4): (.transformMap, 2)
        case ("transformMapEntry", 3), ("transformMapEntry", 4): (.transformMapEntry, 2)
        case ("sortBy", 2): (.sortBy, 1)
        case ("optMap", 2): (.optMap, 1)
        case ("optFlatMap", 2): (.optFlatMap, 1)
        default: nil
        }
    }

    private mutating func comprehension(
        _ macro: (Node.Comprehension.Macro, variables: Int), source: Node, args: [Node], name: String, range: Range<Int>
    ) throws(ExpressionError) -> Node {
        var variables: [String] = []
        for argument in args.prefix(macro.variables) {
            guard case .ident(let variable) = argument.kind, !variable.hasPrefix(".") else {
                throw wrongMacro(
                    "\(name) needs a plain name for each element first", argument.range,
                    "as in tags.\(name)(t, t == \"vip\")")
            }
            guard !variables.contains(variable) else {
                throw wrongMacro("the two names of \(name) must differ", argument.range)
            }
            variables.append(variable)
        }
        let rest = args.dropFirst(macro.variables)
        guard let body = rest.last else { throw wrongMacro("\(name) needs an expression for each element", range) }
        return try node(
            .comprehension(
                Node.Comprehension(
                    macro: macro.0, source: source, variables: variables, filter: rest.count == 2 ? rest.first : nil,
                    body: body)),
            range)
    }

    /// `cel.bind(name, value, expression)`, and the forms in which CEL's own tools write shared parts (`cel.block`).
    private mutating func celMacro(
        _ name: String, _ args: [Node], _ range: Range<Int>
    ) throws(ExpressionError) -> Node? {
        switch (name, args.count) {
        case ("bind", 3):
            guard case .ident(let variable) = args[0].kind, !variable.hasPrefix(".") else {
                throw wrongMacro("cel.bind needs a plain name first", args[0].range, "as in cel.bind(x, 1, x + x)")
            }
            return try bind(variable, args[1], args[2], range)
        case ("block", 2):
            guard case .list(let parts) = args[0].kind else {
                throw wrongMacro("cel.block needs a list of parts first", args[0].range)
            }
            var body = args[1]
            for (number, part) in parts.enumerated().reversed() {
                body = try bind("@index\(number)", part, body, range)
            }
            return body
        case ("index", 1):
            guard let number = args[0].literal?.int else { return nil }
            return try node(.ident("@index\(number)"), range)
        case ("iterVar", 2), ("accuVar", 2):
            guard let first = args[0].literal?.int, let second = args[1].literal?.int else { return nil }
            return try node(.ident("@\(name):\(first):\(second)"), range)
        default: return nil
        }
    }

    private mutating func bind(
        _ variable: String, _ value: Node, _ body: Node, _ range: Range<Int>
    ) throws(ExpressionError) -> Node {
        try node(
            .comprehension(
                Node.Comprehension(macro: .bind, source: value, variables: [variable], filter: nil, body: body)), range)
    }

    private func wrongMacro(_ message: String, _ range: Range<Int>, _ help: String? = nil) -> ExpressionError {
        ExpressionError(code: .macro, message: message, range: range, help: help)
    }
}
