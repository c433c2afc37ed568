public import Playbooks
public import WorkflowModel
public import YAML

/// Checks all playbooks of a workspace.
public enum WorkspaceCheck {
    /// What was found.
    public struct Result: Sendable {
        /// The playbooks without errors, in the order of their files; of a workspace `file` is relative to its folder.
        public var workflows: [Workflow]
        /// The file of each of them, by the playbook's id.
        public var files: [String: SourceFile]
        /// Everything there is to say, by file and place.
        public var diagnostics: [Diagnostic]
    }

    /// Reads all playbooks of `workspace` in `environment`.
    public static func run(_ workspace: Workspace, in environment: CheckEnvironment) -> Result {
        var result = run(workspace.playbookFiles, in: environment)
        for index in result.workflows.indices {
            let file = result.workflows[index].file
            guard file.hasPrefix(workspace.shownPrefix) else { continue }
            result.workflows[index].file = String(file.dropFirst(workspace.shownPrefix.count))
        }
        return result
    }

    /// Reads `files` in `environment`; two playbooks of one id are an error, and neither is given.
    public static func run(_ files: [SourceFile], in environment: CheckEnvironment) -> Result {
        var found: [Workflow] = []
        var diagnostics: [Diagnostic] = []
        var sources: [String: SourceFile] = [:]
        var repeated: Set<String> = []
        let environment = knowing(files, environment)
        for file in files {
            let (workflow, said) = PlaybookReader.read(file, in: environment)
            diagnostics += said
            guard let workflow else { continue }
            if let first = sources[workflow.id] {
                repeated.insert(workflow.id)
                diagnostics.append(
                    Diagnostic(
                        code: WorkspaceCode.repeatedPlaybook.rawValue, file: file.path, range: idRange(file),
                        message: "the playbook `\(workflow.id)` is in \(first.path) already",
                        help: "give one of the two another id"))
                continue
            }
            sources[workflow.id] = file
            found.append(workflow)
        }
        for id in repeated { sources[id] = nil }
        return Result(
            workflows: found.filter { !repeated.contains($0.id) }, files: sources, diagnostics: diagnostics.sorted())
    }

    /// `environment` with what the playbooks of `files` can be called with; only when some playbook calls another.
    private static func knowing(_ files: [SourceFile], _ environment: CheckEnvironment) -> CheckEnvironment {
        guard files.contains(where: { $0.text.contains("call:") }) else { return environment }
        var environment = environment
        var callable = environment.callable ?? [:]
        for file in files {
            if let workflow = PlaybookReader.read(file, in: .structureOnly).workflow {
                callable[workflow.id] = workflow.callable
            }
        }
        environment.callable = callable
        return environment
    }

    /// Where the id stands.
    private static func idRange(_ file: SourceFile) -> SourceRange? { YAMLParser.parse(file).root?["playbook"]?.range }
}
