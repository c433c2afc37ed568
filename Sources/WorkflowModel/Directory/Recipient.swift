/// Whom a `to:` or `who:` means, as written in playbooks.
public enum Recipient: Sendable, Hashable {
    /// The ticket's assignee.
    case assignee
    /// `lead of TEAM`.
    case lead(team: String)
    /// `on-call of SCHEDULE`.
    case onCall(schedule: String)
    /// `group:NAME`: a team, or everybody in the group.
    case group(String)
    /// `list:NAME`.
    case list(String)
    /// `#channel`: a chat channel.
    case channel(String)
    /// A person's id.
    case person(String)
    /// A mail address.
    case address(String)

    /// Reads the written form. Anything with an `@` is an address, and what has no other form is a person's id.
    public init(_ text: String) {
        let text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        func rest(_ prefix: String) -> String? {
            text.lowercased().hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
        }
        if text == "assignee" {
            self = .assignee
        } else if let team = rest("lead of ") {
            self = .lead(team: team)
        } else if let schedule = rest("on-call of ") ?? rest("on call of ") {
            self = .onCall(schedule: schedule)
        } else if let group = rest("group:") {
            self = .group(group)
        } else if let list = rest("list:") {
            self = .list(list)
        } else if text.hasPrefix("#") {
            self = .channel(text)
        } else if text.contains("@") {
            self = .address(text)
        } else {
            self = .person(text)
        }
    }

    /// What is unknown in it, as a sentence with "did you mean"; nil when `directory` knows it.
    public func unknown(in directory: Directory) -> String? {
        func missing(_ kind: String, _ name: String, _ known: [String]) -> String {
            let near = Similarity.nearest(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
            return "there is no \(kind) \(name)\(near)"
        }
        switch self {
        case .assignee, .channel, .address: return nil
        case .lead(let team), .group(let team):
            if directory.team(team) != nil { return nil }
            if case .group = self, !directory.members(of: team).isEmpty { return nil }
            return missing(self == .lead(team: team) ? "team" : "team or group", team, directory.teams.map(\.id))
        case .onCall(let schedule):
            return directory.onCall.contains { $0.id == schedule }
                ? nil : missing("on-call schedule", schedule, directory.onCall.map(\.id))
        case .list(let list):
            return directory.lists[list] != nil ? nil : missing("list", list, directory.lists.keys.sorted())
        case .person(let id):
            return directory.person(id) != nil ? nil : missing("person", id, directory.people.map(\.id))
        }
    }
}
