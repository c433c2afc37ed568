import Logging
import PluginKit
import RunStore
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel

/// The engine as the program composes it, on a database on disk, with ``StepPlugin`` alone: each step's result is durable
/// before the next step starts.
struct WorkloadEngine {
    let store: SQLiteRunStore
    let engine: Engine

    /// Opens the database in `folder`, which is made when it is not there, and an engine on it that knows `workflow`.
    ///
    /// - Parameters:
    ///   - runs: how many runs may go on together; nil for the engine's default.
    ///   - record: notes when each write is called.
    ///   - progress: is told what happens.
    static func open(
        folder: String, workflow: Workflow, runs: Int? = nil, record: CallRecord? = nil,
        progress: (@Sendable (Progress) -> Void)? = nil
    ) async throws -> WorkloadEngine {
        let store = try SQLiteRunStore(folder: folder, collections: [:])
        let playbook = ActivePlaybook(
            workflow: workflow, bundle: "bundle-\(workflow.id)", content: ["id": .string(workflow.id)])
        var settings = EngineSettings(workspaceID: "bench")
        settings.commitsEveryStep = true
        if let runs { settings.maximumRuns = runs }
        let closed = NoWayOut()
        var services = EngineServices(
            registry: try PluginRegistry([StepPlugin(record: record)]),
            performer: LivePerformer(http: closed, mail: closed, outbox: closed, documents: store, secrets: closed),
            workspace: { WorkspaceTables(name: "bench", directory: Directory(zone: "UTC")) },
            readBundle: { _, _ in playbook },
            log: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        services.progress = progress
        let engine = try await Engine.open(
            store: store, playbooks: try ActiveSet([playbook]), settings: settings, services: services)
        try await engine.recover()
        engine.start()
        return WorkloadEngine(store: store, engine: engine)
    }

    /// Accepts `events` and returns when all that follows from them has ended.
    ///
    /// - Throws: ``WorkloadError`` when an event makes no run, or a run does not end well.
    func complete(_ events: [Event]) async throws {
        let receipts = try await engine.emit(events)
        await engine.idle()
        let runs = receipts.flatMap(\.runs)
        guard runs.count == events.count else {
            throw WorkloadError("\(events.count) events made \(runs.count) runs")
        }
        let records = try await store.read(view: { reader in try runs.compactMap { try reader.run($0) } })
        for record in records where record.state != .succeeded {
            throw WorkloadError("run \(record.id) is \(record.state.rawValue): \(String(describing: record.failure))")
        }
    }

    /// Closes both; the database's log is moved into its file.
    func close() async {
        await engine.close()
        await store.close()
    }
}
