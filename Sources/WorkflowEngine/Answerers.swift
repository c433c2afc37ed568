import Calendars
import PluginKit
import WorkflowModel

/// Finds the people who can answer a question, at the instant of the step, each once and in the order written.
struct Answerers {
    let directory: Directory
    /// The names of the step, for `assignee`.
    let names: ValueMap
    let now: Timestamp

    /// The ids of the people whom `recipients` mean, and the addresses among them that no person has.
    ///
    /// - Throws: ``Failure``: `unknown_recipient` with a suggestion, `oncall_gap`, `no_assignee`, `no_lead`, `empty_group`.
    func people(_ recipients: [String]) throws(Failure) -> [String] {
        guard !recipients.isEmpty else {
            throw Failure(code: "empty_group", message: "nobody is named who could answer")
        }
        var found: [String] = []
        for text in recipients {
            for id in try resolve(text, insideList: nil) where !found.contains(id) { found.append(id) }
        }
        return found
    }

    private func resolve(_ text: String, insideList list: String?) throws(Failure) -> [String] {
        let recipient = Recipient(text)
        if let problem = recipient.unknown(in: directory) {
            let place = list.map { " (in list:\($0))" } ?? ""
            throw Failure(code: "unknown_recipient", message: "\(text) cannot be asked: \(problem)\(place)")
        }
        switch recipient {
        case .assignee: return [try assignee()]
        case .lead(let team):
            guard let lead = directory.team(team)?.lead else {
                throw Failure(code: "no_lead", message: "team \(team) has no lead; name one in the teams table")
            }
            return [try known(lead)]
        case .onCall(let id):
            let turn = directory.onCall.first { $0.id == id }?.person(at: now, zone: directory.zone)
            guard let turn else {
                throw Failure(
                    code: "oncall_gap",
                    message: "nobody is on call in \(id) at \(now.rfc3339); fill the gap or name a fallback")
            }
            return [try known(turn)]
        case .group(let name):
            let members = directory.members(of: name).map(\.id)
            guard !members.isEmpty else {
                throw Failure(code: "empty_group", message: "nobody is in group:\(name), so nobody could answer")
            }
            return members
        case .list(let name):
            guard list == nil else {
                throw Failure(
                    code: "unknown_recipient", message: "list:\(list ?? "") names list:\(name); lists do not nest")
            }
            var found: [String] = []
            for entry in directory.lists[name] ?? [] { found += try resolve(entry, insideList: name) }
            guard !found.isEmpty else {
                throw Failure(code: "empty_group", message: "list:\(name) is empty, so nobody could answer")
            }
            return found
        case .channel(let channel):
            throw Failure(code: "unknown_recipient", message: "the channel \(channel) cannot answer; name people")
        case .person(let id): return [try known(id)]
        case .address(let address): return [Answerers.id(of: address, in: directory)]
        }
    }

    private func assignee() throws(Failure) -> String {
        guard let assignee = names["ticket"]?["assignee"]?.string, !assignee.isEmpty else {
            throw Failure(
                code: "no_assignee",
                message: "the ticket has no assignee who could answer; name somebody else, or assign it first")
        }
        return assignee.contains("@") ? Answerers.id(of: assignee, in: directory) : try known(assignee)
    }

    private func known(_ id: String) throws(Failure) -> String {
        if let person = directory.person(id) { return person.id }
        let near = Similarity.nearest(to: id, among: directory.people.map(\.id)).map { "; did you mean \($0)?" } ?? ""
        throw Failure(code: "unknown_recipient", message: "\(id) is not in the people table\(near)")
    }

    /// The person of an id or an address (in any case); what no person has stays as it is.
    static func id(of name: String, in directory: Directory) -> String {
        if let person = directory.person(name) { return person.id }
        let lower = name.lowercased()
        return directory.people.first { $0.email?.lowercased() == lower }?.id ?? name
    }

    /// What is wrong with the values of fields that name something of the workspace; nil when nothing is.
    static func unknownName(in values: ValueMap, _ schema: Schema, _ directory: Directory) -> String? {
        for property in schema.properties {
            guard let text = values[property.name]?.string else { continue }
            let problem: String?
            switch property.schema.format {
            case "person": problem = directory.person(text) == nil ? Recipient.person(text).unknown(in: directory) : nil
            case "team":
                problem = directory.team(text) == nil ? Recipient.lead(team: text).unknown(in: directory) : nil
            case "service":
                let near = Similarity.nearest(to: text, among: directory.services.map(\.id))
                problem =
                    directory.service(text) == nil
                    ? "there is no service \(text)" + (near.map { "; did you mean \($0)?" } ?? "") : nil
            case "recipient": problem = Recipient(text).unknown(in: directory)
            default: problem = nil
            }
            if let problem { return "\(property.name): \(problem)" }
        }
        return nil
    }
}
