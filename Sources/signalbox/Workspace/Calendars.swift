import Expressions
import WorkflowModel
import Workspaces

extension OpenWorkspace {
    /// Answers `open_now`.
    var calendars: NamedValues.CalendarLookup {
        let calendars = workspace.calendars
        let zone = workspace.settings.zone
        return { name, instant in calendars[name]?.isOpen(at: instant, workspaceZone: zone) }
    }
}
