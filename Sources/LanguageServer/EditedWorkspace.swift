public import Playbooks
public import Shapes
public import YAML

/// What a language server knows of the workspace around a file.
public struct WorkspaceView: Sendable {
    /// What playbooks are checked against.
    public var environment = CheckEnvironment()
    /// The names that there are, with what is known of them.
    public var names = ShapeNames()
    /// The file of each playbook, by its id: an absolute path.
    public var playbookFiles: [String: String] = [:]
    /// The file of each template, by its name: an absolute path.
    public var templateFiles: [String: String] = [:]
    /// What there is to say about files that are no playbooks, by absolute path.
    public var otherDiagnostics: [String: [Diagnostic]] = [:]
    /// The texts of these files, for the places of what is said.
    public var otherTexts: [String: [UInt8]] = [:]

    /// A view in which nothing is known.
    public init() {}
}

/// What a document is.
public enum DocumentKind: Sendable, Hashable {
    /// A playbook.
    case playbook
    /// `signalbox.yaml`.
    case settings
    /// `plugin.yaml`.
    case manifest
    /// Anything else: nothing is said of it.
    case other
}

/// Where a language server learns what surrounds a file. Implementations read files; nothing here writes.
public protocol WorkspaceSource {
    /// What surrounds the file at `path`, an absolute path; read anew when `isFresh`.
    func view(around path: String, isFresh: Bool) -> WorkspaceView
    /// What is wrong with a manifest.
    func manifestDiagnostics(_ source: SourceFile) -> [Diagnostic]
    /// The file that explains a code, an absolute path; nil when it is not on this machine.
    func page(of code: String) -> String?
}

extension DocumentKind {
    /// What the file at `path` is, by its name and its text.
    static func of(_ path: String, _ bytes: [UInt8]) -> DocumentKind {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard name.hasSuffix(".yaml") || name.hasSuffix(".yml"), !name.hasSuffix(".test.yaml") else { return .other }
        if name == "signalbox.yaml" { return .settings }
        if name == "plugin.yaml" { return .manifest }
        let folders = path.split(separator: "/").dropLast()
        if folders.contains("playbooks") { return .playbook }
        let text = String(decoding: bytes.prefix(1 << 16), as: UTF8.self)
        let isPlaybook = text.split(separator: "\n").contains {
            $0.hasPrefix("playbook:") || $0.hasPrefix("playbook :")
        }
        return isPlaybook ? .playbook : .other
    }
}
