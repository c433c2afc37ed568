public import RunStore
public import WorkflowModel

/// Waiting for what the engine does, and moving it on by hand.
extension Engine {
    /// Waits until each of `runs` has ended, needs a person, or waits for longer than `duration` from now; at most `duration`.
    ///
    /// - Returns: the runs as they are then.
    /// - Throws: ``StoreError``, also the one that stopped a run.
    public func wait(for runs: [RunID], upTo duration: Duration) async throws -> [RunRecord] {
        let core = core
        let limit = core.services.clock.now + duration
        var first = 0
        while true {
            let seen = core.news.count
            // Rows are read only when no run of them is being worked on: there may be thousands.
            while first < runs.count, !core.has(runs[first]) { first += 1 }
            let isOver = core.services.clock.now >= limit || core.isDraining
            if isOver || first == runs.count {
                let now = core.services.clock.now
                let (records, called, isDue) = try await core.store.read(view: { reader in
                    let records = try runs.compactMap { try reader.run($0) }
                    var called: [RunID: [RunRecord]] = [:]
                    for record in records where record.state == .waiting {
                        called[record.id] = try SubRuns.below(record.id, in: reader)
                    }
                    // The end of a called run may be on its way to its caller.
                    return (records, called, called.isEmpty ? false : try !reader.timers(dueBy: now, limit: 1).isEmpty)
                })
                for run in runs { if let error = core.stall(of: run) { throw error } }
                let isSettled = records.allSatisfy { record in
                    guard !record.state.isFinal else { return true }
                    guard !core.has(record.id) else { return false }
                    // A run that waits for one it has called is as far as that one.
                    let isBusy = (called[record.id] ?? []).contains { below in
                        guard !below.state.isFinal else { return false }
                        return core.has(below.id) || below.state == .waiting && (below.wakesAt ?? .latest) <= limit
                    }
                    guard !isBusy, !isDue || called[record.id]?.isEmpty ?? true else { return false }
                    return record.state == .needsAttention
                        || (record.state == .waiting && (record.wakesAt ?? .latest) > limit)
                }
                if isSettled || isOver { return records }
                first = 0
            }
            await core.news.wait(after: seen, until: limit, core.deadlines)
        }
    }

    /// Waits until no run is being worked on and no timer is due within `duration` from now; at most `duration`. Needs ``start()``
    /// for timers to fire.
    ///
    /// - Returns: whether all is quiet.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func waitUntilQuiet(upTo duration: Duration) async throws -> Bool {
        let limit = core.services.clock.now + duration
        while true {
            let seen = core.news.count
            if core.isIdle {
                let next = try await core.store.read(view: { try $0.nextTimer() })
                if core.isIdle, next.map({ $0 > limit }) ?? true { return true }
            }
            guard core.services.clock.now < limit, !core.isDraining else { return false }
            await core.news.wait(after: seen, until: limit, core.deadlines)
        }
    }

    /// Waits until no run is being worked on.
    public func idle() async {
        while true {
            let seen = core.news.count
            if core.isIdle { return }
            await core.news.wait(after: seen, until: nil, core.deadlines)
        }
    }

    /// Waits until a newer executor has begun on the same store, which stops this one, or until this one is stopped otherwise.
    ///
    /// - Returns: what to tell people; nil when this one was stopped otherwise.
    public func untilReplaced() async -> StoreError? {
        while true {
            let seen = core.news.count
            if let error = core.replacement { return error }
            if core.isDraining { return nil }
            await core.news.wait(after: seen, until: nil, core.deadlines)
        }
    }

    /// The error that stopped the run, when the store failed.
    public func stall(of run: RunID) -> (any Error)? { core.stall(of: run) }

    /// When the next durable timer is due.
    ///
    /// - Throws: ``StoreError``.
    public func nextTimer() async throws -> Timestamp? { try await core.store.read(view: { try $0.nextTimer() }) }

    /// Fires the timers that are due; returns how many.
    ///
    /// - Throws: ``StoreError``.
    @discardableResult
    public func fireDueTimers() async throws -> Int {
        var count = 0
        while true {
            let fired = try await Scheduler(core: core).fire()
            count += fired
            // A schedule that makes up for missed fires is due again at once.
            if fired == 0 { return count }
        }
    }

    /// Answers the requests that other processes have left; returns how many.
    ///
    /// - Throws: ``StoreError``.
    @discardableResult
    public func answerRequests() async throws -> Int { try await RequestDesk(engine: self).answerAll() }
}
