import Foundation
import Playbooks
import PluginHost
import TicketImport
import WorkflowModel
import Workspaces
import YAML

/// Checks the blocks of an example as `signalbox check` would, and gives back what was said.
struct ErrorExample {
    let environment: CheckEnvironment
    let signatures: [ActionSignature]
    let emitted: [String]

    /// - Parameter advice: whether advice (SB19) is asked for, too.
    init(advice: Bool = false) throws {
        var environment = try SampleWorkspaceTests.environment().environment
        environment.givesAdvice = advice
        self.environment = environment
        (signatures, emitted) = try SampleWorkspaceTests.actions()
    }

    /// What is said of `blocks`: one playbook, a mapping with its export, or the files of a workspace.
    func check(_ blocks: [ErrorPage.Block]) throws -> [Diagnostic] {
        guard let first = blocks.first else { return [] }
        switch first.kind {
        case "playbook": return playbook(first.text)
        case "keys": return playbook(Self.completed(first.text))
        case "steps": return playbook(Self.completed("steps:\n" + first.text))
        case "mapping": return history(first.text, export: blocks.dropFirst().first.map { Array($0.text.utf8) })
        case "plugin.yaml":
            return ManifestReader.readFile(SourceFile(path: "plugin.yaml", text: first.text)).diagnostics
        default: return try workspace(blocks.map { ($0.kind, Array($0.text.utf8)) })
        }
    }

    /// What is said of one playbook in the sample workspace.
    func playbook(_ text: String) -> [Diagnostic] { playbook(Array(text.utf8)) }

    /// What is said of one playbook in the sample workspace.
    func playbook(_ bytes: [UInt8]) -> [Diagnostic] {
        WorkspaceCheck.run([SourceFile(path: "p.yaml", bytes: bytes)], in: environment).diagnostics
    }

    /// `keys` with those that a playbook must have and that are not there.
    static func completed(_ keys: String) -> String {
        func lacks(_ key: String) -> Bool { !("\n" + keys).contains("\n\(key):") }
        var text = ""
        for (key, value) in [
            ("playbook", "example"), ("owner", "support"), ("mode", "active"), ("trigger", "{ event: ticket.created }"),
        ] where lacks(key) { text += "\(key): \(value)\n" }
        return text + keys + (lacks("steps") ? "steps:\n  - uses: ticket.note\n    with: { text: Seen }\n" : "")
    }

    /// What is said of a mapping, and of an export that is read with it.
    func history(_ mapping: String, export: [UInt8]?) -> [Diagnostic] {
        let (read, diagnostics) = ImportMapping.read(SourceFile(path: "mapping.yaml", text: mapping))
        guard let read, let export else { return diagnostics }
        do {
            _ = try TicketImport.run(csv: export, path: "export.csv", mapping: read)
            return diagnostics
        } catch {
            return diagnostics + error.diagnostics
        }
    }

    /// What is said of a workspace of these files; `signalbox.yaml` has a time zone if it is not among them.
    func workspace(_ files: [(name: String, bytes: [UInt8])]) throws -> [Diagnostic] {
        try inFolder { folder in
            if !files.contains(where: { $0.name == "signalbox.yaml" }) {
                try Data("zone: Europe/London\n".utf8).write(to: folder.appending(path: "signalbox.yaml"))
            }
            for (name, bytes) in files {
                let file = folder.appending(path: name)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(bytes).write(to: file)
            }
            return try check(folder: folder)
        }
    }

    /// What is said of the workspace in `folder`, its hooks and playbooks too.
    func check(folder: URL) throws -> [Diagnostic] {
        let load = WorkspaceLoader.load(folder.path, actions: signatures)
        guard let workspace = load.workspace else { return load.diagnostics }
        let hooks = HookReader.read(
            load.hooks,
            HookReader.Surroundings(
                plugins: try Self.takers(), allPlugins: ["notify", "ticket"],
                secrets: workspace.settings.secrets.keys.sorted(), people: workspace.directory.people.map(\.id),
                teams: workspace.directory.teams.map(\.id)))
        var surroundings = workspace.checkEnvironment(actions: signatures, emitted: emitted)
        surroundings.givesAdvice = environment.givesAdvice
        let check = WorkspaceCheck.run(workspace, in: surroundings)
        return load.diagnostics + hooks.diagnostics + check.diagnostics
    }

    /// Calls `body` with an empty folder, and removes it.
    func inFolder(_ body: (URL) throws -> [Diagnostic]) throws -> [Diagnostic] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "signalbox-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    /// A plugin that takes deliveries.
    private static func takers() throws -> [String: WebhookManifest] {
        let path = "plugins/zendesk/plugin.yaml"
        let bytes = Array(try Data(contentsOf: SampleWorkspaceTests.root.appending(path: path)))
        let webhooks = ManifestReader.readFile(SourceFile(path: path, bytes: bytes)).file?.webhooks
        return webhooks.map { ["zendesk": $0] } ?? [:]
    }
}
