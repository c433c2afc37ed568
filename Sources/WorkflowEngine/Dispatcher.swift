import PluginKit
public import RunStore
import Triggers
public import WorkflowModel

/// What became of an event.
public struct EventReceipt: Sendable, Hashable {
    /// The event as accepted.
    public var event: Event
    /// Its place in the order; nil when it was not accepted.
    public var sequence: Int64?
    /// Whether it had been accepted before; then nothing was done.
    public var isDuplicate: Bool
    /// What became of it for each playbook that it concerned.
    public var matches: [MatchRecord]
    /// Why it was refused.
    public var refusal: String?

    /// A receipt of these parts.
    public init(
        event: Event, sequence: Int64?, isDuplicate: Bool, matches: [MatchRecord], refusal: String? = nil
    ) {
        self.event = event
        self.sequence = sequence
        self.isDuplicate = isDuplicate
        self.matches = matches
        self.refusal = refusal
    }

    /// The runs that it made.
    public var runs: [RunID] { matches.compactMap(\.run) }
}

/// A run that was just made, with its event: a worker need not read them again.
struct FreshRun: Sendable {
    var run: RunRecord
    var event: EventRecord?
    /// Whether a journal is stored already, so that the worker must read it.
    var mustBeLoaded = false
}

/// What one transaction's events led to.
struct Dispatch: Sendable {
    /// The events given, then those that they led to.
    var receipts: [EventReceipt] = []
    var runs: [FreshRun] = []
    /// Runs at work that are to be cancelled, because another replaces them.
    var cancellations: [SlotKeeper.Cancellation] = []
    /// Runs that were ended before they began.
    var ended: [RunRecord] = []
    /// Playbooks whose breaker has closed.
    var closedBreakers: [String] = []
    /// What gates want told; turned into events while events are accepted.
    var news: [EventDraft] = []

    /// Takes over what another one led to.
    mutating func add(_ other: Dispatch) {
        receipts += other.receipts
        runs += other.runs
        cancellations += other.cancellations
        ended += other.ended
        closedBreakers += other.closedBreakers
        news += other.news
    }
}

/// Who emitted drafts: names their events and puts them one deeper in the chain of causes.
struct Cause: Sendable {
    /// Makes the ids of drafts without a key: `run_…/steps[2]/1`.
    var name: String
    var run: RunID?
    var depth: Int
}

/// Turns events into runs, inside a transaction of the caller: identity, consumers, conditions, gates, runs.
struct Dispatcher: Sendable {
    /// The most events that one event may lead to inside its transaction.
    static let maximumChain = 1000

    /// The emitter of the engine's own events.
    static let ownName = "signalbox"

    let services: EngineServices
    let set: ActiveSet
    let generation: Int64
    let keeper: GateKeeper

    init(
        services: EngineServices, settings: EngineSettings, set: ActiveSet, generation: Int64, board: GateBoard
    ) {
        self.services = services
        self.set = set
        self.generation = generation
        keeper = GateKeeper(
            services: services, set: set, board: board,
            slots: SlotKeeper(set: set, beginning: RunBeginning(services: services, settings: settings)))
    }

    /// Accepts `event` and everything that consumers emit because of it.
    ///
    /// - Parameter matches: false to record the event without starting playbooks.
    /// - Throws: what a consumer throws, or ``StoreError``: then the transaction must not be committed.
    func accept(
        _ event: Event, in transaction: any StoreTransaction, now: Timestamp, matches: Bool = true
    ) throws -> Dispatch {
        var dispatch = Dispatch()
        try accept([event], into: &dispatch, in: transaction, now: now, matches: matches)
        return dispatch
    }

    /// Accepts the fire of a schedule, which starts the playbook of that trigger whatever its conditions say.
    func accept(
        _ event: Event, starting: (playbook: String, trigger: Int), into dispatch: inout Dispatch,
        in transaction: any StoreTransaction, now: Timestamp
    ) throws {
        try accept([event], into: &dispatch, in: transaction, now: now, matches: true, starting: starting)
    }

    /// Accepts what plugins of this transaction have emitted.
    func accept(
        _ drafts: [(plugin: String, event: EventDraft)], cause: Cause, into dispatch: inout Dispatch,
        in transaction: any StoreTransaction, now: Timestamp
    ) throws {
        guard !drafts.isEmpty else { return }
        let events = drafts.enumerated().map { number, draft in
            Dispatcher.event(draft.event, of: draft.plugin, number, cause, now)
        }
        try accept(events, into: &dispatch, in: transaction, now: now, matches: true)
    }

    private func accept(
        _ events: [Event], into dispatch: inout Dispatch, in transaction: any StoreTransaction, now: Timestamp,
        matches: Bool, starting: (playbook: String, trigger: Int)? = nil
    ) throws {
        var queue = events
        var next = 0
        while next < queue.count {
            guard next < Dispatcher.maximumChain else {
                throw Failure(
                    code: "event_storm",
                    message: "one event led to more than \(Dispatcher.maximumChain) others; "
                        + "a plugin emits events because of its own events (last: \(queue[next].type))")
            }
            let event = queue[next]
            let receipt = try acceptOne(
                event, in: transaction, now: now, matches: matches || next >= events.count,
                starting: next == 0 ? starting : nil, into: &dispatch)
            dispatch.receipts.append(receipt)
            next += 1
            guard let sequence = receipt.sequence else { continue }
            let cause = Cause(name: "event-\(sequence)", run: event.causedBy, depth: event.depth)
            let news = dispatch.news.map { (plugin: Dispatcher.ownName, event: $0) }
            dispatch.news = []
            for (number, draft) in (transaction.takeEmitted() + news).enumerated() {
                queue.append(Dispatcher.event(draft.event, of: draft.plugin, number, cause, now))
            }
        }
    }

    private func acceptOne(
        _ event: Event, in transaction: any StoreTransaction, now: Timestamp, matches: Bool,
        starting: (playbook: String, trigger: Int)?, into dispatch: inout Dispatch
    ) throws -> EventReceipt {
        var isOutOfOrder = false
        if let subject = event.subject, let newest = try transaction.newestEventTime(ofSubject: subject) {
            isOutOfOrder = event.time < newest
        }
        var record = EventRecord(
            event: event, acceptedAt: now, generation: generation, isOutOfOrder: isOutOfOrder)
        let duplicate = EventReceipt(event: event, sequence: nil, isDuplicate: true, matches: [], refusal: nil)
        guard try !transaction.knowsEvent(event.id, source: event.source) else { return duplicate }
        // Beyond the cut nobody may be led on by it: not playbooks, and not the plugins that might emit the next one.
        if event.depth <= Event.maximumDepth { record.facts = try consume(event, in: transaction, now: now) }
        guard let sequence = try transaction.insertEvent(record) else { return duplicate }
        record.sequence = sequence
        var receipt = EventReceipt(
            event: event, sequence: sequence, isDuplicate: false, matches: [], refusal: nil)
        try wake(record, in: transaction, now: now)
        guard matches else { return receipt }
        receipt.matches = try match(record, starting: starting, in: transaction, now: now, into: &dispatch)
        return receipt
    }

    /// Wakes the runs that wait for such an event, by a timer that is due at once. An echo of our own is none.
    private func wake(_ record: EventRecord, in transaction: any StoreTransaction, now: Timestamp) throws {
        let subject = record.event.subject ?? SubscriptionRecord.anySubject
        // What an echo has changed is true all the same; only as an answer that is waited for it does not count.
        var waiting = try transaction.subscriptions(toType: StopWatch.anyType, ofSubject: subject)
        if record.event.origin != .own {
            waiting += try transaction.subscriptions(toType: record.event.type, ofSubject: subject)
        }
        for waiting in waiting {
            try transaction.setTimer(
                TimerRecord(due: now, purpose: .run(waiting.run, name: TimerName.event(waiting.step))))
        }
    }

    private func consume(_ event: Event, in transaction: any StoreTransaction, now: Timestamp) throws -> ValueMap {
        var facts = ValueMap()
        let consumers = services.registry.consumers(of: event.type)
        guard !consumers.isEmpty else { return facts }
        let workspace = services.workspace()
        for (plugin, consumer) in consumers {
            do {
                let attached = try consumer.consume(
                    event, on: transaction.pluginStore(of: plugin), now: now, workspace: workspace)
                facts = facts.merging(attached)
            } catch let error as StoreError where error.code == .misuse {
                // A defect of the plugin, which refuses this event; the store itself is well.
                throw Failure(code: "plugin_defect", message: "\(plugin) cannot take the event in: \(error.message)")
            }
        }
        return facts
    }

    private func match(
        _ record: EventRecord, starting: (playbook: String, trigger: Int)?, in transaction: any StoreTransaction,
        now: Timestamp, into dispatch: inout Dispatch
    ) throws -> [MatchRecord] {
        let event = record.event
        var held: [HeldEdge] = []
        if let subject = event.subject {
            held = try transaction.edges(ofSubject: subject).map {
                HeldEdge(playbook: $0.playbook, condition: $0.condition)
            }
        }
        var result = set.matcher.match(
            event, names: Dispatcher.names(of: record), now: now, held: held, isOutOfOrder: record.isOutOfOrder,
            calendars: services.calendars)
        if let starting, let place = set.matcher.place(of: starting.playbook) {
            result.start(place, trigger: starting.trigger)
        }
        if let subject = event.subject {
            for place in result.edgesToSet {
                let playbook = set.matcher.playbooks[place]
                try transaction.setEdge(
                    EdgeRecord(
                        playbook: playbook.workflow.id, subject: subject, condition: playbook.conditionHash, since: now)
                )
            }
            for playbook in result.edgesToClear { try transaction.clearEdge(playbook: playbook, subject: subject) }
        }
        var matches: [MatchRecord] = []
        for decision in result.decisions {
            var match = MatchRecord(
                event: record.sequence, playbook: set.matcher.playbooks[decision.playbook].workflow.id,
                trigger: decision.trigger, outcome: .suppressed)
            switch decision.outcome {
            case .suppressed(let reason, let detail):
                match.reason = reason
                match.detail = detail
            case .failed(let code, let detail):
                match.outcome = .failed
                match.reason = code
                match.detail = detail
            case .fires where event.depth > Event.maximumDepth:
                match.reason = "loop"
                match.detail =
                    "\(event.depth) runs stand between this event and one from outside; the chain is cut at \(Event.maximumDepth)"
            case .fires:
                try begin(
                    GateKeeper.Question(place: decision.playbook, trigger: decision.trigger, event: record), &match,
                    in: transaction, now: now, into: &dispatch)
            }
            try transaction.insertMatch(match)
            matches.append(match)
        }
        return matches
    }

    /// Makes the run of a playbook whose condition holds, if the gates let it.
    private func begin(
        _ question: GateKeeper.Question, _ match: inout MatchRecord, in transaction: any StoreTransaction,
        now: Timestamp,
        into dispatch: inout Dispatch
    ) throws {
        var run = makeRun(of: set.playbooks[question.place], for: question.event, now: now)
        switch try keeper.admit(&run, question, in: transaction, now: now, into: &dispatch) {
        case .stopped(let reason, let sentence):
            match.reason = reason.rawValue
            match.detail = sentence
        case .failed(let code, let detail):
            match.outcome = .failed
            match.reason = code
            match.detail = detail
        case .runs(let note):
            try transaction.insertRun(run)
            try StopWatch.begin(run, of: set.playbooks[question.place].workflow, in: transaction)
            if !run.isHeld { dispatch.runs.append(FreshRun(run: run, event: question.event)) }
            match.outcome = run.kind == .shadow ? .shadowed : .fired
            match.run = run.id
            match.reason = note?.reason ?? ""
            match.detail = note?.detail ?? ""
        }
    }

    func makeRun(of playbook: ActivePlaybook, for record: EventRecord, now: Timestamp) -> RunRecord {
        RunRecord(
            id: RunID(at: now, random: services.entropy(10)), playbook: playbook.workflow.id,
            kind: playbook.workflow.mode == .active ? .live : .shadow, bundle: playbook.bundle, event: record.sequence,
            subject: record.event.subject, createdAt: now, depth: record.event.depth)
    }

    /// A timer of a gate is due.
    func fire(
        _ gate: String, of playbook: String, _ key: String, in transaction: any StoreTransaction, now: Timestamp,
        into dispatch: inout Dispatch
    ) throws {
        switch gate {
        case SlotKeeper.gate:
            try keeper.slots.fire(playbook, key, in: transaction, now: now, into: &dispatch)
        case GateKeeper.collecting:
            try keeper.fireCollection(of: playbook, key, in: transaction, by: self, now: now, into: &dispatch)
        default:
            // A later version's; this one cannot know what it was for.
            try transaction.removeTimer(.gate(playbook: playbook, gate: gate, key: key))
        }
        let news = dispatch.news.map { (plugin: Dispatcher.ownName, event: $0) }
        dispatch.news = []
        try accept(
            news, cause: Cause(name: "gate/\(playbook)/\(now.rfc3339)", run: nil, depth: 0), into: &dispatch,
            in: transaction, now: now)
    }

    /// The names that an event gives to conditions and steps.
    static func names(of record: EventRecord) -> ValueMap {
        EventCatalog.standard.bound(record.event.data.merging(record.facts), ofType: record.event.type)
    }

    private static func event(
        _ draft: EventDraft, of plugin: String, _ number: Int, _ cause: Cause, _ now: Timestamp
    ) -> Event {
        Event(
            id: draft.key.map { "\(draft.type)/\($0)" } ?? "\(cause.name)/\(number)",
            source: plugin == ownName ? "/\(ownName)" : "/plugins/\(plugin)",
            type: draft.type, subject: draft.subject, time: now, data: draft.data, depth: cause.depth + 1,
            causedBy: cause.run)
    }
}
