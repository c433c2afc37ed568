import PluginKit
import WorkflowModel

/// `incident.assign_role`: who is what, from now on.
struct AssignRoleAction: StateAction {
    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        var edit = try IncidentEdit(try IncidentShelf.incident(input, in: store, context), input, in: context)
        let role = try NameCheck.role(try input.text("role"))
        let person = try input.optionalText("person")
        guard (person != nil) != (try input.flag("vacate")) else {
            throw Failure.invalidInput("give the person who gets the role, or vacate: true")
        }
        let known = edit.incident.roles.map(\.role)
        guard known.contains(role) || known.count < Incident.mostRoles else {
            throw Failure.invalidInput("an incident has at most \(Incident.mostRoles) roles")
        }
        var id: String?
        if let person { id = try edit.names.person(person) }
        edit.incident.learnRole(role, id, at: edit.now, by: edit.actor)
        let (changes, isChanged) = try edit.finish("incident.updated", on: store)
        return edit.output(changes, isChanged: isChanged)
    }
}
