import HTTPTypes
import WorkflowEngine
import WorkflowModel

/// The one way of events from outside into the engine: what it gives is on disk. `POST /events` and the hooks share it.
struct EventIntake: Sendable {
    private let engine: Engine
    private let state: ServerState

    init(services: ServerServices, state: ServerState) {
        engine = services.engine
        self.state = state
    }

    /// Accepts all of `events`, or none of them.
    ///
    /// - Throws: ``Problem``: 503 with `Retry-After` when there is no room or the server begins or ends, 422 when a plugin refuses an
    ///   event.
    func take(_ events: [Event]) async throws -> [Admission] {
        switch state.phase {
        case .ready, .draining: break
        case .starting: throw Problem.unavailable("starting", "the server is starting; try again")
        }
        do {
            return try await engine.admit(events)
        } catch AdmissionRefusal.overloaded {
            throw Problem.unavailable(
                "overloaded", "more comes than can be stored or worked off; nothing was accepted, try again")
        } catch AdmissionRefusal.event(let place, let why) {
            throw Problem(
                .unprocessableContent, "event_refused",
                (events.count > 1 ? "event \(place + 1): " : "") + why
                    + (events.count > 1 ? "; none of the events was accepted" : ""),
                members: ["event": .int(Int64(place))])
        }
    }
}
