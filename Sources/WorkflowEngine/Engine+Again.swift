public import RunStore
public import WorkflowModel

/// Doing runs again: new runs with the event and inputs of old ones.
extension Engine {
    /// Makes a run that goes on with the results that `run` had before step `from`.
    ///
    /// - Parameters:
    ///   - from: the step's id or path; nil for the step that failed.
    ///   - sameVersion: whether it follows the version that `run` had instead of today's.
    ///   - person: who asks for it; noted in the audit log.
    ///   - typist: who typed it, when that was somebody else.
    /// - Throws: ``EngineError`` when the run cannot go on there; ``StoreError``.
    public func retry(
        _ run: RunID, from: String?, sameVersion: Bool = false, by person: String, typedBy typist: String? = nil
    ) async throws -> RunRecord {
        try await retry(run, from: from, sameVersion: sameVersion, by: person, typedBy: typist) { _, _ in }
    }

    /// Makes a run that does all of `run` again.
    ///
    /// - Throws: ``EngineError`` when the run has not ended, its playbook has gone or is paused, or its place in `concurrency` is
    ///   taken; ``StoreError``.
    public func replay(
        _ run: RunID, sameVersion: Bool = false, by person: String, typedBy typist: String? = nil
    ) async throws -> RunRecord {
        try await replay(run, sameVersion: sameVersion, by: person, typedBy: typist) { _, _ in }
    }

    func retry(
        _ run: RunID, from: String?, sameVersion: Bool, by person: String, typedBy typist: String?,
        noting note: @escaping RequestNote<RunRecord>
    ) async throws -> RunRecord {
        let registry = core.services.registry
        return try await again(run, sameVersion, "retry", by: person, typedBy: typist, noting: note) {
            old, former, playbook, reader in
            try RunAgainPlan.retry(
                old, from: from, former: former, by: playbook, registry: registry, in: reader)
        }
    }

    func replay(
        _ run: RunID, sameVersion: Bool, by person: String, typedBy typist: String?,
        noting note: @escaping RequestNote<RunRecord>
    ) async throws -> RunRecord {
        try await again(run, sameVersion, "replay", by: person, typedBy: typist, noting: note) {
            old, _, playbook, reader in try RunAgainPlan.replay(old, by: playbook, in: reader)
        }
    }

    private func again(
        _ run: RunID, _ sameVersion: Bool, _ action: String, by person: String, typedBy typist: String?,
        noting note: @escaping RequestNote<RunRecord>,
        _ makePlan:
            @escaping @Sendable (RunRecord, ActivePlaybook, ActivePlaybook, any StoreReader) throws -> RunAgainPlan
    ) async throws -> RunRecord {
        try checkOpen()
        try core.fault(.beforeAccept)
        let (core, set, now) = (core, set, core.services.clock.now)
        let id = RunID(at: now, random: core.services.entropy(10))
        var seed: UInt64 = 0
        for byte in core.services.entropy(8) { seed = seed << 8 | UInt64(byte) }
        let start = seed
        let noting = audited(
            action, by: person, typedBy: typist, of: run.text, ["run": .string(id.text)], then: note)
        let (made, dispatch) = try await core.store.write { transaction in
            var dispatch = Dispatch()
            guard let old = try transaction.run(run) else { throw EngineError(.notFound, "there is no run \(run)") }
            let former = try core.shelf.item(old.bundle, content: try transaction.bundle(old.bundle)).playbook
            let playbook: ActivePlaybook
            if sameVersion {
                playbook = former
            } else if let active = set.playbook(old.playbook) {
                playbook = active
            } else {
                throw EngineError(
                    .notFound,
                    "there is no playbook \(old.playbook) any more; --same-version does the version again that the run had"
                )
            }
            let plan = try makePlan(old, former, playbook, transaction)
            var new = RunRecord(
                id: id, playbook: old.playbook, kind: old.kind, bundle: playbook.bundle, event: old.event,
                subject: old.subject, createdAt: now, requestedBy: person, inputs: old.inputs, depth: old.depth)
            new.origin = plan.origin
            let journal = plan.journal(of: id, url: core.settings.runURL?(id), seed: start, at: now)
            new.entries = journal.count
            let event = try old.event.flatMap { try transaction.event($0) }
            try core.rules.dispatcher.keeper.admitByHand(&new, event: event, in: transaction, now: now, into: &dispatch)
            try transaction.insertBundle(playbook.bundle, playbook.content)
            try transaction.insertRun(new)
            if !journal.isEmpty { try transaction.append(journal, to: id) }
            try StopWatch.begin(new, of: playbook.workflow, in: transaction)
            try noting(transaction, new)
            return (new, dispatch)
        }
        try core.fault(.afterAccept)
        core.take(dispatch)
        core.tell(.runChanged(made))
        if !made.isHeld { core.take(made.id) }
        return made
    }
}
