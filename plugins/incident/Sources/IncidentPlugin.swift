public import PluginKit

/// The plugin `incident`: knows major incidents from events and from what people do here, with roles, timeline and times.
public struct IncidentPlugin: Plugin {
    /// What `plugin.yaml` says.
    public let manifest: PluginManifest

    /// The plugin with the manifest that stands beside its sources.
    public init(manifest: PluginManifest) { self.manifest = manifest }

    /// The implementations by name.
    public var actions: [String: Action] {
        [
            "declare": .state(DeclareAction()), "update": .state(UpdateAction()), "resolve": .state(ResolveAction()),
            "note": .state(NoteAction()), "assign_role": .state(AssignRoleAction()), "link": .state(LinkAction()),
            "get": .read(GetAction()), "list": .read(ListAction()),
        ]
    }

    /// Keeps the incidents that other systems tell of, and the timelines.
    public var consumer: (any EventConsumer)? { IncidentConsumer() }
}
