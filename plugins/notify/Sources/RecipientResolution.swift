import Calendars
import PluginKit
import WorkflowModel

/// Finds who is meant by `to:`, at the instant of the step, each once and in the order written.
struct RecipientResolution {
    let context: ActionContext

    private var directory: Directory { context.workspace.directory }

    /// The addressees of the written forms `recipients`.
    ///
    /// - Throws: ``Failure``: `unknown_recipient` with a suggestion, `oncall_gap`, `no_assignee`, `no_lead`, `empty_group`.
    func addressees(of recipients: [String]) throws(Failure) -> [Addressee] {
        var found: [Addressee] = []
        for text in recipients {
            for addressee in try resolve(text, insideList: nil)
            where !found.contains(where: { $0.key == addressee.key }) {
                found.append(addressee)
            }
        }
        return found
    }

    private func resolve(_ text: String, insideList list: String?) throws(Failure) -> [Addressee] {
        let recipient = Recipient(text)
        if let problem = recipient.unknown(in: directory) {
            let place = list.map { " (in list:\($0))" } ?? ""
            throw .permanent("unknown_recipient", "to: \(text): \(problem)\(place)")
        }
        switch recipient {
        case .assignee: return [try assignee()]
        case .lead(let team):
            guard let lead = directory.team(team)?.lead else {
                throw .permanent("no_lead", "team \(team) has no lead; name one in the teams table")
            }
            return [try person(lead, named: "the lead of \(team)")]
        case .onCall(let schedule): return try onCall(schedule)
        case .group(let name):
            let members = directory.members(of: name).map { Addressee($0) }
            guard !members.isEmpty else {
                throw .permanent("empty_group", "nobody is in group:\(name), so nobody would be told")
            }
            return members
        case .list(let name):
            // A list holds people and addresses; a list inside a list could go round for ever.
            guard list == nil else {
                throw .permanent("unknown_recipient", "list:\(list ?? "") names list:\(name); lists do not nest")
            }
            var found: [Addressee] = []
            for entry in directory.lists[name] ?? [] { found += try resolve(entry, insideList: name) }
            guard !found.isEmpty else {
                throw .permanent("empty_group", "list:\(name) is empty, so nobody would be told")
            }
            return found
        case .channel(let channel): return [Addressee(channel: channel)]
        case .person(let id): return [try person(id, named: id)]
        case .address(let address):
            if let person = directory.people.first(where: { $0.email?.lowercased() == address.lowercased() }) {
                return [Addressee(person)]
            }
            guard Self.isAddress(address) else {
                throw .permanent("unknown_recipient", "to: \(address) is no mail address")
            }
            return [Addressee(address: address)]
        }
    }

    private func assignee() throws(Failure) -> Addressee {
        guard let ticket = context.names["ticket"], let assignee = ticket["assignee"]?.string, !assignee.isEmpty else {
            throw .permanent(
                "no_assignee", "to: assignee: the ticket has no assignee; name somebody else, or assign it first")
        }
        if assignee.contains("@"), directory.person(assignee) == nil { return Addressee(address: assignee) }
        return try person(assignee, named: "the assignee \(assignee)")
    }

    private func onCall(_ id: String) throws(Failure) -> [Addressee] {
        guard let schedule = directory.onCall.first(where: { $0.id == id }) else {
            throw .permanent("unknown_recipient", "there is no on-call schedule \(id)")
        }
        guard let onDuty = schedule.person(at: context.now, zone: directory.zone) else {
            throw .permanent(
                "oncall_gap", "nobody is on call in \(id) at \(context.now.rfc3339); fill the gap or name a fallback")
        }
        return [try person(onDuty, named: "\(onDuty), on call in \(id),")]
    }

    private func person(_ id: String, named name: String) throws(Failure) -> Addressee {
        guard let person = directory.person(id) else {
            let near = Similarity.nearest(to: id, among: directory.people.map(\.id)).map { "; did you mean \($0)?" }
            throw .permanent("unknown_recipient", "\(name) is not in the people table\(near ?? "")")
        }
        return Addressee(person)
    }

    /// One `@` with something before it and after it, and no space or control character: the rest is the mail server's business.
    private static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
            && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != 0x2C && $0 != 0x3C && $0 != 0x3E }
    }
}
