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
            if environment.channels?.contains(text) == true { return }
            if Self.channelKinds.contains(text) {
                guard environment.channels != nil, text != "outbox" else { return }
                reading.report(
                    .unknownChannel, node, "there is no channel of the kind `\(text)`",
                    help: "add one under `channels` in signalbox.yaml: NAME: { by: \(text), … }", severity: .warning)
                return
            }
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
        guard let problem = Recipient(text).unknown(in: directory) else { return }
        let help = problem.contains("did you mean") ? nil : recipientHelp(text, directory)
        reading.report(.unknownRecipient, node, problem, help: help)
    }

    /// How a recipient that is nobody was probably meant.
    private func recipientHelp(_ text: String, _ directory: Directory) -> String? {
        if let path = reading.pathMeant(by: text) { return "write \(path)" }
        switch Recipient(text) {
        case .lead: return "teams: \(list(directory.teams.map(\.id)))"
        case .group: return "teams: \(list(directory.teams.map(\.id)))"
        case .onCall: return "on-call schedules: \(list(directory.onCall.map(\.id)))"
        case .list: return "lists: \(list(directory.lists.keys.sorted()))"
        case .assignee, .channel, .address: return nil
        case .person: break
        }
        if directory.team(text) != nil { return "\(text) is a team: write group:\(text), or lead of \(text)" }
        if directory.onCall.contains(where: { $0.id == text }) { return "write on-call of \(text)" }
        if directory.lists[text] != nil { return "write list:\(text)" }
        let words = text.split(separator: " ").map(String.init)
        if words.count > 1, let name = words.last {
            if text.lowercased().contains("lead"), directory.team(name) != nil { return "write lead of \(name)" }
            if text.lowercased().contains("call"), directory.onCall.contains(where: { $0.id == name }) {
                return "write on-call of \(name)"
            }
            if !directory.members(of: name).isEmpty || directory.team(name) != nil { return "write group:\(name)" }
            return "write a person's id, an address, assignee, lead of TEAM, on-call of SCHEDULE, group:NAME, "
                + "list:NAME or \"#channel\""
        }
        return nil
    }

    private func list(_ names: [String]) -> String {
        names.isEmpty ? "the workspace has none" : names.sorted().prefix(20).joined(separator: ", ")
    }

    private func name(_ text: String, _ known: [String]?, _ kind: String, _ code: PlaybookCode, _ node: YAMLNode) {
        guard let known, !known.contains(text) else { return }
        let sorted = known.sorted()
        let help: String
        if let near = Similarity.nearest(to: text, among: sorted) {
            help = "did you mean `\(near)`?"
        } else if let bare = known.first(where: { text.hasPrefix("\($0).") }) {
            help = "write \(bare), without what follows the dot"
        } else if let path = reading.pathMeant(by: text) {
            help = "write \(path)"
        } else if sorted.isEmpty {
            help = "the workspace has none"
        } else {
            help = "known: \(sorted.prefix(20).joined(separator: ", "))"
        }
        reading.report(code, node, "there is no \(kind) `\(text)`", help: help)
    }
}
