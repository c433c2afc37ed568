import PluginKit
import WorkflowModel

/// Attaches the item as it is now to a reminder, and sets the next weekly one while it is open.
struct ReminderConsumer: EventConsumer {
    func consume(_ event: Event, on store: any PluginStore, now: Timestamp, workspace: WorkspaceTables) throws
        -> ValueMap
    {
        guard let id = event.data["action"]?["id"]?.string,
            let body = try store.document(id, in: ActionItem.collection), let item = ActionItem(body)
        else { return ValueMap() }
        if event.type == "action.overdue", item.state == .open, item.dueAt <= now {
            try Reminders.rearm(item, now: now, in: store)
        }
        return ["action": .map(item.shown(at: now))]
    }
}
