public import PluginKit
public import WorkflowModel

/// One consistent view of a store.
public protocol StoreReader {
    /// The documents of plugins.
    var documents: any PluginStoreReader { get }

    /// The event at this place of the order.
    func event(_ sequence: Int64) throws -> EventRecord?
    /// The events with this id, from any source; at most 100.
    func events(withID id: String) throws -> [EventRecord]
    /// The events of a subject, newest first, before `before` in the order.
    func events(ofSubject subject: String, before: Int64?, limit: Int) throws -> [EventRecord]
    /// The events that fit, newest first.
    func events(_ query: EventQuery) throws -> [EventRecord]
    /// All events, newest first, before `before` in the order.
    func events(before: Int64?, limit: Int) throws -> [EventRecord]
    /// What became of an event.
    func matches(ofEvent sequence: Int64) throws -> [MatchRecord]
    /// The time of the newest event of a subject that was not out of order.
    func newestEventTime(ofSubject subject: String) throws -> Timestamp?

    /// The newest generation, or that of `number`.
    func generation(_ number: Int64?) throws -> GenerationRecord?
    /// A bundle's content.
    func bundle(_ hash: String) throws -> Value?

    /// The rows of a subject: the playbooks whose condition holds for it.
    func edges(ofSubject subject: String) throws -> [EdgeRecord]

    func run(_ id: RunID) throws -> RunRecord?
    /// The runs that fit, newest first.
    func runs(_ query: RunQuery) throws -> [RunRecord]
    /// The runs whose id begins with `prefix`, at most `limit`: what a person typed.
    func runs(withPrefix prefix: String, limit: Int) throws -> [RunRecord]
    /// The runs that hold the slot or wait for it and have not ended, oldest first.
    func runs(inSlot slot: String, limit: Int) throws -> [RunRecord]
    /// How many runs hold the slot, and how many wait for it.
    func use(ofSlot slot: String) throws -> SlotUse
    /// The runs that wait for the slot, in the order in which they came: by time, then event.
    func held(inSlot slot: String, limit: Int) throws -> [RunRecord]
    /// Runs that are `queued`, `running` or `stopping` without a lease of `generation`, and waiting runs whose `wakesAt` has come;
    /// oldest first. Held runs are not among them.
    func runnable(generation: Int64, now: Timestamp, limit: Int) throws -> [RunID]
    /// How many runs there are in each state.
    func runCounts() throws -> [RunState: Int]
    /// A run's journal after entry `after`, in order.
    func journal(of run: RunID, after: Int) throws -> [JournalRecord]

    /// The steps that wait for an event of this type about this subject, or about any (``SubscriptionRecord/anySubject``), by run,
    /// step and subject.
    func subscriptions(toType type: String, ofSubject subject: String) throws -> [SubscriptionRecord]

    /// The timers that are due, earliest first.
    func timers(dueBy now: Timestamp, limit: Int) throws -> [TimerRecord]
    /// When the next timer is due.
    func nextTimer() throws -> Timestamp?

    /// The write with this key.
    func effect(_ key: String) throws -> EffectRecord?
    /// The writes of a run, in the order of their intents; of all runs, newest first, when nil.
    func effects(of run: RunID?, limit: Int) throws -> [EffectRecord]
    /// The writes that fit, the newest intents first.
    func effects(_ query: EffectQuery) throws -> [EffectRecord]

    /// How much ``StoreTransaction/prune(_:limit:)`` would delete in all; looks at everything that is old.
    func prunable(_ bounds: PruneBounds) throws -> PruneCount

    /// The requests that nobody has answered, oldest first.
    func openRequests(limit: Int) throws -> [RequestRecord]
    func request(_ id: Int64) throws -> RequestRecord?
    /// The request that was made with this key, as long as it is kept.
    func request(withKey key: String) throws -> RequestRecord?

    /// The number of the newest executor, 0 when there was none.
    func executorGeneration() throws -> Int64

    /// The question with this id.
    func ask(_ id: String) throws -> AskRecord?
    /// The questions that fit, newest first.
    func asks(_ query: AskQuery) throws -> [AskRecord]

    /// The entries of the audit log after entry `after`, in order.
    func audit(after: Int64, limit: Int) throws -> [AuditRecord]
    /// The last entry of the audit log.
    func newestAudit() throws -> AuditRecord?

    /// The token with this id.
    func token(_ id: String) throws -> TokenRecord?
    /// All tokens, those that have ended too, in the order in which they were made; at most ``TokenRecord/maximumCount``.
    func tokens() throws -> [TokenRecord]

    /// What the gate `gate` of `playbook` remembers under `key`.
    func gate(playbook: String, gate: String, key: String) throws -> GateRecord?
    /// All that gates of this kind remember, of one playbook or with nil of all, by playbook and key.
    func gates(playbook: String?, gate: String, limit: Int) throws -> [GateRecord]
}

/// A store inside a transaction: everything written here is committed together, or not at all.
public protocol StoreTransaction: StoreReader {
    /// The documents of the plugin `plugin` for change. `emit` hands over the events that it emits, `now` and `key` name them.
    func pluginStore(of plugin: String) -> any PluginStore
    /// The drafts that plugin stores of this transaction have emitted since the last call, with their plugin, in order.
    func takeEmitted() -> [(plugin: String, event: EventDraft)]
    /// Whether this transaction has set a timer, by whomever: then whoever waits for the next one must look again.
    var hasSetTimers: Bool { get }

    /// Whether an event with this id and source was accepted before; its record may have been deleted since.
    func knowsEvent(_ id: String, source: String) throws -> Bool
    /// Accepts an event; nil when its source and id were accepted before (then nothing is changed).
    func insertEvent(_ record: EventRecord) throws -> Int64?
    func insertMatch(_ match: MatchRecord) throws

    /// Keeps a bundle, if it is not kept already.
    func insertBundle(_ hash: String, _ content: Value) throws
    /// Starts a new generation; returns its number.
    func insertGeneration(_ generation: GenerationRecord) throws -> Int64

    func setEdge(_ edge: EdgeRecord) throws
    func clearEdge(playbook: String, subject: String) throws

    func insertRun(_ run: RunRecord) throws
    /// Replaces the row of a run. Its playbook, event and subject must be those stored; its parent, call depth and origin stay as
    /// they were when it was inserted, whatever `run` says.
    func updateRun(_ run: RunRecord) throws
    /// Adds entries to a run's journal; their sequence numbers must follow those stored.
    func append(_ entries: [JournalRecord], to run: RunID) throws

    /// Gives a run to the executor of `generation`: true when it has the run now and had it not before, false when it has it
    /// already, or when the run is held, has ended or is not there. Of many that claim a run, one gets true.
    ///
    /// - Throws: ``StoreError`` with `fenced` when a newer executor has begun.
    func claim(_ run: RunID, generation: Int64) throws -> Bool

    /// Sets a timer; one with the same purpose is replaced. The draft of an event is no part of what makes purposes the same.
    func setTimer(_ timer: TimerRecord) throws
    /// Removes the timer with this purpose, if there is one.
    func removeTimer(_ purpose: TimerRecord.Purpose) throws
    func removeTimer(run: RunID, name: String) throws
    func removeTimer(plugin: String, key: String) throws
    /// Removes all timers of a run.
    func removeTimers(of run: RunID) throws

    /// Lets a step wait for events; once for a step, type and subject.
    func subscribe(_ subscription: SubscriptionRecord) throws
    /// Ends what a step waits for, or with nil what all steps of the run wait for.
    func unsubscribe(run: RunID, step: String?) throws

    /// Adds a write to the ledger, or replaces the row of its key; the key stays with its run.
    func putEffect(_ effect: EffectRecord) throws

    /// Adds a request; returns its id.
    ///
    /// - Throws: ``StoreError`` with `misuse` when there is one with its key.
    func insertRequest(_ request: RequestRecord) throws -> Int64
    func answerRequest(_ id: Int64, _ answer: Value) throws

    /// Deletes what is older than `bounds`, oldest first: at most `limit` (1 to 10,000) runs, events, identities and requests
    /// together, with what belongs to them. Returns what was deleted; nothing when all is done.
    func prune(_ bounds: PruneBounds, limit: Int) throws -> PruneCount

    /// Counts a new executor; returns its generation.
    func beginExecutor() throws -> Int64
    /// Checks that no newer executor has begun. What an executor commits begins with it: an executor that was taken for dead must
    /// not change what its successor works on. Costs next to nothing: a store asks its tables once a commit.
    ///
    /// - Throws: ``StoreError`` with `fenced` when one has.
    func checkExecutor(_ generation: Int64) throws

    /// Adds a question, or replaces the one with its id; an id stays with its run.
    func putAsk(_ ask: AskRecord) throws

    /// Adds an entry at the end of the audit log, chained to the one before it; returns it.
    func appendAudit(_ draft: AuditDraft) throws -> AuditRecord

    /// Adds a token, or replaces the one with its id. ``issue(_:typedBy:for:)`` checks it first and writes the audit log.
    func putToken(_ token: TokenRecord) throws
    /// Notes that a token was used, unless a later use is noted already. Nothing else of it is changed.
    func noteUse(ofToken id: String, at now: Timestamp) throws
    /// Forgets a token, if it is there.
    func removeToken(_ id: String) throws

    /// Sets what a gate remembers under a key.
    func setGate(_ gate: GateRecord) throws
    /// Removes what a gate remembers under a key, if anything.
    func removeGate(playbook: String, gate: String, key: String) throws
}
