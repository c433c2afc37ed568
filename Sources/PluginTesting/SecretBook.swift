public import PluginKit
import WorkflowModel

/// Secrets from a dictionary.
public struct SecretBook: SecretLookup {
    private let secrets: [String: String]

    /// A book of `secrets` by name.
    public init(_ secrets: [String: String] = [:]) { self.secrets = secrets }

    /// The secret of this name; a permanent failure `secret_not_set` when the book has none.
    public func secret(_ name: String) async throws -> String {
        guard let secret = secrets[name] else {
            throw Failure.permanent("secret_not_set", "the secret \(name) is not set in this test")
        }
        return secret
    }
}
