import WorkflowModel

/// Turns tokens into the syntax tree. Operator precedence is climbed in one function, so that nesting costs few stack frames.
struct Parser {
    private let tokens: [Token]
    var position = 0
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

    mutating func node(
        _ kind: Node.Kind, _ range: Range<Int>, name: Range<Int>? = nil
    ) throws(ExpressionError) -> Node {
        nextID += 1
        let node = Node(id: nextID, range: range, kind: kind, nameRange: name)
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
    mutating func close(_ mark: String, _ opening: Token) throws(ExpressionError) -> Range<Int> {
        let token = current
        if accept(mark) { return token.range }
        if token.kind == .end {
            throw ExpressionError(
                code: .unclosed, message: "\(opening.forPeople) is not closed", range: opening.range,
                help: "a `\(mark)` is missing")
        }
        throw unexpected(after: true, wanted: mark)
    }

    func unexpected(after: Bool, wanted: String? = nil) -> ExpressionError {
        if after, case .name(let word) = current.kind, let slip = Slips.word(word, at: current.range, next: following) {
            return slip
        }
        if after, case .name(let word) = current.kind, let unit = Habits.unit(word), position > 0,
            case .int(let digits, false) = tokens[position - 1].kind
        {
            return ExpressionError(
                code: .syntax, message: "`\(digits) \(word)` is no duration here",
                range: tokens[position - 1].range.lowerBound..<current.range.upperBound,
                help: "write duration(\"\(digits)\(unit)\")")
        }
        if current.kind == .end {
            return ExpressionError(
                code: .syntax, message: "the expression ends where something is missing", range: current.range,
                help: wanted == ":" ? "write condition ? a : b" : nil)
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
}
