import RunStore
import WorkflowModel

/// Takes back what an earlier executor left: runs that were in line, in work or being ended, and waits that are over.
struct Rescuer: Sendable {
    /// The most runs that are taken back at once.
    static let limit = 100_000

    let core: EngineCore

    /// Puts the runs in line; returns them, oldest first. The executor lock has proved that nobody else has them.
    func rescue() async throws -> [RunID] {
        let (generation, now) = (core.generation, core.services.clock.now)
        let runs = try await core.store.read(view: { reader in
            try reader.runnable(generation: generation, now: now, limit: Rescuer.limit)
        })
        let left = runs.filter { !core.has($0) }
        for run in left { core.take(run) }
        return left
    }
}
