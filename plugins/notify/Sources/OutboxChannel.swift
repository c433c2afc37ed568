import PluginKit
import WorkflowModel

/// Messages as files of the outbox: headers, an empty line, the text.
enum OutboxChannel {
    static func deliver(_ message: ComposedMessage, in context: WriteContext) throws(Failure) {
        do {
            try context.outbox.deliver(name: message.outboxName, text: text(of: message))
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .transient("outbox_unwritable", "the outbox cannot be written: \(error)")
        }
    }

    /// The whole file.
    static func text(of message: ComposedMessage) -> String {
        var lines = [
            "To: \(message.planned.recipients)", "By: \(message.planned.channel.name)", "Subject: \(message.subject)",
            "Date: \(message.sentAt.rfc3339)", "Message-ID: <\(message.messageID)>",
        ]
        if message.urgent { lines.append("Importance: high") }
        if let about = message.about { lines.append("About: \(about)") }
        if let playbook = message.playbook, let run = message.run, let step = message.step {
            lines.append("Playbook: \(playbook), run \(run.text), step \(step)")
        }
        return lines.joined(separator: "\n") + "\n\n" + message.text + "\n"
    }
}
