import PluginKit
import RunMachine
import RunStore
import WorkflowModel

/// Takes runs from the line, one after the other, and works on each until it ends or waits.
struct Worker: Sendable {
    let core: EngineCore

    func work() async {
        while let (run, fresh, mailbox) = core.next() {
            var fresh = fresh
            while true {
                do {
                    if !core.isResting { try await work(on: run, fresh, mailbox) }
                } catch {
                    core.tell(.runStalled(run, message: "\(error)"))
                    _ = core.release(run, error: error)
                    // Only now can no further message come.
                    refuse(mailbox.take(), error)
                    break
                }
                // What is loaded again must be what is stored now.
                fresh = nil
                if core.release(run) { break }
            }
            if core.isHalted {
                refuse(
                    mailbox.take(),
                    EngineError(.paused, "a person has stopped all runs; go on with: signalbox resume --all"))
            } else if core.isDraining {
                refuse(mailbox.take(), EngineError(.closed, "the executor is stopping; try again when it runs"))
            }
        }
    }

    private func work(on id: RunID, _ fresh: FreshRun?, _ mailbox: Mailbox) async throws {
        guard let loaded = try await load(id, fresh) else {
            return refuse(mailbox.take(), EngineError(.notFound, "there is no run \(id)"))
        }
        let run = loaded.run
        guard !run.state.isFinal else {
            return refuse(
                mailbox.take(), EngineError(.ended, "run \(id) has ended: \(run.state.rawValue)"))
        }
        guard !run.isHeld else { return try await hold(run, mailbox) }
        let item: BundleShelf.Item
        do {
            item = try core.shelf.item(run.bundle, content: loaded.bundle)
        } catch let failure as Failure {
            try await fail(run, loaded.event, loaded.journal, failure)
            return refuse(mailbox.take(), EngineError(.ended, "run \(id) has failed: \(failure.message)"))
        }
        guard run.kind != .shadow else { return try await rehearse(run, loaded.event, item) }
        try await execute(run, loaded, item, mailbox)
    }

    /// A run that waits for a place in its slot: nothing is done with it, but it can be cancelled.
    private func hold(_ run: RunRecord, _ mailbox: Mailbox) async throws {
        let messages = mailbox.take()
        for (position, message) in messages.enumerated() {
            switch message {
            case .cancel(let person, let reason, let answer):
                let (core, now) = (core, core.services.clock.now)
                let dispatch: Dispatch?
                do {
                    dispatch = try await core.store.write { transaction -> Dispatch? in
                        // Meanwhile it may have got its place, or have ended.
                        guard let held = try transaction.run(run.id), held.isHeld else { return nil }
                        var dispatch = Dispatch()
                        try core.rules.dispatcher.keeper.slots.end(
                            held, by: person, reason, in: transaction, now: now, into: &dispatch)
                        try answer.note?(transaction, ())
                        return dispatch
                    }
                } catch {
                    refuse(Array(messages[position...]), error)
                    throw error
                }
                guard let dispatch else {
                    core.take(run.id, message: message)
                    continue
                }
                core.take(dispatch)
                answer(.success(()))
            case .resolve, .answer:
                refuse([message], EngineError(.badInput, "run \(run.id) has not begun: it waits for its place"))
            case .ended, .timeUp, .wake, .stop: break
            }
        }
    }

    // MARK: Loading

    private struct Loaded: Sendable {
        var run: RunRecord
        var event: EventRecord?
        var journal: [JournalRecord] = []
        var bundle: Value?
    }

    private func load(_ id: RunID, _ fresh: FreshRun?) async throws -> Loaded? {
        if let fresh, !fresh.mustBeLoaded, core.shelf.has(fresh.run.bundle) {
            return Loaded(run: fresh.run, event: fresh.event)
        }
        let shelf = core.shelf
        return try await core.store.read(view: { reader in
            guard let run = try reader.run(id) else { return nil }
            var loaded = Loaded(run: run)
            if let event = run.event { loaded.event = try reader.event(event) }
            guard !run.state.isFinal else { return loaded }
            loaded.journal = try reader.journal(of: id, after: 0)
            if !shelf.has(run.bundle) { loaded.bundle = try reader.bundle(run.bundle) }
            return loaded
        })
    }

    // MARK: Executing

    private func execute(_ run: RunRecord, _ loaded: Loaded, _ item: BundleShelf.Item, _ mailbox: Mailbox) async throws
    {
        let rules = core.rules
        let (services, settings) = (rules.services, rules.settings)
        let now = services.clock.now
        var row = run
        row.entries = loaded.journal.count
        var options = RunMachine.Options(
            calendars: services.calendars, secretNames: services.secretNames, rehearses: settings.rehearses,
            longest: settings.longestRun, maximumEntries: settings.maximumEntries)
        options.businessTime = services.businessTime
        var machine = RunMachine(item.compiled, options: options)
        var projection = RunProjection(run: row, event: loaded.event?.event, compiled: item.compiled)
        if loaded.journal.isEmpty {
            let collects = item.playbook.workflow.gates.collects
            var start = core.rules.dispatcher.keeper.slots.beginning.start(
                of: run, loaded.event, collects: collects, now: now)
            start.names = item.compiled.workflow.withOptionalNames(start.names)
            machine.start(start)
        } else {
            var entries: [JournalEntry] = []
            entries.reserveCapacity(loaded.journal.count)
            for record in loaded.journal {
                entries.append(
                    try JournalEntry(
                        kind: record.kind, step: record.step, version: record.version, body: record.body,
                        sequence: record.sequence))
            }
            try machine.replay(entries)
            projection.effects = try await effects(of: machine)
            projection.unsettled = Set(machine.openWrites.filter(\.isUnsettled).map(\.key))
            projection.asks.open = try await asks(of: machine)
            machine.recover(now: now)
        }
        core.tell(.runStarted(run, resumed: run.startedAt != nil))
        let execution = RunExecution(
            core, mailbox,
            StepExecutor(
                services: services, settings: settings, run: run, event: loaded.event?.event,
                templates: item.playbook.templates), callees: item.playbook.callees, row: row, machine: machine,
            projection: projection)
        execution.hasBegun = !loaded.journal.isEmpty
        try await execution.work()
        if execution.row.state.isFinal {
            core.noteEnd(execution.row)
        } else if !core.isResting {
            core.tell(.runParked(execution.row))
        }
    }

    /// The rows of the ledger that may still change.
    private func effects(of machine: RunMachine) async throws -> [String: EffectRecord] {
        let open = machine.openWrites
        guard !open.isEmpty else { return [:] }
        return try await core.store.read(view: { reader in
            var effects: [String: EffectRecord] = [:]
            for write in open { effects[write.key] = try reader.effect(write.idempotencyKey) }
            return effects
        })
    }

    /// The rows of the questions that wait for answers, by the step's key.
    private func asks(of machine: RunMachine) async throws -> [String: AskRecord] {
        let open = machine.openAsks
        guard !open.isEmpty else { return [:] }
        return try await core.store.read(view: { reader in
            var asks: [String: AskRecord] = [:]
            for ask in open { asks[ask.key] = try reader.ask(ask.id) }
            return asks
        })
    }

    /// Ends a run that cannot be worked on.
    private func fail(
        _ run: RunRecord, _ event: EventRecord?, _ journal: [JournalRecord], _ failure: Failure
    ) async throws {
        let now = core.services.clock.now
        var entries: [JournalEntry] = []
        if journal.isEmpty {
            let beginning = core.rules.dispatcher.keeper.slots.beginning
            entries.append(.started(beginning.start(of: run, event, collects: false, now: now)))
        }
        entries.append(.ended(.failed, outputs: nil, failure, reason: nil))
        var row = run
        row.state = .failed
        row.failure = failure
        row.startedAt = row.startedAt ?? now
        row.endedAt = now
        row.lease = nil
        row.wakesAt = nil
        row.entries = journal.count + entries.count
        let records = RunBeginning.records(entries, after: journal.count, now: now)
        let news = RunProjection.news(
            "run.failed", run.id, of: run.playbook, about: run.subject, .failed, event: event?.event.id, failure,
            key: run.id.text)
        try await store(row, records, news)
    }

    /// Rehearses a run of `mode: shadow`: what it would have done is kept, nothing is done.
    private func rehearse(_ run: RunRecord, _ event: EventRecord?, _ item: BundleShelf.Item) async throws {
        let now = core.services.clock.now
        var row = run
        row.startedAt = now
        var journal: [JournalRecord] = []
        if let runner = core.rules.services.shadowRunner {
            core.tell(.runStarted(run, resumed: false))
            do {
                let result = try await runner(run, event, item.playbook)
                row.state = result.state
                row.failure = result.failure
                row.outputs = result.outputs
                journal = result.journal
            } catch {
                row.state = .failed
                row.failure = StepExecutor.failure(error, effect: .pure)
            }
        } else {
            row.state = .cancelled
            row.failure = Failure(code: "not_rehearsed", message: "this process rehearses no shadow runs")
        }
        row.endedAt = core.services.clock.now
        row.entries = journal.count
        try await store(row, journal)
    }

    private func store(_ row: RunRecord, _ journal: [JournalRecord], _ news: EventDraft? = nil) async throws {
        let (core, now) = (core, core.services.clock.now)
        let dispatch = try await core.store.write { transaction in
            if !journal.isEmpty { try transaction.append(journal, to: row.id) }
            try transaction.removeTimers(of: row.id)
            try transaction.unsubscribe(run: row.id, step: nil)
            try transaction.withdrawAsks(of: row.id, at: now)
            try transaction.updateRun(row)
            try SubRuns.tellCaller(of: row, in: transaction, now: now)
            var dispatch = Dispatch()
            if let news {
                try core.rules.dispatcher.accept(
                    [(Dispatcher.ownName, news)], cause: Cause(name: row.id.text, run: row.id, depth: row.depth),
                    into: &dispatch, in: transaction, now: now)
            }
            try core.rules.dispatcher.keeper.ended(row, in: transaction, now: now, into: &dispatch)
            return dispatch
        }
        core.take(dispatch)
        if row.parent != nil { core.timersChanged.raise() }
        core.noteEnd(row)
    }

    private func refuse(_ messages: [RunMessage], _ error: any Error) {
        for message in messages {
            switch message {
            case .cancel(_, _, let answer), .resolve(_, _, _, _, let answer), .answer(_, _, let answer):
                answer(.failure(error))
            case .ended, .timeUp, .wake, .stop: break
            }
        }
    }
}
