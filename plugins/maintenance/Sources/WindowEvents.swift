import PluginKit
import WorkflowModel

/// The events of windows.
enum WindowEvents {
    /// `maintenance.TYPE` about `window`, once for each revision of it.
    static func draft(_ type: String, _ window: Window) -> EventDraft {
        EventDraft(
            type: "maintenance.\(type)", subject: "maintenance:\(window.id)", data: ["maintenance": .map(window.shown)],
            key: "maintenance:\(window.id):\(window.revision):\(type)")
    }
}
