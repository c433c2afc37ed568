import PluginKit
import WorkflowModel

/// Moves windows along with the events that tell of them, ours by timer or from another system, and attaches the window as it is now.
struct WindowConsumer: EventConsumer {
    func consume(_ event: Event, on store: any PluginStore, now: Timestamp, workspace: WorkspaceTables) throws
        -> ValueMap
    {
        guard event.type.hasPrefix("maintenance."), let told = event.data["maintenance"]?.map,
            let id = told["id"]?.string
        else { return ValueMap() }
        let type = String(event.type.dropFirst("maintenance.".count))
        guard let body = try store.document(id, in: WindowShelf.collection), var window = Window(body) else {
            try takeIn(told, type, store: store, workspace: workspace)
            return ValueMap()
        }
        if move(&window, by: type, told: told, at: event.time) {
            try WindowShelf.put(window, in: store)
            if window.state.isOver {
                try WindowTimers.cancel(for: window, in: store)
            } else if type == "extended", !window.isForeign {
                try WindowTimers.set(for: window, now: now, in: store)
            }
        }
        return ["maintenance": .map(window.shown)]
    }

    /// Applies what the event says; false when it says nothing new, or something that cannot be from this state.
    private func move(_ window: inout Window, by type: String, told: ValueMap, at time: Timestamp) -> Bool {
        switch (type, window.state) {
        case ("scheduled", .proposed) where window.isForeign: window.state = .scheduled
        case ("started", .scheduled), ("started", .proposed): window.state = .inProgress
        case ("extended", .scheduled), ("extended", .inProgress):
            guard let end = told["ends_at"]?.timestamp, end > window.end else { return false }
            window.end = end
            window.revision += 1
        case ("completed", .inProgress), ("completed", .scheduled):
            window.state = .completed
            // Somebody may say so before the planned end.
            if time < window.end, time > window.start { window.end = time }
        case ("cancelled", .proposed), ("cancelled", .scheduled):
            window.state = .cancelled
            window.reason = told["reason"]?.string ?? window.reason
        default: return false
        }
        return true
    }

    /// Keeps a window of another system, so that conflicts with it are seen. One that says too little is left alone.
    private func takeIn(
        _ told: ValueMap, _ type: String, store: any PluginStore, workspace: WorkspaceTables
    ) throws {
        guard var window = Window(told), window.id.utf8.count <= 200 else { return }
        switch type {
        case "proposed": window.state = .proposed
        case "scheduled", "starting": window.state = .scheduled
        case "started", "extended", "ending", "overrun": window.state = .inProgress
        case "completed": window.state = .completed
        case "cancelled": window.state = .cancelled
        default: return
        }
        if told["zone"]?.string == nil { window.zone = workspace.directory.zone }
        window.isForeign = true
        try WindowShelf.put(window, in: store)
    }
}
