/// How a playbook gives a value: as it stands, as an expression (`=…`), or as a text with `${{ … }}` in it; lists and maps nest.
public indirect enum ValueSource: Sendable, Hashable {
    /// A value as written.
    case literal(Value)
    /// `=EXPR`: the expression's value with its type.
    case expression(ExpressionText)
    /// A text with `${{ EXPR }}` parts: always becomes text. The place is that of the text's first character.
    case text(ExpressionText)
    /// A list of sources.
    case list([ValueSource])
    /// A map of sources, in the order written.
    case map([NamedSource])
}

/// A name and how its value is given.
public struct NamedSource: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The source of its value.
    public var source: ValueSource
    /// Where the name is written.
    public var place: SourcePlace

    /// `name`, written at `place`, is given by `source`.
    public init(_ name: String, _ source: ValueSource, at place: SourcePlace) {
        self.name = name
        self.source = source
        self.place = place
    }
}
