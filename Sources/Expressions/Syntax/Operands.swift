import WorkflowModel

/// Operands: names, constants, lists, maps, brackets, and what follows a dot or a bracket.
extension Parser {
    mutating func member(negative: Bool) throws(ExpressionError) -> Node {
        var operand = try primary(negative: negative)
        while true {
            if current.isMark(".") {
                operand = try selection(operand)
            } else if current.isMark("[") {
                operand = try indexing(operand)
            } else {
                try refuseMessage(after: operand)
                return operand
            }
        }
    }

    private func refuseMessage(after operand: Node) throws(ExpressionError) {
        guard current.isMark("{"), operand.dottedName != nil else { return }
        throw ExpressionError(
            code: .syntax, message: "`{` does not fit here: there are no message types", range: current.range,
            help: "a map is written {\"key\": value}")
    }

    private mutating func selection(_ operand: Node) throws(ExpressionError) -> Node {
        position += 1
        let start = operand.range.lowerBound
        let optional = accept("?")
        let (field, range) = try fieldName()
        if optional {
            let name = try node(.literal(.string(field)), range)
            return try node(
                .call(function: Operator.optionalSelect, target: nil, args: [operand, name]), start..<range.upperBound)
        }
        if current.isMark("(") {
            let (args, end) = try arguments()
            return try call(field, target: operand, args: args, nameRange: range, range: start..<end)
        }
        return try node(.select(operand: operand, field: field, testOnly: false), start..<range.upperBound)
    }

    private mutating func indexing(_ operand: Node) throws(ExpressionError) -> Node {
        let opening = current
        position += 1
        let function = accept("?") ? Operator.optionalIndex : Operator.index
        let index = try expression()
        let end = try close("]", opening)
        return try node(
            .call(function: function, target: nil, args: [operand, index]), operand.range.lowerBound..<end.upperBound)
    }

    private mutating func fieldName() throws(ExpressionError) -> (String, Range<Int>) {
        let token = current
        switch token.kind {
        case .name("in"), .name("true"), .name("false"), .name("null"): break
        case .name(let name), .quotedName(let name):
            position += 1
            return (name, token.range)
        default: break
        }
        throw ExpressionError(
            code: .syntax, message: "a field name is missing after the dot, not \(token.forPeople)", range: token.range,
            help: "a name with other characters is written [\"…\"]")
    }

    private mutating func arguments() throws(ExpressionError) -> ([Node], Int) {
        let opening = current
        position += 1
        var args: [Node] = []
        while !current.isMark(")") {
            args.append(try expression())
            guard accept(",") else { break }
        }
        return (args, try close(")", opening).upperBound)
    }

    private mutating func primary(negative: Bool) throws(ExpressionError) -> Node {
        if case .name(let name) = current.kind { return try nameOrCall(name, current) }
        if current.isMark("(") { return try parenthesized() }
        if current.isMark("[") { return try list(current) }
        if current.isMark("{") { return try map(current) }
        if current.isMark(".") { return try absoluteName() }
        return try constant(negative: negative)
    }

    private mutating func parenthesized() throws(ExpressionError) -> Node {
        let opening = current
        position += 1
        let inner = try expression()
        _ = try close(")", opening)
        return inner
    }

    private mutating func absoluteName() throws(ExpressionError) -> Node {
        let start = current.range.lowerBound
        position += 1
        guard case .name(let name) = current.kind else { throw unexpected(after: false) }
        let range = start..<current.range.upperBound
        position += 1
        if current.isMark("(") {
            let (args, end) = try arguments()
            return try call(name, target: nil, args: args, nameRange: range, range: start..<end)
        }
        return try node(.ident("." + name), range)
    }

    private mutating func constant(negative: Bool) throws(ExpressionError) -> Node {
        let token = current
        guard let value = try Literals.value(token, negative: negative) else { throw unexpected(after: false) }
        position += 1
        return try node(.literal(value), token.range.lowerBound - (negative ? 1 : 0)..<token.range.upperBound)
    }

    private static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while", "in",
    ]

    private mutating func nameOrCall(_ name: String, _ token: Token) throws(ExpressionError) -> Node {
        position += 1
        switch name {
        case "true": return try node(.literal(.bool(true)), token.range)
        case "false": return try node(.literal(.bool(false)), token.range)
        case "null": return try node(.literal(.null), token.range)
        default: break
        }
        guard !Self.reserved.contains(name) else {
            throw ExpressionError(
                code: .syntax, message: "`\(name)` is a reserved word and does not fit here", range: token.range,
                help: name == "if" ? "write condition ? a : b" : nil)
        }
        if current.isMark("(") {
            let (args, end) = try arguments()
            return try call(
                name, target: nil, args: args, nameRange: token.range, range: token.range.lowerBound..<end)
        }
        return try node(.ident(name), token.range)
    }

    private mutating func list(_ opening: Token) throws(ExpressionError) -> Node {
        position += 1
        var items: [Node] = []
        while !current.isMark("]") {
            let mark = current.range
            if accept("?") {
                let inner = try expression()
                items.append(
                    try node(
                        .call(function: Operator.optionalElement, target: nil, args: [inner]),
                        mark.lowerBound..<inner.range.upperBound))
            } else {
                items.append(try expression())
            }
            guard accept(",") else { break }
        }
        let end = try close("]", opening)
        return try node(.list(items), opening.range.lowerBound..<end.upperBound)
    }

    private mutating func map(_ opening: Token) throws(ExpressionError) -> Node {
        position += 1
        var entries: [Node.MapEntry] = []
        while !current.isMark("}") {
            let optional = accept("?")
            let key = try expression()
            guard accept(":") else { throw unexpected(after: true, wanted: ":") }
            entries.append(Node.MapEntry(key: key, value: try expression(), optional: optional))
            guard accept(",") else { break }
        }
        let end = try close("}", opening)
        return try node(.map(entries), opening.range.lowerBound..<end.upperBound)
    }
}
