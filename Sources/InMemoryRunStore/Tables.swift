import PluginKit
import RunStore
import WorkflowModel

/// Everything the store holds. A value: a copy is a snapshot.
struct Tables: Sendable {
    struct EventIdentity: Hashable {
        var source: ExactText
        var id: ExactText
    }

    struct GateKey: Hashable, Comparable {
        var gate: ExactText
        var playbook: ExactText
        var key: ExactText

        init(_ playbook: String, _ gate: String, _ key: String) {
            self.gate = ExactText(gate)
            self.playbook = ExactText(playbook)
            self.key = ExactText(key)
        }

        static func < (left: GateKey, right: GateKey) -> Bool {
            (left.gate, left.playbook, left.key) < (right.gate, right.playbook, right.key)
        }
    }

    struct DueTimer: Comparable {
        var due: Timestamp
        var key: TimerKey

        static func < (left: DueTimer, right: DueTimer) -> Bool {
            left.due == right.due ? left.key < right.key : left.due < right.due
        }
    }

    var catalog: CollectionCatalog
    /// The store below, if there is one.
    private(set) var base: (any StoreSnapshot)?

    /// The place in the order of the first event here.
    private(set) var firstEvent: Int64 = 1
    var events: [EventRecord] = []
    var eventByIdentity: [EventIdentity: Int64] = [:]
    var eventsByID: [ExactText: [Int64]] = [:]
    var eventsBySubject: [ExactText: [Int64]] = [:]
    var newestTimes: [ExactText: Timestamp] = [:]
    var matches: [Int64: [MatchRecord]] = [:]
    /// Events that were pruned: hollow, and only their identities count.
    var prunedEvents: Set<Int64> = []

    var bundles: [String: Value] = [:]
    private(set) var firstGeneration: Int64 = 1
    var generations: [GenerationRecord] = []
    /// By subject and playbook; nil inside hides a row of the store below.
    var edges: [ExactText: [String: EdgeRecord?]] = [:]

    private(set) var runs: [RunID: RunRecord] = [:]
    private(set) var runOrder: [RunID] = []
    private(set) var openRuns: [RunID] = []
    /// The runs that have not ended, by slot.
    private(set) var runsInSlots: [ExactText: [RunID]] = [:]
    var journals: [RunID: [JournalRecord]] = [:]

    private(set) var timers: [TimerKey: TimerRecord] = [:]
    private(set) var dueTimers: [DueTimer] = []
    private(set) var timersOfRuns: [ExactText: Set<TimerKey>] = [:]

    /// By subject.
    var subscriptions: [ExactText: Set<SubscriptionRecord>] = [:]
    /// The subjects that steps of a run wait for.
    var subscribedSubjects: [RunID: Set<ExactText>] = [:]

    var effects: [String: EffectRecord] = [:]
    var effectOrder: [String] = []
    var effectsOfRuns: [RunID: [String]] = [:]
    private(set) var asks: [ExactText: AskRecord] = [:]
    /// In the order in which they were put.
    private(set) var askOrder: [ExactText] = []
    private(set) var asksOfRuns: [RunID: [ExactText]] = [:]
    /// The log's part above the store below.
    var audit: [AuditRecord] = []
    private(set) var firstAudit: Int64 = 1
    /// A nil inside hides what the store below remembers.
    var gates: [GateKey: GateRecord?] = [:]
    /// A nil inside hides a token of the store below.
    private(set) var tokens: [ExactText: TokenRecord?] = [:]
    var requests: [RequestRecord] = []
    var prunedRequests: Set<Int64> = []
    var executorGeneration: Int64 = 0
    /// By plugin and name.
    var numbers: [String: [String: Int]] = [:]
    var shelves: [String: DocumentShelf] = [:]

    init(_ catalog: CollectionCatalog) {
        self.catalog = catalog
        for (name, declaration) in catalog.declarations { shelves[name] = DocumentShelf(declaration) }
    }

    mutating func lay(over base: any StoreSnapshot) throws {
        self.base = base
        firstEvent = (try base.events(before: nil, limit: 1).first?.sequence ?? 0) + 1
        firstGeneration = (try base.generation(nil)?.number ?? 0) + 1
        firstAudit = (try base.newestAudit()?.sequence ?? 0) + 1
    }

    /// Keeps, replaces or with nil forgets a run's row; the row before is returned.
    @discardableResult
    mutating func setRun(_ id: RunID, _ run: RunRecord?) -> RunRecord? {
        let before = runs[id]
        runs[id] = run
        switch (before, run) {
        case (nil, _?): runOrder.insertSorted(id)
        case (_?, nil): runOrder.removeSorted(id)
        default: break
        }
        if let run, !run.state.isFinal { openRuns.insertSorted(id) } else { openRuns.removeSorted(id) }
        if let slot = before?.openSlot, slot != run?.openSlot {
            runsInSlots[slot]?.removeSorted(id)
            if runsInSlots[slot]?.isEmpty == true { runsInSlots[slot] = nil }
        }
        if let slot = run?.openSlot { runsInSlots[slot, default: []].insertSorted(id) }
        return before
    }

    /// Sets, replaces or with nil removes a timer; the one before is returned.
    @discardableResult
    mutating func setTimer(_ key: TimerKey, _ timer: TimerRecord?) -> TimerRecord? {
        let before = timers[key]
        if let before { dueTimers.removeSorted(DueTimer(due: before.due, key: key)) }
        timers[key] = timer
        if let timer { dueTimers.insertSorted(DueTimer(due: timer.due, key: key)) }
        if key.kind == .run {
            if timer == nil {
                timersOfRuns[key.owner]?.remove(key)
                if timersOfRuns[key.owner]?.isEmpty == true { timersOfRuns[key.owner] = nil }
            } else {
                timersOfRuns[key.owner, default: []].insert(key)
            }
        }
        return before
    }

    /// Sets, replaces or with nil forgets a question; the one before is returned.
    @discardableResult
    mutating func setAsk(_ id: ExactText, _ ask: AskRecord?) -> AskRecord? {
        let before = asks[id]
        asks[id] = ask
        switch (before, ask) {
        case (nil, let ask?):
            askOrder.append(id)
            asksOfRuns[ask.run, default: []].append(id)
        case (let before?, nil):
            // What is forgotten was mostly put last, or first.
            if askOrder.last == id { askOrder.removeLast() } else { askOrder.removeAll { $0 == id } }
            asksOfRuns[before.run]?.removeAll { $0 == id }
            if asksOfRuns[before.run]?.isEmpty == true { asksOfRuns[before.run] = nil }
        default: break
        }
        return before
    }

    /// Keeps a token, with a nil inside hides the one below, or with nil forgets what is said here.
    mutating func setToken(_ id: ExactText, _ token: TokenRecord??) {
        if let token { tokens.updateValue(token, forKey: id) } else { tokens.removeValue(forKey: id) }
    }

    /// The event at a place, when it is one of this store's own.
    func ownEvent(_ sequence: Int64) -> EventRecord? {
        let index = sequence - firstEvent
        guard index >= 0, index < Int64(events.count), !prunedEvents.contains(sequence) else { return nil }
        return events[Int(index)]
    }
}

extension RunRecord {
    /// The slot that it holds or waits for, while it has not ended.
    fileprivate var openSlot: ExactText? { state.isFinal ? nil : slot.map { ExactText($0) } }
}
