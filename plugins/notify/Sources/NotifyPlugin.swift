public import PluginKit
public import WorkflowModel

/// Tells people: `notify.send` and `notify.page`, and the acknowledgements that come back.
public struct NotifyPlugin: Plugin {
    /// What it can do, from its `plugin.yaml`.
    public let manifest: PluginManifest
    private let memory = DeliveryMemory()

    /// The plugin behind its `plugin.yaml`.
    public init(manifest: PluginManifest) { self.manifest = manifest }

    /// Its actions by short name.
    public var actions: [String: Action] {
        ["send": .write(SendAction(memory: memory)), "page": .write(PageAction(memory: memory))]
    }

    /// The channels that lead off this machine.
    public func connections(settings: Value, channels: ValueMap) -> [ConnectionCheck] {
        ChannelConnection.all(of: channels)
    }

    /// Marks messages as acknowledged.
    public var consumer: (any EventConsumer)? { AcknowledgementConsumer() }
}
