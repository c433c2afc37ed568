/// Reads YAML files: libyaml's grammar, restricted to what a playbook needs.
public enum YAMLParser {
    /// What was read.
    public typealias Result = (root: YAMLNode?, diagnostics: [Diagnostic])

    /// Reads a file into a tree, and reports every mistake that can be found in one go.
    ///
    /// A tree may come with errors: then nodes with `isDamaged` stand where the text could not be read. Without a tree there is
    /// at least one error.
    public static func parse(_ source: SourceFile, limits: YAMLLimits = YAMLLimits()) -> Result {
        (nil, [])
    }
}
