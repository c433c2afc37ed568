/// What the names of a playbook are called among words.
public struct NameWords: Sendable {
    /// What a step is called, by its id: `step 3`. A step that is not here is called by its id.
    public var steps: [String: String]
    /// The names that stand for the element of a loop.
    public var loopVariables: Set<String> = []

    /// Names of steps as `steps` has them.
    public init(steps: [String: String] = [:]) { self.steps = steps }

    /// What the things are called that events speak of.
    static let things: [String: String] = [
        "ticket": "the ticket", "sla": "the SLA clock", "incident": "the incident", "comment": "the comment",
        "maintenance": "the maintenance window", "postmortem": "the post-mortem", "action": "the action item",
        "notification": "the message", "routing": "the routing", "oncall": "the on-call gap", "ask": "the question",
        "alert": "the alert", "schedule": "the schedule", "event": "the event", "run": "the run",
        "failure": "the failure", "playbook": "the playbook", "events": "the collected events", "now": "now",
        "previous_assignee": "the previous assignee", "into": "the ticket that it was merged into",
        "changes": "what changed", "trigger": "what started the run", "webhook": "the delivery",
    ]

    /// What people call a field: `reopen_count` is `reopen count`, `created_at` is `created time`.
    static func field(_ name: String) -> String {
        switch name {
        case "id", "ids": return name
        case "url": return "address"
        case "starts_at": return "start"
        case "ends_at": return "end"
        default: break
        }
        let words = name.split(separator: "_").map(String.init)
        guard !words.isEmpty else { return "`\(name)`" }
        if words.last == "at", words.count > 1 { return words.dropLast().joined(separator: " ") + " time" }
        return words.joined(separator: " ")
    }

    /// What a step is called.
    func step(_ id: String) -> String { steps[id] ?? "step “\(id)”" }

    /// What a path of names means: `ticket.customer.tier` is `the tier of the ticket's customer`.
    func path(_ path: [String]) -> String {
        guard let first = path.first else { return "nothing" }
        let fields = Array(path.dropFirst())
        switch first {
        case "steps":
            guard let id = fields.first else { return "the results of the steps" }
            return result(of: step(id), Array(fields.dropFirst()))
        case "vars": return named("the variable", fields)
        case "inputs": return named("the input", fields)
        case "secrets": return named("the secret", fields)
        case "changes":
            guard let field = fields.first else { return "what changed" }
            switch fields.dropFirst().first {
            case nil: return "the change of \(Self.field(field))"
            case "from" where fields.count == 2: return "the previous \(Self.field(field))"
            case "to" where fields.count == 2: return "the new \(Self.field(field))"
            default: return "`\(path.joined(separator: "."))`"
            }
        case "trigger" where !fields.isEmpty: return "\(self.path(fields)) as it was at the start"
        default: break
        }
        if let special = Self.special[path.joined(separator: ".")], !loopVariables.contains(first) { return special }
        if loopVariables.contains(first) { return inside("“\(first)”", fields, possessive: false) }
        return inside(Self.things[first] ?? "“\(first)”", fields, possessive: Self.things[first] != nil)
    }

    private func named(_ kind: String, _ fields: [String]) -> String {
        guard let name = fields.first else { return "\(kind)s" }
        return inside("\(kind) \(name)", Array(fields.dropFirst()), possessive: false)
    }

    private func result(of step: String, _ fields: [String]) -> String {
        guard let last = fields.last else { return "the result of \(step)" }
        if fields.count == 2, fields[0] == "row" { return "\(result(last)) in the row from \(step)" }
        let inner = fields.dropLast().reversed().map { " of \(result($0))" }.joined()
        return "\(result(last))\(inner) from \(step)"
    }

    /// Fields that would read oddly as a noun of their own.
    private static let special = [
        "comment.by": "who wrote the comment", "comment.at": "the time of the comment", "ask.who": "who is asked",
        "sla.elapsed": "the SLA clock's elapsed time", "sla.remaining": "the SLA clock's remaining time",
        "action.overdue_by": "how long the action item is overdue", "sla.late_by": "how late the SLA clock is",
        "last_message_by": "who wrote last", "ask.how_to_answer": "how to answer",
        "ask.about": "what the question is about",
    ]

    /// Results of steps that read oddly as nouns.
    private static let odd: Set<String> = [
        "same", "by", "found", "done", "sent", "blocked", "page", "failed", "overdue", "to", "of", "timed_out",
    ]

    private func result(_ field: String) -> String {
        Self.odd.contains(field) || field.contains("_") && !field.hasSuffix("_at")
            ? "“\(field)”" : "the \(Self.field(field))"
    }

    private func inside(_ thing: String, _ fields: [String], possessive: Bool) -> String {
        guard let first = fields.first else { return thing }
        var text = possessive ? "\(thing)'s \(Self.field(first))" : "the \(Self.field(first)) of \(thing)"
        for field in fields.dropFirst() { text = "the \(Self.field(field)) of \(text)" }
        return text
    }

    /// Fields that a thing has or has not: `the ticket has no assignee`.
    private static let possessions: Set<String> = [
        "assignee", "owner", "priority", "team", "category", "subcategory", "customer", "requester", "severity",
        "title",
        "text", "service", "commander", "summary", "impact", "urgency", "queue", "tier", "name", "status", "parent",
        "problem", "policy", "domain", "region", "reason", "kind",
    ]

    private static let plurals: Set<String> = ["tags", "services", "tickets", "roles"]

    /// That something is not there, or with `isThere` that it is, of a path.
    func presence(_ path: [String], isThere: Bool) -> String {
        let fields = path.dropFirst()
        if path.count == 2, path[0] == "changes" {
            return "the \(Self.field(path[1])) has \(isThere ? "" : "not ")changed"
        }
        if fields.count == 1, let field = fields.last, Self.possessions.contains(field) || Self.plurals.contains(field),
            let thing = loopVariables.contains(path[0]) ? "“\(path[0])”" : Self.things[path[0]]
        {
            return "\(thing) has \(isThere ? Self.article(field) : "no ")\(Self.field(field))"
        }
        if path.count == 3, path[0] == "steps", Self.possessions.contains(path[2]) {
            return "\(step(path[1])) gave \(isThere ? Self.article(path[2]) : "no ")\(Self.field(path[2]))"
        }
        return "\(self.path(path)) is \(isThere ? "not " : "")missing"
    }

    private static func article(_ word: String) -> String {
        if plurals.contains(word) { return "" }
        return word.first.map { "aeiou".contains($0) } == true ? "an " : "a "
    }

    /// What a path that is true or false says, or with `holds` false its opposite; nil when there is no better way than to say
    /// that it is true.
    func truth(_ path: [String], holds: Bool) -> String? {
        let not = holds ? "" : "not "
        if path.count == 3, path[0] == "steps" {
            let step = step(path[1])
            switch path[2] {
            case "timed_out": return "\(step) has \(not)timed out"
            case "approved": return "\(step) was \(not)approved"
            case "rejected": return "\(step) was \(not)rejected"
            case "rescued": return "a failure in \(step) was \(not)caught"
            case "blocked": return "\(step) says that it is \(not)blocked"
            case "found": return holds ? "\(step) found something" : "\(step) found nothing"
            case "done": return "\(step) has \(not)come to its goal"
            default: return nil
            }
        }
        let known = [
            "comment.automatic": "the comment is NOT automatic", "comment.public": "the comment is NOT public",
            "sla.breached": "the SLA is NOT breached", "incident.data_loss": "the incident has NOT caused data loss",
            "incident.regulatory": "the incident is NOT a regulatory matter",
        ]
        return known[path.joined(separator: ".")]?.replacing("NOT ", with: not)
    }

    /// What the status of a step says; nil for a status that no step has.
    func status(_ path: [String], _ status: String, holds: Bool) -> String? {
        guard path.count == 3, path[0] == "steps", path[2] == "status" else { return nil }
        let step = step(path[1])
        switch status {
        case "succeeded": return holds ? "\(step) succeeded" : "\(step) did not succeed"
        case "failed": return holds ? "\(step) failed" : "\(step) did not fail"
        case "skipped", "cancelled": return "\(step) was \(holds ? "" : "not ")\(status)"
        default: return nil
        }
    }
}
