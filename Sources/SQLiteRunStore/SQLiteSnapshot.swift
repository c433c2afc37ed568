import GRDB
import PluginKit
import RunStore
import WorkflowModel

/// A view that stays: a connection with a transaction of its own. Each call takes its turn on it.
struct SQLiteSnapshot: StoreSnapshot {
    let snapshot: DatabaseSnapshot
    let catalog: OpenCatalog
    /// The file, when it is read as one that nobody changes.
    let unchanged: UnchangedFile?

    private func look<Result>(_ body: (SQLiteReader) throws -> Result) throws -> Result {
        do {
            let result = try snapshot.read { db in try body(SQLiteReader(db: db, catalog: catalog)) }
            try unchanged?.check()
            return result
        } catch let error as DatabaseError {
            throw StoreError(error, at: snapshot.path)
        }
    }

    var documents: any PluginStoreReader { Documents(snapshot: self) }

    func event(_ sequence: Int64) throws -> EventRecord? { try look { try $0.event(sequence) } }

    func events(withID id: String) throws -> [EventRecord] { try look { try $0.events(withID: id) } }

    func events(ofSubject subject: String, before: Int64?, limit: Int) throws -> [EventRecord] {
        try look { try $0.events(ofSubject: subject, before: before, limit: limit) }
    }

    func events(before: Int64?, limit: Int) throws -> [EventRecord] {
        try look { try $0.events(before: before, limit: limit) }
    }

    func matches(ofEvent sequence: Int64) throws -> [MatchRecord] { try look { try $0.matches(ofEvent: sequence) } }

    func newestEventTime(ofSubject subject: String) throws -> Timestamp? {
        try look { try $0.newestEventTime(ofSubject: subject) }
    }

    func generation(_ number: Int64?) throws -> GenerationRecord? { try look { try $0.generation(number) } }

    func bundle(_ hash: String) throws -> Value? { try look { try $0.bundle(hash) } }

    func edges(ofSubject subject: String) throws -> [EdgeRecord] { try look { try $0.edges(ofSubject: subject) } }

    func subscriptions(toType type: String, ofSubject subject: String) throws -> [SubscriptionRecord] {
        try look { try $0.subscriptions(toType: type, ofSubject: subject) }
    }

    func run(_ id: RunID) throws -> RunRecord? { try look { try $0.run(id) } }

    func runs(_ query: RunQuery) throws -> [RunRecord] { try look { try $0.runs(query) } }

    func runs(withPrefix prefix: String, limit: Int) throws -> [RunRecord] {
        try look { try $0.runs(withPrefix: prefix, limit: limit) }
    }

    func runnable(generation: Int64, now: Timestamp, limit: Int) throws -> [RunID] {
        try look { try $0.runnable(generation: generation, now: now, limit: limit) }
    }

    func runCounts() throws -> [RunState: Int] { try look { try $0.runCounts() } }

    func journal(of run: RunID, after: Int) throws -> [JournalRecord] {
        try look { try $0.journal(of: run, after: after) }
    }

    func timers(dueBy now: Timestamp, limit: Int) throws -> [TimerRecord] {
        try look { try $0.timers(dueBy: now, limit: limit) }
    }

    func nextTimer() throws -> Timestamp? { try look { try $0.nextTimer() } }

    func effect(_ key: String) throws -> EffectRecord? { try look { try $0.effect(key) } }

    func effects(of run: RunID?, limit: Int) throws -> [EffectRecord] {
        try look { try $0.effects(of: run, limit: limit) }
    }

    func effects(_ query: EffectQuery) throws -> [EffectRecord] { try look { try $0.effects(query) } }

    func prunable(_ bounds: PruneBounds) throws -> PruneCount { try look { try $0.prunable(bounds) } }

    func openRequests(limit: Int) throws -> [RequestRecord] { try look { try $0.openRequests(limit: limit) } }

    func request(_ id: Int64) throws -> RequestRecord? { try look { try $0.request(id) } }

    func request(withKey key: String) throws -> RequestRecord? { try look { try $0.request(withKey: key) } }

    func events(_ query: EventQuery) throws -> [EventRecord] { try look { try $0.events(query) } }

    func runs(inSlot slot: String, limit: Int) throws -> [RunRecord] {
        try look { try $0.runs(inSlot: slot, limit: limit) }
    }

    func use(ofSlot slot: String) throws -> SlotUse { try look { try $0.use(ofSlot: slot) } }

    func held(inSlot slot: String, limit: Int) throws -> [RunRecord] {
        try look { try $0.held(inSlot: slot, limit: limit) }
    }

    func ask(_ id: String) throws -> AskRecord? { try look { try $0.ask(id) } }

    func asks(_ query: AskQuery) throws -> [AskRecord] { try look { try $0.asks(query) } }

    func audit(after: Int64, limit: Int) throws -> [AuditRecord] {
        try look { try $0.audit(after: after, limit: limit) }
    }

    func token(_ id: String) throws -> TokenRecord? { try look { try $0.token(id) } }

    func tokens() throws -> [TokenRecord] { try look { try $0.tokens() } }

    func newestAudit() throws -> AuditRecord? { try look { try $0.newestAudit() } }

    func gate(playbook: String, gate: String, key: String) throws -> GateRecord? {
        try look { try $0.gate(playbook: playbook, gate: gate, key: key) }
    }

    func gates(playbook: String?, gate: String, limit: Int) throws -> [GateRecord] {
        try look { try $0.gates(playbook: playbook, gate: gate, limit: limit) }
    }

    func executorGeneration() throws -> Int64 { try look { try $0.executorGeneration() } }

    func lastNumber(_ name: String, of plugin: String) throws -> Int {
        try look { try $0.db.lastNumber(name, of: plugin) }
    }

    func occurrences(of words: [String], in collection: String) throws -> [Int] {
        let (number, declaration) = try catalog.collection(collection)
        guard !declaration.search.isEmpty else { return words.map { _ in 0 } }
        return try look { try $0.db.occurrences(of: words, collection: number) }
    }

    private struct Documents: PluginStoreReader {
        let snapshot: SQLiteSnapshot

        func document(_ id: String, in collection: String) throws -> ValueMap? {
            try snapshot.look { try $0.documents.document(id, in: collection) }
        }

        func documents(in collection: String, _ query: DocumentQuery) throws -> [Document] {
            try snapshot.look { try $0.documents.documents(in: collection, query) }
        }

        func count(in collection: String, _ query: DocumentQuery) throws -> Int {
            try snapshot.look { try $0.documents.count(in: collection, query) }
        }

        func search(_ text: String, in collection: String, limit: Int) throws -> [SearchHit] {
            try snapshot.look { try $0.documents.search(text, in: collection, limit: limit) }
        }

        func events(ofSubject subject: String, since: Timestamp?, limit: Int) throws -> [Event] {
            try snapshot.look { try $0.documents.events(ofSubject: subject, since: since, limit: limit) }
        }
    }
}
