import PluginKit
import WorkflowModel

/// Follows post-mortems and their items: a review that is told marks the post-mortem, and a reminder sets the next weekly one
/// while its item is open. Each event gets what it is about as it is now.
struct FollowUpConsumer: EventConsumer {
    func consume(_ event: Event, on store: any PluginStore, now: Timestamp, workspace: WorkspaceTables) throws
        -> ValueMap
    {
        event.type == "postmortem.reviewed" ? try review(event, store) : try remind(event, store, now)
    }

    private func review(_ event: Event, _ store: any PluginStore) throws -> ValueMap {
        guard let id = event.data["postmortem"]?["id"]?.string,
            var review = try store.document(id, in: Review.collection).flatMap(Review.init)
        else { return ValueMap() }
        if review.status != "reviewed" {
            review.status = "reviewed"
            try review.put(in: store)
        }
        var shown = review.shown
        shown["reviewed_by"] = event.data["postmortem"]?["reviewed_by"] ?? .null
        return ["postmortem": .map(shown)]
    }

    private func remind(_ event: Event, _ store: any PluginStore, _ now: Timestamp) throws -> ValueMap {
        guard let id = event.data["action"]?["id"]?.string,
            let item = try store.document(id, in: ActionItem.collection).flatMap(ActionItem.init)
        else { return ValueMap() }
        if event.type == "action.overdue", item.state == .open, item.dueAt <= now {
            try Reminders.rearm(item, now: now, in: store)
        }
        return ["action": .map(item.shown(at: now))]
    }
}
