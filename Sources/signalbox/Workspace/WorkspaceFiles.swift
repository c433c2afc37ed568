import EditorSchemas
import Foundation
import LanguageServer
import PluginHost
import PluginKit
import Playbooks
import Shapes
import WorkflowEngine
import WorkflowModel
import Workspaces
import YAML

/// What a language server knows of workspaces: read from the disk, and kept until it is asked for anew.
final class WorkspaceFiles: WorkspaceSource {
    private var views: [String: WorkspaceView] = [:]

    func view(around path: String, isFresh: Bool) -> WorkspaceView {
        let folder = Self.workspace(around: path) ?? ""
        if !isFresh, let known = views[folder] { return known }
        let view = Self.read(folder)
        views[folder] = view
        return view
    }

    func manifestDiagnostics(_ source: SourceFile) -> [Diagnostic] { ManifestReader.readFile(source).diagnostics }

    func page(of code: String) -> String? {
        Self.pages.map { "\($0)/\(code).md" }.first(where: FileManager.default.fileExists)
    }

    /// The folders in which pages about codes may be: the package's, and those of a source tree around the binary.
    private static let pages: [String] = {
        var folders = ["/usr/share/doc/signalbox/errors", "/usr/share/doc/signalbox/docs/errors"]
        var folder = URL(fileURLWithPath: CommandLine.arguments.first ?? "").standardizedFileURL
        for _ in 0..<6 where folder.path != "/" {
            folder.deleteLastPathComponent()
            folders.append(folder.appendingPathComponent("docs/errors").path)
        }
        return folders
    }()

    /// The nearest folder above `path` that has a `signalbox.yaml`.
    private static func workspace(around path: String) -> String? {
        var folder = URL(fileURLWithPath: path).standardizedFileURL
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            if FileManager.default.fileExists(atPath: folder.appendingPathComponent("signalbox.yaml").path) {
                return folder.path
            }
        }
        return nil
    }

    private static func read(_ folder: String) -> WorkspaceView {
        var view = WorkspaceView()
        do {
            let plugins: [PluginManifest]
            if folder.isEmpty {
                let registry = try BuiltinPlugins.load()
                plugins = registry.plugins.map(\.manifest)
                view.environment.know(.standard, others: plugins.flatMap(\.emits))
                view.environment.actions = Dictionary(
                    Actions.signatures(registry).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
            } else {
                let open = try OpenWorkspace.load(folder)
                plugins = open.registry.plugins.map(\.manifest)
                view.environment = open.workspace.checkEnvironment(
                    actions: Actions.signatures(open.registry), emitted: plugins.flatMap(\.emits))
                take(open, into: &view)
            }
            view.names = EditorSchemas.names(view.environment)
            view.names[.plugin] = plugins.map { ShapeNames.Entry($0.name, $0.summary, input: $0.configuration) }
        } catch {
            // Without plugins and settings the structure is checked all the same.
            view.environment.know(.standard)
            view.names = EditorSchemas.names(view.environment)
        }
        return view
    }

    private static func take(_ open: OpenWorkspace, into view: inout WorkspaceView) {
        let folder = open.workspace.folder
        var callable: [String: CallablePlaybook] = [:]
        for file in open.workspace.playbookFiles {
            guard let workflow = PlaybookReader.read(file, in: .structureOnly).workflow else { continue }
            callable[workflow.id] = workflow.callable
            view.playbookFiles[workflow.id] = absolute(file.path)
        }
        view.environment.callable = callable
        for name in open.workspace.templateTexts.keys {
            view.templateFiles[name] = "\(folder)/templates/\(name).mustache"
        }
        let playbooks = Set(open.workspace.playbookFiles.map(\.path))
        for diagnostic in open.diagnostics where !playbooks.contains(diagnostic.file) {
            view.otherDiagnostics[absolute(diagnostic.file), default: []].append(diagnostic)
        }
        for (path, source) in open.sources where !playbooks.contains(path) {
            view.otherTexts[absolute(path)] = source.bytes
        }
    }

    /// Paths of diagnostics are those that people typed; here that is always the workspace's absolute path.
    private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
