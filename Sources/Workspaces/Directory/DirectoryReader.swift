import WorkflowModel
import YAML

/// Reads the tables of people, teams, services and lists, and checks that they name only each other's rows.
///
/// Columns, in YAML and CSV alike (`*` must be there):
/// - `people`: `id`*, `name`, `email` (or `mail`), `zone`, `groups`, `skills`, `capacity`, `hours`, `available`, `role` (`viewer`,
///   `coordinator`, `lead` or `admin`: the most that a token of theirs may do), `system_user` (or `user`, `login`): the name of the
///   person's user on the machine where commands are typed.
///   Skills are a map from skill to level 1 to 5, or texts such as `network:3`; without a level it is 3.
/// - `teams`: `id`*, `name`, `lead`, `members`, `channel`, `hours`.
/// - `services`: `id`*, `name`, `owner` (a team), `dependencies`, `windows` (hours for maintenance), `criticality` 1 to 4.
/// - `lists`: `id`*, `members`; in CSV a list may have many rows.
///
/// A YAML file is a list of rows, or a map from id to the rest of the row.
struct DirectoryReader {
    let report: LoadReport

    func people(_ raw: RawTable) -> [Person] {
        let table = KnownTable(
            raw, name: "people",
            columns: [
                "id", "name", "email", "zone", "groups", "skills", "capacity", "hours", "available", "role",
                "system_user",
            ], aliases: ["mail": "email", "user": "system_user", "login": "system_user"],
            report: report)
        var addresses: Set<String> = []
        return table.rows().map { id, row in
            var person = Person(id: id, name: table.text("name", row) ?? id)
            person.email = table.text("email", row)
            if let email = person.email {
                if !email.contains("@") {
                    table.wrong(.wrongCell, row["email"], row, "`\(email)` is no mail address")
                } else if !addresses.insert(email.lowercased()).inserted {
                    table.wrong(.repeatedRow, row["email"], row, "two people have the address `\(email)`")
                }
            }
            person.zone = table.zone("zone", row)
            person.groups = table.texts("groups", row)
            person.skills = skills(table, row)
            person.capacity = table.number("capacity", row, in: 0...1000)
            person.hours = table.hours("hours", row)
            person.isAvailable = table.flag("available", row) ?? true
            person.role = role(table, row)
            person.systemUser = table.text("system_user", row)
            return person
        }
    }

    private func role(_ table: KnownTable, _ row: RawRow) -> Role? {
        guard let word = table.text("role", row) else { return nil }
        if let role = Role(rawValue: word) { return role }
        let words = Role.allCases.map(\.rawValue)
        let near = Similarity.nearest(to: word, among: words)
        table.wrong(
            .wrongCell, row["role"], row, "`\(word)` is no role",
            help: near.map { "did you mean `\($0)`?" } ?? "roles: \(words.joined(separator: ", "))")
        return nil
    }

    private func skills(_ table: KnownTable, _ row: RawRow) -> [String: Int] {
        guard let cell = row["skills"], !cell.isEmpty else { return [:] }
        var skills: [String: Int] = [:]
        func add(_ name: String, _ level: String) {
            guard let number = Int(level), (1...5).contains(number) else {
                table.wrong(.wrongCell, cell, row, "the skill `\(name)` needs a level from 1 to 5")
                return
            }
            skills[name] = number
        }
        if let entries = cell.node?.entries {
            for entry in entries { add(entry.key.text ?? "", entry.value.text ?? "") }
            return skills
        }
        for text in table.texts("skills", row) {
            let parts = text.split(separator: ":", maxSplits: 1).map { KnownTable.trimmed($0) }
            if parts.count == 2 { add(parts[0], parts[1]) } else { skills[text] = 3 }
        }
        return skills
    }

    func teams(_ raw: RawTable, in directory: Directory) -> [Team] {
        let table = KnownTable(
            raw, name: "teams", columns: ["id", "name", "lead", "members", "channel", "hours"], report: report)
        let known = Known(
            directory.people.flatMap { [$0.id] + ($0.email.map { [$0] } ?? []) }, directory.people.map(\.id))
        return table.rows().map { id, row in
            var team = Team(id: id, name: table.text("name", row) ?? id)
            team.lead = table.text("lead", row)
            if let lead = team.lead { known.check(lead, "person", "lead", table, row) }
            team.members = table.texts("members", row)
            for member in team.members { known.check(member, "person", "members", table, row) }
            team.channel = table.text("channel", row)
            team.hours = table.hours("hours", row)
            return team
        }
    }

    func services(_ raw: RawTable, in directory: Directory) -> [Service] {
        let table = KnownTable(
            raw, name: "services",
            columns: ["id", "name", "owner", "dependencies", "windows", "criticality"],
            aliases: ["team": "owner", "depends_on": "dependencies"], report: report)
        let teams = Known(directory.teams.map(\.id), directory.teams.map(\.id))
        let rows = table.rows()
        let services = Known(rows.map(\.id), rows.map(\.id))
        return rows.map { id, row in
            var service = Service(id: id, name: table.text("name", row) ?? id)
            service.owner = table.text("owner", row)
            if let owner = service.owner { teams.check(owner, "team", "owner", table, row) }
            service.dependencies = table.texts("dependencies", row)
            for needed in service.dependencies { services.check(needed, "service", "dependencies", table, row) }
            service.windows = table.hours("windows", row)
            service.criticality = table.number("criticality", row, in: 1...4)
            return service
        }
    }

    func lists(_ raw: RawTable, in directory: Directory) -> [String: [String]] {
        let table = KnownTable(
            raw, name: "lists", columns: ["id", "members"], aliases: ["name": "id", "member": "members"], report: report
        )
        let people = Known(directory.people.map(\.id), directory.people.map(\.id))
        var lists: [String: [String]] = [:]
        for (id, row) in table.rows(unique: !raw.isCSV) {
            let members = table.texts("members", row)
            for member in members where !member.contains("@") { people.check(member, "person", "members", table, row) }
            lists[id, default: []] += members
        }
        return lists
    }

    /// Names that may be used.
    struct Known {
        private let all: Set<String>
        private let suggestions: [String]

        init(_ all: [String], _ suggestions: [String]) {
            self.all = Set(all)
            self.suggestions = suggestions
        }

        func check(_ name: String, _ kind: String, _ column: String, _ table: KnownTable, _ row: RawRow) {
            guard !all.contains(name) else { return }
            let near = Similarity.nearest(to: name, among: suggestions)
            // Inside a list of YAML the element itself is marked.
            let node = row[column]?.node
            let element = node?.items?.first { $0.text == name } ?? node
            table.wrong(
                .unknownRow, element.map { RawCell($0) } ?? row[column], row, "there is no \(kind) `\(name)`",
                help: near.map { "did you mean `\($0)`?" })
        }
    }
}
