public import PluginKit
public import WorkflowModel

/// Somebody says that a message was seen: `signalbox ack TOKEN`.
public enum Acknowledgement {
    /// The event that tells it, `notification.acknowledged`, about what the message was about.
    ///
    /// - Parameters:
    ///   - token: The token that stands in the message.
    ///   - by: Who acknowledges, a person's id or an address.
    ///   - at: When.
    ///   - reader: What plugins keep.
    /// - Throws: ``Failure``: `unknown_token`, or `already_acknowledged` with who did it and when.
    public static func event(
        token: String, by: String, at: Timestamp, reader: any PluginStoreReader
    ) throws -> EventDraft {
        let token = token.filter { !$0.isWhitespace }.lowercased()
        guard isToken(token), let message = try reader.document(token, in: MessageRecord.collection) else {
            throw Failure.permanent(
                "unknown_token", "no message with this token is known; copy the whole line `signalbox ack …` from it")
        }
        if let earlier = message["acknowledged_at"]?.timestamp {
            let who = message["acknowledged_by"]?.string ?? "somebody"
            throw Failure.permanent(
                "already_acknowledged", "\(who) acknowledged this message already, at \(earlier.rfc3339)")
        }
        var notification: ValueMap = ["token": .string(token)]
        for field in ["run", "step", "playbook", "to", "by"] { notification[field] = message[field] ?? .null }
        notification["acknowledged_by"] = .string(by)
        notification["acknowledged_at"] = .timestamp(at)
        let about = message["subject"]?.string
        notification["subject"] = about.map(Value.string) ?? .null
        return EventDraft(
            type: "notification.acknowledged", subject: about, data: ["notification": .map(notification)],
            key: "acknowledged:\(token)")
    }

    private static func isToken(_ text: String) -> Bool {
        text.utf8.count == 32
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
