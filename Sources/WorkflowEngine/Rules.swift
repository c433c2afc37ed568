import WorkflowModel

/// What the engine goes by until the workspace is read anew. It is replaced as a whole: whoever takes it once has playbooks, settings
/// and tables of one reading, never some of the old and some of the new.
final class Rules: Sendable {
    let set: ActiveSet
    let settings: EngineSettings
    let services: EngineServices
    let dispatcher: Dispatcher

    init(set: ActiveSet, settings: EngineSettings, services: EngineServices, generation: Int64, board: GateBoard) {
        self.set = set
        self.settings = settings
        self.services = services
        dispatcher = Dispatcher(
            services: services, settings: settings, set: set, generation: generation, board: board)
    }
}
