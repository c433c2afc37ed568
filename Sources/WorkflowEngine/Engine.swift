import Calendars
public import PluginKit
public import RunStore
import RunMachine
import Synchronization
public import WorkflowModel

/// The executor of a workspace: takes events in, makes runs, works on them, and recovers what an earlier executor left.
///
///     let engine = try await Engine.open(store: store, playbooks: set, settings: settings, services: services)
///     try await engine.recover()
///     let receipts = try await engine.emit(events)
///     try await engine.waitUntilQuiet(upTo: .seconds(60))
///     await engine.close()
///
/// Whoever opens an engine on a store that other processes can open must hold its ``ExecutorLock``.
public final class Engine: Sendable {
    /// The most runs that may be in line while events are taken in.
    static let longestLine = 10_000

    let core: EngineCore
    /// The playbooks by which events are matched now.
    public var set: ActiveSet { core.rules.set }
    /// The workspace's tables as they are now.
    public var tables: WorkspaceTables { core.rules.services.workspace() }
    private let background = Mutex<[Task<Void, Never>]>([])

    private init(_ core: EngineCore) { self.core = core }

    /// Begins a new generation of executor on `store` and records the active set when it has changed.
    ///
    /// - Throws: ``StoreError``.
    public static func open(
        store: any RunStore, playbooks: ActiveSet, settings: EngineSettings, services: EngineServices
    ) async throws -> Engine {
        let now = services.clock.now
        let (executor, generation, standing, notes) = try await store.write { transaction in
            // A rehearsal plays on a copy, whatever is in it.
            if !settings.rehearses {
                try ReplayMark.check(isReplay: services.clock is ReplayClock, in: transaction)
            }
            let executor = try transaction.beginExecutor()
            let standing = try StandingGates(transaction)
            let generation = try Engine.generation(of: playbooks, in: transaction, now: now)
            // A replay's time is not known before its first event.
            let isTimeKnown = (services.clock as? ReplayClock)?.hasBegun ?? true
            guard settings.keepsSchedules, isTimeKnown else { return (executor, generation, standing, [String]()) }
            let notes = try ScheduleKeeper(services: services, set: playbooks).keep(in: transaction, now: now)
            return (executor, generation, standing, notes)
        }
        for note in notes { services.progress?(.warning(nil, note)) }
        let shelf = BundleShelf(services)
        shelf.put(playbooks.playbooks)
        let board = GateBoard(playbooks, settings)
        for playbook in standing.playbooks { board.mark(playbook) }
        let rules = Rules(
            set: playbooks, settings: settings, services: services, generation: generation, board: board)
        let core = EngineCore(store: store, rules: rules, board: board, shelf: shelf, generation: executor)
        if standing.isHalted { core.halt(true) }
        return Engine(core)
    }

    /// The number of the active set, which is recorded when it has changed.
    static func generation(
        of set: ActiveSet, in transaction: any StoreTransaction, now: Timestamp
    ) throws -> Int64 {
        if let newest = try transaction.generation(nil), newest.members == set.members { return newest.number }
        for playbook in set.playbooks { try transaction.insertBundle(playbook.bundle, playbook.content) }
        return try transaction.insertGeneration(GenerationRecord(at: now, members: set.members))
    }

    /// Starts what goes on by itself: timers, and the requests of other processes. Without it, ``fireDueTimers()`` and
    /// ``answerRequests()`` do the same once.
    public func start() {
        background.withLock { tasks in
            guard tasks.isEmpty else { return }
            let core = core
            if let replay = core.replay {
                tasks.append(core.services.spawn { await replay.run(self) })
            } else {
                tasks.append(core.services.spawn { await Scheduler(core: core).run() })
            }
            let desk = RequestDesk(engine: self)
            tasks.append(core.services.spawn { await desk.run() })
            tasks.append(core.services.spawn { await Rescuer(core: core).run() })
        }
    }

    /// Sets the timers of the active set's schedules by the time as it is now.
    func keepSchedules() async throws {
        guard core.settings.keepsSchedules else { return }
        let (core, keeper) = (core, ScheduleKeeper(services: core.rules.services, set: set))
        let notes = try await core.store.write { try keeper.keep(in: $0, now: core.services.clock.now) }
        for note in notes { core.tell(.warning(nil, note)) }
    }

    // MARK: Work

    /// Puts the runs that an earlier executor left in line; returns them.
    ///
    /// - Throws: ``StoreError``.
    @discardableResult
    public func recover() async throws -> [RunID] { try await Rescuer(core: core).rescue() }

    /// Accepts events in their order, each once, with all that follows from them. What it returns is durable.
    ///
    /// An event that a consumer refuses has a ``EventReceipt/refusal``; the others are accepted.
    /// - Throws: ``StoreError``; then none of the events that are not yet reported is accepted.
    public func emit(_ events: [Event]) async throws -> [EventReceipt] {
        var receipts: [EventReceipt] = []
        var rest = events[...]
        while !rest.isEmpty {
            let chunk = Array(rest.prefix(200))
            rest = rest.dropFirst(chunk.count)
            receipts += try await emit(chunk, noting: { _, _ in })
        }
        return receipts
    }

    /// The same in a single transaction, with `note` in it.
    @discardableResult
    func emit(_ events: [Event], noting note: @escaping RequestNote<[EventReceipt]>) async throws -> [EventReceipt] {
        try checkOpen()
        try core.fault(.beforeAccept)
        try await waitForRoom()
        let receipts: [EventReceipt]
        if let replay = core.replay {
            receipts = try await replay.emit(events, by: self, noting: note)
        } else {
            receipts = try await accept(events, noting: note)
        }
        core.timersChanged.raise()
        try core.fault(.afterAccept)
        return receipts
    }

    /// Events are taken in no faster than runs are worked off, so that the line stays in memory.
    private func waitForRoom() async throws {
        while core.lineLength > Engine.longestLine {
            let seen = core.news.count
            guard core.lineLength > Engine.longestLine else { return }
            try checkOpen()
            await core.news.wait(after: seen, until: nil, core.deadlines)
        }
    }

    /// One of several events that is refused.
    private struct Refused: Error {
        let place: Int
        let why: String
    }

    /// Accepts events in one transaction. One that is refused undoes it, and the others are accepted by another without it.
    func accept(_ events: [Event], noting note: @escaping RequestNote<[EventReceipt]>) async throws
        -> [EventReceipt]
    {
        let (core, now) = (core, core.services.clock.now)
        var refusals: [Int: String] = [:]
        while true {
            do {
                let accepted = try await core.store.write { [refusals] transaction in
                    var accepted = Dispatch()
                    for (place, event) in events.enumerated() {
                        if let why = refusals[place] {
                            accepted.receipts.append(
                                EventReceipt(event: event, sequence: nil, isDuplicate: false, matches: [], refusal: why)
                            )
                            continue
                        }
                        do {
                            let dispatch = try core.rules.dispatcher.accept(event, in: transaction, now: now)
                            accepted.add(dispatch)
                        } catch let error as StoreError {
                            throw error
                        } catch {
                            throw Refused(place: place, why: (error as? Failure)?.message ?? "\(error)")
                        }
                    }
                    try note(transaction, accepted.receipts)
                    return accepted
                }
                core.take(accepted)
                return accepted.receipts
            } catch let refused as Refused {
                refusals[refused.place] = refused.why
            }
        }
    }

    /// Starts a run of one playbook, whatever its mode and condition. An event that comes with it is recorded (once), but starts
    /// no other playbook.
    ///
    /// - Throws: ``EngineError`` when there is no such playbook or the inputs do not fit; ``StoreError``; what refuses the event.
    public func run(
        _ playbook: String, event: Event? = nil, inputs: ValueMap = ValueMap(), by person: String,
        typedBy typist: String? = nil
    ) async throws -> RunRecord {
        try await run(playbook, event: event, inputs: inputs, by: person, typedBy: typist) { _, _ in }
    }

    /// The same, with `note` in the transaction that makes the run.
    func run(
        _ playbook: String, event: Event?, inputs: ValueMap, by person: String, typedBy typist: String?,
        noting note: @escaping RequestNote<RunRecord>
    ) async throws -> RunRecord {
        try checkOpen()
        guard let active = set.playbook(playbook) else {
            let near = Similarity.nearest(to: playbook, among: set.playbooks.map(\.workflow.id))
            throw EngineError(
                .notFound, "there is no playbook \(playbook)" + (near.map { "; did you mean \($0)?" } ?? ""))
        }
        let inputs = try Engine.checked(inputs, for: active.workflow)
        try core.fault(.beforeAccept)
        let (core, now) = (core, core.services.clock.now)
        let random = core.services.entropy(10)
        let (fresh, dispatch) = try await core.store.write { transaction in
            var dispatch = Dispatch()
            var record: EventRecord?
            if let event {
                dispatch = try core.rules.dispatcher.accept(event, in: transaction, now: now, matches: false)
                if let sequence = dispatch.receipts.first?.sequence {
                    record = try transaction.event(sequence)
                } else {
                    record = try transaction.events(withID: event.id).first { $0.event.source == event.source }
                    guard record != nil else {
                        throw EngineError(
                            .badInput,
                            "the event \(event.id) came before, and what it said has been deleted since; "
                                + "give it another id to run a playbook for it")
                    }
                }
            }
            var run = RunRecord(
                id: RunID(at: now, random: random), playbook: playbook, kind: .manual, bundle: active.bundle,
                event: record?.sequence, subject: record?.event.subject, createdAt: now, requestedBy: person,
                inputs: inputs)
            run.depth = record?.event.depth ?? 0
            if !core.settings.rehearses {
                try core.rules.dispatcher.keeper.admitByHand(
                    &run, event: record, in: transaction, now: now, into: &dispatch)
            }
            try transaction.insertBundle(active.bundle, active.content)
            try transaction.insertRun(run)
            try StopWatch.begin(run, of: active.workflow, in: transaction)
            _ = try transaction.appendAudit(
                AuditDraft(
                    at: now, by: person, action: "run", target: playbook, typedBy: typist,
                    detail: ["run": .string(run.id.text)]))
            try note(transaction, run)
            return (FreshRun(run: run, event: record), dispatch)
        }
        try core.fault(.afterAccept)
        core.take(dispatch)
        core.tell(.runChanged(fresh.run))
        if !fresh.run.isHeld { core.take(fresh) }
        return fresh.run
    }

    /// The event with which the first schedule of `playbook` would fire now; nil when it has none.
    ///
    /// - Throws: ``EngineError`` when the schedule cannot be read.
    func fireByHand(of playbook: String) throws -> Event? {
        guard let workflow = set.playbook(playbook)?.workflow, let (position, _) = workflow.schedules.first else {
            return nil
        }
        let services = core.services
        do {
            return try ScheduleFire.byHand(
                of: workflow, trigger: position, at: services.clock.now, zone: services.workspace().directory.zone,
                calendars: services.businessCalendars)
        } catch let error as CalendarError {
            throw EngineError(.badPlaybook, error.message)
        }
    }

    /// Accepts the fire of a schedule now, as if it were due: it starts `playbook` by the trigger at `position`. For rehearsals.
    ///
    /// - Throws: ``StoreError``; what refuses the event.
    public func fire(_ event: Event, of playbook: String, trigger position: Int) async throws -> EventReceipt? {
        try checkOpen()
        let (core, now) = (core, core.services.clock.now)
        let dispatch = try await core.store.write { transaction in
            var dispatch = Dispatch()
            try core.rules.dispatcher.accept(
                event, starting: (playbook, position), into: &dispatch, in: transaction, now: now)
            return dispatch
        }
        core.take(dispatch)
        return dispatch.receipts.first
    }

    static func checked(_ inputs: ValueMap, for workflow: Workflow) throws -> ValueMap {
        let schema = workflow.callable.inputSchema
        let bound = schema.bound(.map(inputs))
        let violations = schema.violations(of: bound)
        guard violations.isEmpty else {
            throw EngineError(
                .badInput, "inputs of \(workflow.id): " + violations.map(\.description).joined(separator: "; "))
        }
        var map = bound.map ?? inputs
        for input in workflow.inputs where map[input.name] == nil { map[input.name] = .null }
        return map
    }

    // MARK: Decisions of people

    /// Accepts the event that a person has seen a message; that they say so is a decision for the audit log.
    ///
    /// - Throws: ``EngineError`` when the engine is closed; ``StoreError``.
    @discardableResult
    public func acknowledge(
        _ event: Event, by person: String, typedBy typist: String? = nil
    ) async throws -> [EventReceipt] {
        try await acknowledge(event, by: person, typedBy: typist, noting: nil)
    }

    /// The same, with `note` in the transaction that accepts the event.
    @discardableResult
    func acknowledge(
        _ event: Event, by person: String, typedBy typist: String?, noting note: RequestNote<[EventReceipt]>?
    ) async throws -> [EventReceipt] {
        let target = event.data["notification"]?["token"]?.string ?? event.id
        let detail: ValueMap = event.subject.map { ["about": .string($0)] } ?? [:]
        return try await emit(
            [event],
            noting: audited("acknowledge", by: person, typedBy: typist, of: target, .map(detail), then: note))
    }

    /// Ends a run before its last step; returns when that is durable, which may be before the run has ended.
    ///
    /// - Throws: ``EngineError`` when there is no such run or it has ended; ``StoreError``.
    public func cancel(
        _ run: RunID, by person: String, reason: String? = nil, typedBy typist: String? = nil
    ) async throws {
        try await cancel(run, by: person, reason: reason, typedBy: typist, noting: nil)
    }

    /// The same, with `note` in the transaction that makes it durable.
    func cancel(
        _ run: RunID, by person: String, reason: String?, typedBy typist: String?, noting note: RequestNote<Void>?
    ) async throws {
        let detail: ValueMap = reason.map { ["reason": .string($0)] } ?? [:]
        let audited = audited("cancel", by: person, typedBy: typist, of: run.text, .map(detail), then: note)
        try await ask(run, noting: audited) { .cancel(by: person, reason: reason, $0) }
    }

    /// Settles an uncertain write; returns when that is durable.
    ///
    /// - Parameters:
    ///   - step: its id, path or key in the journal.
    ///   - output: what the step is to give, when it is settled as done.
    /// - Throws: ``EngineError`` when there is no such run or it has ended; ``Failure`` when the step does not wait for it.
    public func resolve(
        _ run: RunID, step: String, as resolution: Resolution, by person: String, output: Value? = nil,
        typedBy typist: String? = nil
    ) async throws {
        try await resolve(
            run, step: step, as: resolution, by: person, output: output, typedBy: typist, noting: nil)
    }

    /// The same, with `note` in the transaction that makes it durable.
    func resolve(
        _ run: RunID, step: String, as resolution: Resolution, by person: String, output: Value?,
        typedBy typist: String?, noting note: RequestNote<Void>?
    ) async throws {
        let settled: JournalEntry.Resolution =
            switch resolution {
            case .done: .done
            case .retry: .retry
            case .skip: .skip
            }
        var detail: ValueMap = ["step": .string(step), "as": .string(resolution.rawValue)]
        detail["output"] = output
        let audited = audited("resolve", by: person, typedBy: typist, of: run.text, .map(detail), then: note)
        try await ask(run, noting: audited) { .resolve(step: step, settled, by: person, output: output, $0) }
    }

    /// How a person settles an uncertain write.
    public enum Resolution: String, Sendable, Hashable, CaseIterable {
        /// It has happened.
        case done
        /// It is called again.
        case retry
        /// It is left; the step fails with `uncertain`.
        case skip
    }

    /// Hands a decision to the run that it is about; returns when it is durable.
    func ask(
        _ run: RunID, noting note: RequestNote<Void>?, _ message: (RunMessage.Answer) -> RunMessage
    ) async throws {
        try checkOpen()
        guard let record = try await core.store.read(view: { try $0.run(run) }) else {
            throw EngineError(.notFound, "there is no run \(run)")
        }
        guard !record.state.isFinal else {
            throw EngineError(.ended, "run \(run) has ended: \(record.state.rawValue)")
        }
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            core.take(run, message: message(RunMessage.Answer(note: note) { continuation.resume(with: $0) }))
        }
    }

    // MARK: The end

    func checkOpen() throws {
        if core.isDraining { throw EngineError(.closed, "the executor is stopping; try again when it runs") }
    }

    /// Stops: nothing new begins, attempts under way have `duration` to end; what has not ended is left to recovery.
    public func drain(within duration: Duration) async {
        core.drain(abandoning: false)
        for task in background.withLock({ $0 }) { task.cancel() }
        core.timersChanged.raise()
        let limit = core.services.clock.steady + duration
        while !core.isIdle {
            let seen = core.news.count
            if core.isIdle { break }
            if core.services.clock.steady >= limit { break }
            await core.news.wait(after: seen, until: limit, core.timeouts)
        }
        guard !core.isIdle else { return }
        core.drain(abandoning: true)
        await idle()
    }

    /// Stops at once; attempts under way are left to recovery. The store stays open: it is its opener's.
    public func close() async { await drain(within: .zero) }
}
