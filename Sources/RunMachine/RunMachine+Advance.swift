public import WorkflowModel

/// What the machine decides by itself: which step begins, what a condition says, when the run is over. Everything that is
/// evaluated here becomes an entry, so that a replay need not evaluate it again.
extension RunMachine {
    /// Goes on as far as it can and gives what must be done for it to go on further.
    public mutating func advance(now: Timestamp) -> [Command] {
        var commands: [Command] = []
        if case .running = phase, mayHaveToStop, !playbook.stopWhen.isEmpty {
            // Nothing begins before it is known that the run is still wanted.
            mayHaveToStop = false
            return [.watch(types: playbook.workflow.stoppingTypes)]
        }
        begin(now: now)
        checkLimits(now: now)
        while true {
            fireWaits(now: now)
            while !ready.isEmpty {
                let batch = ready
                ready = []
                for id in batch {
                    decide(id, now: now, &commands)
                    if entryCount > options.maximumEntries { checkLimits(now: now) }
                }
            }
            if lanes.values.contains(where: { RunMachine.mustFire($0, now: now) }) { continue }
            guard finish(now: now) else { return commands }
        }
    }

    /// The first values of the variables.
    private mutating func begin(now: Timestamp) {
        guard case .running = phase, !hasVars, let begun else { return }
        var assigned = ValueMap()
        for field in playbook.vars {
            var scope = scope(of: nil, now: begun.at)
            scope.vars = assigned
            do throws(Failure) {
                assigned[field.name] = try field.value.evaluate(scope)
            } catch {
                record(.assigned(step: nil, assigned))
                // The playbook has not begun, so its steps do not run; its `on_failure` does.
                lanes = [:]
                standing = [:]
                ready = []
                rootEnd = .failed(error)
                return
            }
        }
        record(.assigned(step: nil, assigned))
    }

    private mutating func checkLimits(now: Timestamp) {
        switch phase {
        case .running, .undoing, .handling:
            if entryCount > options.maximumEntries {
                record(.stopping(.tooLong, until: now))
                record(.hurried)
            } else if let latest = endsAtLatest, now >= latest {
                record(.stopping(.timedOut, until: now + options.longestStopping))
            }
        case .stopping:
            let isLate = stopsBy.map { now >= $0 } ?? false
            if !isHurried, isLate || entryCount > options.maximumEntries + RunMachine.entriesWhileStopping {
                record(.hurried)
            }
        case .new, .ended: break
        }
    }

    private mutating func fireWaits(now: Timestamp) {
        var due: [(due: Timestamp, lane: Int, key: String)] = []
        for (id, lane) in lanes.sorted(by: { $0.key < $1.key }) {
            guard RunMachine.mustFire(lane, now: now), let instant = lane.due, let step = lane.step else { continue }
            if case .pause(.listening) = lane.activity {
                // What came in time counts, also when nobody has looked until now.
                ready.append(id)
            } else {
                due.append((instant, id, lane.key(of: step).description))
            }
        }
        for wait in due.sorted(by: { ($0.due, $0.lane) < ($1.due, $1.lane) }) {
            if let lane = lanes[wait.lane], case .pause(.asking(let state)) = lane.activity,
                case .ask(let ask)? = lane.step?.kind
            {
                fireAsk(state, ask, wait.key, now: now)
            } else {
                record(.fired(step: wait.key, lateBy: now - wait.due))
            }
        }
    }

    /// Whether the lane's wait is over and nothing has been done about it yet.
    private static func mustFire(_ lane: Lane, now: Timestamp) -> Bool {
        guard let due = lane.due, due <= now else { return false }
        return !lane.isLooking
    }

    /// Begins the step at which a lane stands, or decides how its call goes on.
    private mutating func decide(_ id: Int, now: Timestamp, _ commands: inout [Command]) {
        guard let lane = lanes[id], let step = lane.step else { return }
        switch lane.activity {
        case .ready: beginStep(id, lane, step, now: now, &commands)
        case .call(let call):
            switch call.phase {
            case .again: makeAttempt(id, now: now, &commands)
            case .uncertain(let failure): settle(id, failure, now: now, &commands)
            case .running, .waiting, .verifying, .attention: break
            }
        case .pause(.listening(let types, let since, _, let subject)):
            guard !lane.isLooking else { return }
            lanes[id]?.isLooking = true
            commands.append(
                .listen(step: lane.key(of: step).description, types: types, since: since, subject: subject))
        case .sub(let state): decide(id, lane, step, state, &commands)
        case .pause(.refreshing), .pause(.settled(_, isFresh: false)):
            refresh(lane.key(of: step).description, &commands)
        case .pause(.settled(let state, isFresh: true)): decideAsk(lane, step, state, now: now)
        case .rounds(let rounds):
            switch rounds.phase {
            case .refreshing: refresh(lane.key(of: step).description, &commands)
            case .asking(let afterWait): decideRound(lane, step, rounds, afterWait: afterWait, now: now)
            case .waiting:
                guard lane.waitingRounds != nil, !lane.isLooking else { return }
                lanes[id]?.isLooking = true
                refresh(lane.key(of: step).description, &commands, isLook: true)
            case .round: break
            }
        case .pause, .branch, .choice, .parallel, .loop, .attempt, .reaction, .ending: break
        }
    }

    private mutating func beginStep(
        _ id: Int, _ lane: Lane, _ step: CompiledStep, now: Timestamp, _ commands: inout [Command]
    ) {
        let key = lane.key(of: step).description
        do throws(Failure) {
            if let condition = step.condition, try !condition.test(scope(of: lane, now: now)) {
                return record(.decided(step: key, .skip))
            }
            switch step.kind {
            case .call:
                lanes[id]?.activity = .call(CallState(attempt: 0, startedAt: now, phase: .again))
                makeAttempt(id, now: now, &commands)
            case .branch(let condition, _, _):
                record(.decided(step: key, try condition.test(scope(of: lane, now: now)) ? .then : .otherwise))
            case .parallel: record(.decided(step: key, .parallel))
            case .loop(let list, _, _, _):
                record(.decided(step: key, .loop(try elements(list, scope(of: lane, now: now), of: step))))
            case .choice(let expression, let cases, _):
                let value = try expression.evaluate(scope(of: lane, now: now))
                let chosen = cases.firstIndex { $0.values.contains { RunMachine.fits($0, value) } }
                record(.decided(step: key, .choose(chosen)))
            case .attempt: record(.decided(step: key, .attempt))
            case .rounds: record(.decided(step: key, .round(1, at: now)))
            case .wait(let duration, let calendar):
                record(.waiting(step: key, due: try due(after: duration, calendar, from: now)))
            case .listen(let listen):
                let subject = try listen.subject?.subject(scope(of: lane, now: now))
                record(
                    .listening(
                        step: key, types: listen.types, since: start(of: listen, lane) ?? now,
                        due: try due(after: listen.timeout, listen.calendar, from: now), subject: subject))
            case .ask(let ask): try beginAsk(ask, id, lane, step, now: now, &commands)
            case .waitUntil(let expression):
                let value = try expression.evaluate(scope(of: lane, now: now))
                guard case .timestamp(let due) = value else {
                    throw Failure(
                        code: "not_a_time",
                        message:
                            "wait_until needs a moment, `\(expression.text.text)` is \(value.kindForPeople)",
                        place: expression.text.place)
                }
                // A moment that has passed is not a timer that was late.
                record(.waiting(step: key, due: max(due, now)))
            case .sub(let sub):
                let inputs = try CompiledField.evaluate(sub.with, scope(of: lane, now: now))
                lanes[id]?.activity = .sub(.beginning)
                commands.append(.begin(step: key, playbook: sub.playbook, inputs: inputs))
            case .set(let fields):
                var scope = scope(of: lane, now: now)
                var assigned = ValueMap()
                for field in fields {
                    let value = try field.value.evaluate(scope)
                    assigned[field.name] = value
                    scope.vars[field.name] = value
                }
                record(.assigned(step: key, assigned))
            case .stop(let reason):
                var text: String?
                if let reason { text = RunMachine.text(try reason.evaluate(scope(of: lane, now: now))) }
                record(.stopped(step: key, reason: text))
            case .fail(let message):
                throw Failure(
                    code: "failed_by_playbook",
                    message: RunMachine.text(try message.evaluate(scope(of: lane, now: now))),
                    place: step.place)
            }
        } catch {
            record(.failed(step: key, attempt: 0, error.from(step), startedAt: now))
        }
    }

    private func elements(
        _ list: CompiledExpression, _ scope: MachineScope, of step: CompiledStep
    ) throws(Failure) -> [Value] {
        let value = try list.evaluate(scope)
        let items: [Value]
        switch value {
        case .list(let list): items = list
        case .map(let map): items = map.map { ["key": $0.key.value, "value": $0.value] }
        case .null: items = []
        default:
            throw Failure(
                code: "not_a_list",
                message: "for_each needs a list, `\(list.text.text)` is \(value.kindForPeople)", place: list.text.place)
        }
        guard items.count <= LoopStep.maximumItems else {
            throw Failure(
                code: "too_many_items",
                message:
                    "for_each takes at most \(LoopStep.maximumItems) elements, `\(list.text.text)` has \(items.count)",
                place: list.text.place)
        }
        return items
    }

    /// Whether a value of `switch` is that of a case: numbers of all kinds compare by what they count.
    private static func fits(_ wanted: Value, _ value: Value) -> Bool {
        if wanted == value { return true }
        guard let left = number(wanted), let right = number(value) else { return false }
        return left == right
    }

    private static func number(_ value: Value) -> Double? {
        switch value {
        case .int(let number): Double(number)
        case .uint(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    /// A value as text for messages; secrets stay hidden.
    static func text(_ value: Value) -> String {
        switch value {
        case .string(let text): text
        case .secret(let secret): secret.redacted
        case .timestamp(let instant): instant.rfc3339
        default: JSONWriter.text(value)
        }
    }

    // MARK: The end

    /// Acts on the end of the outermost lane; true when there is more to advance.
    private mutating func finish(now: Timestamp) -> Bool {
        switch phase {
        case .new, .ended: return false
        case .stopping(let ending):
            guard lanes.isEmpty else { return false }
            if case .cause(let cause) = ending, !cause.keepsWhatWasDone, !isUndoing, !isHurried, !undoable.isEmpty {
                record(.undoing(nil))
                return true
            }
            end(ending, now: now)
            return false
        case .undoing(let failure):
            guard rootEnd != nil else { return false }
            return handle(failure)
        case .running:
            guard let rootEnd else { return false }
            switch rootEnd {
            case .failed(let failure): return fail(failure)
            case .well, .cancelled:
                do throws(Failure) {
                    let outputs = try CompiledField.evaluate(playbook.outputs, scope(of: nil, now: now))
                    record(.ended(.succeeded, outputs: playbook.outputs.isEmpty ? nil : outputs, nil, reason: nil))
                    return false
                } catch {
                    return fail(error)
                }
            }
        case .handling(let failure):
            guard rootEnd != nil else { return false }
            record(.ended(.failed, outputs: nil, failure, reason: nil))
            return false
        }
    }

    private mutating func fail(_ failure: Failure) -> Bool {
        guard undoable.isEmpty else {
            record(.undoing(failure))
            return true
        }
        return handle(failure)
    }

    private mutating func handle(_ failure: Failure) -> Bool {
        guard playbook.onFailure != nil else {
            record(.ended(.failed, outputs: nil, failure, reason: nil))
            return false
        }
        record(.handling(failure))
        return true
    }

    private mutating func end(_ ending: Ending, now: Timestamp) {
        switch ending {
        case .cause(.cancelled(let by, let reason)):
            let text = reason.map { "cancelled by \(by): \($0)" } ?? "cancelled by \(by)"
            record(.ended(.cancelled, outputs: nil, failure, reason: text))
        case .cause(.event(let type, let id)):
            record(.ended(.cancelled, outputs: nil, failure, reason: "stopped by \(type) (event \(id))"))
        case .cause(.timedOut):
            let limit = DurationText.forPeople(longest)
            let whose = longest < options.longest ? "its playbook's `timeout`" : "the longest that a run may"
            record(
                .ended(
                    .failed, outputs: nil,
                    Failure(
                        code: "run_timed_out",
                        message: "the run took longer than \(limit), \(whose)",
                        kind: .timeout), reason: nil))
        case .cause(.tooLong):
            record(
                .ended(
                    .failed, outputs: nil,
                    Failure(
                        code: "too_many_entries",
                        message:
                            "the run's journal reached \(options.maximumEntries) entries, the most that a run may have"),
                    reason: nil))
        case .stopStep(let reason, let failure?): record(.ended(.failed, outputs: nil, failure, reason: reason))
        case .stopStep(let reason, nil):
            // Outputs that speak of steps which were not reached stay out; those that can be given are given.
            var outputs = ValueMap()
            let scope = scope(of: nil, now: now)
            for field in playbook.outputs {
                do throws(Failure) { outputs[field.name] = try field.value.evaluate(scope) } catch {
                    outputs[field.name] = .null
                }
            }
            record(
                .ended(.succeeded, outputs: playbook.outputs.isEmpty ? nil : outputs, nil, reason: reason))
        }
    }
}

extension JournalEntry.StopCause {
    /// Whether completed steps are not taken back: the run is not needed any more, it did not go wrong.
    var keepsWhatWasDone: Bool { if case .event = self { true } else { false } }
}

extension Failure {
    /// This failure as one of `step`, unless it says so already.
    func from(_ step: CompiledStep) -> Failure {
        var failure = self
        if failure.step == nil { failure.step = step.label }
        if failure.place == nil { failure.place = step.place }
        return failure
    }
}
