import PluginKit
import WorkflowModel

/// `incident.declare`: a new incident, or the one that is meant when it is there already.
struct DeclareAction: StateAction {
    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        let externalID = try input.optionalText("external_id")
        let key = try input.optionalText("dedupe_key")
        for id in [try input.optionalText("id"), externalID].compactMap({ $0 }) {
            if let earlier = try IncidentShelf.find(id, in: store) { return Self.output(earlier, created: false) }
        }
        if let key, let earlier = try IncidentShelf.open(key: key, in: store) {
            return Self.output(earlier, created: false)
        }
        let id = try input.optionalText("id") ?? IncidentShelf.newID(in: store)
        var edit = try IncidentEdit(Incident(id: id, body: nil), input, in: context)
        let now = context.now
        edit.learn("title", .string(try input.text("title")))
        let severity = try input.optionalText("severity")
        if severity == nil, let worst = edit.severities.names.first {
            // Unsure means the worst: it is easier to go down than to have been late.
            edit.learn("severity", .string(worst))
        }
        _ = try edit.take(input)
        edit.learn("declared_at", .timestamp(now))
        edit.incident.learnStatus(try input.optionalText("status") ?? "investigating", at: now, by: edit.actor)
        if let actor = edit.actor { edit.learn("declared_by", .string(actor)) }
        if let externalID { edit.learn("external_id", .string(externalID)) }
        if let key { edit.incident.keep("dedupe_key", .string(key)) }
        edit.incident.add(try input.texts("tickets"), to: "tickets")
        for (role, person) in try Self.roles(input) {
            edit.incident.learnRole(try NameCheck.role(role), try edit.names.person(person), at: now, by: edit.actor)
        }
        edit.tell(try input.optionalText("message"), nextIn: try input.optionalDuration("next_news_in"))
        _ = try edit.finish(
            "incident.declared", text: IncidentWords.declared(edit.incident), kind: "status", isPinned: true, on: store)
        return Self.output(edit.incident, created: true)
    }

    private static func roles(_ input: ActionInput) throws(Failure) -> [(String, String)] {
        var roles: [(String, String)] = []
        if let commander = try input.optionalText("commander") { roles.append(("commander", commander)) }
        for entry in input["roles"]?.map ?? [:] {
            guard let person = entry.value.string else {
                throw .invalidInput("roles: \(entry.key.jsonText) must be the id of a person")
            }
            guard entry.key.string != "commander" || input["commander"] == nil else {
                throw .invalidInput("the commander is given twice, as commander and among roles")
            }
            roles.append((entry.key.jsonText, person))
        }
        return roles
    }

    private static func output(_ incident: Incident, created: Bool) -> Value {
        ["id": .string(incident.id), "created": .bool(created), "incident": .map(incident.facts)]
    }
}
