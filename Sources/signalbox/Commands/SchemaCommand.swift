import ArgumentParser
import EditorSchemas
import Foundation
import Playbooks
import PluginHost
import PluginKit
import Shapes
import WorkflowEngine
import WorkflowModel
import Workspaces

/// `signalbox schema`: JSON Schemas, by which editors complete, explain and check what is written.
struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of a file, for editors.",
        discussion: """
            The schema of a playbook knows the actions of all installed plugins with their inputs, and in a workspace its calendars \
            and playbooks. Editors with yaml-language-server use it: docs/editors.md says how. What a schema can say is less than what \
            `signalbox check` knows.
            """)

    @Argument(help: "playbook, settings, plugin, or an event type such as ticket.created.")
    var document: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Write the schemas of playbook, settings and plugin, and of all known events, into this folder.",
            valueName: "dir"))
    var out: String?

    @Flag(name: .long, help: "Print the keys as tables in Markdown instead, as the reference has them.")
    var markdown = false

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        if let out {
            guard document == nil, !markdown else {
                throw CommandFailure(.usage, "--out writes all schemas", help: "leave out what stands beside it")
            }
            return try write(to: out)
        }
        guard let document else {
            throw CommandFailure(
                .usage, "which schema?",
                help:
                    "write playbook, settings, plugin, or an event type such as ticket.created; --out DIR writes them all"
            )
        }
        if markdown { return try printReference(of: document) }
        let surroundings = try Surroundings(place.workspace)
        guard let schema = surroundings.schema(of: document) else {
            let known = Self.documents + EventCatalog.standard.names
            let near = Similarity.nearest(to: document, among: known)
            throw CommandFailure(
                .failed,
                document == "test" ? "this version reads no tests, so they have no schema" : "there is no \(document)",
                help: near.map { "did you mean \($0)?" }
                    ?? "there are \(Self.documents.joined(separator: ", ")), and the event types in docs/playbooks.md")
        }
        Console.standardOutput(JSONWriter.text(schema, indent: 2) + "\n")
    }

    private static let documents = ["playbook", "settings", "plugin"]

    private func write(to folder: String) throws {
        let surroundings = try Surroundings(place.workspace)
        let console = output.console
        var written: [String] = []
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for document in Self.documents + EventCatalog.standard.names {
                guard let schema = surroundings.schema(of: document) else { continue }
                let path = "\(folder)/\(document).json"
                try (JSONWriter.text(schema, indent: 2) + "\n").write(toFile: path, atomically: true, encoding: .utf8)
                written.append(path)
            }
        } catch {
            throw CommandFailure(.environment, "cannot write into \(folder): \(error.localizedDescription)")
        }
        console.line("\(written.count) schemas are in \(folder)")
        console.json(["files": .list(written.map(Value.string))])
    }

    private func printReference(of document: String) throws {
        let libraries = [
            "playbook": PlaybookShapes.library, "settings": EditorSchemas.settings, "plugin": ManifestShapes.library,
        ]
        let parts = document.split(separator: ".", maxSplits: 1).map(String.init)
        guard let library = libraries[parts[0]] else {
            throw CommandFailure(
                .failed, "there is no reference of \(document)", help: "write playbook, settings or plugin")
        }
        guard parts.count > 1 else {
            return Console.standardOutput(
                library.shapes.map { ShapeReference.section($0, level: 3) }.joined(separator: "\n"))
        }
        guard let shape = library[parts[1]] else {
            throw CommandFailure(
                .failed, "\(parts[0]) has no place \(parts[1])",
                help: "its places: \(library.shapes.map(\.id).joined(separator: ", "))")
        }
        Console.standardOutput(ShapeReference.table(shape))
    }

    /// What schemas are made from: a workspace, or without one the plugins of the binary.
    private struct Surroundings {
        let environment: CheckEnvironment
        let manifests: [PluginManifest]

        init(_ folder: String) throws {
            guard FileManager.default.fileExists(atPath: "\(folder)/signalbox.yaml") else {
                let registry = try BuiltinPlugins.load()
                manifests = registry.plugins.map(\.manifest)
                var environment = CheckEnvironment()
                environment.know(.standard, others: manifests.flatMap(\.emits))
                environment.actions = Dictionary(
                    Actions.signatures(registry).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
                self.environment = environment
                return
            }
            let open = try OpenWorkspace.load(folder)
            manifests = open.registry.plugins.map(\.manifest)
            var environment = open.workspace.checkEnvironment(
                actions: Actions.signatures(open.registry), emitted: manifests.flatMap(\.emits))
            environment.callable = Dictionary(
                open.playbooks.map { ($0.workflow.id, $0.workflow.callable) }, uniquingKeysWith: { first, _ in first })
            self.environment = environment
        }

        func schema(of document: String) -> Value? {
            switch document {
            case "playbook": EditorSchemas.playbook(environment)
            case "settings": EditorSchemas.settings(environment, plugins: manifests)
            case "plugin": EditorSchemas.plugin()
            default:
                EventCatalog.standard.schema(ofType: document).map { EditorSchemas.event(document, data: $0) }
            }
        }
    }
}
