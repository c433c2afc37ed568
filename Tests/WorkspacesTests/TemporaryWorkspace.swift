import Foundation
import Testing
import Workspaces
import YAML

/// A workspace's folder that is removed at the end of a test.
final class TemporaryWorkspace {
    let path: String

    init(_ files: [String: String], settings: String? = "name: test\nzone: Europe/Berlin\n") throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("signalbox-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        if let settings { try write("signalbox.yaml", settings) }
        for (name, text) in files { try write(name, text) }
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record("\(error)") }
    }

    func write(_ name: String, _ text: String) throws {
        let file = path + "/" + name
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        try FileManager.default.createDirectory(atPath: "/" + folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    }

    func load() -> WorkspaceLoad { WorkspaceLoader.load(path) }

    /// The diagnostics as `file:line:column code message`, with the file's path inside the folder.
    func said(_ load: WorkspaceLoad) -> [String] {
        load.diagnostics.map { diagnostic in
            let file =
                diagnostic.file.hasPrefix(path + "/")
                ? String(diagnostic.file.dropFirst(path.count + 1)) : diagnostic.file
            let place = diagnostic.range.map { ":\($0.start.line):\($0.start.column)" } ?? ""
            return "\(file)\(place) \(diagnostic.code) \(diagnostic.message)"
        }
    }
}
