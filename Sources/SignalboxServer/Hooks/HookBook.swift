public import PluginHost

/// The hooks of a workspace as the server asks for them, at every delivery anew.
public struct HookBook: Sendable {
    /// The hooks as they are now.
    public var hooks: @Sendable () -> [Hook]
    /// The value of a secret.
    public var secret: @Sendable (_ name: String) async throws -> String

    /// A book of `hooks`; without arguments one that is empty.
    public init(
        hooks: @escaping @Sendable () -> [Hook] = { [] },
        secret: @escaping @Sendable (_ name: String) async throws -> String = { _ in "" }
    ) {
        self.hooks = hooks
        self.secret = secret
    }

    /// The hook of this name.
    func hook(_ name: String) -> Hook? { hooks().first { $0.name == name } }
}
