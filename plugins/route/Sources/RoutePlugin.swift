public import PluginKit

/// The plugin `route`: finds who gets a ticket.
public struct RoutePlugin: Plugin {
    /// What `plugin.yaml` says.
    public let manifest: PluginManifest

    /// The plugin with the manifest that stands beside its sources.
    public init(manifest: PluginManifest) { self.manifest = manifest }

    /// The implementations by name.
    public var actions: [String: Action] { ["assign": .state(AssignAction())] }

    static let assignments = "route.assignments"
    static let people = "route.people"
    static let pointers = "route.pointers"
    static let tickets = "ticket.tickets"
    static let incidents = "incident.incidents"
}
