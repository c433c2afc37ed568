public import WorkflowModel

/// One place in a template where a name is used, for the check of a playbook before anything runs.
public struct NameUse: Sendable, Hashable {
    /// How the name is used.
    public enum Role: Sendable, Hashable {
        /// `{{name}}`, `{{{name}}}` or `{{&name}}`: its text is printed, so it may be neither null, list nor map.
        case text
        /// `{{#name}}…{{/name}}`: the inside is printed for a value, or for each element of a list.
        case section
        /// `{{^name}}…{{/name}}`: the inside is printed when there is nothing.
        case inverted
    }

    /// The name cut at its dots; empty for `{{.}}`, the element at hand.
    public var path: [String]
    /// How it is used.
    public var role: Role
    /// Where the tag stands.
    public var place: SourcePlace
    /// The names of the `{{#…}}` sections around it, the outermost first: the first word of ``path`` may be a field of
    /// their values as well as a name of the whole template. Inside `{{^…}}` nothing is added.
    public var enclosing: [[String]]

    /// Makes a use.
    public init(path: [String], role: Role, place: SourcePlace, enclosing: [[String]] = []) {
        self.path = path
        self.role = role
        self.place = place
        self.enclosing = enclosing
    }

    /// The name as it stands in the template.
    public var name: String { path.isEmpty ? "." : path.joined(separator: ".") }
}

/// One `{{>name}}` in a template.
public struct PartialUse: Sendable, Hashable {
    /// The name of the template put in.
    public var name: String
    /// Where the tag stands.
    public var place: SourcePlace
    /// The `{{#…}}` sections around it, as in ``NameUse/enclosing``.
    public var enclosing: [[String]]

    /// Makes a use.
    public init(name: String, place: SourcePlace, enclosing: [[String]] = []) {
        self.name = name
        self.place = place
        self.enclosing = enclosing
    }
}
