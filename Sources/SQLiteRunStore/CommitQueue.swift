import GRDB
import RunStore
import Synchronization

/// The one writer: takes what waits and puts it into one commit.
///
/// It works on the queue of the writing connection, a thread of its own. Whoever writes waits until the change is durable, so
/// no more waits here than there are callers. When nothing waits, a change is committed alone and at once.
final class CommitQueue: Sendable {
    /// What a change came to, before the commit.
    struct Settlement {
        /// Why it is to be undone; nil when it is not.
        var failure: (any Error)?
        /// Tells the caller, with the error of the commit if that failed.
        var resume: (StoreError?) -> Void
    }

    typealias Job = @Sendable (Result<SQLiteTransaction, StoreError>) -> Settlement

    private struct State {
        var jobs: [Job] = []
        var isDraining = false
        var isClosed = false
        var whenIdle: [CheckedContinuation<Void, Never>] = []
    }

    /// The most changes in one commit.
    private static let maximumBatch = 512
    /// A batch takes no more changes after this time, so that the first need not wait long.
    private static let maximumTime = Duration.milliseconds(5)

    private let pool: DatabasePool
    private let catalog: OpenCatalog
    private let state = Mutex(State())

    init(pool: DatabasePool, catalog: OpenCatalog) {
        self.pool = pool
        self.catalog = catalog
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Runs `body` in its turn; returns when it is durable.
    func write<Output: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Output
    ) async throws -> Output {
        try await withCheckedThrowingContinuation { (caller: CheckedContinuation<Output, any Error>) in
            let isAccepted = enqueue { transaction in
                let outcome = Result { try body(transaction.get()) }
                switch outcome {
                case .success(let output):
                    return Settlement(failure: nil) { problem in
                        if let problem { caller.resume(throwing: problem) } else { caller.resume(returning: output) }
                    }
                case .failure(let error):
                    return Settlement(failure: error) { _ in caller.resume(throwing: error) }
                }
            }
            if !isAccepted { caller.resume(throwing: StoreError(.closed, "the store has been closed; open it again")) }
        }
    }

    /// Takes no more changes; returns when those that wait are done.
    func close() async {
        await withCheckedContinuation { caller in
            let isIdle = state.withLock { state in
                state.isClosed = true
                if state.isDraining { state.whenIdle.append(caller) }
                return !state.isDraining
            }
            if isIdle { caller.resume() }
        }
    }

    private func enqueue(_ job: @escaping Job) -> Bool {
        let (isAccepted, isFirst) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.jobs.append(job)
            defer { state.isDraining = true }
            return (true, !state.isDraining)
        }
        if isFirst { pool.asyncWriteWithoutTransaction { db in self.drain(db) } }
        return isAccepted
    }

    private func drain(_ db: Database) {
        while true {
            let (jobs, finished): ([Job], [CheckedContinuation<Void, Never>]) = state.withLock { state in
                guard state.jobs.isEmpty else {
                    defer { state.jobs = [] }
                    return (state.jobs, [])
                }
                state.isDraining = false
                defer { state.whenIdle = [] }
                return ([], state.whenIdle)
            }
            for caller in finished { caller.resume() }
            if jobs.isEmpty { return }
            var rest = jobs[...]
            while !rest.isEmpty { commitBatch(&rest, db) }
        }
    }

    /// Takes changes from the front of `jobs` into one commit, and answers their callers.
    private func commitBatch(_ jobs: inout ArraySlice<Job>, _ db: Database) {
        let end = ContinuousClock.now + Self.maximumTime
        var settled: [Settlement] = []
        var problem: StoreError?
        /// Whether the open transaction holds a change that must outlive the failure of the next.
        var holdsChanges = false
        var facts = CommitFacts()
        do {
            try db.beginTransaction(.immediate)
            while let job = jobs.popFirst() {
                if holdsChanges { try db.change("SAVEPOINT body") }
                let settlement = job(.success(SQLiteTransaction(db: db, catalog: catalog, facts: facts)))
                settled.append(settlement)
                if !db.isInsideTransaction {
                    // SQLite gives up the whole transaction when a disk is full or fails.
                    throw settlement.failure
                        ?? StoreError(.io, "the database gave up this commit; look at the disk, then try again")
                }
                if settlement.failure == nil {
                    if holdsChanges { try db.change("RELEASE body") }
                    holdsChanges = true
                } else if holdsChanges {
                    try db.change("ROLLBACK TO body")
                    try db.change("RELEASE body")
                } else {
                    try db.rollback()
                    try db.beginTransaction(.immediate)
                    facts = CommitFacts()
                }
                if settled.count >= Self.maximumBatch || ContinuousClock.now >= end { break }
            }
            try db.commit()
        } catch {
            let cause = StoreError(error, at: pool.path)
            problem = cause
            rollBack(db)
            if settled.isEmpty {
                // Not even the beginning worked: trying each alone would only wait as often.
                settled = jobs.map { $0(.failure(cause)) }
                jobs = []
            }
        }
        for settlement in settled { settlement.resume(problem) }
    }

    private func rollBack(_ db: Database) {
        guard db.isInsideTransaction else { return }
        do {
            try db.rollback()
        } catch {
            // What is left of the transaction makes the next beginning fail, and its callers hear of it.
        }
    }
}
