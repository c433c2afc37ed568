import Foundation
import Outbound
import PluginKit
import WorkflowModel
import Workspaces

/// The ways off this machine that a workspace describes, each tried without telling anybody anything.
struct Connections {
    /// How long one way may take.
    static let timeout = Duration.seconds(10)
    /// How many are tried at once.
    static let atOnce = 8

    private let settings: WorkspaceSettings
    private let checks: [ConnectionCheck]
    private let resolver: SecretResolver

    /// The ways of this workspace.
    init(_ open: OpenWorkspace) {
        settings = open.workspace.settings
        resolver = SecretResolver(
            settings.secrets, environment: ProcessInfo.processInfo.environment, folder: open.workspace.folder)
        checks = open.registry.plugins.flatMap { plugin in
            plugin.connections(
                settings: open.workspace.settings.plugins[plugin.manifest.name] ?? .null,
                channels: open.tables.channels)
        }
    }

    /// What came of each: first the secrets, then the ways in the order of the plugins.
    func tried() async -> [Finding] {
        let context = ConnectionContext(
            http: CurlHTTPClient(), mail: CurlMailClient(), secrets: WorkspaceSecrets(resolver: resolver),
            timeout: Connections.timeout)
        var findings = settings.secrets.keys.sorted().map(secret)
        guard !checks.isEmpty else {
            return findings + [
                Finding("connections", .ok, "everything goes to the outbox: there is nothing to connect to")
            ]
        }
        await withTaskGroup(of: (Int, Finding).self) { group in
            var found: [(Int, Finding)] = []
            for (place, check) in checks.enumerated() {
                if place >= Connections.atOnce, let next = await group.next() { found.append(next) }
                group.addTask { (place, await Connections.finding(check, in: context)) }
            }
            for await next in group { found.append(next) }
            findings += found.sorted { $0.0 < $1.0 }.map(\.1)
        }
        return findings
    }

    private func secret(_ name: String) -> Finding {
        do throws(SecretError) {
            _ = try resolver.value(of: name)
            return Finding("secret \(name)", .ok, "is there")
        } catch {
            return Finding(
                "secret \(name)", .fail, error.message, help: "secrets: of signalbox.yaml says where it comes from")
        }
    }

    private static func finding(_ check: ConnectionCheck, in context: ConnectionContext) async -> Finding {
        do {
            let verdict = try await check.run(context)
            return Finding(check.name, verdict.doubt == nil ? .ok : .warn, verdict.text, help: verdict.doubt)
        } catch let failure as Failure {
            // Failures of a channel begin with its name, which stands in front already.
            let prefix = check.name + ": "
            let text = failure.message
            return Finding(check.name, .fail, text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text)
        } catch {
            return Finding(check.name, .fail, "\(error)")
        }
    }
}
