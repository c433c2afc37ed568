import WorkflowModel

/// Operators, and the words that are forms of their own.
extension TypeChecker {
    mutating func call(
        _ function: String, _ target: Node?, _ args: [Node], _ node: Node, _ tested: Bool
    ) -> ExpressionType {
        guard target == nil else { return method(function, target, args, node) }
        switch (function, args.count) {
        case (Operator.and, 2), (Operator.or, 2):
            // Each side matters only where the other does not decide.
            let holds = function == Operator.and
            assuming(args[1], holds) { _ = $0.condition(args[0]) }
            assuming(args[0], holds) { _ = $0.condition(args[1]) }
            return .bool
        case (Operator.not, 1): return condition(args[0])
        case (Operator.conditional, 3):
            condition(args[0])
            let first = assuming(args[0], true) { $0.known(args[1], tested) }
            let second = assuming(args[0], false) { $0.known(args[2], tested) }
            return first.joined(second)
        case (Operator.equals, 2), (Operator.notEquals, 2): return equality(args)
        case (Operator.less, 2), (Operator.lessEquals, 2), (Operator.greater, 2), (Operator.greaterEquals, 2):
            return order(args, node)
        case (Operator.in, 2): return membership(args)
        case (Operator.index, 2): return element(args[0], args[1], optional: false, node, tested)
        case (Operator.optionalIndex, 2), (Operator.optionalSelect, 2):
            return element(args[0], args[1], optional: true, node, tested)
        case ("missing", 1):
            _ = type(args[0], tested: true)
            return .bool
        case ("default", 2):
            let given = type(args[0], tested: true).present
            // Where one trigger does not give the first name, another one gives the second.
            var other = value(args[1], tested: isDoubtful(args[0]))
            if case .absent(let inner) = other { other = inner }
            if case .optional(let inner) = given { return inner.joined(other) }
            if case .null = given { return other }
            return given.joined(other)
        default: return self.function(function, isMethod: false, args, node)
        }
    }

    private mutating func method(_ function: String, _ target: Node?, _ args: [Node], _ node: Node) -> ExpressionType {
        guard let target else { return .dyn }
        if let space = target.dottedName, !bound.contains(where: { $0.name == space }),
            library.has("\(space).\(function)")
        {
            return self.function("\(space).\(function)", isMethod: false, args, node)
        }
        return self.function(function, isMethod: true, [target] + args, node)
    }

    /// The type of a branch, without null where it is known that it is not.
    private mutating func known(_ node: Node, _ tested: Bool) -> ExpressionType {
        let type = value(node, tested: tested)
        guard type.mayBeNull, isKnown(node) else { return type }
        return type.present
    }

    /// Whether the name that `node` begins with may not be there.
    private func isDoubtful(_ node: Node) -> Bool {
        guard let name = node.path?.first, !bound.contains(where: { $0.name == name }),
            case .type(.absent) = environment.type(of: name, tested: true)
        else { return false }
        return true
    }

    // MARK: Comparing

    private mutating func equality(_ args: [Node]) -> ExpressionType {
        let (left, right) = (value(args[0]), value(args[1]))
        compare(args[0], left, args[1], right)
        return .bool
    }

    /// Reports two things that are never equal.
    mutating func compare(_ a: Node, _ left: ExpressionType, _ b: Node, _ right: ExpressionType) {
        if left == .secret || right == .secret {
            report(.secret, left == .secret ? a.range : b.range, Self.secretMessage, help: Self.secretHelp)
            return
        }
        guard left.canEqual(right) else {
            unlike(a, left, b, right, isWarning: true)
            return
        }
        word(b, right, isAmong: left, of: a)
        word(a, left, isAmong: right, of: b)
    }

    /// Reports a constant word that `other` never is.
    private mutating func word(
        _ literal: Node, _ type: ExpressionType, isAmong known: ExpressionType, of other: Node
    ) {
        guard let word = literal.literal?.string, other.literal == nil, let words = known.knownWords,
            !words.contains(word)
        else { return }
        let near = Similarity.nearest(to: word, among: words) ?? words.first { $0.lowercased() == word.lowercased() }
        report(
            .unknownWord, literal.range, "\(shown(other)) is never \"\(word)\"",
            help: near.map { "did you mean \"\($0)\"?" }
                ?? "it is one of \(words.prefix(20).map { "\"\($0)\"" }.joined(separator: ", "))", isWarning: true)
    }

    private mutating func order(_ args: [Node], _ node: Node) -> ExpressionType {
        let left = value(args[0])
        let right = value(args[1])
        if left == .secret || right == .secret {
            report(.secret, node.range, Self.secretMessage, help: Self.secretHelp)
            return .bool
        }
        if left == .null || right == .null {
            report(
                .wrongOperand, (left == .null ? args[0] : args[1]).range, "null is neither larger nor smaller",
                help: "ask whether something is there: missing(x)")
            return .bool
        }
        guard left.canOrder(right) else {
            unlike(args[0], left, args[1], right, isWarning: false)
            return .bool
        }
        _ = present(args[0], left)
        _ = present(args[1], right)
        return .bool
    }

    private mutating func unlike(
        _ a: Node, _ left: ExpressionType, _ b: Node, _ right: ExpressionType, isWarning: Bool
    ) {
        let kind: TypeProblem.Kind = isWarning ? .unlikeComparison : .wrongOperand
        for (named, type, other, given) in [(a, left, b, right), (b, right, a, left)] {
            guard named.literal == nil, other.literal != nil else { continue }
            report(
                kind, other.range, "\(shown(named)) is \(type.inWords), and is compared with \(given.inWords)",
                help: comparisonHelp(named, type.present, other.literal ?? .null), isWarning: isWarning)
            return
        }
        if !isWarning, left.present.inWords == right.present.inWords {
            report(
                kind, a.range.lowerBound..<b.range.upperBound,
                "\(shown(a)) is \(left.inWords), of which none is larger or smaller")
            return
        }
        report(
            kind, a.range.lowerBound..<b.range.upperBound,
            "\(shown(a)) is \(left.inWords) and \(shown(b)) is \(right.inWords): they "
                + (isWarning ? "are never equal" : "cannot be compared"),
            help: a.literal == nil ? Conversion.help(from: right.present, to: left.present, name(b)) : nil,
            isWarning: isWarning)
    }

    private func comparisonHelp(_ named: Node, _ type: ExpressionType, _ literal: Value) -> String? {
        switch (type, literal) {
        case (_, .string(let text)) where type.isNumber && Double(text) != nil: "write it without quotes: \(text)"
        case (.bool, .string(let text)) where ["true", "false"].contains(text): "write it without quotes: \(text)"
        case (_, .int(let number)) where type.isText: "write it in quotes: \"\(number)\""
        case (_, .bool(let flag)) where type.isText: "write it in quotes: \"\(flag)\""
        case (.timestamp, _): "write timestamp(\"2026-11-22T08:00:00Z\"), or ago(\"2d\")"
        case (.duration, .string(let text)):
            "write duration(\"\(DurationText.parse(text) == nil ? DurationText.meant(text) ?? "15m" : text)\")"
        case (.duration, _): "write duration(\"15m\")"
        case (.list, .string(let text)): "ask whether it is in the list: \"\(text)\" in \(name(named))"
        case (.list, .int), (.list, .double): "ask for its length: size(\(name(named)))"
        default: nil
        }
    }

    /// `x in y`
    private mutating func membership(_ args: [Node]) -> ExpressionType {
        let element = value(args[0])
        let container = present(args[1], value(args[1]))
        if element == .secret || container == .secret {
            report(.secret, args[element == .secret ? 0 : 1].range, Self.secretMessage, help: Self.secretHelp)
            return .bool
        }
        if !container.isUnknown, !container.members.contains(where: \.isSearchable) {
            report(
                .wrongOperand, args[1].range,
                "`in` looks into lists and maps, and \(shown(args[1])) is \(container.inWords)",
                help: container.isText
                    ? "write \(name(args[1])).contains(\(name(args[0])))"
                    : "write \(name(args[0])) == \(name(args[1]))")
            return .bool
        }
        among(args, element, container)
        return .bool
    }

    private mutating func among(_ args: [Node], _ element: ExpressionType, _ container: ExpressionType) {
        if case .list(let items) = args[1].kind, args[0].literal == nil {
            for item in items {
                guard item.literal != nil else { continue }
                let type = Self.type(of: item.literal ?? .null)
                compare(args[0], element, item, type)
            }
            return
        }
        let inner: ExpressionType
        switch container {
        case .list(let type): inner = type
        case .map(let key, _): inner = key
        case .object: inner = .string
        default: return
        }
        guard element.canEqual(inner) else {
            report(
                .unlikeComparison, args[0].range,
                "\(shown(args[0])) is \(element.inWords), and is looked for among \(inner.inWords)", isWarning: true)
            return
        }
        guard let word = args[0].literal?.string, let words = inner.knownWords, !words.contains(word) else { return }
        let near = Similarity.nearest(to: word, among: words)
        report(
            .unknownWord, args[0].range, "\"\(word)\" is never in \(shown(args[1]))",
            help: near.map { "did you mean \"\($0)\"?" }, isWarning: true)
    }
}

extension ExpressionType {
    /// Whether `in` can look into it.
    fileprivate var isSearchable: Bool {
        switch self {
        case .list, .map, .object, .space: true
        default: isUnknown
        }
    }
}
