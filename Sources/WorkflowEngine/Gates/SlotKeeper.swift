import RunMachine
import RunStore
import Triggers
import WorkflowModel

/// Keeps the places of `concurrency`. What holds a place, and what waits for one, is read from the runs that have not ended, so that
/// no place can be lost; the end of a run gives its place on in the same transaction.
struct SlotKeeper: Sendable {
    /// The gate in timers.
    static let gate = "concurrency"
    /// How often those at work are told again that they are replaced.
    static let reminder = Duration.seconds(30)
    /// The most runs that are let go, or ended, at once.
    static let most = 1000
    /// Who cancels what is replaced.
    static let person = "signalbox"

    let set: ActiveSet
    let beginning: RunBeginning

    /// A run that is to be cancelled once the transaction is durable.
    struct Cancellation: Sendable {
        var run: RunID
        var reason: String
    }

    /// What became of a run at the gate.
    enum Entry {
        /// It has its place, or waits for one; with what is to be said about it.
        case enters(GateNote?)
        case stopped(StopReason, String)
    }

    static func slot(_ playbook: String, _ key: String) -> String { "\(playbook)/\(key)" }

    /// The key of a slot, for messages.
    static func name(of slot: String, _ playbook: String) -> String {
        GateKeys.name(slot.hasPrefix("\(playbook)/") ? String(slot.dropFirst(playbook.utf8.count + 1)) : slot)
    }

    /// The runs of a slot in the order in which they came.
    static func runs(in slot: String, _ reader: any StoreReader) throws -> [RunRecord] {
        try reader.runs(inSlot: slot, limit: 1000).sorted { left, right in
            (left.createdAt, left.event ?? .max, left.id.text) < (right.createdAt, right.event ?? .max, right.id.text)
        }
    }

    // MARK: Entering

    /// Gives `run`, which is not stored yet, a place in the slot of `key`, or lets it wait for one.
    func enter(
        _ run: inout RunRecord, _ rule: ConcurrencyRule, key: String, in transaction: any StoreTransaction,
        now: Timestamp, into dispatch: inout Dispatch
    ) throws -> Entry {
        let slot = SlotKeeper.slot(run.playbook, key)
        let use = try transaction.use(ofSlot: slot)
        let name = GateKeys.name(key)
        let who = use.oldest.map { "\($0)" } ?? "those before it"
        switch ConcurrencyGate.enter(rule, working: use.working, waiting: use.waiting) {
        case .begins:
            run.slot = slot
            return .enters(nil)
        case .stopped(let reason):
            let sentence =
                reason == .lineFull
                ? "\(use.waiting) runs wait for \(name) already, which is as many as may"
                : "\(who) is at work for \(name)" + (rule.limit > 1 ? ", and \(rule.limit - 1) more" : "")
                    + "; at most \(rule.limit) may be, and the playbook says to skip others"
            return .stopped(reason, sentence)
        case .waits:
            run.slot = slot
            run.isHeld = true
            return .enters(
                GateNote(
                    "waits", "waits for \(who) (\(name))" + (use.waiting == 0 ? "" : ", after \(use.waiting) others")))
        case .replaces:
            run.slot = slot
            for other in try transaction.held(inSlot: slot, limit: SlotKeeper.most) {
                try end(
                    other, by: SlotKeeper.person, "\(run.id) replaces it", in: transaction, now: now, into: &dispatch)
            }
            run.isHeld = use.working >= rule.limit
            guard run.isHeld else { return .enters(GateNote("replaces", "replaces those that waited for \(name)")) }
            try transaction.setTimer(TimerRecord(due: now, purpose: timer(run.playbook, slot)))
            return .enters(GateNote("replaces", "replaces \(who) (\(name)), and begins when that has ended"))
        }
    }

    private func timer(_ playbook: String, _ slot: String) -> TimerRecord.Purpose {
        .gate(playbook: playbook, gate: SlotKeeper.gate, key: slot)
    }

    /// Those at work in a slot are to end, because a run that replaces them waits. Told again and again until it need not wait, so
    /// that no crash can leave it waiting.
    func fire(
        _ playbook: String, _ slot: String, in transaction: any StoreTransaction, now: Timestamp,
        into dispatch: inout Dispatch
    ) throws {
        let runs = try SlotKeeper.runs(in: slot, transaction)
        guard let heir = runs.last(where: \.isHeld) else { return try transaction.removeTimer(timer(playbook, slot)) }
        for run in runs where !run.isHeld && run.state != .stopping {
            dispatch.cancellations.append(Cancellation(run: run.id, reason: "\(heir.id) replaces it"))
        }
        try transaction.setTimer(TimerRecord(due: now + SlotKeeper.reminder, purpose: timer(playbook, slot)))
    }

    // MARK: Leaving

    /// A run has ended and its row says so: who waits for its place begins.
    func leave(
        _ run: RunRecord, in transaction: any StoreTransaction, into dispatch: inout Dispatch
    ) throws {
        guard let slot = run.slot else { return }
        try letIn(slot, run.playbook, transaction, into: &dispatch)
    }

    /// Gives free places to those that wait, the oldest first.
    func letIn(
        _ slot: String, _ playbook: String, _ transaction: any StoreTransaction, into dispatch: inout Dispatch
    ) throws {
        let use = try transaction.use(ofSlot: slot)
        guard use.waiting > 0 else { return }
        let workflow = set.playbook(playbook)?.workflow
        let overlap = workflow.flatMap { workflow in
            slot == SlotKeeper.slot(playbook, workflow.scheduleKey) ? workflow.overlap(ofTrigger: nil) : nil
        }
        let rule = overlap ?? workflow?.gates.concurrency
        let count = ConcurrencyGate.released(limit: rule?.limit, working: use.working, waiting: use.waiting)
        guard count > 0 else { return }
        for run in try transaction.held(inSlot: slot, limit: min(count, SlotKeeper.most)) {
            try letGo(run, transaction, into: &dispatch)
        }
        if count == use.waiting, rule?.ifBusy == .replace { try transaction.removeTimer(timer(playbook, slot)) }
    }

    /// Lets a run that waits begin.
    func letGo(
        _ run: RunRecord, _ transaction: any StoreTransaction, into dispatch: inout Dispatch
    ) throws {
        var run = run
        run.isHeld = false
        try transaction.updateRun(run)
        // Its journal may have begun already, with what was collected for it.
        dispatch.runs.append(FreshRun(run: run, event: nil, mustBeLoaded: true))
    }

    /// Ends a run that waits and has not begun.
    func end(
        _ held: RunRecord, by person: String, _ reason: String?, in transaction: any StoreTransaction, now: Timestamp,
        into dispatch: inout Dispatch
    ) throws {
        var run = held
        let journal = beginning.journal(
            ofUnbegun: run, try run.event.flatMap { try transaction.event($0) }, cancelledBy: person, reason, now: now)
        run.state = .cancelled
        run.isHeld = false
        run.entries += journal.count
        run.startedAt = run.startedAt ?? now
        run.endedAt = now
        run.wakesAt = nil
        run.lease = nil
        try transaction.append(journal, to: run.id)
        try transaction.removeTimers(of: run.id)
        try transaction.unsubscribe(run: run.id, step: nil)
        try transaction.updateRun(run)
        dispatch.ended.append(run)
    }
}

/// What is said about a run that passes the gates in a way of its own: in a word and in a sentence.
struct GateNote: Sendable, Hashable {
    var reason: String
    var detail: String

    init(_ reason: String, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }
}
