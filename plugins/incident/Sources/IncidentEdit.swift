import PluginKit
import WorkflowModel

/// A change of one incident by a step or a person: what it was, what it becomes, and its event, all at once.
struct IncidentEdit {
    var incident: Incident
    /// Who changes it, for timeline and history; nil when nobody is known.
    let actor: String?
    let now: Timestamp
    let names: NameCheck
    let severities: SeverityTable
    private let before: ValueMap

    init(_ incident: Incident, _ input: ActionInput, in context: ActionContext) throws(Failure) {
        self.incident = incident
        before = incident.facts
        actor = try Self.actor(input, context)
        now = context.now
        names = NameCheck(directory: context.workspace.directory)
        severities = SeverityTable(context.workspace)
    }

    /// Who acts: the person for whom it is done; in a playbook the input `by`, else the playbook.
    ///
    /// - Throws: ``WorkflowModel/Failure`` `invalid_input` when a person claims to be another one.
    static func actor(_ input: ActionInput, _ context: ActionContext) throws(Failure) -> String? {
        let by = try input.optionalText("by").map { context.workspace.directory.person($0)?.id ?? $0 }
        if let person = context.person {
            guard by == nil || by == person else {
                throw .invalidInput("this is done by \(person), not by \(by ?? "somebody else"); leave `by` out")
            }
            return person
        }
        return by ?? context.playbook.map { "playbook \($0)" }
    }

    mutating func learn(_ field: String, _ value: Value) { incident.learn(field, value, at: now, by: actor) }

    /// Takes over the inputs that name facts.
    ///
    /// - Returns: whether one of them is something that people should be told.
    /// - Throws: ``WorkflowModel/Failure`` when a severity, person or service is not known.
    mutating func take(_ input: ActionInput) throws(Failure) -> Bool {
        var isNews = false
        if let severity = try input.optionalText("severity") {
            learn("severity", .string(try severities.require(severity)))
            isNews = true
        }
        for field in ["title", "summary", "impact", "detected_by", "url"] {
            guard let text = try input.optionalText(field) else { continue }
            learn(field, .string(text))
            isNews = isNews || field == "summary" || field == "impact"
        }
        for field in ["customers_affected", "data_loss", "regulatory"] {
            if let value = input[field] { learn(field, value) }
        }
        for field in ["started_at", "mitigated_at"] {
            guard let instant = try input.optionalTimestamp(field) else { continue }
            guard instant <= now else {
                throw .invalidInput("\(field) lies in the future, \(instant.rfc3339)")
            }
            learn(field, .timestamp(instant))
        }
        if input["services"] != nil {
            let services = try names.services(try input.texts("services"))
            learn("services", .list(services.map(Value.string)))
            isNews = true
        }
        return isNews
    }

    /// Takes in that people are told something: the next news are due from now on.
    mutating func tell(_ message: String?, nextIn: Duration?) {
        incident.learnNews(message, promised: nextIn.map { now + $0 }, at: now)
    }

    /// Keeps the change, writes it on the timeline and emits its event.
    ///
    /// - Parameter text: what the timeline says; the changes in words when not given.
    /// - Returns: what changed, and whether that is anything.
    mutating func finish(
        _ type: String, text: String? = nil, message: String? = nil, kind: String? = nil, isPinned: Bool = false,
        on store: any PluginStore
    ) throws -> (changes: IncidentChanges, isChanged: Bool) {
        incident.settle(severities)
        let changes = IncidentChanges(from: before, to: incident.facts)
        guard !changes.isEmpty || message != nil || incident.facts["next_news_at"] != before["next_news_at"] else {
            return (changes, false)
        }
        incident.bump()
        incident.advance("updated_at", to: now)
        let words = text ?? [changes.words, message ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
        if !words.isEmpty {
            var entry = TimelineEntry(incident: incident.id, at: now, text: words, source: IncidentEvents.source)
            entry.actor = actor
            entry.isPinned = isPinned || changes.isPinned
            entry.kind = kind ?? (entry.isPinned ? "status" : message == nil ? "fact" : "comms")
            entry.event = IncidentEvents.id(type, incident)
            incident = try entry.keep(under: "revision \(incident.revision)", of: incident, in: store)
        }
        try IncidentShelf.put(incident, in: store)
        try store.emit(IncidentEvents.draft(type, incident, changes))
        return (changes, true)
    }

    /// What `update`, `resolve`, `assign_role` and `link` give back.
    func output(_ changes: IncidentChanges, isChanged: Bool) -> Value {
        [
            "id": .string(incident.id), "changed": .bool(isChanged), "changes": .map(changes.map),
            "incident": .map(incident.facts),
        ]
    }
}
