public import PluginKit

/// Everything that a `plugin.yaml` says.
public struct PluginFile: Sendable {
    /// What the plugin is and what it can do.
    public var manifest: PluginManifest
    /// What its deliveries mean; nil when it takes in none.
    public var webhooks: WebhookManifest?
}

/// A plugin that is its manifest alone.
public struct DeclarativePlugin: Plugin {
    /// What it says of itself.
    public let manifest: PluginManifest
    /// What its deliveries mean; nil when it takes in none.
    public let webhooks: WebhookManifest?

    /// The plugin of a file. Actions of a manifest need an implementation in Swift, so such a file must have none.
    public init(_ file: PluginFile) {
        manifest = file.manifest
        webhooks = file.webhooks
    }

    /// None.
    public var actions: [String: Action] { [:] }
}
