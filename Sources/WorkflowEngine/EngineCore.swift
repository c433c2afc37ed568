import RunStore
import Synchronization
import WorkflowModel

/// What the parts of a running engine share: the store, the settings, the runs that workers have, and the news.
final class EngineCore: Sendable {
    private struct Pool {
        /// A mailbox for every run that is being worked on or is in line.
        var mailboxes: [RunID: Mailbox] = [:]
        var line: [(run: RunID, fresh: FreshRun?)] = []
        var nextInLine = 0
        var working = 0
        var isDraining = false
        /// A person has stopped everything until further notice.
        var isHalted = false
        var isAbandoning = false
        /// Whether runs that were let go of by a stop are still to be taken up.
        var mustTakeUpAll = false
        /// Whether the workspace is being read anew.
        var isReloading = false
        /// Whether the timers of schedules are still those of another set.
        var hasOldSchedules = false
        /// Why nothing can be committed any more: a successor has begun.
        var replacement: StoreError?
        /// Runs that stopped because the store failed, with why.
        var stalled: [RunID: any Error] = [:]
    }

    let store: ExecutorStore
    let settings: EngineSettings
    let services: EngineServices
    /// What the gates of all sets know without asking the store.
    let board: GateBoard
    let shelf: BundleShelf
    let deadlines: DeadlineTimer
    /// The ends of attempts: how long one may take does not depend on what is done to the wall clock.
    let timeouts: DeadlineTimer
    let generation: Int64
    /// Plays events at their own times, when time is that of a replay.
    let replay: Replay?
    /// Raised when a run has ended or waits, or a worker has nothing to do.
    let news = Signal()
    /// Raised when a timer may have been set.
    let timersChanged = Signal()
    private let pool = Mutex(Pool())
    private let followed: Mutex<Rules>

    init(
        store: any RunStore, rules: Rules, board: GateBoard, shelf: BundleShelf, generation: Int64
    ) {
        let (settings, services) = (rules.settings, rules.services)
        followed = Mutex(rules)
        self.board = board
        self.store = ExecutorStore(store, generation: generation)
        self.settings = settings
        self.services = services
        self.shelf = shelf
        self.generation = generation
        replay = (services.clock as? ReplayClock).map(Replay.init)
        deadlines = DeadlineTimer(services.clock, services.executor)
        timeouts = DeadlineTimer(services.clock, services.executor, isSteady: true)
        self.store.whenFenced { [weak self] error in self?.stop(replaced: error) }
    }

    func tell(_ progress: Progress) {
        services.metrics.note(progress)
        services.progress?(progress)
    }

    func fault(_ point: FaultPoint) throws { try services.faults?(point) }

    var isDraining: Bool { pool.withLock(\.isDraining) }
    var isAbandoning: Bool { pool.withLock(\.isAbandoning) }
    /// Whether no step may begin: the engine stops, or everything was stopped by a person.
    var isResting: Bool { pool.withLock { $0.isDraining || $0.isHalted } }
    var isHalted: Bool { pool.withLock(\.isHalted) }

    /// No step begins any more anywhere, until it is called with false; then ``Rescuer/takeUpAll()`` is to follow. To be called inside the
    /// transaction that says so, so that of two the later one holds; what becomes of one that fails, the rescuer sees.
    func halt(_ isHalted: Bool) {
        let mailboxes = pool.withLock { pool in
            guard pool.isHalted != isHalted else { return [Mailbox]() }
            pool.isHalted = isHalted
            pool.mustTakeUpAll = !isHalted
            return pool.mailboxes.sorted { $0.key < $1.key }.map(\.value)
        }
        for mailbox in mailboxes { mailbox.post(.wake) }
    }

    // MARK: Rules

    /// What is gone by now. Whatever belongs together takes it once.
    var rules: Rules { followed.withLock { $0 } }

    /// The dispatcher of the rules as they are now.
    var dispatcher: Dispatcher { rules.dispatcher }

    func follow(_ rules: Rules) {
        board.follow(rules.set, rules.settings)
        // A replay's time is not known before its first event, which sets them.
        let isTimeKnown = (services.clock as? ReplayClock)?.hasBegun ?? true
        pool.withLock { $0.hasOldSchedules = rules.settings.keepsSchedules && isTimeKnown }
        followed.withLock { $0 = rules }
    }

    /// Whether runs that were let go of by a stop are still to be taken up.
    var mustTakeUpAll: Bool { pool.withLock { $0.mustTakeUpAll && !$0.isHalted } }

    func noteAllTakenUp() { pool.withLock { $0.mustTakeUpAll = false } }

    func beginReloading() -> Bool {
        pool.withLock { pool in
            defer { pool.isReloading = true }
            return !pool.isReloading
        }
    }

    func endReloading() { pool.withLock { $0.isReloading = false } }

    /// Sets the timers of schedules to those of the set, when they are still those of another.
    func keepSchedules() async throws {
        guard pool.withLock(\.hasOldSchedules) else { return }
        let (rules, now) = (rules, services.clock.now)
        let notes = try await store.write { transaction in
            try ScheduleKeeper(services: rules.services, set: rules.set).keep(in: transaction, now: now)
        }
        // Another set may have come meanwhile.
        if rules === self.rules { pool.withLock { $0.hasOldSchedules = false } }
        for note in notes { tell(.warning(nil, note)) }
        timersChanged.raise()
    }

    // MARK: Runs

    /// Acts on what a transaction led to, once that is durable: what came of events is counted, runs are worked on or cancelled.
    func take(_ dispatch: Dispatch) {
        services.metrics.accepted(dispatch)
        if !dispatch.receipts.isEmpty { tell(.accepted(dispatch.receipts)) }
        for playbook in dispatch.closedBreakers { board.forget(playbook) }
        for fresh in dispatch.runs {
            tell(.runChanged(fresh.run))
            take(fresh)
        }
        for other in dispatch.cancellations {
            let answer = RunMessage.Answer(note: nil) { _ in }
            take(other.run, message: .cancel(by: SlotKeeper.person, reason: other.reason, answer))
        }
        for run in dispatch.ended { noteEnd(run) }
    }

    /// A run that was just made is worked on as soon as a worker is free.
    func take(_ fresh: FreshRun) {
        board.noteBegin(fresh.run, at: services.clock.now)
        // One that has just been let go may be looked at by a worker that takes it for one that still waits.
        take(fresh.run.id, fresh: fresh, message: fresh.mustBeLoaded ? .wake : nil)
    }

    /// Tells that a run has ended.
    func noteEnd(_ run: RunRecord) {
        board.noteEnd(run, at: services.clock.now)
        tell(.runEnded(run))
        news.raise()
    }

    /// A run is worked on, or woken when a worker has it; `message` reaches it.
    func take(_ run: RunID, message: RunMessage = .wake) { take(run, fresh: nil, message: message) }

    private func take(_ run: RunID, fresh: FreshRun?, message: RunMessage?) {
        let starts = pool.withLock { pool in
            if let mailbox = pool.mailboxes[run] {
                if let message { mailbox.post(message) }
                return false
            }
            let mailbox = Mailbox()
            if let message { mailbox.post(message) }
            pool.mailboxes[run] = mailbox
            pool.stalled[run] = nil
            pool.line.append((run, fresh))
            guard pool.working < settings.maximumRuns else { return false }
            pool.working += 1
            return true
        }
        guard starts else { return }
        services.spawn { await Worker(core: self).work() }
    }

    /// The next run in line with its mailbox; nil ends the worker that asks.
    func next() -> (run: RunID, fresh: FreshRun?, mailbox: Mailbox)? {
        let next: (run: RunID, fresh: FreshRun?, mailbox: Mailbox)? = pool.withLock { pool in
            while pool.nextInLine < pool.line.count {
                let (run, fresh) = pool.line[pool.nextInLine]
                pool.nextInLine += 1
                if pool.nextInLine == pool.line.count {
                    pool.line = []
                    pool.nextInLine = 0
                }
                if let mailbox = pool.mailboxes[run] { return (run, fresh, mailbox) }
            }
            pool.working -= 1
            return nil
        }
        if next == nil { news.raise() }
        return next
    }

    /// Lets go of a run; false when a message has come for it meanwhile and it must be taken up again.
    func release(_ run: RunID, error: (any Error)? = nil) -> Bool {
        let isReleased = pool.withLock { pool in
            if let error {
                pool.stalled[run] = error
            } else if let mailbox = pool.mailboxes[run], !mailbox.isEmpty, !pool.isDraining, !pool.isHalted {
                return false
            }
            pool.mailboxes[run] = nil
            return true
        }
        if isReleased { news.raise() }
        return isReleased
    }

    /// Takes the error that stopped a run, if one did.
    func stall(of run: RunID) -> (any Error)? { pool.withLock { $0.stalled[run] } }

    /// The runs that stopped because the store failed, oldest first.
    var stalledRuns: [RunID] { pool.withLock { $0.stalled.filter { $0.value is StoreError }.keys.sorted() } }

    /// Whether a worker has the run or it is in line.
    func has(_ run: RunID) -> Bool { pool.withLock { $0.mailboxes[run] != nil } }

    /// How many runs are in line.
    var lineLength: Int { pool.withLock { $0.line.count - $0.nextInLine } }

    /// How many runs a worker has or are in line.
    var runsAtWork: Int { pool.withLock { $0.mailboxes.count } }

    /// Whether nothing is being worked on.
    var isIdle: Bool { pool.withLock { $0.working == 0 && $0.mailboxes.isEmpty } }

    // MARK: The end

    /// Why this executor was replaced, once it was.
    var replacement: StoreError? { pool.withLock(\.replacement) }

    /// A successor has begun: what is not stored yet is left to it.
    private func stop(replaced error: StoreError) {
        pool.withLock { $0.replacement = error }
        tell(.replaced(message: error.message))
        drain(abandoning: true)
        timersChanged.raise()
    }

    /// No new step begins; runs are left where they are.
    func drain(abandoning: Bool) {
        let mailboxes = pool.withLock { pool in
            pool.isDraining = true
            if abandoning { pool.isAbandoning = true }
            return pool.mailboxes.sorted { $0.key < $1.key }.map(\.value)
        }
        for mailbox in mailboxes { mailbox.post(.wake) }
        news.raise()
        store.doubts.raise()
    }
}
