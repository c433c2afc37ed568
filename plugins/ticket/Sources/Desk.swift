import PluginKit
import WorkflowModel

/// Where changes of tickets go, from `plugins.ticket` of `signalbox.yaml`.
enum Desk {
    case outbox
    case zendesk(ZendeskAccount)

    init(_ settings: Value) throws {
        let name = settings["desk"]?.string ?? "outbox"
        switch name {
        case "outbox": self = .outbox
        case "zendesk": self = .zendesk(try ZendeskAccount(settings["zendesk"] ?? .null))
        default:
            throw Failure.permanent("bad_settings", "plugins.ticket.desk must be outbox or zendesk, is \(name)")
        }
    }
}
