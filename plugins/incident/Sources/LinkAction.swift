import PluginKit
import WorkflowModel

/// `incident.link`: tickets, other incidents, and what an incident is a duplicate of.
struct LinkAction: StateAction {
    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        var edit = try IncidentEdit(try IncidentShelf.incident(input, in: store, context), input, in: context)
        let to = try input.texts("to")
        switch try input.optionalText("relation") ?? "ticket" {
        case "related", "caused_by":
            guard !to.contains(edit.incident.id) else {
                throw Failure.invalidInput("\(edit.incident.id) cannot be related to itself")
            }
            edit.incident.add(to, to: "related")
        case "duplicate_of":
            guard let id = to.first, to.count == 1 else {
                throw Failure.invalidInput("an incident is a duplicate of one other")
            }
            try merge(&edit, into: id, input, store, context)
        default: edit.incident.add(to, to: "tickets")
        }
        let (changes, isChanged) = try edit.finish("incident.updated", on: store)
        return edit.output(changes, isChanged: isChanged)
    }

    /// Lets the incident end and the other go on with its tickets.
    private func merge(
        _ edit: inout IncidentEdit, into id: String, _ input: ActionInput, _ store: any PluginStore,
        _ context: ActionContext
    ) throws {
        guard let target = try IncidentShelf.find(id, in: store) else {
            throw Failure.permanent("unknown_incident", "there is no incident \(id)")
        }
        guard target.id != edit.incident.id else {
            throw Failure.invalidInput("\(target.id) cannot be a duplicate of itself")
        }
        if let into = target.mergedInto {
            throw Failure.permanent("merged", "\(target.id) was merged into \(into) itself: merge into that one")
        }
        guard edit.incident.mergedInto != target.id else { return }
        var other = try IncidentEdit(target, input, in: context)
        other.incident.add(edit.incident["tickets"]?.list?.compactMap(\.string) ?? [], to: "tickets")
        other.incident.add([edit.incident.id], to: "related")
        let own = target["services"]?.list ?? []
        let more = (edit.incident["services"]?.list ?? []).filter { !own.contains($0) }
        if !more.isEmpty { other.learn("services", .list(own + more)) }
        _ = try other.finish("incident.updated", text: "\(edit.incident.id) was merged into this", on: store)
        edit.incident.learnStatus("merged", at: edit.now, by: edit.actor)
        edit.learn("merged_into", .string(target.id))
    }
}
