import PluginKit
import WorkflowModel

/// `maintenance.cancel`: a window that has not begun is cancelled; one that has is ended early, for what was begun stays on record.
struct CancelAction: StateAction {
    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        var window = try WindowShelf.window(try input.text("id"), in: store)
        let reason = try input.text("reason")
        guard window.state != .completed else {
            throw Failure.permanent("already_ended", "window \(window.id) ended \(window.end.rfc3339)")
        }
        let hasBegun = window.state == .inProgress || (window.state == .scheduled && window.start <= context.now)
        if window.state == .cancelled { return output(window, changed: false, endedEarly: false) }

        let by = try input.optionalText("by")
        window.reason = by.map { "\(reason) (\($0))" } ?? reason
        window.revision += 1
        if hasBegun {
            window.state = .completed
            // A window that is cancelled in the instant it begins would otherwise have no time at all.
            window.end = min(window.end, max(context.now, window.start + .nanoseconds(1)))
        } else {
            window.state = .cancelled
        }
        try WindowShelf.put(window, in: store)
        try WindowTimers.cancel(for: window, in: store)
        try store.emit(WindowEvents.draft(hasBegun ? "completed" : "cancelled", window))
        return output(window, changed: true, endedEarly: hasBegun)
    }

    private func output(_ window: Window, changed: Bool, endedEarly: Bool) -> Value {
        [
            "id": .string(window.id), "state": .string(window.state.rawValue), "changed": .bool(changed),
            "ended_early": .bool(endedEarly), "window": .map(window.shown),
        ]
    }
}
