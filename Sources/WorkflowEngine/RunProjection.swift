import PluginKit
import RunMachine
import RunStore
import WorkflowModel

/// What of a run is not stored yet: journal entries, and what follows from them for ledger, timers and listeners. Everything in it
/// goes into one commit.
struct RunProjection: Sendable {
    let run: RunID
    let compiled: CompiledWorkflow
    let depth: Int
    /// What the run is about.
    let subject: String?
    /// The id of the event that it serves.
    let event: String?
    /// The entries that are stored or waiting to be.
    var entryCount: Int
    /// The last known row of the ledger for each step that is a write.
    var effects: [String: EffectRecord] = [:]
    /// The action of each write that is being intended, for its row.
    var actions: [String: String] = [:]

    /// The writes of which an attempt may have happened, by step: what fails for certain later does not settle that.
    var unsettled: Set<String> = []

    /// The questions of the run.
    var asks = AskProjection()

    private(set) var entries: [JournalRecord] = []
    private var changedEffects: Set<String> = []
    private var timers: [TimerRecord] = []
    private var removedTimers: [String] = []
    private var subscriptions: [SubscriptionRecord] = []
    private var endedSubscriptions: [String] = []
    var changes: [(plugin: String, change: @Sendable (any PluginStore) throws -> Void)] = []
    var emitted: [(plugin: String, event: EventDraft)] = []
    var notices: [Progress] = []
    /// The runs that steps have called, to be made.
    var called: [(run: RunRecord, playbook: ActivePlaybook)] = []
    /// Whether something waits that would be missed: a write's outcome, a person's decision.
    var isUrgent = false

    init(run: RunRecord, event: Event?, compiled: CompiledWorkflow) {
        self.run = run.id
        self.event = event?.id
        self.compiled = compiled
        depth = run.depth
        subject = run.subject
        entryCount = run.entries
    }

    /// Whether a timer is, or may be, set with what is stored next.
    var setsTimers: Bool { !timers.isEmpty || !changes.isEmpty }

    /// Whether others have a say in what is stored next: plugins by their changes, consumers by the events.
    var hasConsequences: Bool { !changes.isEmpty || !emitted.isEmpty }

    var isEmpty: Bool { entries.isEmpty && changes.isEmpty && emitted.isEmpty && timers.isEmpty }

    /// Takes in what the machine decided, and which questions it still asks.
    mutating func take(from machine: inout RunMachine, at now: Timestamp) {
        take(machine.takeEntries(), at: now)
        guard !asks.open.isEmpty else { return }
        let kept = Set(machine.openAsks.map(\.key))
        for step in asks.open.keys.sorted() where !kept.contains(step) {
            removedTimers += ["wait:\(step)", "remind:\(step)"]
        }
        asks.withdraw(keeping: kept, at: now)
    }

    private mutating func take(_ new: [JournalEntry], at now: Timestamp) {
        for entry in new {
            entryCount += 1
            var record = JournalRecord(
                sequence: entryCount, at: now, kind: entry.kind, step: entry.step, version: JournalEntry.version,
                body: entry.body)
            // Workers are many, the writer is one.
            record.encode()
            entries.append(record)
            project(entry, at: now)
        }
    }

    mutating func setTimer(_ name: String, due: Timestamp) {
        timers.append(TimerRecord(due: due, purpose: .run(run, name: name)))
    }

    private mutating func project(_ entry: JournalEntry, at now: Timestamp) {
        switch entry {
        case .intended(let step, let attempt, let key, let input, _, let mayBeDuplicate):
            var effect =
                effects[step]
                ?? EffectRecord(
                    key: key, run: run, step: step, action: actions[step] ?? "", sent: input ?? .null, intendedAt: now)
            effect.attempts = attempt
            effect.state = .intended
            effect.settledAt = nil
            if mayBeDuplicate { effect.mayBeDuplicate = true }
            effects[step] = effect
            changedEffects.insert(step)
        case .completed(let step, _, let output, _, let note):
            settle(step, .done, now)
            if let note { notices.append(.warning(run, "\(compiled.label(of: step)): \(note)")) }
            notices.append(.stepEnded(run, step: compiled.label(of: step), .succeeded, output: output, nil))
        case .failed(let step, _, let failure, _):
            settle(step, failure.kind == .uncertain || unsettled.contains(step) ? .uncertain : .failed, now)
            notices.append(.stepEnded(run, step: compiled.label(of: step), .failed, output: nil, failure))
        case .retried(let step, _, let failure, let due, _, _):
            if effects[step] != nil, failure.leavesOpenWhetherItHappened { unsettled.insert(step) }
            settle(step, unsettled.contains(step) ? .uncertain : .failed, now)
            setTimer("retry:\(step)", due: due)
            notices.append(.stepRetries(run, step: compiled.label(of: step), failure, due: due))
            isUrgent = true
        case .waiting(let step, let due):
            setTimer("wait:\(step)", due: due)
            if let subject, compiled.awaitsUntil(step) {
                subscriptions.append(
                    SubscriptionRecord(run: run, step: step, type: StopWatch.anyType, subject: subject))
            }
        case .called: isUrgent = true
        case .returned(let step, _, let state, let outputs, let failure):
            removedTimers.append(TimerName.returned(step))
            notices.append(
                .stepEnded(
                    run, step: compiled.label(of: step), state == .succeeded ? .succeeded : .failed, output: outputs,
                    failure))
            isUrgent = true
        case .woken(let step):
            removedTimers += ["wait:\(step)", TimerName.event(step)]
            endedSubscriptions.append(step)
        case .listening(let step, let types, _, let due, let about):
            setTimer("wait:\(step)", due: due)
            for type in types {
                guard let subject = about ?? subject else { continue }
                subscriptions.append(SubscriptionRecord(run: run, step: step, type: type, subject: subject))
            }
            isUrgent = true
        case .asked(let step, let opening):
            let record = asks.ask(opening, step, run, compiled, subject)
            setTimer("wait:\(step)", due: opening.due)
            if let reminder = opening.reminder { setTimer("remind:\(step)", due: reminder) }
            emitted.append((Dispatcher.ownName, record.news("ask.opened", key: record.id)))
            notices.append(.asked(record))
            isUrgent = true
        case .answered(let step, let answer):
            guard let record = asks.answer(answer, step, at: now) else { break }
            if record.state != .open { removedTimers += ["wait:\(step)", "remind:\(step)"] }
            let key = "\(record.id)/\(record.answers.count)"
            emitted.append((Dispatcher.ownName, record.news("ask.answered", key: key)))
            notices.append(.answered(record))
            isUrgent = true
        case .reminded(let step, let number, let next):
            removedTimers.append("remind:\(step)")
            if let next { setTimer("remind:\(step)", due: next) }
            guard let record = asks.open[step] else { break }
            let key = "\(record.id)/\(number)"
            emitted.append((Dispatcher.ownName, record.news("ask.reminded", key: key, reminder: number)))
        case .expired(let step, let lateBy):
            removedTimers += ["wait:\(step)", "remind:\(step)"]
            if lateBy >= .seconds(1) { notices.append(.late(run, step: compiled.label(of: step), by: lateBy)) }
            guard let record = asks.expire(step, at: now) else { break }
            emitted.append((Dispatcher.ownName, record.news("ask.expired", key: record.id)))
        case .arrived(let step, _):
            removedTimers += ["wait:\(step)", TimerName.event(step)]
            endedSubscriptions.append(step)
        case .fired(let step, let lateBy):
            removedTimers += ["retry:\(step)", "wait:\(step)"]
            if compiled.listens { endedSubscriptions.append(step) }
            if lateBy >= .seconds(1) { notices.append(.late(run, step: compiled.label(of: step), by: lateBy)) }
        case .uncertain(let step, _, _):
            unsettled.insert(step)
            settle(step, .uncertain, now)
            isUrgent = true
        case .needsAttention(let step, let failure):
            notices.append(.needsAttention(run, step: compiled.label(of: step), failure))
            announce("run.needs_attention", .needsAttention, failure, key: "\(run)/\(entryCount)")
            isUrgent = true
        case .resolved(let step, let resolution, let by, let output):
            let label = compiled.label(of: step)
            switch resolution {
            case .done:
                settle(step, .done, now)
                notices.append(.stepEnded(run, step: label, .succeeded, output: output, nil))
            case .skip:
                settle(step, .skipped, now)
                notices.append(.stepEnded(run, step: label, .failed, output: nil, nil))
            case .retry: if by != RunMachine.idempotencyKey { unsettled.remove(step) }
            }
            isUrgent = true
        case .decided(let step, .skip):
            notices.append(.stepEnded(run, step: compiled.label(of: step), .skipped, output: nil, nil))
        case .stopping:
            if !compiled.workflow.stopWhen.isEmpty {
                endedSubscriptions.append(StopWatch.step)
                removedTimers.append(TimerName.event(StopWatch.step))
            }
            isUrgent = true
        case .hurried, .undoing: isUrgent = true
        case .ended(.failed, _, let failure, _): announce("run.failed", .failed, failure, key: run.text)
        case .started, .assigned, .decided, .refreshed, .stopped, .handling, .ended: break
        }
    }

    /// Emits an event about the run itself, so that playbooks can answer to it.
    private mutating func announce(_ type: String, _ state: RunState, _ failure: Failure?, key: String) {
        emitted.append(
            (
                Dispatcher.ownName,
                RunProjection.news(
                    type, run, of: compiled.workflow.id, about: subject, state, event: event, failure, key: key)
            ))
    }

    /// An event about a run.
    static func news(
        _ type: String, _ run: RunID, of playbook: String, about subject: String?, _ state: RunState, event: String?,
        _ failure: Failure?, key: String
    ) -> EventDraft {
        var data: ValueMap = [
            "id": .string(run.text), "playbook": .string(playbook), "state": .string(state.rawValue),
        ]
        data["about"] = subject.map(Value.string)
        data["event"] = event.map(Value.string)
        data["step"] = failure?.step.map(Value.string)
        if let failure { data["failure"] = ["code": .string(failure.code), "message": .string(failure.message)] }
        return EventDraft(type: type, data: ["run": .map(data)], key: key)
    }

    private mutating func settle(_ step: String, _ state: EffectRecord.State, _ now: Timestamp) {
        guard effects[step] != nil else { return }
        effects[step]?.state = state
        effects[step]?.settledAt = now
        changedEffects.insert(step)
        isUrgent = true
    }

    /// A plugin's own change to its documents failed.
    struct ChangeFailed: Error {
        var plugin: String
        var cause: any Error
    }

    /// Stores everything and the run's row, and accepts what was emitted. The caller forgets it with ``clear()`` when the
    /// transaction is durable.
    func save(
        _ row: RunRecord, in transaction: any StoreTransaction, by dispatcher: Dispatcher, now: Timestamp
    ) throws -> Dispatch {
        if !entries.isEmpty { try transaction.append(entries, to: run) }
        try asks.save(in: transaction)
        for step in changedEffects.sorted() { if let effect = effects[step] { try transaction.putEffect(effect) } }
        if row.state.isFinal {
            try transaction.removeTimers(of: run)
            if compiled.listens { try transaction.unsubscribe(run: run, step: nil) }
        } else {
            for subscription in subscriptions { try transaction.subscribe(subscription) }
            for step in endedSubscriptions { try transaction.unsubscribe(run: run, step: step) }
            for name in removedTimers { try transaction.removeTimer(run: run, name: name) }
            for timer in timers { try transaction.setTimer(timer) }
        }
        for (plugin, change) in changes {
            do {
                try change(transaction.pluginStore(of: plugin))
            } catch let error as StoreError where error.code != .misuse {
                throw error
            } catch {
                throw ChangeFailed(plugin: plugin, cause: error)
            }
        }
        try transaction.updateRun(row)
        try SubRuns.tellCaller(of: row, in: transaction, now: now)
        var dispatch = Dispatch()
        for (run, playbook) in called where !row.state.isFinal {
            try transaction.insertBundle(playbook.bundle, playbook.content)
            try transaction.insertRun(run)
            try StopWatch.begin(run, of: playbook.workflow, in: transaction)
            dispatch.runs.append(FreshRun(run: run, event: try run.event.flatMap { try transaction.event($0) }))
        }
        try dispatcher.accept(
            emitted + transaction.takeEmitted(), cause: Cause(name: "\(run)/\(entryCount)", run: run, depth: depth),
            into: &dispatch, in: transaction, now: now)
        if row.state.isFinal { try dispatcher.keeper.ended(row, in: transaction, now: now, into: &dispatch) }
        return dispatch
    }

    /// Forgets what is stored now.
    mutating func clear() {
        entries = []
        changedEffects = []
        asks.clear()
        timers = []
        removedTimers = []
        subscriptions = []
        endedSubscriptions = []
        changes = []
        emitted = []
        notices = []
        called = []
        isUrgent = false
    }
}
