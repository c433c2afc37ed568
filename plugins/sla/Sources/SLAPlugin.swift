public import PluginKit

/// Service levels: clocks over tickets in business time, computed from what happened to them, with warnings and breaches at the exact
/// instant.
public struct SLAPlugin: Plugin {
    static let tickets = "sla.tickets"
    static let clocks = "sla.clocks"
    static let policies = "sla.policies"
    static let windows = "sla.windows"

    /// What it can do, from its `plugin.yaml`.
    public let manifest: PluginManifest
    private let shelf = PolicyShelf()

    /// The plugin behind its `plugin.yaml`.
    public init(manifest: PluginManifest) { self.manifest = manifest }

    /// Its actions by short name.
    public var actions: [String: Action] {
        [
            "board": .read(BoardAction(shelf: shelf)), "explain": .read(ExplainAction(shelf: shelf)),
            "due": .read(DueAction(shelf: shelf)), "preview": .read(PreviewAction(shelf: shelf)),
            "reapply": .state(ReapplyAction(shelf: shelf)), "pin": .state(PinAction(shelf: shelf)),
            "cancel": .state(CancelAction(shelf: shelf)), "compliance": .read(ComplianceAction()),
        ]
    }

    /// Keeps the clocks from the events of tickets and maintenance windows.
    public var consumer: (any EventConsumer)? { ClockConsumer(shelf: shelf) }
}
