import WorkflowModel

/// Turns tokens into the syntax tree. Operator precedence is climbed in one function, so that nesting costs few stack frames.
struct Parser {
    private let tokens: [Token]
    private var position = 0
    private var depth = 0
    private var nextID = 0

    init(_ text: String) throws(ExpressionError) {
        var lexer = Lexer(text)
        tokens = try lexer.tokens()
    }

    var current: Token { tokens[position] }
    var following: Token { tokens[min(position + 1, tokens.count - 1)] }

    mutating func parse() throws(ExpressionError) -> Node {
        if current.kind == .end {
            throw ExpressionError(code: .syntax, message: "the expression is empty", range: current.range)
        }
        let node = try expression()
        guard current.kind == .end else { throw unexpected(after: true) }
        return node
    }

    // MARK: Pieces

    mutating func node(_ kind: Node.Kind, _ range: Range<Int>) throws(ExpressionError) -> Node {
        nextID += 1
        let node = Node(id: nextID, range: range, kind: kind)
        guard node.height <= Expression.maximumDepth else { throw tooDeep(range) }
        return node
    }

    private func tooDeep(_ range: Range<Int>) -> ExpressionError {
        ExpressionError(
            code: .tooDeep, message: "the expression is nested too deeply", range: range,
            help: "compute parts of it in steps with set:")
    }

    mutating func accept(_ mark: String) -> Bool {
        guard current.isMark(mark) else { return false }
        position += 1
        return true
    }

    /// Takes the closing `mark` of what `opening` opened.
    private mutating func close(_ mark: String, _ opening: Token) throws(ExpressionError) -> Range<Int> {
        let token = current
        if accept(mark) { return token.range }
        if token.kind == .end {
            throw ExpressionError(
                code: .unclosed, message: "\(opening.forPeople) is not closed", range: opening.range,
                help: "a `\(mark)` is missing")
        }
        throw unexpected(after: true, wanted: mark)
    }

    private func unexpected(after: Bool, wanted: String? = nil) -> ExpressionError {
        if after, case .name(let word) = current.kind, let slip = Slips.word(word, at: current.range, next: following) {
            return slip
        }
        if current.kind == .end {
            return ExpressionError(
                code: .syntax, message: "the expression ends where something is missing", range: current.range)
        }
        var help: String?
        if current.isMark(")") || current.isMark("]") || current.isMark("}") {
            help = "it closes nothing here"
        } else if after, case .string = current.kind {
            help = "an operator is missing before it, + or == for instance"
        } else if let wanted {
            help = "a `\(wanted)` is missing before it"
        }
        return ExpressionError(
            code: .syntax, message: "\(current.forPeople) does not fit here", range: current.range, help: help)
    }

    // MARK: Grammar

    mutating func expression() throws(ExpressionError) -> Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Expression.maximumNesting else { throw tooDeep(current.range) }
        let condition = try binary(1)
        return current.isMark("?") ? try conditional(condition) : condition
    }

    private mutating func conditional(_ condition: Node) throws(ExpressionError) -> Node {
        position += 1
        let first = try binary(1)
        guard accept(":") else { throw unexpected(after: true, wanted: ":") }
        let second = try expression()
        return try node(
            .call(function: Operator.conditional, target: nil, args: [condition, first, second]),
            condition.range.lowerBound..<second.range.upperBound)
    }

    private static let precedences: [String: (Int, String)] = [
        "||": (1, Operator.or), "&&": (2, Operator.and), "==": (3, Operator.equals), "!=": (3, Operator.notEquals),
        "<": (3, Operator.less), "<=": (3, Operator.lessEquals), ">": (3, Operator.greater),
        ">=": (3, Operator.greaterEquals), "in": (3, Operator.in), "+": (4, Operator.add), "-": (4, Operator.subtract),
        "*": (5, Operator.multiply), "/": (5, Operator.divide), "%": (5, Operator.modulo),
    ]

    private func currentOperator() -> (Int, String)? {
        switch current.kind {
        case .mark(let mark): Self.precedences[mark]
        case .name("in"): Self.precedences["in"]
        default: nil
        }
    }

    private mutating func binary(_ minimum: Int) throws(ExpressionError) -> Node {
        var left = try unary()
        while let (precedence, function) = currentOperator(), precedence >= minimum {
            left = try precedence <= 2 ? logical(left, precedence, function) : operation(left, precedence, function)
        }
        return left
    }

    private mutating func operation(
        _ left: Node, _ precedence: Int, _ function: String
    ) throws(ExpressionError) -> Node {
        position += 1
        let right = try binary(precedence + 1)
        return try node(
            .call(function: function, target: nil, args: [left, right]), left.range.lowerBound..<right.range.upperBound)
    }

    /// `&&` and `||` of many terms become a balanced tree: the order of evaluation stays, the depth does not grow.
    private mutating func logical(_ left: Node, _ precedence: Int, _ function: String) throws(ExpressionError) -> Node {
        var terms = [left]
        while let (next, same) = currentOperator(), next == precedence, same == function {
            position += 1
            terms.append(try binary(precedence + 1))
        }
        return try balanced(function, terms[...])
    }

    private mutating func balanced(_ function: String, _ terms: ArraySlice<Node>) throws(ExpressionError) -> Node {
        if terms.count == 1, let only = terms.first { return only }
        let middle = terms.startIndex + (terms.count + 1) / 2
        let left = try balanced(function, terms[..<middle])
        let right = try balanced(function, terms[middle...])
        return try node(
            .call(function: function, target: nil, args: [left, right]), left.range.lowerBound..<right.range.upperBound)
    }

    private mutating func unary() throws(ExpressionError) -> Node {
        if current.isMark("!") || current.isMark("-") { return try prefixed() }
        try refuseNot()
        return try member(negative: false)
    }

    private func refuseNot() throws(ExpressionError) {
        guard case .name("not") = current.kind, startsOperand(following) else { return }
        throw ExpressionError(
            code: .syntax, message: "`not` is not an operator here", range: current.range, help: "write !")
    }

    private mutating func prefixed() throws(ExpressionError) -> Node {
        var prefixes: [Token] = []
        while current.isMark("!") || current.isMark("-") {
            prefixes.append(current)
            position += 1
        }
        try refuseNot()
        var negative = false
        if let last = prefixes.last, last.isMark("-") {
            switch current.kind {
            case .int, .double:
                negative = true
                prefixes.removeLast()
            default: break
            }
        }
        return try wrapped(try member(negative: negative), prefixes)
    }

    private mutating func wrapped(_ inner: Node, _ prefixes: [Token]) throws(ExpressionError) -> Node {
        var operand = inner
        for prefix in prefixes.reversed() {
            operand = try node(
                .call(
                    function: prefix.isMark("!") ? Operator.not : Operator.negate, target: nil, args: [operand]),
                prefix.range.lowerBound..<operand.range.upperBound)
        }
        return operand
    }

    private func startsOperand(_ token: Token) -> Bool {
        switch token.kind {
        case .name(let name): name != "in" && !(Slips.word(name, at: token.range, next: token) != nil)
        case .int, .uint, .double, .string, .bytes: true
        default: false
        }
    }

    private mutating func member(negative: Bool) throws(ExpressionError) -> Node {
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
