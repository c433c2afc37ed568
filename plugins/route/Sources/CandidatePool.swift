import Calendars
import PluginKit
import WorkflowModel

/// Somebody who may get the ticket, and how they came to be asked.
struct Candidate {
    var person: Person
    /// What named them: `group:tier-2`.
    var pool: String
    /// The hours that hold for them; nil for always.
    var hours: WeeklyHours?
    /// The schedule and the part of it that put them on call.
    var onCall: (schedule: String, source: String)?
    /// The team that the pool stands for.
    var team: String?
}

/// The people whom a pool means at an instant.
struct CandidatePool {
    private(set) var candidates: [Candidate] = []
    /// Schedules that have nobody on call.
    private(set) var gaps: [String] = []
    let name: String

    /// Resolves the written recipients of `names` together; nobody is in it twice.
    ///
    /// - Throws: ``WorkflowModel/Failure`` `unknown_recipient` or `invalid_input`.
    init(_ names: [String], in context: ActionContext) throws {
        name = names.joined(separator: ", ")
        let directory = context.workspace.directory
        for text in names {
            for candidate in try resolve(text, directory, context) {
                guard !candidates.contains(where: { $0.person.id == candidate.person.id }) else { continue }
                candidates.append(candidate)
            }
        }
    }

    private mutating func resolve(_ text: String, _ directory: Directory, _ context: ActionContext) throws
        -> [Candidate]
    {
        if text == "everybody" { return directory.people.map { Candidate(person: $0, pool: text, hours: $0.hours) } }
        var recipient = Recipient(text)
        // `from: support` is what people write for a team.
        if case .person(let name) = recipient, directory.person(name) == nil, !directory.members(of: name).isEmpty {
            recipient = .group(name)
        }
        if let unknown = recipient.unknown(in: directory) { throw Failure.permanent("unknown_recipient", unknown) }
        switch recipient {
        case .group(let name):
            let team = directory.team(name)
            return directory.members(of: name).map {
                Candidate(person: $0, pool: text, hours: $0.hours ?? team?.hours, team: name)
            }
        case .lead(let name):
            guard let lead = directory.team(name)?.lead, let person = directory.person(lead) else {
                throw Failure.permanent("unknown_recipient", "the team \(name) has no lead in the people table")
            }
            return [Candidate(person: person, pool: text, hours: person.hours, team: name)]
        case .onCall(let id):
            guard let schedule = directory.onCall.first(where: { $0.id == id }) else { return [] }
            guard let turn = schedule.turn(at: context.now, zone: directory.zone) else {
                gaps.append(id)
                return []
            }
            guard let person = directory.person(turn.person) else {
                throw Failure.permanent(
                    "unknown_recipient",
                    "\(turn.source.text) of \(id) names \(turn.person), who is not in the people table")
            }
            return [Candidate(person: person, pool: text, onCall: (id, turn.source.text))]
        case .person(let name), .address(let name):
            guard let person = directory.person(name) else {
                throw Failure.permanent("unknown_recipient", "nobody in the people table is \(name)")
            }
            return [Candidate(person: person, pool: text, hours: person.hours)]
        case .assignee:
            guard let id = context.names["ticket"]?["assignee"]?.string, let person = directory.person(id) else {
                return []
            }
            return [Candidate(person: person, pool: text, hours: person.hours)]
        case .list(let name):
            return (directory.lists[name] ?? []).compactMap { directory.person($0) }
                .map { Candidate(person: $0, pool: text, hours: $0.hours) }
        case .channel: throw Failure.invalidInput("\(text) is a chat channel; a ticket goes to a person")
        }
    }
}
