import PluginKit
import WorkflowModel

/// Messages as posts to an incoming webhook of a chat service. Its address is the credential and is never shown.
enum ChatChannel {
    static func deliver(_ message: ComposedMessage, deadline: Duration, in context: WriteContext) async throws {
        let channel = message.planned.channel
        let url = try await context.secrets.reveal(try channel.required("url"))
        var redaction = Redaction()
        redaction.hide(url: url)
        let request = HTTPRequest(
            method: "POST", url: url, headers: [("Content-Type", "application/json")],
            body: JSONWriter.data(try body(of: message)))
        let post = HTTPPost(channel: channel.name, redaction: redaction, now: context.action.now)
        let response = try await post.send(request, by: context.http, deadline: deadline)
        if let failure = refusal(in: response, post: post) { throw failure }
    }

    /// The body: `{"text": …}`, which the usual services take; `format: card` is the adaptive card of newer Teams workflows.
    static func body(of message: ComposedMessage) throws(Failure) -> Value {
        let channel = message.planned.channel
        switch try channel.text("format") ?? "text" {
        case "text": return ["text": .string(message.chatText)]
        case "card":
            return [
                "type": "message",
                "attachments": [
                    [
                        "contentType": "application/vnd.microsoft.card.adaptive",
                        "content": [
                            "type": "AdaptiveCard", "version": "1.4",
                            "body": [["type": "TextBlock", "wrap": true, "text": .string(message.chatText)]],
                        ],
                    ]
                ],
            ]
        case let other:
            throw .permanent(
                "channel_misconfigured", "channel \(channel.name): format must be text or card, is \(other)")
        }
    }

    /// The error inside an answer of 200: `{"ok": false, "error": …}` as Slack writes it, or `… returned HTTP error 429` in
    /// the text, as Teams connectors do.
    static func refusal(in response: HTTPResponse, post: HTTPPost) -> Failure? {
        let text = String(decoding: response.body.prefix(4096), as: UTF8.self)
        if let range = text.firstRange(of: "HTTP error "), let status = Int(text[range.upperBound...].prefix(3)) {
            return post.failure(
                status: status, retryAfter: response.header("Retry-After"), told: "inside an answer of 200")
        }
        // Most services answer with a word such as `ok`, which is no JSON and no error.
        guard let answer = try? JSON.parse(text), answer["ok"] == .bool(false) else { return nil }
        let error = answer["error"]?.string ?? "no reason given"
        let message = post.describe("the chat service refused the message: \(error)")
        switch error {
        case "ratelimited", "rate_limited", "message_limit_exceeded":
            return Failure(
                code: "http_rate_limited", message: message,
                kind: .rateLimited(retryAfter: RetryAfter.wait(response.header("Retry-After"), now: post.now)))
        case "internal_error", "fatal_error", "service_unavailable", "request_timeout":
            return .transient("chat_refused", message)
        default: return .permanent("chat_refused", message)
        }
    }
}
