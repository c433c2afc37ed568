import RunMachine
import RunStore
import Triggers
import WorkflowModel

/// Takes an event whose condition holds through the gates of a playbook, in their order: repeats, pause and breaker, throttle,
/// concurrency. Decides on the rows of the caller's transaction, with its time, so that limits hold over restarts and crashes.
///
/// What a gate remembers of an event that is acted on is written only when all gates have let it through: an event that a later
/// gate stops opens no window and uses up no limit.
struct GateKeeper: Sendable {
    static let ignoring = "ignore_repeats_for"
    static let collecting = "collect_for"
    static let counting = "only_if"
    static let throttling = "throttle"
    static let looping = "loop"

    let services: EngineServices
    let set: ActiveSet
    let board: GateBoard
    let slots: SlotKeeper

    /// What the gates say.
    enum Ruling {
        case stopped(StopReason, String)
        /// A key has no value: a code and a sentence with the place.
        case failed(String, String)
        /// The run may be made, as the gates have set it.
        case runs(GateNote?)
    }

    /// What is to be written once all gates have let an event through.
    typealias Memory = (any StoreTransaction) throws -> Void

    /// What is asked at the gates.
    struct Question {
        /// The playbook's place in the active set.
        var place: Int
        var trigger: Int
        var event: EventRecord
        /// Whether the gate of repeats has been passed, by a collection.
        var isCollected = false
    }

    /// Takes the event of `question` through the gates for `run`, which is not stored yet.
    func admit(
        _ run: inout RunRecord, _ question: Question, in transaction: any StoreTransaction, now: Timestamp,
        into dispatch: inout Dispatch
    ) throws -> Ruling {
        let playbook = set.playbooks[question.place].workflow
        var memory: [Memory] = []
        guard let keys = set.matcher.playbooks[question.place].gateKeys else {
            if let stop = try standing(&run, playbook, &memory, transaction, now, &dispatch) { return stop }
            var note: GateNote?
            if let overlap = playbook.overlap(ofTrigger: question.trigger), run.kind != .shadow {
                switch try slots.enter(
                    &run, overlap, key: playbook.scheduleKey, in: transaction, now: now, into: &dispatch)
                {
                case .stopped(let reason, let sentence): return .stopped(reason, sentence)
                case .enters(let said): note = said
                }
            }
            for write in memory { try write(transaction) }
            return .runs(note)
        }
        let scope = EventScope(
            event: question.event.event, names: Dispatcher.names(of: question.event), inputs: run.inputs, now: now,
            calendars: services.calendars)
        func key(_ gate: GateKeys.Gate) throws(GateKeys.Failure) -> String {
            try keys.key(at: gate, in: scope, subject: run.subject)
        }
        do {
            if let rule = playbook.gates.repeats, !question.isCollected {
                let stop = try repeats(rule, key: try key(.repeats), playbook.id, question, &memory, transaction, now)
                if let stop { return stop }
            }
            if let stop = try standing(&run, playbook, &memory, transaction, now, &dispatch) { return stop }
            if let rule = playbook.gates.throttle {
                let stop = try throttle(rule, key: try key(.throttle), playbook.id, &memory, transaction, now)
                if let stop { return stop }
            }
            var note: GateNote?
            // A rehearsal takes nobody's place.
            let overlap = playbook.overlap(ofTrigger: question.trigger)
            if let rule = overlap ?? playbook.gates.concurrency, run.kind != .shadow {
                let key = overlap == nil ? try key(.concurrency) : playbook.scheduleKey
                switch try slots.enter(&run, rule, key: key, in: transaction, now: now, into: &dispatch)
                {
                case .stopped(let reason, let sentence): return .stopped(reason, sentence)
                case .enters(let said): note = said
                }
            }
            for write in memory { try write(transaction) }
            return .runs(note)
        } catch let failure as GateKeys.Failure {
            return .failed(failure.code, failure.detail)
        }
    }

    // MARK: Repeats

    private func repeats(
        _ rule: RepeatRule, key: String, _ playbook: String, _ question: Question, _ memory: inout [Memory],
        _ transaction: any StoreTransaction, _ now: Timestamp
    ) throws -> Ruling? {
        let name = GateKeys.name(key)
        switch rule.kind {
        case .ignore(let window):
            func opened(_ at: Timestamp) -> GateRecord {
                GateRecord(
                    playbook: playbook, gate: GateKeeper.ignoring, key: key, body: ["at": .timestamp(at)],
                    until: at + window)
            }
            let known = try transaction.gate(playbook: playbook, gate: GateKeeper.ignoring, key: key)
            let (verdict, corrected) = RepeatGate.ignore(
                openedAt: known?.body["at"]?.timestamp, window: window, now: now, name: name)
            if let corrected { try transaction.setGate(opened(corrected)) }
            guard case .stops(let reason, let sentence) = verdict else {
                memory.append { try $0.setGate(opened(now)) }
                return nil
            }
            return .stopped(reason, sentence)
        case .onlyIf(let count, let span):
            let known = try transaction.gate(playbook: playbook, gate: GateKeeper.counting, key: key)
            let (verdict, times) = RepeatGate.onlyIf(
                SlidingTimes.times(known?.body["times"]), count: count, within: span, now: now, name: name)
            // Also when a later gate stops this one: then the next event acts.
            try transaction.setGate(
                GateRecord(
                    playbook: playbook, gate: GateKeeper.counting, key: key, body: ["times": times.value],
                    until: now + span))
            guard case .stops(let reason, let sentence) = verdict else {
                memory.append { try $0.removeGate(playbook: playbook, gate: GateKeeper.counting, key: key) }
                return nil
            }
            return .stopped(reason, sentence)
        case .collect(let window):
            return try collect(window, key: key, playbook, question, transaction, now)
        }
    }

    // MARK: Pause, breaker, loops

    /// Whether something holds the playbook back as a whole, or for the subject.
    private func standing(
        _ run: inout RunRecord, _ playbook: Workflow, _ memory: inout [Memory], _ transaction: any StoreTransaction,
        _ now: Timestamp, _ dispatch: inout Dispatch
    ) throws -> Ruling? {
        let look = board.look(playbook.id, subject: run.subject, now: now)
        guard !look.isClear else { return nil }
        if let pause = try pause(of: playbook.id, in: transaction) { return .stopped(.paused, pause.sentence) }
        guard run.kind != .shadow else { return nil }
        if let rule = board.rule(of: playbook.id) {
            let known = try transaction.gate(playbook: playbook.id, gate: OpenBreaker.gate, key: "")
            let state = BreakerGate.State(known?.body)
            switch BreakerGate.decide(state, trouble: look.trouble, coolDown: rule.coolDown, now: now) {
            case .passes: break
            case .stops(let sentence): return .stopped(.breakerOpen, sentence)
            case .opens(let state):
                board.mark(playbook.id)
                try transaction.setGate(GateKeeper.breaker(playbook.id, state))
                dispatch.news.append(
                    GateKeeper.news(
                        "playbook.breaker_opened", playbook, state.why, since: now, until: state.until, subject: nil))
                return .stopped(.breakerOpen, "the playbook is stopped now: \(state.why)")
            case .probes:
                guard var state else { break }
                state.probe = run.id
                state.until = now + rule.coolDown
                let record = GateKeeper.breaker(playbook.id, state)
                memory.append { try $0.setGate(record) }
            }
        }
        return try loop(run, playbook, look, transaction, now, &dispatch)
    }

    private func loop(
        _ run: RunRecord, _ playbook: Workflow, _ look: GateBoard.Look, _ transaction: any StoreTransaction,
        _ now: Timestamp, _ dispatch: inout Dispatch
    ) throws -> Ruling? {
        guard let limit = board.subjectLimit, let subject = run.subject else { return nil }
        let known = try transaction.gate(playbook: playbook.id, gate: GateKeeper.looping, key: subject)
        if let until = known?.body["until"]?.timestamp, min(until, now + limit.per) > now {
            return .stopped(
                .loopStopped,
                "the playbook ran too often for \(subject); it may again in \(DurationText.forPeople(until - now))")
        }
        guard let count = look.tooMany else { return nil }
        let why = "\(count) runs have begun for \(subject) within \(DurationText.forPeople(limit.per)), as in a loop"
        board.mark(playbook.id)
        try transaction.setGate(
            GateRecord(
                playbook: playbook.id, gate: GateKeeper.looping, key: subject,
                body: ["since": .timestamp(now), "until": .timestamp(now + limit.per), "why": .string(why)],
                until: now + limit.per))
        dispatch.news.append(
            GateKeeper.news(
                "playbook.loop_stopped", playbook, why, since: now, until: now + limit.per, subject: subject))
        return .stopped(.loopStopped, why)
    }

    /// The pause that holds the playbook back: that of all playbooks before its own.
    func pause(of playbook: String, in reader: any StoreReader) throws -> Pause? {
        for name in [GateRecord.allPlaybooks, playbook] where board.isMarked(name) {
            if let pause = try reader.gate(playbook: name, gate: Pause.gate, key: "").flatMap(Pause.init) {
                return pause
            }
        }
        return nil
    }

    static func breaker(_ playbook: String, _ state: BreakerGate.State) -> GateRecord {
        GateRecord(playbook: playbook, gate: OpenBreaker.gate, key: "", body: state.value)
    }

    private static func news(
        _ type: String, _ playbook: Workflow, _ why: String, since: Timestamp, until: Timestamp, subject: String?
    ) -> EventDraft {
        var data: ValueMap = [
            "id": .string(playbook.id), "why": .string(why), "since": .timestamp(since), "until": .timestamp(until),
        ]
        data["title"] = playbook.title.map(Value.string)
        data["owner"] = playbook.owner.map(Value.string)
        data["subject"] = subject.map(Value.string)
        return EventDraft(
            type: type, subject: "playbook:\(playbook.id)", data: ["playbook": .map(data)],
            key: "\(playbook.id)/\(subject ?? "")/\(since.rfc3339)")
    }

    // MARK: Throttle

    private func throttle(
        _ rule: ThrottleRule, key: String, _ playbook: String, _ memory: inout [Memory],
        _ transaction: any StoreTransaction, _ now: Timestamp
    ) throws -> Ruling? {
        let known = try transaction.gate(playbook: playbook, gate: GateKeeper.throttling, key: key)
        let (verdict, times) = ThrottleGate.decide(
            SlidingTimes.times(known?.body["times"]), rule, now: now, name: GateKeys.name(key))
        let record = GateRecord(
            playbook: playbook, gate: GateKeeper.throttling, key: key, body: ["times": times.value],
            until: now + rule.per)
        guard case .stops(let reason, let sentence) = verdict else {
            memory.append { try $0.setGate(record) }
            return nil
        }
        // Only a clock that was set back changes what is remembered.
        if let body = known?.body, body["times"] != times.value,
            SlidingTimes.times(body["times"]).contains(where: { $0 > now })
        {
            try transaction.setGate(record)
        }
        return .stopped(reason, sentence)
    }

    // MARK: By hand, and the end

    /// What holds for a run that a person starts: a pause refuses it, and it needs a place like any other. Repeats, throttle and
    /// breaker are about events.
    ///
    /// - Throws: ``EngineError`` when it may not begin.
    func admitByHand(
        _ run: inout RunRecord, event: EventRecord?, in transaction: any StoreTransaction, now: Timestamp,
        into dispatch: inout Dispatch
    ) throws {
        if let pause = try pause(of: run.playbook, in: transaction) {
            throw EngineError(
                .paused, "\(pause.sentence); go on with: signalbox resume \(pause.playbook ?? "--all")")
        }
        guard let place = set.matcher.playbooks.firstIndex(where: { $0.workflow.id == run.playbook }),
            let rule = set.playbooks[place].workflow.gates.concurrency,
            let keys = set.matcher.playbooks[place].gateKeys
        else { return }
        let scope = EventScope(
            event: event?.event, names: event.map(Dispatcher.names) ?? ValueMap(), inputs: run.inputs, now: now,
            calendars: services.calendars)
        let key: String
        do throws(GateKeys.Failure) {
            key = try keys.key(at: .concurrency, in: scope, subject: run.subject)
        } catch {
            throw EngineError(.badInput, "the run has no place in `concurrency`: \(error.detail)")
        }
        let entry = try slots.enter(&run, rule, key: key, in: transaction, now: now, into: &dispatch)
        if case .stopped(_, let sentence) = entry { throw EngineError(.busy, sentence) }
    }

    /// A run has ended and its row says so: its place is given on, and if it was let through to see, the breaker hears of it.
    func ended(
        _ run: RunRecord, in transaction: any StoreTransaction, now: Timestamp, into dispatch: inout Dispatch
    ) throws {
        if run.kind == .live, let rule = board.rule(of: run.playbook), board.isMarked(run.playbook) {
            let known = try transaction.gate(playbook: run.playbook, gate: OpenBreaker.gate, key: "")
            if let state = BreakerGate.State(known?.body), state.probe == run.id {
                let end: BreakerGate.ProbeEnd =
                    switch run.state {
                    case .succeeded: .succeeded
                    case .failed: .failed
                    default: .cancelled
                    }
                if let next = BreakerGate.after(end, state, coolDown: rule.coolDown, now: now) {
                    try transaction.setGate(GateKeeper.breaker(run.playbook, next))
                } else {
                    try transaction.removeGate(playbook: run.playbook, gate: OpenBreaker.gate, key: "")
                    dispatch.closedBreakers.append(run.playbook)
                }
            }
        }
        try slots.leave(run, in: transaction, into: &dispatch)
    }
}
