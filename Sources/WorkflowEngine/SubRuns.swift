import RunMachine
public import RunStore
public import WorkflowModel

/// Runs that steps of other runs have made.
public enum SubRuns {
    /// The run of `playbook` that step `step` of `parent` calls.
    static func make(
        of playbook: ActivePlaybook, for parent: RunRecord, step: String, inputs: ValueMap, id: RunID, now: Timestamp
    ) -> RunRecord {
        var run = RunRecord(
            id: id, playbook: playbook.workflow.id, kind: parent.kind, bundle: playbook.bundle, event: parent.event,
            subject: parent.subject, createdAt: now, requestedBy: parent.requestedBy, inputs: inputs,
            depth: parent.depth)
        run.parent = parent.id
        run.parentStep = step
        run.callDepth = parent.callDepth + 1
        return run
    }

    /// Wakes the caller of a run that has ended, in the transaction that stores its end.
    static func tellCaller(of run: RunRecord, in transaction: any StoreTransaction, now: Timestamp) throws {
        guard run.state.isFinal, let parent = run.parent, let step = run.parentStep else { return }
        guard let caller = try transaction.run(parent), !caller.state.isFinal else { return }
        try transaction.setTimer(TimerRecord(due: now, purpose: .run(parent, name: TimerName.returned(step))))
    }

    /// What a called run has ended in; nil while it has not.
    static func result(of id: RunID, in reader: any StoreReader) throws -> SubRunResult? {
        guard let run = try reader.run(id) else {
            return SubRunResult(
                state: .failed, outputs: nil, failure: Failure(code: "no_run", message: "the called run is not stored"))
        }
        guard run.state.isFinal else { return nil }
        return SubRunResult(state: run.state, outputs: run.outputs, failure: run.failure)
    }

    /// All runs that `run` has called, and those that they have called, each after its caller.
    ///
    /// - Throws: ``StoreError``.
    public static func below(_ run: RunID, in reader: any StoreReader) throws -> [RunRecord] {
        var found: [RunRecord] = []
        var open = [run]
        while let next = open.popLast(), found.count < 10_000 {
            let called = try reader.runs(RunQuery(parent: next, limit: 1000))
            found += called
            open += called.map(\.id)
        }
        return found
    }
}
