import Expressions
public import WorkflowModel

/// Conditions in plain words. What it has no words for stands as it is written, in backticks.
///
/// Every text is true exactly when the expression is: `!` is carried into the statement, `!(a && b)` becomes "not a, or not b"
/// (which CEL's errors respect, too: its `&&` and `||` do not care about order), and parts that are joined by the other word stand
/// in brackets.
public struct ConditionWords: Sendable {
    /// What names are called.
    public var names: NameWords

    /// Words with these names.
    public init(_ names: NameWords = NameWords()) { self.names = names }

    /// The condition `text` in words, or with `holds` false its opposite. A text that cannot be read stands as it is.
    public func condition(_ text: String, holds: Bool = true) -> String {
        guard let expression = Expression.parse(text).0 else { return "`\(text)`" }
        return Sentence(expression: expression, names: names).clause(expression.root, holds: holds).text
    }

    /// The value `text` in words.
    public func value(_ text: String) -> String {
        guard let expression = Expression.parse(text).0 else { return "`\(text)`" }
        let sentence = Sentence(expression: expression, names: names)
        if case .call(Operator.conditional, nil, _) = expression.root.kind { return sentence.choice(expression.root) }
        return sentence.noun(expression.root)
    }

    /// A condition as lines of which all, or any, must hold.
    public indirect enum Lines: Sendable, Hashable {
        /// One statement.
        case one(String)
        /// All of these hold.
        case all([Lines])
        /// At least one of these holds.
        case any([Lines])

        /// The statement, when it is one.
        public var single: String? { if case .one(let text) = self { text } else { nil } }
    }

    /// The nest of a trigger's `when`, or with `holds` false its opposite.
    public func lines(_ condition: Condition, holds: Bool = true) -> Lines {
        switch condition {
        case .expression(let text): return lines(text.text, holds: holds)
        case .not(let part): return lines(part, holds: !holds)
        case .all(let parts): return gathered(parts.map { lines($0, holds: holds) }, all: holds)
        case .any(let parts): return gathered(parts.map { lines($0, holds: holds) }, all: !holds)
        }
    }

    /// An expression, split at its outermost `&&` or `||`.
    public func lines(_ text: String, holds: Bool = true) -> Lines {
        guard let expression = Expression.parse(text).0 else { return .one("`\(text)`") }
        return lines(expression.root, Sentence(expression: expression, names: names), holds)
    }

    private func lines(_ node: Node, _ sentence: Sentence, _ holds: Bool) -> Lines {
        switch node.kind {
        case .call(Operator.not, nil, let args) where args.count == 1: return lines(args[0], sentence, !holds)
        case .call(Operator.and, nil, let args): return gathered(args.map { lines($0, sentence, holds) }, all: holds)
        case .call(Operator.or, nil, let args): return gathered(args.map { lines($0, sentence, holds) }, all: !holds)
        default: return .one(sentence.clause(node, holds: holds).closed)
        }
    }

    /// Parts with those of the same kind inside them taken up.
    private func gathered(_ parts: [Lines], all: Bool) -> Lines {
        var flat: [Lines] = []
        for part in parts {
            switch part {
            case .all(let inner) where all: flat += inner
            case .any(let inner) where !all: flat += inner
            default: flat.append(part)
            }
        }
        if flat.count == 1, let only = flat.first { return only }
        return all ? .all(flat) : .any(flat)
    }
}

extension ConditionWords.Lines {
    /// In one sentence.
    public var sentence: String { clause.text }

    private var clause: Clause {
        switch self {
        case .one(let text): Clause(text: text)
        case .all(let parts): .joined(parts.map(\.clause), by: .and)
        case .any(let parts): .joined(parts.map(\.clause), by: .or)
        }
    }
}
