public import PluginKit

/// The plugin `enrich`: finds out what a ticket does not say.
public struct EnrichPlugin: Plugin {
    /// What `plugin.yaml` says.
    public let manifest: PluginManifest

    /// The plugin with the manifest that stands beside its sources.
    public init(manifest: PluginManifest) { self.manifest = manifest }

    /// The implementations by name.
    public var actions: [String: Action] {
        [
            "priority": .pure(PriorityAction()),
            "classify": .pure(ClassifyAction()),
            "lookup": .pure(LookupAction()),
            "customer": .pure(CustomerAction()),
            "similar_tickets": .read(SimilarTicketsAction()),
        ]
    }
}
