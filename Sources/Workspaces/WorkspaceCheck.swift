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
        /// The warnings that the files themselves allow.
        public var allowed: [AllowedWarning] = []
    }

    /// Reads all playbooks of `workspace` in `environment`.
    public static func run(_ workspace: Workspace, in environment: CheckEnvironment) -> Result {
        let looked = look(workspace.playbookFiles, in: environment)
        let unused = UnusedParts(workspace: workspace, environment: environment).find(looked.inspections)
        var result = settle(looked, isWhole: true)
        let (kept, allowed) = settle(unused, in: workspace)
        result.diagnostics = (result.diagnostics + kept).sorted()
        result.allowed = (result.allowed + allowed).sorted { $0.diagnostic < $1.diagnostic }
        for index in result.workflows.indices {
            let file = result.workflows[index].file
            guard file.hasPrefix(workspace.shownPrefix) else { continue }
            result.workflows[index].file = String(file.dropFirst(workspace.shownPrefix.count))
        }
        return result
    }

    /// Reads `files` in `environment`; two playbooks of one id are an error, and neither is given.
    public static func run(_ files: [SourceFile], in environment: CheckEnvironment) -> Result {
        settle(look(files, in: environment), isWhole: false)
    }

    /// What was found in each file.
    private struct Looked {
        var workflows: [Workflow] = []
        var sources: [String: SourceFile] = [:]
        var inspections: [PlaybookInspection] = []
    }

    private static func look(_ files: [SourceFile], in environment: CheckEnvironment) -> Looked {
        var looked = Looked()
        var repeated: Set<String> = []
        let environment = knowing(files, environment)
        for file in files {
            let parsed = YAMLParser.parse(file)
            var found = PlaybookReader.inspect(parsed.root, parsed.diagnostics, file, in: environment)
            if let workflow = found.workflow {
                if let first = looked.sources[workflow.id] {
                    repeated.insert(workflow.id)
                    found.diagnostics.append(
                        Diagnostic(
                            code: WorkspaceCode.repeatedPlaybook.rawValue, file: file.path,
                            range: parsed.root?["playbook"]?.range,
                            message: "the playbook `\(workflow.id)` is in \(first.path) already",
                            help: "give one of the two another id"))
                } else {
                    looked.sources[workflow.id] = file
                    looked.workflows.append(workflow)
                }
            }
            looked.inspections.append(found)
        }
        for id in repeated { looked.sources[id] = nil }
        looked.workflows.removeAll { repeated.contains($0.id) }
        guard environment.givesAdvice else { return looked }
        let positions = Dictionary(files.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { first, _ in first })
        for diagnostic in SeveralAdvice.run(looked.inspections.compactMap(\.traits)) {
            if let position = positions[diagnostic.file] {
                looked.inspections[position].diagnostics.append(diagnostic)
            }
        }
        return looked
    }

    /// Parts what is said from what the files allow.
    private static func settle(_ looked: Looked, isWhole: Bool) -> Result {
        var result = Result(workflows: looked.workflows, files: looked.sources, diagnostics: [])
        for found in looked.inspections {
            let (kept, allowed) = found.settled(isWhole: isWhole)
            result.diagnostics += Diagnostics.sortedAndCapped(kept)
            result.allowed += allowed
        }
        result.diagnostics.sort()
        result.allowed.sort { $0.diagnostic < $1.diagnostic }
        return result
    }

    /// Parts what is said of the workspace's parts from what their files allow; those that can hold no comment take it from the top of
    /// signalbox.yaml.
    private static func settle(
        _ unused: [Diagnostic], in workspace: Workspace
    ) -> (kept: [Diagnostic], allowed: [AllowedWarning]) {
        let settings = workspace.shownPrefix + "signalbox.yaml"
        var groups = Dictionary(grouping: unused) { workspace.allowances[$0.file] == nil ? settings : $0.file }
        for file in workspace.allowances.keys where groups[file] == nil { groups[file] = [] }
        var all: (kept: [Diagnostic], allowed: [AllowedWarning]) = ([], [])
        for (file, found) in groups {
            guard let allowances = workspace.allowances[file] else {
                all.kept += found
                continue
            }
            let (kept, allowed) = allowances.settle(found) { $0.hasPrefix("SB196") }
            all.kept += kept
            all.allowed += allowed
        }
        return all
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
}
