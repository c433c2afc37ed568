import Digests
import Foundation
import PluginHost
import PluginKit
import Playbooks
import Templates
import WorkflowEngine
import WorkflowModel
import Workspaces
import YAML

/// A workspace that has been loaded and checked, with the plugins of this binary.
struct OpenWorkspace {
    let workspace: Workspace
    let registry: PluginRegistry
    /// The hooks without mistakes, in the order written.
    let hooks: [Hook]
    /// The playbooks without mistakes, in the order of their files, with what their runs are pinned to.
    let playbooks: [ActivePlaybook]
    /// Everything there is to say about the files.
    let diagnostics: [Diagnostic]
    /// The warnings that the files themselves allow.
    let allowed: [AllowedWarning]
    /// The files by the path that diagnostics have.
    let sources: [String: SourceFile]

    /// Loads the workspace at `path` with all that there is to say about it.
    ///
    /// - Throws: ``CommandFailure`` when there is no workspace at all.
    static func load(_ path: String) throws -> OpenWorkspace {
        let plugins = try WorkspacePlugins.load(path)
        let registry = plugins.registry
        let manifests = registry.plugins.map(\.manifest)
        let signatures = Actions.signatures(registry)
        let load = WorkspaceLoader.load(
            path, actions: signatures,
            plugins: Dictionary(manifests.map { ($0.name, $0.configuration) }, uniquingKeysWith: { first, _ in first }))
        guard let workspace = load.workspace else {
            throw CommandFailure(
                .environment, load.diagnostics.first?.message ?? "\(path) is no workspace",
                help: load.diagnostics.first?.help ?? "signalbox init DIR makes one; --workspace DIR names one")
        }
        let environment = workspace.checkEnvironment(
            actions: signatures, emitted: manifests.flatMap(\.emits), implied: manifests.flatMap(\.tables))
        let check = WorkspaceCheck.run(workspace, in: environment)
        let versions = Dictionary(manifests.map { ($0.name, $0.version) }, uniquingKeysWith: { first, _ in first })
        var pinned: [String: (bundle: WorkflowBundle, playbook: ActivePlaybook)] = [:]
        // Playbooks that call each other in a circle have mistakes, so they are not among these, and nor are those that call them.
        func pin(_ workflow: Workflow) -> ActivePlaybook {
            if let known = pinned[workflow.id] { return known.playbook }
            var callees: [String: (bundle: WorkflowBundle, playbook: ActivePlaybook)] = [:]
            for name in workflow.callees {
                if let callee = check.workflows.first(where: { $0.id == name }) { _ = pin(callee) }
                callees[name] = pinned[name]
            }
            let bundle = workspace.bundle(
                of: workflow, text: check.files[workflow.id]?.text ?? "", plugins: versions,
                callees: callees.mapValues(\.bundle))
            let playbook = ActivePlaybook(
                workflow.applying(workspace.settings.defaults), bundle: bundle, callees: callees.mapValues(\.playbook))
            pinned[workflow.id] = (bundle, playbook)
            return playbook
        }
        let playbooks = check.workflows.map(pin)
        var sources = load.sources
        for file in workspace.playbookFiles { sources[file.path] = file }
        let hooks = plugins.hooks(load.hooks, of: workspace)
        return OpenWorkspace(
            workspace: workspace, registry: registry, hooks: hooks.hooks, playbooks: playbooks,
            diagnostics: Diagnostics.sortedAndCapped(
                load.diagnostics + plugins.diagnostics + hooks.diagnostics + check.diagnostics),
            allowed: load.allowed + check.allowed, sources: sources)
    }

    /// Loads the workspace at `path` for work: it must have no mistakes.
    static func loadForWork(_ path: String) throws -> OpenWorkspace {
        let open = try load(path)
        try open.refuseMistakes(path)
        return open
    }

    /// Loads the workspace at `place` for what the executor at work can do with the set that it has: mistakes in the files are only
    /// told then. When nobody executes there must be none.
    static func loadForDeeds(_ place: WorkspaceOptions) throws -> OpenWorkspace {
        let open = try load(place.workspace)
        guard open.hasMistakes else { return open }
        guard let holder = ExecutorLock.holder(of: place.stateFolder) else {
            try open.refuseMistakes(place.workspace)
            return open
        }
        let count = open.mistakes.count
        Console.standardError(
            "signalbox: the files of the workspace have \(count == 1 ? "a mistake" : "\(count) mistakes"); "
                + "\(holder) acts by what it read before. "
                + "signalbox check --workspace \(place.workspace) shows \(count == 1 ? "it" : "them").\n")
        return open
    }

    private var mistakes: [Diagnostic] { diagnostics.filter { $0.severity == .error } }

    /// Whether nobody can begin to execute by it.
    var hasMistakes: Bool { !mistakes.isEmpty }

    /// Shows the first mistake and throws, if there is one.
    ///
    /// - Parameter path: the workspace as the person calls it.
    func refuseMistakes(_ path: String? = nil) throws {
        let errors = mistakes
        guard let first = errors.first else { return }
        let paint = Paint(isOn: Console.isTerminal(STDERR_FILENO) && Console.allowsColour)
        Console.standardError(CodeFrame.render(first, source: sources[first.file], colour: paint.isOn))
        throw CommandFailure(
            .failed,
            errors.count == 1
                ? "the workspace has a mistake; nothing was done"
                : "the workspace has \(errors.count) mistakes; nothing was done",
            help: "signalbox check --workspace \(path ?? workspace.folder) shows all of them")
    }

    /// The playbook of this id.
    func playbook(_ id: String) throws -> ActivePlaybook {
        if let found = playbooks.first(where: { $0.workflow.id == id }) { return found }
        // A path is a natural thing to type.
        if let found = playbooks.first(where: { $0.workflow.file == id || $0.workflow.file.hasSuffix("/" + id) }) {
            return found
        }
        let near = Similarity.nearest(to: id, among: playbooks.map(\.workflow.id))
        throw CommandFailure(
            .failed, "there is no playbook \(id) in \(workspace.folder)",
            help: near.map { "did you mean \($0)?" }
                ?? "there are \(playbooks.map(\.workflow.id).joined(separator: ", "))")
    }

    /// The tables as actions see them.
    var tables: WorkspaceTables {
        WorkspaceTables(
            name: workspace.settings.name, directory: workspace.directory,
            tables: workspace.tables.mapValues { table in
                LookupTable(
                    name: table.name, columns: table.columns, rows: table.rows.compactMap(\.map),
                    contentHash: table.contentHash)
            },
            channels: ValueMap(
                strings: workspace.settings.channels.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }),
            policies: workspace.policies.map { PolicyTable(version: $0.version, content: $0.content) })
    }

    /// The document collections of all plugins by full name.
    var collections: [String: CollectionDeclaration] {
        var collections: [String: CollectionDeclaration] = [:]
        for plugin in registry.plugins.map(\.manifest) {
            for collection in plugin.collections { collections["\(plugin.name).\(collection.name)"] = collection }
        }
        return collections
    }

    /// The sample event of a type: the workspace's own, else the one in the binary.
    func sampleEvent(ofType type: String) throws -> Event? {
        let now = WallClock.now()
        if let path = workspace.sampleEvents[type] {
            return try EventFile.read("\(workspace.folder)/\(path)", now: now).first
        }
        guard let text = EmbeddedFile.text("workflows/events/\(type).json") else { return nil }
        return try Event(cloudEvent: JSON.parse(text), now: now)
    }
}

/// What checks need to know of actions.
enum Actions {
    static func signatures(_ registry: PluginRegistry) -> [ActionSignature] {
        registry.entries.values.map { entry in
            var signature = ActionSignature(
                name: entry.fullName, effect: entry.manifest.effect.rawValue, input: entry.manifest.input,
                output: entry.manifest.output, summary: entry.manifest.summary)
            signature.emits = entry.manifest.emits
            signature.echoes = entry.manifest.echoes
            signature.onceBy = entry.manifest.onceBy
            signature.sets = entry.manifest.sets
            signature.target = entry.manifest.target
            signature.hasRetry = entry.manifest.retry != nil
            // What changes nothing outside ends by itself.
            signature.hasTimeout = entry.manifest.effect != .write || entry.manifest.timeout != nil
            return signature
        }
    }
}
