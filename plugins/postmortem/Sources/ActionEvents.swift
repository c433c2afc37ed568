import PluginKit
import WorkflowModel

/// The events of action items.
enum ActionEvents {
    /// `action.TYPE` about `item` as it is at `instant`; `key` makes it happen once.
    static func draft(_ type: String, _ item: ActionItem, at instant: Timestamp, key: String) -> EventDraft {
        EventDraft(
            type: "action.\(type)", subject: "action:\(item.id)", data: ["action": .map(item.shown(at: instant))],
            key: "action:\(item.id):\(key)")
    }
}
