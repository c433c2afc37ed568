import RunMachine
import RunStore
import Triggers
import WorkflowModel

/// `collect_for`: the first event opens a collection, a timer ends it, and one run acts on all that have come by then.
extension GateKeeper {
    /// Keeps the event for the run that acts on all of its key.
    func collect(
        _ window: Duration, key: String, _ playbook: String, _ question: Question, _ transaction: any StoreTransaction,
        _ now: Timestamp
    ) throws -> Ruling {
        let known = try transaction.gate(playbook: playbook, gate: GateKeeper.collecting, key: key)
        let earlier = known.flatMap { Collection($0.body) }
        let event = question.event
        let bytes = JSONWriter.data(event.event.envelope).count
        let collection = Collection.adding(
            event.sequence, trigger: question.trigger, bytes: bytes, to: earlier, window: window, now: now)
        try transaction.setGate(
            GateRecord(playbook: playbook, gate: GateKeeper.collecting, key: key, body: collection.value))
        if earlier == nil {
            try transaction.setTimer(
                TimerRecord(
                    due: collection.due, purpose: .gate(playbook: playbook, gate: GateKeeper.collecting, key: key)))
        }
        let left = DurationText.forPeople(max(.zero, collection.due - now))
        return .stopped(
            .collected,
            "number \(collection.count) collected for \(GateKeys.name(key)); one run acts on all of them in \(left)")
    }

    /// Acts on what has been collected under `key`, now that its time is up.
    func fireCollection(
        of name: String, _ key: String, in transaction: any StoreTransaction, by dispatcher: Dispatcher, now: Timestamp,
        into dispatch: inout Dispatch
    ) throws {
        let purpose = TimerRecord.Purpose.gate(playbook: name, gate: GateKeeper.collecting, key: key)
        let known = try transaction.gate(playbook: name, gate: GateKeeper.collecting, key: key)
        try transaction.removeTimer(purpose)
        guard let collection = known.flatMap({ Collection($0.body) }) else { return }
        try transaction.removeGate(playbook: name, gate: GateKeeper.collecting, key: key)
        guard let newest = try transaction.event(collection.newest) else { return }
        var match = MatchRecord(
            event: collection.newest, playbook: name, trigger: collection.trigger, outcome: .suppressed)
        let what =
            "\(collection.count) collected for \(GateKeys.name(key))"
            + (collection.dropped > 0 ? ", of which the last \(collection.dropped) are not kept" : "")
        guard let place = set.matcher.playbooks.firstIndex(where: { $0.workflow.id == name }),
            set.playbooks[place].workflow.mode != .disabled
        else {
            match.reason = StopReason.switchedOff.rawValue
            match.detail = "\(what), and the playbook is switched off now"
            return try transaction.insertMatch(match)
        }
        var run = dispatcher.makeRun(of: set.playbooks[place], for: newest, now: now)
        let question = Question(place: place, trigger: collection.trigger, event: newest, isCollected: true)
        switch try admit(&run, question, in: transaction, now: now, into: &dispatch) {
        case .stopped(let reason, let sentence):
            match.reason = reason.rawValue
            match.detail = "\(what): \(sentence)"
        case .failed(let code, let detail):
            match.outcome = .failed
            match.reason = code
            match.detail = "\(what): \(detail)"
        case .runs(let note):
            let events = try collection.events.compactMap { try transaction.event($0) }
            let start = slots.beginning.start(
                of: run, newest, collects: true, events: events, dropped: collection.dropped, now: now)
            run.entries = 1
            try transaction.insertRun(run)
            try StopWatch.begin(run, of: set.playbooks[place].workflow, in: transaction)
            try transaction.append(
                RunBeginning.records([.started(start)], after: 0, now: now), to: run.id)
            if !run.isHeld { dispatch.runs.append(FreshRun(run: run, event: nil, mustBeLoaded: true)) }
            match.outcome = run.kind == .shadow ? .shadowed : .fired
            match.run = run.id
            match.reason = note?.reason ?? ""
            match.detail = "acts on the \(what)" + (note.map { "; it \($0.detail)" } ?? "")
        }
        try transaction.insertMatch(match)
    }
}
