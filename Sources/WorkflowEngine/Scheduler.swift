import PluginKit
import RunStore
import WorkflowModel

/// Time to events and runs: fires the durable timers that are due.
struct Scheduler: Sendable {
    /// How many timers are fired in one transaction.
    static let batch = 500
    /// When a timer whose event is refused is tried again.
    static let pause = Duration.seconds(60)

    /// What timers of one transaction led to.
    private struct Fired {
        var dispatch = Dispatch()
        var runs: [RunID] = []
        /// What a person should know.
        var notes: [String] = []
    }

    let core: EngineCore

    /// Fires timers as they become due, until the task is cancelled.
    func run() async {
        while !Task.isCancelled, !core.isDraining {
            let seen = core.timersChanged.count
            do {
                if try await fire() == Scheduler.batch { continue }
                let next = try await core.store.read(view: { try $0.nextTimer() })
                await core.timersChanged.wait(after: seen, until: next, core.deadlines)
            } catch is CancellationError {
                return
            } catch {
                guard !core.isDraining else { return }
                core.tell(.warning(nil, "timers cannot be read: \(error)"))
                await core.timersChanged.wait(
                    after: seen, until: core.services.clock.now + Scheduler.pause, core.deadlines)
            }
        }
    }

    /// Fires what is due now, at most ``batch`` timers; returns how many.
    func fire() async throws -> Int {
        try await core.keepSchedules()
        let now = core.services.clock.now
        let due = try await core.store.read(view: { try $0.timers(dueBy: now, limit: Scheduler.batch) })
        guard !due.isEmpty else { return 0 }
        let core = core
        try core.fault(.beforeTimers)
        let fired: Fired
        do {
            fired = try await core.store.write { transaction in
                var fired = Fired()
                // Read again: a timer may have been moved since.
                for timer in try transaction.timers(dueBy: now, limit: Scheduler.batch) {
                    try Scheduler.fire(timer, in: transaction, core.rules.dispatcher, now, &fired)
                }
                return fired
            }
        } catch let error as StoreError {
            // It may have happened, and then nobody would wake those that a worker has.
            for case .run(let run, _) in due.map(\.purpose) where core.has(run) { core.take(run) }
            throw error
        } catch {
            // One event is refused; the others must not wait for it.
            for timer in due {
                try await fireAlone(timer, now)
                core.services.metrics.timerFired(after: now - timer.due)
            }
            return due.count
        }
        try core.fault(.afterTimers)
        for timer in due { core.services.metrics.timerFired(after: now - timer.due) }
        take(fired)
        return due.count
    }

    private func fireAlone(_ timer: TimerRecord, _ now: Timestamp) async throws {
        let core = core
        do {
            let fired = try await core.store.write { transaction in
                var fired = Fired()
                try Scheduler.fire(timer, in: transaction, core.rules.dispatcher, now, &fired)
                return fired
            }
            take(fired)
        } catch let error as StoreError {
            throw error
        } catch {
            core.tell(.warning(nil, "a timer's event is refused and tried again in a minute: \(error)"))
            let later = TimerRecord(due: now + Scheduler.pause, purpose: timer.purpose)
            try await core.store.write { try $0.setTimer(later) }
        }
    }

    private static func fire(
        _ timer: TimerRecord, in transaction: any StoreTransaction, _ dispatcher: Dispatcher, _ now: Timestamp,
        _ fired: inout Fired
    ) throws {
        switch timer.purpose {
        case .run(let run, let name):
            // The row is gone with this commit; should the process die before the run has noticed, its `wakesAt` brings it back.
            try transaction.removeTimer(run: run, name: name)
            if TimerName.isNews(name) { try Scheduler.wake(run, in: transaction) }
            fired.runs.append(run)
        case .gate(let playbook, let gate, let key):
            try dispatcher.fire(gate, of: playbook, key, in: transaction, now: now, into: &fired.dispatch)
        case .event(let plugin, let key, let draft):
            try transaction.removeTimer(plugin: plugin, key: key)
            try dispatcher.accept(
                [(plugin, draft)], cause: Cause(name: "timer/\(key)/\(timer.due.rfc3339)", run: nil, depth: 0),
                into: &fired.dispatch, in: transaction, now: now)
        case .schedule(let playbook, let trigger):
            let keeper = ScheduleKeeper(services: dispatcher.services, set: dispatcher.set)
            let note = try keeper.fire(
                playbook, trigger: trigger, by: dispatcher, into: &fired.dispatch, in: transaction, now: now)
            if let note { fired.notes.append(note) }
        }
    }

    /// A run that waits is one that runs again when something has come that it may wait for: then it is taken up whatever happens.
    private static func wake(_ id: RunID, in transaction: any StoreTransaction) throws {
        guard var run = try transaction.run(id), run.state == .waiting || run.state == .needsAttention else { return }
        run.state = .running
        run.wakesAt = nil
        run.lease = nil
        try transaction.updateRun(run)
    }

    private func take(_ fired: Fired) {
        core.take(fired.dispatch)
        for run in fired.runs { core.take(run) }
        for note in fired.notes { core.tell(.warning(nil, note)) }
    }
}
