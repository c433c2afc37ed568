import PluginHost
import PluginKit
import WorkflowModel
import Workspaces
import YAML

/// The plugins of a workspace: those of the binary, and its own, which are manifests alone.
struct WorkspacePlugins {
    let registry: PluginRegistry
    /// What is wrong with the workspace's own manifests.
    let diagnostics: [Diagnostic]

    /// The plugins of the workspace at `path`; without a workspace there, those of the binary.
    static func load(_ path: String) throws -> WorkspacePlugins {
        let builtin = try BuiltinPlugins.inSwift().map(\.manifest.name)
        var own: [DeclarativePlugin] = []
        var diagnostics: [Diagnostic] = []
        for source in WorkspaceLoader.pluginFiles(path) {
            let (file, found) = ManifestReader.readFile(source)
            diagnostics += found
            guard let file else { continue }
            if let problem = problem(file, among: own, builtin) {
                diagnostics.append(
                    Diagnostic(
                        code: "SB2011", file: source.path, range: YAMLParser.parse(source).root?.range,
                        message: problem.message, help: problem.help))
            } else {
                own.append(DeclarativePlugin(file))
            }
        }
        return WorkspacePlugins(registry: try BuiltinPlugins.load(own), diagnostics: diagnostics)
    }

    /// Why a workspace cannot have a plugin.
    private static func problem(
        _ file: PluginFile, among own: [DeclarativePlugin], _ builtin: [String]
    ) -> (message: String, help: String)? {
        let name = file.manifest.name
        if builtin.contains(name) {
            return ("the plugin \(name) is part of Signalbox and more than a manifest", "give this one another name")
        }
        if own.contains(where: { $0.manifest.name == name }) {
            return ("two plugins of this workspace are named \(name)", "give one of the two another name")
        }
        if !file.manifest.actions.isEmpty || !file.manifest.consumes.isEmpty || !file.manifest.collections.isEmpty {
            return (
                "a workspace's own plugin takes in deliveries only: actions, consumes and collections need a program",
                "leave them out, and keep webhooks"
            )
        }
        return nil
    }

    /// What `hooks:` says, against these plugins.
    func hooks(_ node: YAMLNode?, of workspace: Workspace) -> (hooks: [Hook], diagnostics: [Diagnostic]) {
        var takers: [String: WebhookManifest] = [:]
        for case let plugin as DeclarativePlugin in registry.plugins {
            if let webhooks = plugin.webhooks { takers[plugin.manifest.name] = webhooks }
        }
        return HookReader.read(
            node,
            HookReader.Surroundings(
                plugins: takers, allPlugins: registry.plugins.map(\.manifest.name),
                secrets: workspace.settings.secrets.keys.sorted(),
                people: workspace.directory.people.map(\.id), teams: workspace.directory.teams.map(\.id)))
    }
}
