import Synchronization
import WorkflowEngine
import WorkflowModel

/// Where `signalbox reload` of another process arrives: the engine has it from its beginning, the reloader comes once there is an engine.
final class ReloadDesk: Sendable {
    private let reloader = Mutex<WorkspaceReloader?>(nil)

    func open(_ reloader: WorkspaceReloader) { self.reloader.withLock { $0 = reloader } }

    func answer(by person: String, typedBy typist: String?) async -> Value {
        guard let reloader = reloader.withLock({ $0 }) else {
            return RequestAnswer.refused(EngineError.Code.busy.rawValue, "the executor is just starting; try again")
        }
        return await reloader.answer(by: person, typedBy: typist)
    }
}
