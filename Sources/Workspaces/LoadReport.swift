import YAML

/// What is said about a workspace while it is loaded, and the files that it is said of.
final class LoadReport {
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var sources: [String: SourceFile] = [:]

    func take(_ others: [Diagnostic]) { diagnostics += others }

    func add(_ source: SourceFile) { sources[source.path] = source }

    func report(
        _ code: WorkspaceCode, _ file: String, _ range: SourceRange? = nil, _ message: String, help: String? = nil,
        severity: Diagnostic.Severity = .error
    ) {
        diagnostics.append(
            Diagnostic(
                severity: severity, code: code.rawValue, file: file, range: range, message: message, help: help))
    }

    func report(
        _ code: WorkspaceCode, _ node: YAMLNode, _ message: String, help: String? = nil,
        severity: Diagnostic.Severity = .error
    ) {
        report(code, node.source.path, node.range, message, help: help, severity: severity)
    }
}
