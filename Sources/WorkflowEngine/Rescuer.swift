import RunStore
import WorkflowModel

/// Takes back what an earlier executor left: runs that were in line, in work or being ended, and waits that are over. And what this
/// one has lost sight of when the store failed, or when it did something and its answer was lost.
struct Rescuer: Sendable {
    /// How many runs are taken back at once; the rest follows when these are done.
    static let limit = 10_000
    /// How long after a failure of the store it is looked after what was left; twice as long after each further failure.
    static let firstPause = Duration.seconds(1)
    /// The longest such time.
    static let longestPause = Duration.seconds(60)
    private static let page = 1000

    let core: EngineCore

    /// Puts the runs in line; returns them, oldest first. The executor lock has proved that nobody else has them.
    ///
    /// - Parameter everything: also what this executor has itself: it has let go of all after a stop.
    func rescue(everything: Bool = false) async throws -> [RunID] {
        let (generation, now) = (everything ? -1 : core.generation, core.services.clock.now)
        let runs = try await core.store.read(view: { reader in
            try reader.runnable(generation: generation, now: now, limit: Rescuer.limit)
        })
        try await fillSlots()
        let left = runs.filter { !core.has($0) }
        for run in left { core.take(run) }
        if runs.count == Rescuer.limit, !left.isEmpty { core.services.spawn { await rescueTheRest() } }
        return left
    }

    /// After each failure of the store looks for what was left by it, until the engine stops.
    func run() async {
        var pause = Rescuer.firstPause
        var seen = 0
        while !Task.isCancelled, !core.isDraining {
            await core.store.doubts.wait(after: seen, until: nil, core.deadlines)
            guard !core.isDraining else { return }
            guard !core.store.isFenced else { return }
            seen = core.store.doubts.count
            do {
                try await core.services.clock.pause(for: pause)
            } catch { return }
            guard !core.isDraining else { return }
            let isQuiet = core.store.doubts.count == seen
            seen = core.store.doubts.count
            // A timer may have been set by a commit whose answer was lost.
            core.timersChanged.raise()
            do {
                try await reconcile()
                for run in core.stalledRuns { core.take(run) }
                _ = try await rescue()
            } catch {
                core.tell(.warning(nil, "runs cannot be read: \(error)"))
            }
            pause = isQuiet ? Rescuer.firstPause : min(pause * 2, Rescuer.longestPause)
        }
    }

    /// Takes up what a stop has let go of, once it has ended.
    func takeUpAll() async throws {
        guard core.mustTakeUpAll else { return }
        _ = try await rescue(everything: true)
        core.noteAllTakenUp()
        core.timersChanged.raise()
    }

    /// Whether everything is stopped is what the store says, also when the answer to whoever stopped it, or let it go on, was lost.
    private func reconcile() async throws {
        let core = core
        try await core.store.write { core.halt(try StandingGates($0).isHalted) }
        try await takeUpAll()
    }

    /// Gives places that are free to runs that wait: a playbook may have come to allow more than when they began to wait.
    private func fillSlots() async throws {
        let core = core
        let slots = try await core.store.read(view: { reader in
            var slots: [(slot: String, playbook: String)] = []
            var seen: Set<String> = []
            var before: RunID?
            while true {
                let page = try reader.runs(RunQuery(states: [.queued], before: before, limit: Rescuer.page))
                for run in page where run.isHeld {
                    if let slot = run.slot, seen.insert(slot).inserted { slots.append((slot, run.playbook)) }
                }
                guard page.count == Rescuer.page, let last = page.last else { return slots }
                before = last.id
            }
        })
        guard !slots.isEmpty else { return }
        let dispatch = try await core.store.write { transaction in
            var dispatch = Dispatch()
            for (slot, playbook) in slots {
                try core.rules.dispatcher.keeper.slots.letIn(slot, playbook, transaction, into: &dispatch)
            }
            return dispatch
        }
        core.take(dispatch)
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
