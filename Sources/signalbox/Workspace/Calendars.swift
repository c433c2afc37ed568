import Calendars
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

    /// The business calendars, for schedules that keep to one.
    var businessCalendars: Schedule.CalendarLookup {
        let known = workspace.calendars
        return { known[$0]?.business }
    }

    /// Counts open time for waits.
    var businessTime: RunMachine.BusinessTime {
        let workspace = workspace
        return { name, duration, start throws(Failure) in
            try workspace.moment(after: duration, of: name, from: start)
        }
    }
}
