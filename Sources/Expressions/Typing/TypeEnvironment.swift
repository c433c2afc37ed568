/// What the names of an expression stand for, where it stands.
public protocol TypeEnvironment {
    /// The type of a name. With `tested` the expression only asks whether it is there.
    func type(of name: String, tested: Bool) -> NameResolution
    /// The type of a field of something whose type is ``ExpressionType/space(_:)``.
    func member(_ name: String, of space: Int, tested: Bool) -> NameResolution
    /// What is wrong with using such a thing as a whole; nil when nothing is.
    func problem(ofWhole space: Int) -> NameResolution?
    /// Whether it is known from outside the expression that `node` is not missing where the expression stands.
    func isPresent(_ node: Node) -> Bool
    /// What is wrong with the text `argument` for the function `name`, where only the workspace knows; nil when nothing is.
    func problem(ofArgument argument: String, to name: String) -> NameResolution?
}

/// What an environment says of a name.
public enum NameResolution: Sendable {
    /// It is of this type.
    case type(ExpressionType)
    /// There is something wrong with it.
    case problem(code: String, message: String, help: String?)
}

extension TypeEnvironment {
    /// Nothing has fields that only the environment knows.
    public func member(_ name: String, of space: Int, tested: Bool) -> NameResolution { .type(.dyn) }

    /// Everything may be used as a whole.
    public func problem(ofWhole space: Int) -> NameResolution? { nil }

    /// Nothing is known from outside.
    public func isPresent(_ node: Node) -> Bool { false }

    /// Nothing is known of arguments.
    public func problem(ofArgument argument: String, to name: String) -> NameResolution? { nil }
}

/// An environment of named types; a name that is not among them is unknown, or with `isOpen` may be anything.
public struct NamedTypes: TypeEnvironment, Sendable {
    /// The names with their types.
    public var types: [String: ExpressionType]
    /// Whether other names may be there too.
    public var isOpen: Bool

    /// An environment of `types`.
    public init(_ types: [String: ExpressionType] = [:], isOpen: Bool = false) {
        self.types = types
        self.isOpen = isOpen
    }

    /// The type of `name`.
    public func type(of name: String, tested: Bool) -> NameResolution {
        if let type = types[name] { return .type(type) }
        if isOpen { return .type(.dyn) }
        let near = Spelling.nearest(to: name, in: types.keys.sorted())
        return .problem(
            code: "unknownName", message: "there is no name `\(name)` here", help: near.map { "did you mean `\($0)`?" })
    }
}
