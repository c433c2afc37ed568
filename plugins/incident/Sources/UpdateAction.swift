import PluginKit
import WorkflowModel

/// `incident.update`: what is known now, and what people are told.
struct UpdateAction: StateAction {
    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        var edit = try IncidentEdit(try IncidentShelf.incident(input, in: store, context), input, in: context)
        let status = try input.optionalText("status")
        if let into = edit.incident.mergedInto, status == nil {
            throw Failure.permanent(
                "merged",
                "\(edit.incident.id) was merged into \(into): update that one, or give a status to open this again")
        }
        let message = try input.optionalText("message")
        let wasOpen = edit.incident.isOpen
        var isNews = try edit.take(input) || message != nil
        if let status, edit.incident.learnStatus(status, at: edit.now, by: edit.actor) { isNews = true }
        if try input.flag("acknowledge") {
            IncidentLearning.acknowledge(&edit.incident, at: edit.now, by: edit.actor)
        }
        let next = try input.optionalDuration("next_news_in")
        if isNews || next != nil { edit.tell(message, nextIn: next) }
        let isResolved = wasOpen && edit.incident.status == "resolved"
        let (changes, isChanged) = try edit.finish(
            isResolved ? "incident.resolved" : "incident.updated", message: message, on: store)
        return edit.output(changes, isChanged: isChanged)
    }
}

/// `incident.resolve`: it is over.
struct ResolveAction: StateAction {
    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        var edit = try IncidentEdit(try IncidentShelf.incident(input, in: store, context), input, in: context)
        guard edit.incident.isOpen else {
            // Over is over: a second word to that effect changes nothing, and says so.
            return edit.output(IncidentChanges(from: [:], to: [:]), isChanged: false)
        }
        let message = try input.optionalText("message")
        _ = try edit.take(input)
        edit.incident.learnStatus("resolved", at: edit.now, by: edit.actor)
        if let instant = try input.optionalTimestamp("resolved_at") {
            let start = edit.incident["declared_at"]?.timestamp ?? .earliest
            guard instant <= edit.now, instant >= start else {
                throw Failure.invalidInput(
                    "resolved_at must lie between the declaration and now, is \(instant.rfc3339)")
            }
            edit.learn("resolved_at", .timestamp(instant))
        }
        edit.tell(message, nextIn: nil)
        let (changes, isChanged) = try edit.finish(
            "incident.resolved", text: IncidentWords.resolved(edit.incident, message), message: message, kind: "status",
            isPinned: true, on: store)
        return edit.output(changes, isChanged: isChanged)
    }
}
