import PluginKit
import Synchronization
import WorkflowModel
import Workspaces

/// The workspace's secrets for actions, looked up inside their calls, where the workspace says now that they are.
final class WorkspaceSecrets: SecretLookup {
    private let resolver: Mutex<SecretResolver>

    init(resolver: SecretResolver) { self.resolver = Mutex(resolver) }

    /// Looks them up by another resolver from now on.
    func follow(_ other: SecretResolver) { resolver.withLock { $0 = other } }

    func secret(_ name: String) async throws -> String {
        let resolver = resolver.withLock { $0 }
        do throws(SecretError) {
            return try resolver.value(of: name)
        } catch {
            throw Failure.permanent("secret_missing", error.description)
        }
    }
}
