import EmbeddedFiles
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
    static func load() throws -> PluginRegistry {
        try PluginRegistry([
            TicketPlugin(manifest: manifest("ticket")),
            EnrichPlugin(manifest: manifest("enrich")),
            RoutePlugin(manifest: manifest("route")),
            NotifyPlugin(manifest: manifest("notify")),
            MaintenancePlugin(manifest: manifest("maintenance")),
            SLAPlugin(manifest: manifest("sla")),
            IncidentPlugin(manifest: manifest("incident")),
            PostmortemPlugin(manifest: manifest("postmortem")),
        ])
    }

    private static func manifest(_ name: String) throws -> PluginManifest {
        let path = "plugins/\(name)/plugin.yaml"
        let (manifest, diagnostics) = ManifestReader.read(EmbeddedFile.text(path) ?? "", file: path)
        guard let manifest else {
            throw CommandFailure(
                .environment, "the built-in \(path) cannot be read: \(diagnostics.first?.message ?? "it is empty")")
        }
        return manifest
    }
}

/// The files that are part of the binary.
enum EmbeddedFile {
    /// The text of the file at `path` of the source tree; nil when it is not part of the binary.
    static func text(_ path: String) -> String? {
        for index in 0..<signalbox_embedded_count() {
            let file = signalbox_embedded_at(index)
            guard let name = file.path, String(cString: name) == path else { continue }
            return String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.length), as: UTF8.self)
        }
        return nil
    }
}
