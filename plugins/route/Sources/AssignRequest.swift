import PluginKit
import WorkflowModel

/// How to choose among those who are left.
enum Strategy: String, CaseIterable {
    /// The most room up to the capacity.
    case mostCapacity = "most_capacity"
    /// The fewest open tickets.
    case leastLoaded = "least_loaded"
    /// The longest time since the last assignment.
    case longestIdle = "longest_idle"
    /// In turn, by id.
    case cyclic
}

/// What `route.assign` is asked for.
struct AssignRequest {
    let ticket: String?
    /// The pools in the order in which they are tried: what `from` names together, then each of `overflow`.
    let pools: [[String]]
    let owner: String?
    let skills: SkillNeeds
    let preferred: SkillNeeds
    let prefer: Set<String>
    let excluded: Set<String>
    let strategy: Strategy
    let respectsHours: Bool
    let respectsCapacity: Bool
    let defaultCapacity: Int?
    let loadStatuses: [Value]
    let failsOnGap: Bool
    let team: String?
    let queue: String?
    let unroutedQueue: String

    init(_ input: ActionInput, in context: ActionContext) throws {
        let directory = context.workspace.directory
        func ofTicket(_ field: String) -> String? { context.names["ticket"]?[field]?.string }
        ticket =
            try input.optionalText("ticket") ?? ofTicket("id")
            ?? context.subject.flatMap { $0.hasPrefix("ticket:") ? String($0.dropFirst(7)) : nil }
        let from = try input.texts("from")
        let asked = try input.optionalText("team")
        let serviceTeam = ofTicket("service").flatMap { directory.service($0)?.owner }
        let ticketTeam = ofTicket("team").flatMap { directory.members(of: $0).isEmpty ? nil : $0 }
        let team = asked ?? (from.isEmpty ? ticketTeam ?? serviceTeam : nil)
        guard from.isEmpty || asked == nil else { throw Failure.invalidInput("give from or team, not both") }
        let first = from.isEmpty ? [team.map { "group:\($0)" } ?? "everybody"] : from
        pools = [first] + (try input.texts("overflow").map { [$0] })
        self.team = team ?? ticketTeam
        owner = try input.optionalText("owner")
        skills = try SkillNeeds(input["skills"], "skills")
        preferred = try SkillNeeds(input["preferred"], "preferred")
        prefer = Set(try input.texts("prefer"))
        excluded = Set(try input.texts("exclude"))
        let named = try input.optionalText("strategy") ?? context.settings["strategy"]?.string
        strategy = named.flatMap(Strategy.init) ?? .mostCapacity
        respectsHours = input["respect_hours"]?.bool ?? true
        respectsCapacity = input["respect_capacity"]?.bool ?? true
        defaultCapacity = context.settings["default_capacity"]?.int.map { Int($0) }
        loadStatuses = input["load_statuses"]?.list ?? ["new", "open"]
        failsOnGap = try input.optionalText("on_gap") == "fail"
        queue = try input.optionalText("queue") ?? ofTicket("queue")
        unroutedQueue = context.settings["unrouted_queue"]?.string ?? "unrouted"
        if try input.flag("strict_skills"), let skill = skills.unknown(in: directory).first {
            let known = Set(directory.people.flatMap(\.skills.keys)).sorted()
            let near = Similarity.nearest(to: skill, among: known).map { "; did you mean \($0)?" } ?? ""
            throw Failure.permanent("unknown_skill", "nobody in the workspace has the skill \(skill)\(near)")
        }
    }
}

/// Skills with the least level that is needed of each.
struct SkillNeeds {
    /// Name to level, in the order of the names.
    let levels: [(name: String, level: Int)]

    init(_ value: Value?, _ input: String) throws {
        var levels: [String: Int] = [:]
        switch value {
        case nil, .null?: break
        case .string(let name)?: levels[name] = 1
        case .list(let items)?:
            for item in items {
                guard let name = item.string else { throw Failure.invalidInput("\(input) must be names of skills") }
                levels[name] = 1
            }
        case .map(let map)?:
            for entry in map {
                guard let level = entry.value.int, (1...5).contains(level) else {
                    throw Failure.invalidInput("the level of \(entry.key.jsonText) in \(input) must be 1 to 5")
                }
                levels[entry.key.jsonText] = Int(level)
            }
        default: throw Failure.invalidInput("\(input) must be names of skills, or a map from names to levels")
        }
        self.levels = levels.filter { !$0.key.isEmpty }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The skills that nobody in the workspace has at any level.
    func unknown(in directory: Directory) -> [String] {
        levels.map(\.name).filter { name in
            !directory.people.contains { SkillNeeds.level(of: name, $0) > 0 }
        }
    }

    /// What `person` lacks, in words; nil when nothing. `ignored` are not asked for.
    func lack(of person: Person, ignoring ignored: [String]) -> String? {
        for (name, level) in levels where !ignored.contains(name) {
            let has = SkillNeeds.level(of: name, person)
            if has == 0 { return "lacks the skill \(name)" }
            if has < level { return "needs \(name) \(level) and has \(has)" }
        }
        return nil
    }

    /// How many of the skills `person` has well enough.
    func met(by person: Person) -> Int {
        levels.count { SkillNeeds.level(of: $0.name, person) >= $0.level }
    }

    /// The level of a skill, letter case aside; 0 for none.
    static func level(of skill: String, _ person: Person) -> Int {
        if let level = person.skills[skill] { return level }
        let wanted = skill.lowercased()
        return person.skills.filter { $0.key.lowercased() == wanted }.map(\.value).max() ?? 0
    }
}
