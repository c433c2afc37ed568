import PluginKit
import WorkflowModel
import Workspaces

/// The workspace's secrets for actions, looked up inside their calls.
struct WorkspaceSecrets: SecretLookup {
    let resolver: SecretResolver

    func secret(_ name: String) async throws -> String {
        do throws(SecretError) {
            return try resolver.value(of: name)
        } catch {
            throw Failure.permanent("secret_missing", error.description)
        }
    }
}
