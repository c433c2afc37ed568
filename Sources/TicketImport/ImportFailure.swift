public import YAML

/// Why an export could not be read at all: each mistake with its file, and its place where there is one.
public struct ImportFailure: Error, Sendable {
    /// What is wrong, at least one.
    public let diagnostics: [Diagnostic]

    /// A failure of these diagnostics, at least one.
    public init(diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    init(_ code: String, _ path: String, _ message: String, help: String? = nil) {
        diagnostics = [Diagnostic(code: code, file: path, range: nil, message: message, help: help)]
    }
}
