import Expressions
import WorkflowModel
import Workspaces

extension OpenWorkspace {
    /// Answers `open_now`.
    var calendars: NamedValues.CalendarLookup {
        let workspace = workspace
        return { name, instant in workspace.isOpen(calendar: name, at: instant) }
    }
}
