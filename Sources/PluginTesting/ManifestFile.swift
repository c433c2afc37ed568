import Foundation
import PluginHost
public import PluginKit
import YAML

/// Finds a plugin's manifest beside its tests.
public enum ManifestFile {
    /// Why a manifest could not be read: all its mistakes, one a line.
    public struct Unreadable: Error, CustomStringConvertible {
        /// The mistakes, `file:line:column: message` each.
        public let description: String
    }

    /// The manifest `plugin.yaml` of the plugin whose `Tests` folder holds `testFile`.
    ///
    /// - Parameter testFile: `#filePath` of the test.
    /// - Throws: ``Unreadable`` with everything that is wrong in it.
    public static func read(besideTest testFile: String) throws -> PluginManifest {
        try read(URL(filePath: testFile).deletingLastPathComponent().deletingLastPathComponent())
    }

    /// The manifest of another plugin, whose folder stands beside that of the plugin under test.
    ///
    /// - Parameters:
    ///   - plugin: The name of the other plugin's folder.
    ///   - testFile: `#filePath` of the test.
    /// - Throws: ``Unreadable`` with everything that is wrong in it.
    public static func read(_ plugin: String, besideTest testFile: String) throws -> PluginManifest {
        let folder = URL(filePath: testFile).deletingLastPathComponent().deletingLastPathComponent()
        return try read(folder.deletingLastPathComponent().appending(path: plugin))
    }

    private static func read(_ folder: URL) throws -> PluginManifest {
        let file = folder.appending(path: "plugin.yaml")
        let source = SourceFile(path: file.lastPathComponent, bytes: Array(try Data(contentsOf: file)))
        let (manifest, diagnostics) = ManifestReader.read(source)
        guard let manifest else {
            let lines = diagnostics.map { diagnostic in
                let start = diagnostic.range?.start
                let place = "\(diagnostic.file):\(start?.line ?? 0):\(start?.column ?? 0)"
                return "\(place): \(diagnostic.message)\(diagnostic.help.map { " (\($0))" } ?? "")"
            }
            throw Unreadable(description: lines.joined(separator: "\n"))
        }
        return manifest
    }
}
