import PluginKit
import RunMachine
import RunStore
import WorkflowModel

/// One run in the hands of a worker: feeds the machine, does what it commands, stores what it decides. Lives inside one task.
final class RunExecution {
    struct InFlight {
        var token: Int
        var call: StepExecutor.Call
        var isVerification: Bool
        var task: Task<Void, Never>
        var deadline: Int
        var begunAt: Timestamp
    }

    let core: EngineCore
    let mailbox: Mailbox
    let executor: StepExecutor
    /// The playbooks that it calls, by id.
    let callees: [String: ActivePlaybook]
    var row: RunRecord
    var machine: RunMachine
    var projection: RunProjection
    var inFlight: [String: InFlight] = [:]
    private var lastToken = 0
    /// Whether an attempt of the run has been made, by this worker or an earlier one.
    var hasBegun = false
    private var commands: [Command] = []
    /// For each step that waits for events, of what subject and up to where in the order they have been looked up.
    var looks: [String: (subject: String, upTo: Int64)] = [:]
    /// Who is told when what they asked is durable.
    var answers: [RunMessage.Answer] = []
    /// What they want stored in the same commit.
    var notes: [RequestNote<Void>] { answers.compactMap(\.note) }

    init(
        _ core: EngineCore, _ mailbox: Mailbox, _ executor: StepExecutor, callees: [String: ActivePlaybook],
        row: RunRecord, machine: RunMachine, projection: RunProjection
    ) {
        self.callees = callees
        self.core = core
        self.mailbox = mailbox
        self.executor = executor
        self.row = row
        self.machine = machine
        self.projection = projection
    }

    var now: Timestamp { core.services.clock.now }

    /// Works until the run ends, waits, or must be left.
    ///
    /// - Throws: ``StoreError`` when something could not be stored: the run is then where the store has it.
    func work() async throws {
        defer { abandon() }
        do {
            while try await !step() {}
        } catch {
            for answer in answers { answer(.failure(error)) }
            answers = []
            throw error
        }
    }

    /// One round; true when there is nothing more to do now.
    private func step() async throws -> Bool {
        for message in mailbox.take() { try receive(message) }
        let isDraining = core.isResting
        // What was commanded before is done when the run goes on, should it still be in these hands then.
        var batch: [Command] = []
        if !isDraining {
            batch = commands + machine.advance(now: now)
            commands = []
        }
        collect()
        var calls: [(call: StepExecutor.Call, isVerification: Bool)] = []
        var mustGoOn = false
        for command in batch {
            switch command {
            case .listen(let step, let types, let since, let subject):
                // What is accepted after the subscription is stored wakes the run; what was accepted before is found here.
                try await flush()
                machine.heard(
                    step, try await look(for: types, since: since, about: subject ?? row.subject, step), now: now)
                if machine.hasEntries { mustGoOn = true }
            case .watch(let types):
                let events = try await look(
                    for: types, since: row.createdAt, about: row.subject, StopWatch.step)
                machine.heardStop(events, now: now)
                if machine.isStopping { interruptWhatEnds() }
                mustGoOn = true
            case .consult(let step, let recipients, let names):
                let answerers = Answerers(
                    directory: core.rules.services.workspace().directory, names: names, now: now)
                machine.consulted(
                    step, Result { () throws(Failure) in try answerers.people(recipients) }, now: now)
                mustGoOn = true
            case .refresh(let step, let names, let known):
                let (source, row) = (core.services.facts, row)
                let awaited = projection.compiled.awaitsUntil(step) ? row.subject : nil
                let (facts, newest) = try await core.store.read(view: { reader in
                    (
                        try source.facts(names, known: known, of: row, in: reader),
                        try awaited.flatMap { try reader.events(ofSubject: $0, before: nil, limit: 1).first?.sequence }
                    )
                })
                if let awaited { looks[step] = (awaited, newest ?? 0) }
                machine.refreshed(step, facts, now: now)
                mustGoOn = true
            case .begin(let step, let playbook, let inputs):
                begin(playbook, step, inputs)
                mustGoOn = true
            case .look(let step, let run):
                machine.looked(step, try await core.store.read(view: { try SubRuns.result(of: run, in: $0) }))
                mustGoOn = true
            case .end(_, let run):
                try await flush()
                end(run)
            case .verify(let attempt) where !machine.expects(attempt): break
            case .call(let attempt) where !machine.expects(attempt): break
            case .verify(let attempt):
                do throws(Failure) {
                    calls.append((try executor.prepare(attempt, now: now), true))
                } catch {
                    machine.verified(attempt.key, .unknown, now: now)
                    mustGoOn = true
                }
            case .call(let attempt):
                let call: StepExecutor.Call
                do throws(Failure) {
                    call = try executor.prepare(attempt, now: now)
                } catch {
                    machine.attemptEnded(attempt.key, .failed(error), now: now)
                    mustGoOn = true
                    continue
                }
                switch call.entry.action {
                case .read, .write: calls.append((call, false))
                case .pure(let action):
                    begin(call)
                    let begunAt = now
                    machine.attemptEnded(attempt.key, executor.runPure(action, call), now: now)
                    core.services.metrics.attempt(.pure, took: now - begunAt)
                    mustGoOn = true
                    if executor.settings.commitsEveryStep { try await flush() }
                case .state(let action):
                    begin(call)
                    let begunAt = now
                    try await run(action, call)
                    core.services.metrics.attempt(.state, took: now - begunAt)
                    mustGoOn = true
                }
            }
        }
        collect()
        if !calls.isEmpty { try await launch(calls) }
        if mustGoOn { return false }
        return try await rest(isDraining: isDraining)
    }

    /// Nothing is to be done at once: the run is over, or waits for something.
    private func rest(isDraining: Bool) async throws -> Bool {
        if machine.state.isFinal {
            try await flush()
            return true
        }
        if isDraining, inFlight.isEmpty || core.isAbandoning {
            try await flush()
            return true
        }
        if inFlight.isEmpty {
            if let latest = machine.endsAtLatest { projection.setTimer("timeout", due: latest) }
            try await flush(parking: true)
            return mailbox.isEmpty
        }
        if projection.isUrgent || !answers.isEmpty { try await flush() }
        var wake: Int?
        // While the engine rests no wait may end; whoever lets it go on wakes the run.
        if !isDraining, let due = machine.nextDue {
            wake = core.deadlines.add(due: due) { [mailbox] in mailbox.post(.wake) }
        }
        await mailbox.wait()
        if let wake { core.deadlines.remove(wake) }
        return false
    }

    // MARK: Messages

    private func receive(_ message: RunMessage) throws {
        switch message {
        case .wake: machine.lookAgain()
        case .ended(let token, let key, let result):
            guard let flight = inFlight[key], flight.token == token else { return }
            inFlight[key] = nil
            core.timeouts.remove(flight.deadline)
            if !flight.isVerification {
                core.services.metrics.attempt(flight.call.attempt.effect, took: now - flight.begunAt)
            }
            try take(result, of: flight)
        case .timeUp(let token, let key):
            guard let flight = inFlight[key], flight.token == token else { return }
            inFlight[key] = nil
            flight.task.cancel()
            guard !flight.isVerification else { return machine.verified(key, .unknown, now: now) }
            let limit = DurationText.forPeople(flight.call.details.timeout)
            machine.attemptEnded(
                key,
                .failed(
                    Failure(
                        code: "timeout", message: "\(flight.call.attempt.action) gave no answer within \(limit)",
                        kind: .timeout)), now: now)
        case .stop(let cause):
            machine.stop(cause, now: now)
            interruptWhatEnds()
        case .cancel(let person, let reason, let answer):
            machine.cancel(by: person, reason: reason, now: now)
            interruptWhatEnds()
            answers.append(answer)
        case .answer(let ask, var given, let answer):
            given.at = now
            do throws(Failure) {
                try machine.answer(ask, given, now: now)
                answers.append(answer)
            } catch {
                answer(.failure(error))
            }
        case .resolve(let step, let resolution, let person, let output, let answer):
            do throws(Failure) {
                try machine.resolve(step, as: resolution, by: person, output: output)
                answers.append(answer)
            } catch {
                answer(.failure(error))
            }
        }
        collect()
    }

    /// A write that is under way is left its time: interrupting it would only make its outcome unknown. What is part of `always`
    /// or `undo` is not wanted any less.
    private func interruptWhatEnds() {
        for (key, flight) in inFlight where flight.call.attempt.effect != .write && machine.isEnding(step: key) {
            flight.task.cancel()
        }
    }

    private func take(_ result: AttemptResult, of flight: InFlight) throws {
        let key = flight.call.attempt.key
        if flight.call.attempt.effect == .write, !flight.isVerification { try core.fault(.afterWrite) }
        switch result {
        case .read(let output): machine.attemptEnded(key, executor.judge(output, flight.call), now: now)
        case .written(let result):
            if let change = result.change { projection.changes.append((flight.call.entry.plugin.name, change)) }
            projection.emitted += result.emitted.map { (flight.call.entry.plugin.name, $0) }
            machine.attemptEnded(key, executor.judge(result.output, flight.call), now: now)
        case .verified(.done(let output)): machine.verified(key, .done(output), now: now)
        case .verified(.notDone): machine.verified(key, .notDone, now: now)
        case .verified(.unknown): machine.verified(key, .unknown, now: now)
        case .failed(let error):
            guard !flight.isVerification else { return machine.verified(key, .unknown, now: now) }
            if let partial = error as? PartialFailure {
                projection.changes.append((flight.call.entry.plugin.name, partial.change))
            }
            machine.attemptEnded(
                key, .failed(StepExecutor.failure(error, effect: flight.call.attempt.effect)), now: now)
        }
    }

    /// Looks up what `step` waits for, and notes up to where it has looked.
    private func look(
        for types: [String], since: Timestamp, about subject: String?, _ step: String
    ) async throws -> [HeardEvent] {
        let row = row
        let (events, newest) = try await core.store.read(view: { reader in
            (
                try Ear.events(types, since: since, about: subject, of: row, in: reader),
                try subject.flatMap { try reader.events(ofSubject: $0, before: nil, limit: 1).first?.sequence }
            )
        })
        if let subject, subject != ListenStep.anySubject { looks[step] = (subject, newest ?? 0) }
        return events
    }

    // MARK: Called runs

    /// Makes the run that a step calls; it is stored with the entry that says so.
    private func begin(_ name: String, _ step: String, _ inputs: ValueMap) {
        do {
            guard let playbook = callees[name] else {
                throw Failure(
                    code: "no_playbook", message: "the playbook \(name) was not there when this run's version was made")
            }
            guard row.callDepth < SubRunStep.maximumDepth else {
                throw Failure(
                    code: "calls_too_deep",
                    message: "\(SubRunStep.maximumDepth) calls are inside one another, the most that may be")
            }
            let inputs = try Engine.checked(inputs, for: playbook.workflow)
            let id = RunID(at: now, random: core.services.entropy(10))
            let run = SubRuns.make(of: playbook, for: row, step: step, inputs: inputs, id: id, now: now)
            core.shelf.put([playbook])
            machine.began(step, run: id, inputs: inputs, now: now)
            // What was decided meanwhile may have ended the step.
            if machine.calledRuns.contains(where: { $0.run == id }) { projection.called.append((run, playbook)) }
        } catch let failure as Failure {
            machine.notBegun(step, failure, now: now)
        } catch {
            machine.notBegun(
                step, Failure(code: "bad_inputs", message: (error as? EngineError)?.message ?? "\(error)"), now: now)
        }
    }

    /// Ends a called run as this one is being ended.
    private func end(_ run: RunID) {
        let answer = RunMessage.Answer(note: nil) { _ in }
        switch machine.stopCause {
        case .cancelled(let by, _)?:
            core.take(run, message: .cancel(by: by, reason: "its caller was cancelled", answer))
        case .event(let type, let id)?: core.take(run, message: .stop(.event(type: type, id: id)))
        case .timedOut?, .tooLong?:
            core.take(run, message: .cancel(by: "signalbox", reason: "its caller took too long", answer))
        case nil: core.take(run, message: .cancel(by: "signalbox", reason: "its caller does not need it", answer))
        }
    }

    // MARK: Calls

    private func begin(_ call: StepExecutor.Call) {
        if !hasBegun {
            hasBegun = true
            core.services.metrics.firstStep(after: now - row.createdAt)
        }
        core.tell(
            .stepStarted(
                row.id, step: projection.compiled.label(of: call.attempt.key), action: call.attempt.action,
                attempt: call.attempt.number))
    }

    /// Starts calls of `read` and `write`. Writes start when their intents are durable, all in one commit.
    private func launch(_ calls: [(call: StepExecutor.Call, isVerification: Bool)]) async throws {
        let calls = calls.filter { machine.expects($0.call.attempt) }
        var hasWrites = false
        for (call, isVerification) in calls where call.attempt.effect == .write && !isVerification {
            hasWrites = true
            projection.actions[call.attempt.key] = call.attempt.action
            machine.intend(
                call.attempt, input: .map(call.input.values), idempotencyKey: call.details.idempotencyKey, now: now)
        }
        collect()
        if hasWrites || projection.isUrgent || executor.settings.commitsEveryStep { try await flush() }
        if hasWrites { try core.fault(.beforeWrite) }
        for (call, isVerification) in calls {
            if !isVerification { begin(call) }
            start(call, isVerification: isVerification)
        }
    }

    private func start(_ call: StepExecutor.Call, isVerification: Bool) {
        lastToken += 1
        let begunAt = now
        let token = lastToken
        let key = call.attempt.key
        let deadline = core.timeouts.add(due: core.services.clock.steady + call.details.timeout) { [mailbox] in
            mailbox.post(.timeUp(token: token, key: key))
        }
        let task = core.services.spawn { [mailbox, executor] in
            mailbox.post(.ended(token: token, key: key, await executor.call(call, verifying: isVerification)))
        }
        inFlight[key] = InFlight(
            token: token, call: call, isVerification: isVerification, task: task, deadline: deadline, begunAt: begunAt)
    }

    /// Runs a `state` action in the transaction that stores its outcome and what the machine makes of it.
    private func run(_ action: any StateAction, _ call: StepExecutor.Call) async throws {
        // A failing change of an earlier write must not undo this action.
        if !projection.changes.isEmpty { try await flush() }
        collect()
        try core.fault(.beforeCommit)
        let (core, executor, now) = (core, executor, now)
        let (before, unsaved, row, notes) = (machine, projection, row, notes)
        let done:
            (
                machine: RunMachine, commands: [Command], projection: RunProjection, row: RunRecord, dispatch: Dispatch,
                setsTimers: Bool
            )
        do {
            done = try await core.store.write { transaction in
                let output = try executor.runState(action, call, in: transaction)
                try core.fault(.insideState)
                var (machine, projection) = (before, unsaved)
                machine.attemptEnded(call.attempt.key, .succeeded(output), now: now)
                let commands = machine.advance(now: now)
                projection.take(from: &machine, at: now)
                let next = RunExecution.row(
                    row, of: machine, projection.entryCount, lease: core.generation, isParked: false, now: now)
                do {
                    let dispatch = try projection.save(next, in: transaction, by: core.rules.dispatcher, now: now)
                    for note in notes { try note(transaction, ()) }
                    return (machine, commands, projection, next, dispatch, transaction.hasSetTimers)
                } catch let error as StoreError {
                    throw error
                } catch {
                    // Its events are part of what the action does; refused, they undo it.
                    throw StepExecutor.failure(error, effect: .state)
                }
            }
        } catch let failure as Failure {
            return machine.attemptEnded(call.attempt.key, .failed(failure), now: now)
        }
        machine = done.machine
        commands += done.commands
        projection = done.projection
        self.row = done.row
        if done.setsTimers { core.timersChanged.raise() }
        try stored(done.dispatch)
    }

    /// Lets go of what is still under way: its outcome will be found out when the run goes on.
    private func abandon() {
        for flight in inFlight.values {
            flight.task.cancel()
            core.timeouts.remove(flight.deadline)
        }
        inFlight = [:]
    }
}
