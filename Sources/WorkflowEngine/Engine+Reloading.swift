import RunStore
public import WorkflowModel

/// Going by a workspace that was read anew, while everything goes on.
extension Engine {
    /// What another reading of the workspace has changed.
    public struct Reloading: Sendable, Hashable {
        /// The number of the set by which events are matched now.
        public var generation: Int64
        /// How many playbooks it has.
        public var playbooks: Int
        /// The playbooks that were not there before.
        public var added: [String] = []
        /// The playbooks that are there no more; their runs go on.
        public var removed: [String] = []
        /// The playbooks with another version; runs that have begun go on with theirs.
        public var changed: [String] = []

        /// What is told to another process.
        public var value: Value {
            func list(_ ids: [String]) -> Value { .list(ids.map(Value.string)) }
            return [
                "generation": .int(generation), "playbooks": .int(Int64(playbooks)), "added": list(added),
                "removed": list(removed), "changed": list(changed),
            ]
        }
    }

    /// Goes by `set` from now on: the next event is matched by all of it, one whose transaction has begun by all of the former. Runs go
    /// on with the version that they began with. Pauses, edges, throttles and whatever else gates remember stay; schedules that are the
    /// same stay as they are, new ones count from now, and those that are gone fire no more.
    ///
    /// - Parameters:
    ///   - person: who asked for it, for the audit log; nil when nobody did.
    ///   - change: changes settings and services to those of the new reading. What concerns store, clock, threads and monitoring stays as
    ///     it was when the engine was opened.
    /// - Throws: ``EngineError`` `busy` while another call is at it, `closed`; ``StoreError``. In each case the former set is kept.
    @discardableResult
    public func reload(
        _ set: ActiveSet, by person: String? = nil, typedBy typist: String? = nil,
        change: @Sendable (inout EngineSettings, inout EngineServices) -> Void = { _, _ in }
    ) async throws -> Reloading {
        try checkOpen()
        let core = core
        guard core.beginReloading() else {
            throw EngineError(.busy, "the workspace is being read at this moment; try again when that is done")
        }
        defer { core.endReloading() }
        let old = core.rules
        var (settings, services) = (old.settings, old.services)
        change(&settings, &services)
        let now = core.services.clock.now
        let generation = try await core.store.write { transaction in
            let generation = try Engine.generation(of: set, in: transaction, now: now)
            if let person {
                _ = try transaction.appendAudit(
                    AuditDraft(
                        at: now, by: person, action: "reload", target: "workspace", typedBy: typist,
                        detail: ["generation": .int(generation)]))
            }
            return generation
        }
        core.shelf.put(set.playbooks)
        // Not before the bundles are stored: a run must find its own.
        core.follow(
            Rules(set: set, settings: settings, services: services, generation: generation, board: core.board))
        core.timersChanged.raise()
        do {
            try await core.keepSchedules()
        } catch {
            // The set is followed all the same; the scheduler does it before it fires the next timer.
            core.tell(.warning(nil, "the timers of schedules are set when the store is well again: \(error)"))
        }
        var reloading = Reloading(generation: generation, playbooks: set.playbooks.count)
        let before = Dictionary(old.set.members.map { ($0.playbook, $0) }, uniquingKeysWith: { first, _ in first })
        for member in set.members {
            if let known = before[member.playbook] {
                if known != member { reloading.changed.append(member.playbook) }
            } else {
                reloading.added.append(member.playbook)
            }
        }
        let present = Set(set.members.map(\.playbook))
        reloading.removed = old.set.members.map(\.playbook).filter { !present.contains($0) }
        return reloading
    }
}
