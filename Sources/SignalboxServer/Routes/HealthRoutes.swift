import Hummingbird
import RunStore
import WorkflowEngine
import WorkflowModel

/// `GET /healthz` and `GET /readyz`: whether the process lives, and whether it can do its work. Neither needs a token, and neither
/// tells more than that.
struct HealthRoutes {
    let services: ServerServices
    let state: ServerState

    func add(to router: Router<ServerContext>) {
        router.get("/healthz") { _, _ in
            Response.json(["status": "ok", "version": .string(services.version)])
        }
        router.get("/readyz") { _, _ in
            let reasons = await reasons()
            guard reasons.isEmpty else {
                return Response.json(
                    ["status": "unavailable", "reasons": .list(reasons.map(Value.string))],
                    status: .serviceUnavailable)
            }
            guard let warning = state.warning else { return Response.json(["status": "ready"]) }
            return Response.json(["status": "ready", "warnings": [.string(warning)]])
        }
    }

    /// Why it cannot do its work; empty when it can.
    private func reasons() async -> [String] {
        var reasons: [String] = []
        switch state.phase {
        case .starting: reasons.append("starting: what was left by an earlier executor is being looked at")
        case .draining: reasons.append("stopping: what is under way is ended, nothing new is taken")
        case .ready: break
        }
        if let replacement = services.engine.replacedBy { reasons.append("replaced: \(replacement.message)") }
        if let problem = await services.engine.storeTrouble() { reasons.append("store: \(problem)") }
        return reasons
    }
}
