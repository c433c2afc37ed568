import EnrichPlugin
import IncidentPlugin
import MaintenancePlugin
import NotifyPlugin
import PluginHost
import PluginKit
import PostmortemPlugin
import RoutePlugin
import SLAPlugin
import TicketPlugin
import YAML

/// The plugins that are part of the binary, in the order in which they take events in.
enum BuiltinPlugins {
    /// All plugins of the binary, and after them `own`: those of a workspace, of which one takes the place of a built-in manifest of its
    /// name.
    static func load(_ own: [DeclarativePlugin] = []) throws -> PluginRegistry {
        let builtin = try inSwift()
        let taken = Set((builtin + own).map(\.manifest.name))
        let connectors = try manifests().filter { !taken.contains($0) }.map { DeclarativePlugin(try file($0)) }
        return try PluginRegistry(builtin + connectors + own)
    }

    /// The plugins that are written in Swift.
    static func inSwift() throws -> [any Plugin] {
        try [
            TicketPlugin(manifest: manifest("ticket")),
            EnrichPlugin(manifest: manifest("enrich")),
            RoutePlugin(manifest: manifest("route")),
            NotifyPlugin(manifest: manifest("notify")),
            MaintenancePlugin(manifest: manifest("maintenance")),
            SLAPlugin(manifest: manifest("sla")),
            IncidentPlugin(manifest: manifest("incident")),
            PostmortemPlugin(manifest: manifest("postmortem")),
        ]
    }

    /// The names of the plugins whose manifests are part of the binary.
    private static func manifests() -> [String] {
        EmbeddedFile.paths.compactMap { path in
            let parts = path.split(separator: "/")
            return parts.count == 3 && parts[0] == "plugins" && parts[2] == "plugin.yaml" ? String(parts[1]) : nil
        }.sorted()
    }

    private static func manifest(_ name: String) throws -> PluginManifest { try file(name).manifest }

    private static func file(_ name: String) throws -> PluginFile {
        let path = "plugins/\(name)/plugin.yaml"
        let (file, diagnostics) = ManifestReader.readFile(SourceFile(path: path, text: EmbeddedFile.text(path) ?? ""))
        guard let file else {
            throw CommandFailure(
                .environment, "the built-in \(path) cannot be read: \(diagnostics.first?.message ?? "it is empty")")
        }
        return file
    }
}
