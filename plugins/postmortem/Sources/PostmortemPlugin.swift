public import PluginKit

/// Post-mortems and action items: `postmortem.open`, `add_action`, `complete_action` and `list_actions`, and the reminders that do
/// not end before the work is done.
public struct PostmortemPlugin: Plugin {
    /// What it can do, from its `plugin.yaml`.
    public let manifest: PluginManifest

    /// The plugin behind its `plugin.yaml`.
    public init(manifest: PluginManifest) { self.manifest = manifest }

    /// Its actions by short name.
    public var actions: [String: Action] {
        [
            "open": .state(OpenAction()), "add_action": .state(AddActionAction()),
            "complete_action": .state(CompleteActionAction()), "list_actions": .read(ListActionsAction()),
        ]
    }

    /// Sets the next reminder, and marks what was reviewed.
    public var consumer: (any EventConsumer)? { FollowUpConsumer() }
}
