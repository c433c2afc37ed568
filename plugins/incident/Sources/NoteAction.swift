import PluginKit
import WorkflowModel

/// `incident.note`: a line of the timeline, which is told to nobody.
struct NoteAction: StateAction {
    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        let incident = try IncidentShelf.incident(input, in: store, context)
        let at = try input.optionalTimestamp("at") ?? context.now
        guard at <= context.now else { throw Failure.invalidInput("at lies in the future, \(at.rfc3339)") }
        var entry = TimelineEntry(
            incident: incident.id, at: at, text: try input.text("text"), source: IncidentEvents.source)
        entry.actor = try IncidentEdit.actor(input, context)
        entry.kind = try input.optionalText("kind") ?? "fact"
        entry.link = try input.optionalText("link")
        // One and the same note of a step that is run again is one entry.
        let key = "note \(at.rfc3339) \(entry.actor ?? "") \(entry.kind) \(entry.text)"
        let noted = try entry.keep(under: key, of: incident, in: store)
        let isNew = noted.body != incident.body
        if isNew { try IncidentShelf.put(noted, in: store) }
        return ["id": .string(incident.id), "added": .bool(isNew), "entry": entry.value]
    }
}
