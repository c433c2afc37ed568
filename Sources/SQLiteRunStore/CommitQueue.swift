import GRDB
import RunStore
import Synchronization

/// The one writer: takes what waits and puts it into one commit.
///
/// It works on the queue of the writing connection, a thread of its own. Whoever writes waits until the change is durable. A change
/// that comes when nothing waits is committed alone and at once; what comes while a commit is made goes into the next one, or into
/// this one while its changes are still being made. At most `capacity` changes wait in line; who comes then is held back until
/// there is room, in the order of coming, and can be called off meanwhile.
final class CommitQueue: Sendable {
    /// What a change came to, before the commit.
    struct Settlement {
        /// Why it is to be undone; nil when it is not.
        var failure: (any Error)?
        /// Tells the caller, with the error of the commit if that failed.
        var resume: (StoreError?) -> Void
    }

    /// A caller's change in line.
    struct Change: Sendable {
        var body: @Sendable (Result<SQLiteTransaction, any Error>) -> Settlement
        var came: ContinuousClock.Instant

        /// Tells the caller that nothing is done.
        func refuse(_ error: any Error) { body(.failure(error)).resume(nil) }
    }

    private struct State {
        /// In line from `lineHead` on, oldest first.
        var line: [Change] = []
        var lineHead = 0
        /// Held back, by the number of the call.
        var held: [Int: Change] = [:]
        /// The numbers of those held back in the order of coming; some may have been called off.
        var heldOrder: [Int] = []
        var nextHeld = 0
        /// Changes in the commit that is being made.
        var taken = 0
        var last: CommitReport?
        var isDraining = false
        var isClosed = false
        var whenIdle: [CheckedContinuation<Void, Never>] = []

        /// How many are in line.
        var inLine: Int { line.count - lineHead }

        /// Takes changes from the front of the line, and lets as many of those held back follow.
        mutating func take(upTo limit: Int, of capacity: Int) -> [Change] {
            let end = min(line.count, lineHead + limit)
            let changes = Array(line[lineHead..<end])
            lineHead = end
            if lineHead == line.count || lineHead > capacity {
                line.removeFirst(lineHead)
                lineHead = 0
            }
            taken += changes.count
            while inLine < capacity, nextHeld < heldOrder.count {
                if let change = held.removeValue(forKey: heldOrder[nextHeld]) { line.append(change) }
                nextHeld += 1
            }
            if nextHeld == heldOrder.count {
                heldOrder = []
                nextHeld = 0
            }
            return changes
        }
    }

    private let pool: DatabasePool
    private let catalog: OpenCatalog
    private let capacity: Int
    private let observer: (@Sendable (CommitReport) -> Void)?
    private let state = Mutex(State())
    private let lastCall = Atomic(0)

    init(
        pool: DatabasePool, catalog: OpenCatalog, capacity: Int, observer: (@Sendable (CommitReport) -> Void)?
    ) {
        self.pool = pool
        self.catalog = catalog
        self.capacity = max(1, capacity)
        self.observer = observer
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    var load: WriteLoad {
        state.withLock { state in
            WriteLoad(
                waiting: state.inLine + state.taken, heldBack: state.held.count, capacity: capacity,
                last: state.last)
        }
    }

    /// Runs `body` in its turn; returns when it is durable.
    ///
    /// - Throws: what `body` throws; ``StoreError``; `CancellationError` when the task is cancelled while it is held back.
    func write<Output: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Output
    ) async throws -> Output {
        let call = lastCall.wrappingAdd(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (caller: CheckedContinuation<Output, any Error>) in
                enqueue(
                    Change(
                        body: { transaction in
                            switch Result(catching: { try body(transaction.get()) }) {
                            case .success(let output):
                                return Settlement(failure: nil) { problem in
                                    if let problem {
                                        caller.resume(throwing: problem)
                                    } else {
                                        caller.resume(returning: output)
                                    }
                                }
                            case .failure(let error):
                                return Settlement(failure: error) { _ in caller.resume(throwing: error) }
                            }
                        }, came: .now), call)
            }
        } onCancel: {
            state.withLock { $0.held.removeValue(forKey: call) }?.refuse(CancellationError())
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

    private func enqueue(_ change: Change, _ call: Int) {
        var refusal: (any Error)?
        let isFirst = state.withLock { state in
            if state.isClosed {
                refusal = StoreError(.closed, "the store has been closed; open it again")
                return false
            }
            if state.inLine < capacity, state.held.isEmpty {
                state.line.append(change)
            } else if Task.isCancelled {
                // Asked for inside the lock: a cancellation after this finds the change among those held back.
                refusal = CancellationError()
                return false
            } else {
                state.held[call] = change
                state.heldOrder.append(call)
            }
            defer { state.isDraining = true }
            return !state.isDraining
        }
        if let refusal { return change.refuse(refusal) }
        if isFirst { pool.asyncWriteWithoutTransaction { db in self.drain(db) } }
    }

    private func drain(_ db: Database) {
        while true {
            let finished: [CheckedContinuation<Void, Never>]? = state.withLock { state in
                guard state.inLine == 0 else { return nil }
                state.isDraining = false
                defer { state.whenIdle = [] }
                return state.whenIdle
            }
            if let finished {
                for caller in finished { caller.resume() }
                return
            }
            commit(db)
        }
    }

    /// Puts what waits into one commit, and answers the callers.
    private func commit(_ db: Database) {
        var batch = CommitBatch(db: db, catalog: catalog, path: pool.path)
        batch.make { limit in state.withLock { $0.take(upTo: limit, of: capacity) } }
        if !batch.hasBegun {
            // Trying the others each alone would only wait as often.
            let rest = state.withLock { state in
                var rest: [Change] = []
                while state.inLine > 0 { rest += state.take(upTo: state.inLine, of: capacity) }
                return rest
            }
            batch.refuse(rest)
        }
        let report = state.withLock { state in
            let report = batch.report(waiting: state.inLine, heldBack: state.held.count)
            state.taken = 0
            state.last = report
            return report
        }
        observer?(report)
        batch.answer()
    }
}
