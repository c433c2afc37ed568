import PluginKit
import WorkflowModel

/// Marks a message when its acknowledgement arrives; the first one counts.
struct AcknowledgementConsumer: EventConsumer {
    func consume(_ event: Event, on store: any PluginStore, now: Timestamp, workspace: WorkspaceTables) throws
        -> ValueMap
    {
        guard event.type == "notification.acknowledged", let notification = event.data["notification"],
            let token = notification["token"]?.string,
            var message = try store.document(token, in: MessageRecord.collection),
            message["acknowledged_at"]?.timestamp == nil
        else { return ValueMap() }
        message["acknowledged_at"] = .timestamp(notification["acknowledged_at"]?.timestamp ?? event.time)
        message["acknowledged_by"] = notification["acknowledged_by"] ?? .null
        try store.put(token, message, in: MessageRecord.collection)
        return ValueMap()
    }
}
