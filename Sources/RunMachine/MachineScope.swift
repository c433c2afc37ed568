import Expressions
import WorkflowModel

/// The names that a step's expressions see.
///
/// A loop variable hides a name of the event; the machine's own names (`event`, `steps`, `vars`, …) hide both.
struct MachineScope: Scope {
    var trigger: ValueMap
    /// What is known since the last wait, in place of the names that the event gave.
    var fresh: ValueMap
    var event: Value
    /// What was collected; nil in playbooks that collect nothing.
    var events: Value?
    var vars: ValueMap
    var inputs: ValueMap
    var steps: ValueMap
    var run: Value
    var failure: Value?
    var locals: [(name: String, value: Value)]
    /// Only where secrets may be used: inside `with`.
    var secrets: ValueMap?
    var now: Timestamp
    var calendars: NamedValues.CalendarLookup?

    func value(of name: String) -> Value? {
        switch name {
        case "event": return event
        case "trigger": return .map(trigger)
        case "events": if let events { return events }
        case "vars": return .map(vars)
        case "inputs": return .map(inputs)
        case "steps": return .map(steps)
        case "run": return run
        case "now": return .timestamp(now)
        case "failure": if let failure { return failure }
        case "secrets": if let secrets { return .map(secrets) }
        default: break
        }
        if let local = locals.last(where: { $0.name == name }) { return local.value }
        return fresh[name] ?? trigger[name]
    }

    func isOpen(calendar: String, at moment: Timestamp) -> Bool? { calendars?(calendar, moment) }

    /// All names, for templates; `secrets` is never among them.
    var names: ValueMap {
        var names = trigger.merging(fresh)
        for local in locals { names[local.name] = local.value }
        names["event"] = event
        names["trigger"] = .map(trigger)
        if let events { names["events"] = events }
        names["vars"] = .map(vars)
        names["inputs"] = .map(inputs)
        names["steps"] = .map(steps)
        names["run"] = run
        names["now"] = .timestamp(now)
        names["failure"] = failure
        return names
    }
}
