import PluginKit
import WorkflowModel

/// The timers that tell of a window's start and end.
enum WindowTimers {
    /// How long before its start a window is announced, as status pages do it.
    static let startingLead = Duration.seconds(60 * 60)
    /// How long before its end a window is announced to end.
    static let endingLead = Duration.seconds(15 * 60)

    private static let moments = ["starting", "started", "ending", "end"]

    /// Sets the timers of a window that is scheduled or under way; those that lie in the past collapse into what is true now.
    static func set(for window: Window, now: Timestamp, in store: any PluginStore) throws {
        try cancel(for: window, in: store)
        var begun = window
        begun.state = .inProgress
        if window.state == .scheduled {
            let announced = max(window.start - startingLead, now)
            if announced < window.start { try set("starting", announced, "starting", window, in: store) }
            try set("started", max(window.start, now), "started", begun, in: store)
        }
        let warned = window.end - endingLead
        if warned > max(window.start, now) { try set("ending", warned, "ending", begun, in: store) }
        var ended = begun
        if window.completesItself { ended.state = .completed }
        try set("end", max(window.end, now), window.completesItself ? "completed" : "overrun", ended, in: store)
    }

    /// Removes all timers of the window.
    static func cancel(for window: Window, in store: any PluginStore) throws {
        for moment in moments { try store.cancelTimer(key(window, moment)) }
    }

    private static func set(
        _ moment: String, _ due: Timestamp, _ type: String, _ window: Window, in store: any PluginStore
    ) throws {
        try store.setTimer(key(window, moment), due: due, emitting: WindowEvents.draft(type, window))
    }

    private static func key(_ window: Window, _ moment: String) -> String { "window:\(window.id):\(moment)" }
}
