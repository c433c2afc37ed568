import PluginKit
import WorkflowModel

/// A planned message with everything said in it, ready for its channel.
struct ComposedMessage: Sendable {
    /// The most bytes of text in a chat post: what the strictest of the usual services takes (28 KB a post with its JSON).
    static let maximumChatBytes = 20_000

    let planned: PlannedMessage
    /// The message's own key, the same in every attempt.
    let key: String
    let token: String
    let subject: String
    let urgent: Bool
    let sentAt: Timestamp
    let run: RunID?
    let playbook: String?
    let step: String?
    /// What the run is about.
    let about: String?
    let workspace: String
    private let words: String
    private let acknowledges: Bool

    /// The message of `order` to the recipients of `planned`.
    init(_ planned: PlannedMessage, of order: MessageOrder, idempotencyKey: String, in context: ActionContext) {
        self.planned = planned
        key = planned.key(of: idempotencyKey)
        token = planned.token(of: idempotencyKey)
        subject = order.urgent ? "URGENT: \(order.subject)" : order.subject
        urgent = order.urgent
        sentAt = context.now
        run = context.run
        playbook = context.playbook
        step = context.step?.description
        about = context.subject
        workspace = context.workspace.name
        words = order.text
        acknowledges = order.acknowledges
    }

    private var acknowledgeLine: String? { acknowledges ? "Acknowledge: signalbox ack \(token)" : nil }

    /// The text with the line that says how to acknowledge.
    var text: String { [words, acknowledgeLine].compactMap(\.self).joined(separator: "\n\n") }

    /// The text of a chat post: marked when urgent, with the people it is for, cut where the service would refuse it.
    var chatText: String {
        let people = planned.addressees.filter { $0.kind != .channel }.map(\.mention)
        let head = urgent ? "URGENT: " : ""
        let tail = [people.isEmpty ? nil : "For: \(people.joined(separator: ", "))", acknowledgeLine]
            .compactMap(\.self).joined(separator: "\n")
        let room = Self.maximumChatBytes - head.utf8.count - tail.utf8.count - 2
        let mayCallAll = planned.channel.settings["mass_mentions"]?.bool ?? false
        let body = mayCallAll ? words : MassMention.disarmed(words)
        return head + Self.cut(body, toBytes: room) + (tail.isEmpty ? "" : "\n\n" + tail)
    }

    /// The mail's identity: the key at the workspace, so that a repeated mail can be told.
    var messageID: String { "\(key.prefix(40))@\(Self.label(workspace))" }

    /// The name of the outbox file: sorts by time, names the recipient, and is the same in every attempt.
    var outboxName: String {
        let time = sentAt.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" }
        let to = planned.addressees.first.map { Self.label($0.key) } ?? "nobody"
        return "\(time)Z-\(to.prefix(40))-\(key.prefix(12)).txt"
    }

    /// What the ledger and a dry run show.
    var shown: Value {
        var map: ValueMap = [
            "to": .string(planned.recipients), "by": .string(planned.channel.name),
            "channel": .string(planned.channel.kind.rawValue), "subject": .string(subject),
        ]
        if planned.channel.kind.isShared || planned.channel.kind == .email {
            map["endpoint"] = planned.channel.shownEndpoint
        }
        if planned.channel.kind == .email, let from = planned.channel.settings["from"], !from.holdsSecret {
            map["from"] = from
        }
        map["text"] = .string(planned.channel.kind == .chat ? chatText : text)
        return .map(map)
    }

    private static func cut(_ text: String, toBytes limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        let note = "\n… [cut: the message has \(text.utf8.count) bytes, the channel takes \(maximumChatBytes)]"
        var size = 0
        let kept = text.prefix { character in
            size += character.utf8.count
            return size <= limit - note.utf8.count
        }
        return kept + note
    }

    /// `text` as letters, digits, `.`, `-` and `_`.
    static func label(_ text: String) -> String {
        let bytes = text.lowercased().utf8.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
                UInt8(ascii: "-"), UInt8(ascii: "_"):
                byte
            default: UInt8(ascii: "-")
            }
        }
        let label = String(decoding: bytes.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }, as: UTF8.self)
        return label.isEmpty ? "x" : label
    }
}
