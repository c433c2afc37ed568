public import PluginKit

/// Maintenance windows: `maintenance.schedule`, `check_conflicts`, `list` and `cancel`, and the events when they start and end.
public struct MaintenancePlugin: Plugin {
    /// What it can do, from its `plugin.yaml`.
    public let manifest: PluginManifest

    /// The plugin behind its `plugin.yaml`.
    public init(manifest: PluginManifest) { self.manifest = manifest }

    /// Its actions by short name.
    public var actions: [String: Action] {
        [
            "schedule": .state(ScheduleAction()), "check_conflicts": .read(CheckConflictsAction()),
            "list": .read(ListAction()), "cancel": .state(CancelAction()),
        ]
    }

    /// Moves windows along with their events.
    public var consumer: (any EventConsumer)? { WindowConsumer() }
}
