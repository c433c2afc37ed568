import Expressions
import RunMachine
import WorkflowModel
import Workspaces

extension OpenWorkspace {
    /// Answers `open_now`.
    var calendars: NamedValues.CalendarLookup {
        let workspace = workspace
        return { name, instant in workspace.isOpen(calendar: name, at: instant) }
    }

    /// Counts open time for waits.
    var businessTime: RunMachine.BusinessTime {
        let workspace = workspace
        return { name, duration, start throws(Failure) in
            try workspace.moment(after: duration, of: name, from: start)
        }
    }
}
