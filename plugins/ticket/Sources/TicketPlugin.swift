public import PluginKit
public import WorkflowModel

/// The plugin `ticket`: knows tickets from events, finds them, and changes them on the desk.
public struct TicketPlugin: Plugin {
    /// What `plugin.yaml` says.
    public let manifest: PluginManifest

    /// The plugin with the manifest that stands beside its sources.
    public init(manifest: PluginManifest) { self.manifest = manifest }

    /// The implementations by name.
    public var actions: [String: Action] {
        [
            "update": .write(DeskWrite(order: UpdateOrder())),
            "reply": .write(DeskWrite(order: ReplyOrder())),
            "note": .write(DeskWrite(order: NoteOrder())),
            "tag": .write(DeskWrite(order: TagOrder())),
            "link": .write(DeskWrite(order: LinkOrder())),
            "get": .read(GetAction()),
            "find": .read(FindAction()),
        ]
    }

    /// Keeps the tickets.
    public var consumer: (any EventConsumer)? { TicketConsumer() }

    /// The desk, unless changes go to the outbox.
    public func connections(settings: Value, channels: ValueMap) -> [ConnectionCheck] {
        DeskConnection.all(of: settings)
    }

    static let tickets = "ticket.tickets"
}
