public import WorkflowModel

/// An entry of `hooks:` of `signalbox.yaml`: an address at which deliveries of one sender come in.
public struct Hook: Sendable {
    /// The last part of its address, `/hooks/NAME`.
    public var name: String
    /// The plugin whose manifest says what deliveries mean.
    public var plugin: String
    /// The names of its secrets; a delivery may be proved with any of them.
    public var secrets: [String]
    /// How deliveries are verified.
    public var scheme: WebhookScheme
    /// Its address as the sender knows it, for signatures that cover it.
    public var url: String?
    /// How long the same body counts as the same delivery.
    public var replayWindow: Duration
    /// The ids of the connector's own account at the vendor: what they do is an echo of ours.
    public var own: Set<String>
    /// The tables of words, the workspace's over the manifest's.
    public var words: [String: [String: Value]]
    /// The settings that the manifest asks for.
    public var settings: ValueMap
    /// What deliveries mean.
    public var manifest: WebhookManifest

    /// How long the same body counts as the same delivery when the workspace does not say.
    public static let defaultReplayWindow = Duration.seconds(600)

    /// The source of its events.
    public var source: String { "/hooks/\(name)" }
}
