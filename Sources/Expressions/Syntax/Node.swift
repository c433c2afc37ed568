public import WorkflowModel

/// A node of an expression's syntax tree. Macros are already recognised: see ``Comprehension``.
public struct Node: Sendable {
    // One pointer: the parser and the planner are recursive, and keep several nodes on the stack at each level.
    private final class Storage: Sendable {
        let id: Int
        let range: Range<Int>
        let kind: Kind
        let height: Int
        let nameRange: Range<Int>?

        init(id: Int, range: Range<Int>, kind: Kind, height: Int, nameRange: Range<Int>?) {
            self.id = id
            self.range = range
            self.kind = kind
            self.height = height
            self.nameRange = nameRange
        }
    }

    private let storage: Storage

    /// The node's number, unique within its expression.
    public var id: Int { storage.id }
    /// The node's place, as Unicode scalar offsets in the text; parentheses around it are not part of it.
    public var range: Range<Int> { storage.range }
    /// What the node is.
    public var kind: Kind { storage.kind }
    /// The place of the function's name, when this is a call by a name.
    public var nameRange: Range<Int>? { storage.nameRange }
    /// The longest way down from here; bounded by ``Expression/maximumDepth``.
    var height: Int { storage.height }

    /// The kinds of nodes.
    public indirect enum Kind: Sendable {
        /// A constant.
        case literal(Value)
        /// A name; with a leading dot (`.name`) it skips the names that a macro has bound.
        case ident(String)
        /// `operand.field`, or with `testOnly` the test `has(operand.field)`.
        case select(operand: Node, field: String, testOnly: Bool)
        /// A call. Operators have the names of ``Operator``; `target` is what stands before the dot of a method call.
        case call(function: String, target: Node?, args: [Node])
        /// A list. An element written `?x` is a call of ``Operator/optionalElement``.
        case list([Node])
        /// A map.
        case map([MapEntry])
        /// A macro that binds names: `exists`, `map`, `cel.bind`, …
        case comprehension(Comprehension)
    }

    /// One pair of a map literal.
    public struct MapEntry: Sendable {
        /// The key.
        public let key: Node
        /// The value; with `optional` an optional that is left out when it is empty.
        public let value: Node
        /// True for `{?key: value}`.
        public let optional: Bool
    }

    /// A macro that evaluates a part of the expression once per element, or with a name bound.
    public struct Comprehension: Sendable {
        /// The macros.
        public enum Macro: String, Sendable {
            case all, exists, existsOne, map, filter, transformList, transformMap, transformMapEntry
            case sortBy, bind, optMap, optFlatMap
        }

        /// Which macro.
        public let macro: Macro
        /// The list or map that is walked; for `bind` the value that is bound, for `optMap` the optional.
        public let source: Node
        /// The bound names: one, or two (index or key, and value).
        public let variables: [String]
        /// The condition that lets an element through, for `map` and `transform…` with a filter.
        public let filter: Node?
        /// What is evaluated for each element.
        public let body: Node
    }

    init(id: Int, range: Range<Int>, kind: Kind, nameRange: Range<Int>?) {
        let height = 1 + (kind.children.map(\.height).max() ?? 0)
        storage = Storage(id: id, range: range, kind: kind, height: height, nameRange: nameRange)
    }
}

/// The names that operators have as functions of a ``Node/Kind/call(function:target:args:)``: those of CEL's own syntax tree.
public enum Operator {
    /// `a && b`
    public static let and = "_&&_"
    /// `a || b`
    public static let or = "_||_"
    /// `!a`
    public static let not = "!_"
    /// `-a`
    public static let negate = "-_"
    /// `a ? b : c`
    public static let conditional = "_?_:_"
    /// `a == b`
    public static let equals = "_==_"
    /// `a != b`
    public static let notEquals = "_!=_"
    /// `a < b`
    public static let less = "_<_"
    /// `a <= b`
    public static let lessEquals = "_<=_"
    /// `a > b`
    public static let greater = "_>_"
    /// `a >= b`
    public static let greaterEquals = "_>=_"
    /// `a in b`
    public static let `in` = "@in"
    /// `a + b`
    public static let add = "_+_"
    /// `a - b`
    public static let subtract = "_-_"
    /// `a * b`
    public static let multiply = "_*_"
    /// `a / b`
    public static let divide = "_/_"
    /// `a % b`
    public static let modulo = "_%_"
    /// `a[b]`
    public static let index = "_[_]"
    /// `a[?b]`
    public static let optionalIndex = "_[?_]"
    /// `a.?b`, with the field as a literal text.
    public static let optionalSelect = "_?._"
    /// `?x` as an element of a list.
    public static let optionalElement = "?_"
}

extension Node.Kind {
    /// The nodes directly below, in the order of the text.
    public var children: [Node] {
        switch self {
        case .literal, .ident: []
        case .select(let operand, _, _): [operand]
        case .call(_, let target, let args): (target.map { [$0] } ?? []) + args
        case .list(let items): items
        case .map(let entries): entries.flatMap { [$0.key, $0.value] }
        case .comprehension(let comprehension):
            [comprehension.source] + (comprehension.filter.map { [$0] } ?? []) + [comprehension.body]
        }
    }
}

extension Node {
    /// The constant, when this is one.
    public var literal: Value? {
        if case .literal(let value) = kind { return value }
        return nil
    }

    /// The path of constant names from the root, as in `ticket.owner` or `ticket["owner"]`; nil for anything else.
    public var path: [String]? {
        switch kind {
        case .ident(let name): return [name]
        case .select(let operand, let field, false): return operand.path.map { $0 + [field] }
        case .call(Operator.index, nil, let args) where args.count == 2:
            guard let field = args[1].literal?.string else { return nil }
            return args[0].path.map { $0 + [field] }
        default: return nil
        }
    }

    /// `a.b.c` as one dotted name, when this is made of plain selections only.
    var dottedName: String? {
        switch kind {
        case .ident(let name): name
        case .select(let operand, let field, false): operand.dottedName.map { $0 + "." + field }
        default: nil
        }
    }
}
