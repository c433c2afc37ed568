import GRDB
import RunStore

/// One commit: makes changes in one transaction, each of which can be undone alone, and commits them.
struct CommitBatch {
    /// The most changes in one commit.
    static let maximumChanges = 1024
    /// A commit takes no more changes after this time, so that the first need not wait long.
    static let maximumTime = Duration.milliseconds(5)
    /// How many changes are taken at a time: what comes while they are made may still go with them.
    static let portion = 32

    let db: Database
    let catalog: OpenCatalog
    let path: String

    /// Whether the database could be locked for writing.
    private(set) var hasBegun = false
    private let start = ContinuousClock.now
    private var settled: [CommitQueue.Settlement] = []
    private var undone = 0
    private var waited = Duration.zero
    private var duration = Duration.zero
    private var syncDuration = Duration.zero
    private var problem: StoreError?

    init(db: Database, catalog: OpenCatalog, path: String) {
        self.db = db
        self.catalog = catalog
        self.path = path
    }

    /// Makes the changes that `next` gives, until there are none or it is time, and commits them.
    mutating func make(_ next: (_ limit: Int) -> [CommitQueue.Change]) {
        do {
            // What a failing disk has left of the commit before.
            if db.isInsideTransaction { try db.rollback() }
            try db.change("BEGIN IMMEDIATE")
            hasBegun = true
            try change(next)
            let changed = ContinuousClock.now
            try db.change("COMMIT")
            syncDuration = changed.duration(to: .now)
        } catch {
            problem = StoreError(error, at: path)
            rollBack()
        }
        duration = start.duration(to: .now)
    }

    private mutating func change(_ next: (_ limit: Int) -> [CommitQueue.Change]) throws {
        var facts = CommitFacts()
        /// Whether the open transaction holds a change that must outlive the failure of the next.
        var holdsChanges = false
        while settled.count < Self.maximumChanges, settled.isEmpty || start.duration(to: .now) < Self.maximumTime {
            let changes = next(Self.portion)
            if changes.isEmpty { return }
            if settled.isEmpty, let first = changes.first { waited = first.came.duration(to: start) }
            for (place, change) in changes.enumerated() {
                do {
                    try make(change, &holdsChanges, &facts)
                } catch {
                    // The transaction is gone: those that were taken with it are told as well.
                    for change in changes[(place + 1)...] {
                        settled.append(change.body(.failure(StoreError(error, at: path))))
                    }
                    throw error
                }
            }
        }
    }

    private mutating func make(
        _ change: CommitQueue.Change, _ holdsChanges: inout Bool, _ facts: inout CommitFacts
    ) throws {
        if holdsChanges {
            do { try db.change("SAVEPOINT body") } catch {
                settled.append(change.body(.failure(error)))
                throw error
            }
        }
        let settlement = change.body(.success(SQLiteTransaction(db: db, catalog: catalog, facts: facts)))
        settled.append(settlement)
        if !db.isInsideTransaction {
            // SQLite gives up the whole transaction when a disk is full or fails.
            throw settlement.failure
                ?? StoreError(.io, "the database gave up this commit; look at the disk, then try again")
        }
        if settlement.failure == nil {
            if holdsChanges { try db.change("RELEASE body") }
            holdsChanges = true
            return
        }
        undone += 1
        if holdsChanges {
            try db.change("ROLLBACK TO body")
            try db.change("RELEASE body")
        } else {
            try db.rollback()
            try db.change("BEGIN IMMEDIATE")
            facts = CommitFacts()
        }
    }

    /// Tells `changes`, too, why nothing could be written.
    mutating func refuse(_ changes: [CommitQueue.Change]) {
        guard let problem else { return }
        settled += changes.map { $0.body(.failure(problem)) }
    }

    func report(waiting: Int, heldBack: Int) -> CommitReport {
        CommitReport(
            changes: settled.count, undone: undone, duration: duration, syncDuration: syncDuration, waited: waited,
            waiting: waiting, heldBack: heldBack, failure: problem)
    }

    /// Tells the callers what became of their changes.
    func answer() {
        for settlement in settled { settlement.resume(problem) }
    }

    private func rollBack() {
        guard db.isInsideTransaction else { return }
        do {
            try db.rollback()
        } catch {
            // It is tried again before the next commit, whose callers hear of it when it fails again.
        }
    }
}
