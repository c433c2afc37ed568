import PluginKit
import WorkflowModel

/// The reminders of an action item: two days before it is due, when it is due, and every week from then on while it is open. They
/// hang on the item and not on the incident, which is over long before.
enum Reminders {
    private static let lead = Duration.seconds(2 * 86_400)
    private static let week: Int64 = 7 * 86_400

    /// Sets both timers of a new item; a reminder whose time is past is left out.
    static func set(for item: ActionItem, now: Timestamp, in store: any PluginStore) throws {
        let early = item.dueAt - lead
        if early > now {
            try store.setTimer(
                soonKey(item.id), due: early,
                emitting: ActionEvents.draft("due_soon", item, at: early, key: "due_soon"))
        }
        try arm(item, at: max(item.dueAt, now), in: store)
    }

    /// Sets the timer for the week after `now`. Weeks that went by while nothing ran are one reminder.
    static func rearm(_ item: ActionItem, now: Timestamp, in store: any PluginStore) throws {
        let late = max(0, (now - item.dueAt).components.seconds)
        try arm(item, at: item.dueAt + .seconds((late / week + 1) * week), in: store)
    }

    /// Removes all timers of the item.
    static func cancel(_ item: ActionItem, in store: any PluginStore) throws {
        try store.cancelTimer(soonKey(item.id))
        try store.cancelTimer(overdueKey(item.id))
    }

    private static func arm(_ item: ActionItem, at due: Timestamp, in store: any PluginStore) throws {
        try store.setTimer(
            overdueKey(item.id), due: due,
            emitting: ActionEvents.draft("overdue", item, at: due, key: "overdue:\(due.rfc3339)"))
    }

    private static func soonKey(_ id: String) -> String { "action:\(id):due_soon" }
    private static func overdueKey(_ id: String) -> String { "action:\(id):overdue" }
}
