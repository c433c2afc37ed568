import Calendars
import WorkflowModel
import YAML

/// Checks texts that name something of the workspace: a recipient, a template, a table, …
struct EntryCheck {
    let reading: PlaybookReading

    /// The kinds of channels, which name one without any setting.
    private static let channelKinds: Set<String> = ["outbox", "email", "chat", "webhook"]

    /// Checks `text`, written at `node`, by the format that the schema gives it.
    func check(_ text: String, _ schema: Schema, _ node: YAMLNode) {
        let environment = reading.environment
        let directory = environment.directory
        switch schema.format {
        case "recipient": recipient(text, node)
        case "template": name(text, environment.templates.map { Array($0.keys) }, "template", .unknownTemplate, node)
        case "table": name(text, environment.tables.map(Array.init), "table", .unknownTable, node)
        case "channel":
            let bare = text.hasPrefix("#") ? String(text.dropFirst()) : text
            if environment.channels?.contains(text) == true || Self.channelKinds.contains(text) { return }
            name(bare, environment.channels.map(Array.init), "channel", .unknownChannel, node)
        case "person":
            guard let directory, !environment.people.contains(text) else { return }
            name(text, directory.people.map(\.id), "person", .unknownEntry, node)
        case "team": name(text, directory?.teams.map(\.id), "team", .unknownEntry, node)
        case "service": name(text, directory?.services.map(\.id), "service", .unknownEntry, node)
        case "schedule": name(text, directory?.onCall.map(\.id), "on-call schedule", .unknownEntry, node)
        case "queue": name(text, environment.queues.map(Array.init), "queue", .unknownEntry, node)
        case "calendar": name(text, environment.calendars.map(Array.init), "calendar", .unknownEntry, node)
        case "playbook": name(text, environment.playbooks.map(Array.init), "playbook", .unknownEntry, node)
        case "timezone":
            guard LocalTime(Timestamp(seconds: 0), zone: text) == nil else { return }
            reading.report(
                .unknownEntry, node, "there is no time zone `\(text)`",
                help: "write an IANA name such as Europe/Berlin, or UTC")
        case "email":
            guard
                text.split(separator: "@", omittingEmptySubsequences: false).contains(where: \.isEmpty)
                    || !text.contains("@")
            else { return }
            reading.report(.wrongActionInput, node, "`\(text)` is no mail address")
        default: break
        }
    }

    private func recipient(_ text: String, _ node: YAMLNode) {
        let environment = reading.environment
        guard let directory = environment.directory else { return }
        if environment.people.contains(text) { return }
        if let problem = Recipient(text).unknown(in: directory) { reading.report(.unknownRecipient, node, problem) }
    }

    private func name(_ text: String, _ known: [String]?, _ kind: String, _ code: PlaybookCode, _ node: YAMLNode) {
        guard let known, !known.contains(text) else { return }
        let sorted = known.sorted()
        let help: String
        if let near = Similarity.nearest(to: text, among: sorted) {
            help = "did you mean `\(near)`?"
        } else if sorted.isEmpty {
            help = "the workspace has none"
        } else {
            help = "known: \(sorted.prefix(20).joined(separator: ", "))"
        }
        reading.report(code, node, "there is no \(kind) `\(text)`", help: help)
    }
}
