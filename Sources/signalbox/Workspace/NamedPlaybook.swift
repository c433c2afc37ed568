import Foundation
import Playbooks
import PluginKit
import WorkflowEngine
import WorkflowModel
import Workspaces
import YAML

/// A playbook that a command is to show: found by its id or by a path, in the workspace or outside. Other playbooks may have
/// mistakes; this one may not.
struct NamedPlaybook {
    let workflow: Workflow
    let source: SourceFile
    let actions: [String: ActionSignature]

    /// Whether its `on_failure` is that of the workspace's defaults.
    var failsAsDefaultsSay: Bool {
        workflow.onFailure != nil && PlaybookReader.read(source, in: .structureOnly).workflow?.onFailure == nil
    }

    /// Finds `name`.
    ///
    /// - Throws: ``CommandFailure`` when there is none, or when it has mistakes, which are then shown.
    static func find(_ name: String, in folder: String) throws -> NamedPlaybook {
        var isFolder: ObjCBool = false
        let isFile = FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) && !isFolder.boolValue
        let isPath = name == "-" || isFile && (name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml"))
        let open: OpenWorkspace
        do {
            open = try OpenWorkspace.load(folder)
        } catch {
            guard isPath else { throw error }
            return try read(name, try pluginsAlone())
        }
        let actions = Actions.signatures(open.registry)
        let byName = Dictionary(actions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        if isPath {
            let environment = open.workspace.checkEnvironment(
                actions: actions, emitted: open.registry.plugins.flatMap(\.manifest.emits))
            var found = try read(name, environment)
            found = NamedPlaybook(
                workflow: found.workflow.applying(open.workspace.settings.defaults), source: found.source,
                actions: byName)
            return found
        }
        if let found = open.playbooks.first(where: { named($0.workflow, name) }) {
            let source = open.workspace.playbookFiles.first {
                $0.path == found.workflow.file || $0.path.hasSuffix("/" + found.workflow.file)
            }
            return NamedPlaybook(
                workflow: found.workflow, source: source ?? SourceFile(path: found.workflow.file, text: ""),
                actions: byName)
        }
        for file in open.workspace.playbookFiles
        where file.path.hasSuffix("/" + name) || YAMLParser.parse(file).root?["playbook"]?.text == name {
            try complain(open.diagnostics.filter { $0.file == file.path && $0.severity == .error }, file)
        }
        _ = try open.playbook(name)
        throw CommandFailure(.failed, "there is no playbook \(name)")
    }

    private static func named(_ workflow: Workflow, _ name: String) -> Bool {
        workflow.id == name || workflow.file == name || workflow.file.hasSuffix("/" + name)
    }

    private static func pluginsAlone() throws -> CheckEnvironment {
        let registry = try BuiltinPlugins.load()
        var environment = CheckEnvironment()
        environment.know(.standard, others: registry.plugins.flatMap(\.manifest.emits))
        environment.actions = Dictionary(
            Actions.signatures(registry).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return environment
    }

    private static func read(_ path: String, _ environment: CheckEnvironment) throws -> NamedPlaybook {
        let source = SourceFile(
            path: path == "-" ? "<stdin>" : path, bytes: try InputFile.read(path, limit: WorkspaceLimits.fileBytes))
        let (workflow, diagnostics) = PlaybookReader.read(source, in: environment)
        guard let workflow else {
            try complain(diagnostics.filter { $0.severity == .error }, source)
            throw CommandFailure(.failed, "\(source.path) is no playbook")
        }
        return NamedPlaybook(workflow: workflow, source: source, actions: environment.actions ?? [:])
    }

    /// Shows the mistakes of a file, and gives up.
    private static func complain(_ errors: [Diagnostic], _ source: SourceFile) throws {
        guard !errors.isEmpty else { return }
        let paint = Paint(isOn: Console.isTerminal(STDERR_FILENO) && Console.allowsColour)
        for error in errors.prefix(10) {
            Console.standardError(CodeFrame.render(error, source: source, colour: paint.isOn) + "\n")
        }
        throw CommandFailure(
            .failed, "\(source.path) has \(errors.count == 1 ? "a mistake" : "\(errors.count) mistakes")",
            help: "signalbox check shows all there is to say")
    }
}
