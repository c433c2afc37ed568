import Digests
import PluginKit
import WorkflowModel

/// Messages as signed JSON to a program of the user's.
///
/// The body holds the time, so the signature over the body covers it: a receiver refuses old bodies, and `id` tells repeats.
enum WebhookChannel {
    static func deliver(_ message: ComposedMessage, deadline: Duration, in context: WriteContext) async throws {
        let channel = message.planned.channel
        let url = try await context.secrets.reveal(try channel.required("url"))
        let secret = try await context.secrets.reveal(try channel.required("secret"))
        guard !secret.isEmpty else {
            throw Failure.permanent("channel_misconfigured", "channel \(channel.name): secret is empty")
        }
        var redaction = Redaction()
        redaction.hide(url: url)
        redaction.hide(secret)
        let body = JSONWriter.data(body(of: message))
        let request = HTTPRequest(
            method: "POST", url: url,
            headers: [
                ("Content-Type", "application/json"), ("Idempotency-Key", message.key),
                ("X-Signalbox-Timestamp", String(message.sentAt.seconds)),
                ("X-Signalbox-Signature", signature(of: body, secret: secret)),
            ], body: body)
        let post = HTTPPost(channel: channel.name, redaction: redaction, now: context.action.now)
        _ = try await post.send(request, by: context.http, deadline: deadline)
    }

    /// `sha256=` and the hexadecimal HMAC of `body`.
    static func signature(of body: [UInt8], secret: String) -> String {
        "sha256=" + Hex.encode(HMAC.sha256(key: Array(secret.utf8), message: body))
    }

    /// What the receiver gets.
    static func body(of message: ComposedMessage) -> Value {
        [
            "id": .string(message.key), "sent_at": .timestamp(message.sentAt),
            "to": .list(message.planned.addressees.map { .string($0.key) }), "subject": .string(message.subject),
            "text": .string(message.text), "urgent": .bool(message.urgent),
            "about": message.about.map(Value.string) ?? .null, "playbook": message.playbook.map(Value.string) ?? .null,
            "run": message.run.map { .string($0.text) } ?? .null, "step": message.step.map(Value.string) ?? .null,
            "acknowledge_token": .string(message.token),
        ]
    }
}
