import RunMachine
import RunStore
import WorkflowModel

/// How what a run decided becomes durable, and is told after that.
extension RunExecution {
    func collect() {
        guard machine.hasEntries else { return }
        projection.take(from: &machine, at: now)
    }

    /// Stores what is not stored yet, in one commit.
    func flush(parking: Bool = false) async throws {
        collect()
        guard !projection.isEmpty || parking || !notes.isEmpty else { return try stored(Dispatch()) }
        try core.fault(.beforeCommit)
        do {
            try await save(parking: parking)
        } catch let failed as RunProjection.ChangeFailed {
            projection.changes = []
            projection.notices.append(
                .warning(row.id, "\(failed.plugin) could not note what it did: \(failed.cause)"))
            try await saveWithoutConsequences(parking: parking)
        } catch let error as StoreError {
            throw error
        } catch  where projection.hasConsequences {
            try await saveWithoutConsequences(parking: parking)
        }
    }

    /// Stores the outcome alone when what should follow from it is refused: the write has happened, and that must not be lost
    /// because a plugin cannot note it or take its events in.
    private func saveWithoutConsequences(parking: Bool) async throws {
        do {
            try await save(parking: parking)
        } catch let error as StoreError {
            throw error
        } catch {
            projection.changes = []
            projection.emitted = []
            let why = (error as? Failure)?.message ?? "\(error)"
            projection.notices.append(.warning(row.id, "the events of the run are refused: \(why)"))
            try await save(parking: parking)
        }
    }

    private func save(parking: Bool) async throws {
        let (core, unsaved, notes, now) = (core, projection, notes, now)
        let next = RunExecution.row(
            row, of: machine, unsaved.entryCount, lease: core.generation, isParked: parking, now: now)
        let awake = RunExecution.row(
            row, of: machine, unsaved.entryCount, lease: core.generation, isParked: false, now: now)
        let listening = parking ? activeLooks : []
        let calledRuns = parking ? machine.calledRuns.map(\.run) : []
        let (dispatch, isNews) = try await core.store.write { transaction in
            // What came after the last look must not be slept through, should the process die before the run hears of it.
            let hasEnded = try calledRuns.contains { try transaction.run($0)?.state.isFinal ?? false }
            let isNews =
                try hasEnded
                || listening.contains { look in
                    let newest = try transaction.events(ofSubject: look.subject, before: nil, limit: 1).first?.sequence
                    return (newest ?? 0) > look.upTo
                }
            let dispatch = try unsaved.save(isNews ? awake : next, in: transaction, by: core.rules.dispatcher, now: now)
            for note in notes { try note(transaction, ()) }
            return (dispatch, isNews)
        }
        let former = row.state
        row = isNews ? awake : next
        if row.state != former, !row.state.isFinal { projection.notices.append(.runChanged(row)) }
        if isNews { mailbox.post(.wake) }
        try stored(dispatch)
    }

    /// Up to where those steps have looked that still wait for events.
    private var activeLooks: [(subject: String, upTo: Int64)] {
        looks.sorted { $0.key < $1.key }.filter { step, _ in
            step == StopWatch.step ? machine.canBeStopped : machine.isListening(step: step)
        }.map(\.value)
    }

    /// What was stored is told: to workers, listeners and those who asked for it.
    func stored(_ dispatch: Dispatch) throws {
        let notices = projection.notices
        if projection.setsTimers || !dispatch.receipts.isEmpty || row.parent != nil && row.state.isFinal {
            core.timersChanged.raise()
        }
        projection.clear()
        core.take(dispatch)
        for notice in notices { core.tell(notice) }
        for answer in answers { answer(.success(())) }
        answers = []
        try core.fault(.afterCommit)
    }

    static func row(
        _ old: RunRecord, of machine: RunMachine, _ entries: Int, lease: Int64, isParked: Bool, now: Timestamp
    ) -> RunRecord {
        var row = old
        row.state = machine.state
        row.entries = entries
        row.startedAt = row.startedAt ?? now
        row.wakesAt = isParked ? machine.nextDue ?? machine.endsAtLatest : nil
        row.lease = isParked || row.state.isFinal ? nil : lease
        // A run that is between two steps runs, whatever its machine waits for in memory.
        if !isParked, !row.state.isFinal, row.state != .stopping { row.state = .running }
        if row.state.isFinal {
            row.endedAt = now
            row.failure = machine.failure
            row.outputs = machine.outputs.map(Value.map)
        }
        return row
    }
}
