import RunStore
import WorkflowModel

/// Takes back what an earlier executor left: runs that were in line, in work or being ended, and waits that are over.
struct Rescuer: Sendable {
    /// How many runs are taken back at once; the rest follows when these are done.
    static let limit = 10_000

    let core: EngineCore

    /// Puts the runs in line; returns them, oldest first. The executor lock has proved that nobody else has them.
    func rescue() async throws -> [RunID] {
        let (generation, now) = (core.generation, core.services.clock.now)
        let runs = try await core.store.read(view: { reader in
            try reader.runnable(generation: generation, now: now, limit: Rescuer.limit)
        })
        let left = runs.filter { !core.has($0) }
        for run in left { core.take(run) }
        if runs.count == Rescuer.limit, !left.isEmpty { core.services.spawn { await rescueTheRest() } }
        return left
    }

    private func rescueTheRest() async {
        while !core.isDraining {
            let seen = core.news.count
            if core.isIdle { break }
            await core.news.wait(after: seen, until: nil, core.deadlines)
        }
        guard !core.isDraining else { return }
        do { _ = try await rescue() } catch {
            core.tell(.warning(nil, "runs that an earlier executor left cannot be read: \(error)"))
        }
    }
}
