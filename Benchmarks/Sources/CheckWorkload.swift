import Foundation
import PluginHost
import Playbooks
import WorkflowModel
import Workspaces
import YAML

/// The check of a workspace with many playbooks: manifests, settings, tables, templates, and every playbook with its conditions,
/// inputs and references.
enum CheckWorkload {
    /// - Parameter root: the folder that holds `workflows` and `plugins`.
    static func run(playbooks: Int, rounds: Int, root: String) throws {
        let folder = try TemporaryFolder("check")
        defer { folder.remove() }
        let lines = try fill(folder, playbooks, root)
        var parts: [String: [Double]] = [:]
        for _ in 0..<rounds {
            let whole = Meter()
            let plugins = try manifests(root)
            let load = WorkspaceLoader.load(
                folder.path, plugins: Dictionary(plugins.map { ($0.name, $0.configuration) }) { first, _ in first })
            guard let workspace = load.workspace else { throw WorkloadError("\(load.diagnostics)") }
            parts["load_cpu_s", default: []].append(whole.cpuSeconds)
            let environment = workspace.checkEnvironment(
                actions: plugins.flatMap(\.signatures), emitted: plugins.flatMap(\.emits))
            let result = WorkspaceCheck.run(workspace, in: environment)
            parts["wall_s", default: []].append(whole.wallSeconds)
            parts["cpu_s", default: []].append(whole.cpuSeconds)
            // The sample's templates and tables are there, and not all of them are used.
            let said = result.diagnostics.filter { !$0.code.hasPrefix("SB196") }
            guard load.diagnostics.isEmpty, said.isEmpty, result.workflows.count == playbooks else {
                throw WorkloadError("\((load.diagnostics + said).prefix(5))")
            }
        }
        var metrics = ValueMap(
            strings: parts.sorted { $0.key < $1.key }.map { ($0.key, .double(Meter.median($0.value))) })
        metrics["rss_mb"] = .double(Meter.peakMemory)
        Meter.report(
            "check", "signalbox",
            [
                "playbooks": .int(Int64(playbooks)), "lines": .int(Int64(lines)), "rounds": .int(Int64(rounds)),
            ], metrics)
    }

    /// Lays a workspace of the sample's tables and the generated playbooks into `folder`; returns the lines of a playbook.
    private static func fill(_ folder: TemporaryFolder, _ playbooks: Int, _ root: String) throws -> Int {
        let files = FileManager.default
        let sample = URL(fileURLWithPath: "\(root)/workflows").resolvingSymlinksInPath().path
        guard let names = files.enumerator(atPath: sample)?.compactMap({ $0 as? String }) else {
            throw WorkloadError("\(sample) is no folder")
        }
        for name in names.sorted() {
            guard !name.contains("/") || name.hasPrefix("tables/") || name.hasPrefix("templates/") else { continue }
            guard [".yaml", ".csv", ".mustache"].contains(where: name.hasSuffix) else { continue }
            let target = "\(folder.path)/\(name)"
            try files.createDirectory(
                atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try files.copyItem(atPath: "\(sample)/\(name)", toPath: target)
        }
        try files.createDirectory(atPath: "\(folder.path)/playbooks", withIntermediateDirectories: true)
        for number in 0..<playbooks {
            try (PlaybookText.text(number) + "\n").write(
                toFile: "\(folder.path)/playbooks/generated-\(number).yaml", atomically: false, encoding: .utf8)
        }
        return PlaybookText.text(0).split(separator: "\n", omittingEmptySubsequences: false).count
    }

    /// What the plugins of the program say of themselves.
    private static func manifests(_ root: String) throws -> [PluginFacts] {
        try ["ticket", "enrich", "route", "notify", "maintenance", "incident", "postmortem"].map { name in
            let path = "\(root)/plugins/\(name)/plugin.yaml"
            let (manifest, diagnostics) = ManifestReader.read(
                SourceFile(path: path, bytes: try TemporaryFolder.bytes(ofFileAt: path)))
            guard let manifest else { throw WorkloadError("\(path): \(diagnostics)") }
            return PluginFacts(manifest)
        }
    }
}
