import WorkflowModel

/// What each entry changes. The same for an entry that was just decided and for one that is replayed; nothing is evaluated here.
extension RunMachine {
    /// Takes in an entry; false when it does not fit.
    mutating func apply(_ entry: JournalEntry) -> Bool {
        switch entry {
        case .started(let start):
            guard case .new = phase else { return false }
            begun = start
            phase = .running
            return true
        case .assigned(nil, let assigned):
            guard case .running = phase, !hasVars else { return false }
            vars = assigned
            hasVars = true
            openLane(playbook.steps, parent: nil)
            return true
        case .stopping(let cause, let until):
            switch phase {
            case .running, .undoing, .handling: break
            case .new, .stopping, .ended: return false
            }
            phase = .stopping(.cause(cause))
            stopsBy = until
            stopAll()
            return true
        case .hurried:
            guard case .stopping = phase, !isHurried else { return false }
            isHurried = true
            stopAll(atOnce: true)
            return true
        case .undoing(let failure):
            guard !isUndoing else { return false }
            switch (phase, failure) {
            case (.running, let failure?):
                phase = .undoing(failure)
                self.failure = failure
                lanes = [:]
                standing = [:]
                ready = []
            case (.stopping, nil): break
            default: return false
            }
            rootEnd = nil
            isUndoing = true
            return openUndo()
        case .handling(let failure):
            switch phase {
            case .running, .undoing: break
            case .new, .handling, .stopping, .ended: return false
            }
            guard let handlers = playbook.onFailure else { return false }
            phase = .handling(failure)
            self.failure = failure
            rootEnd = nil
            lanes = [:]
            standing = [:]
            ready = []
            openLane(handlers, parent: nil, isOnFailure: true)
            return true
        case .ended(let state, let outputs, let failure, let reason):
            guard state.isFinal else { return false }
            phase = .ended(state)
            self.outputs = outputs
            self.failure = failure
            self.reason = reason
            lanes = [:]
            standing = [:]
            ready = []
            rootEnd = nil
            return true
        default:
            guard let key = entry.step, let id = standing[key], let lane = lanes[id], let step = lane.step else {
                return false
            }
            return apply(entry, lane: id, step: step)
        }
    }

    private mutating func apply(_ entry: JournalEntry, lane id: Int, step: CompiledStep) -> Bool {
        switch entry {
        case .decided(_, let decision): return decide(decision, lane: id, step: step)
        case .assigned(_, let assigned):
            guard case .set = step.kind else { return false }
            vars = vars.merging(assigned)
            endStep(id, status: .succeeded)
        case .stopped(_, let reason):
            guard case .stop = step.kind else { return false }
            lanes[id]?.activity = .ending
            lanes[id]?.isStopping = true
            if case .stopping = phase {
                endStep(id, status: .succeeded)
                return true
            }
            var handled: Failure?
            if case .handling(let failure) = phase { handled = failure }
            phase = .stopping(.stopStep(reason: reason, failure: handled))
            stopsBy = begun.map { $0.at + longest }
            stopAll()
            endStep(id, status: .succeeded)
        case .failed(_, let attempt, let failure, let startedAt):
            updateCall(id) { $0.attempt = attempt }
            noteStart(startedAt, step, id)
            endStep(id, status: .failed, output: askOutput(id), failure: failure)
        case .completed(_, _, let output, let startedAt, _):
            noteStart(startedAt, step, id)
            endStep(id, status: .succeeded, output: output)
        case .intended(_, let attempt, let key, let input, let startedAt, let mayBeDuplicate):
            var call = callState(id) ?? CallState(attempt: attempt, startedAt: startedAt, phase: .running)
            call.attempt = attempt
            call.phase = .running
            call.isIntended = true
            call.key = key
            if let input { call.input = input }
            call.mayBeDuplicate = mayBeDuplicate
            lanes[id]?.activity = .call(call)
        case .retried(_, let attempt, let failure, let due, let startedAt, let mayBeDuplicate):
            var call = callState(id) ?? CallState(attempt: attempt, startedAt: startedAt, phase: .running)
            if case .call(let compiled) = step.kind, compiled.effect == .write, failure.leavesOpenWhetherItHappened {
                call.isUnsettled = true
            }
            call.attempt = attempt
            call.failures += 1
            call.phase = .waiting(due: due)
            call.mayBeDuplicate = mayBeDuplicate
            lanes[id]?.activity = .call(call)
        case .waiting(_, let due): return beginWait(due, lane: id, step: step)
        case .listening(_, let types, let since, let due, let subject):
            return beginListening(types, since: since, due: due, subject: subject, lane: id, step: step)
        case .asked(_, let opening): return openAsk(opening, lane: id, step: step)
        case .answered(_, let answer): return take(answer, lane: id)
        case .reminded(_, let number, let next): return remind(number, next: next, lane: id)
        case .expired: return expire(lane: id)
        case .arrived(_, let event): return take(event, lane: id)
        case .called(_, _, let run, _, let at): return beginSub(run, at: at, lane: id, step: step)
        case .returned(_, let run, let state, let outputs, let failure):
            return endSub(run, state, outputs, failure, lane: id)
        case .fired: return endWait(lane: id)
        case .woken:
            guard case .rounds = lanes[id]?.activity else { return false }
            return endWait(lane: id)
        case .refreshed(_, let names): return take(names, lane: id)
        case .uncertain(_, _, let failure):
            guard callState(id) != nil else { return false }
            updateCall(id) {
                $0.phase = .uncertain(failure)
                $0.isUnsettled = true
            }
            ready.append(id)
        case .needsAttention(_, let failure):
            guard callState(id) != nil else { return false }
            updateCall(id) { $0.phase = .attention(failure) }
        case .resolved(_, let resolution, let by, let output):
            guard let call = callState(id) else { return false }
            noteStart(call.startedAt, step, id)
            switch resolution {
            case .done: endStep(id, status: .succeeded, output: output ?? .map([:]))
            case .retry:
                updateCall(id) {
                    $0.phase = .again
                    // That it may be called again with its key says nothing about the first time.
                    if by != RunMachine.idempotencyKey { $0.isUnsettled = false }
                }
                ready.append(id)
            case .skip:
                endStep(
                    id, status: .failed,
                    failure: Failure(
                        code: "uncertain",
                        message: "it is not known whether the action happened; left as it is by \(by)",
                        kind: .uncertain, step: step.label, place: step.place))
            }
        case .started, .stopping, .hurried, .undoing, .handling, .ended: return false
        }
        return true
    }

    private mutating func decide(_ decision: JournalEntry.Decision, lane id: Int, step: CompiledStep) -> Bool {
        guard let lane = lanes[id] else { return false }
        switch decision {
        case .round(let number, let instant): return openRound(number, at: instant, lane: id, step: step)
        case .roundsEnd(let isDone):
            guard case .rounds(let rounds) = lane.activity, case .asking = rounds.phase else { return false }
            endStep(id, status: .succeeded, output: RunMachine.output(of: rounds, isDone: isDone))
            return true
        case .onTimeout, .onReject: return openReaction(decision, lane: id, step: step)
        default: break
        }
        guard case .ready = lane.activity else { return false }
        switch (decision, step.kind) {
        case (.skip, _): endStep(id, status: .skipped)
        case (.then, .branch(_, let steps, _)), (.otherwise, .branch(_, _, let steps)):
            lanes[id]?.activity = .branch
            openLane(steps, parent: id)
        case (.parallel, .parallel(let branches, _)):
            lanes[id]?.activity = .parallel(remaining: branches.count, failure: nil)
            if branches.isEmpty { endStep(id, status: .succeeded) }
            for branch in branches { openLane([branch], parent: id) }
        case (.loop(let items), .loop):
            lanes[id]?.activity = .loop(LoopState(items: items))
            openIterations(id)
        case (.choose(let index), .choice(_, let cases, let otherwise)):
            if let index, !cases.indices.contains(index) { return false }
            lanes[id]?.activity = .choice
            openLane(index.map { cases[$0].steps } ?? otherwise, parent: id)
        case (.attempt, .attempt(let steps, _, _)):
            lanes[id]?.activity = .attempt(AttemptState())
            openLane(steps, parent: id)
        default: return false
        }
        return true
    }

    mutating func noteStart(_ instant: Timestamp, _ step: CompiledStep, _ id: Int) {
        guard playbook.listens, let name = step.id, let lane = lanes[id] else { return }
        starts[RunMachine.startKey(name, lane.indices)] = instant
    }

    // MARK: Lanes

    mutating func openLane(
        _ steps: [CompiledStep], parent: Int?, isOnFailure: Bool = false,
        iteration: (index: Int, local: (String, Value)?)? = nil, failure: Failure? = nil
    ) {
        let around = parent.flatMap { lanes[$0] }
        var indices = around?.indices ?? []
        var locals = around?.locals ?? []
        if let iteration {
            indices.append(iteration.index)
            if let local = iteration.local { locals.append((name: local.0, value: local.1)) }
        }
        let id = nextLane
        nextLane += 1
        lanes[id] = Lane(
            steps: steps, parent: parent, indices: indices, locals: locals,
            results: iteration == nil ? nil : ValueMap(),
            isOnFailure: isOnFailure, failure: failure ?? around?.failure)
        arrive(id)
    }

    /// The lane has come to its next step, or to its end.
    mutating func arrive(_ id: Int) {
        guard let lane = lanes[id] else { return }
        guard !lane.isStopping else { return endLane(id, .cancelled) }
        guard let step = lane.step else { return endLane(id, .well) }
        lanes[id]?.activity = .ready
        standing[lane.key(of: step).description] = id
        ready.append(id)
    }

    /// The lane's current step has ended: its result is kept and the lane goes on, or ends when the step failed.
    mutating func endStep(_ id: Int, status: StepStatus, output: Value? = nil, failure: Failure? = nil) {
        guard let lane = lanes[id], let step = lane.step else { return }
        standing[lane.key(of: step).description] = nil
        if let name = step.id {
            keep(RunMachine.result(status, output: output, failure: failure), as: name, from: id)
        }
        if status == .succeeded { rememberUndo(of: step, lanes[id] ?? lane) }
        var isTolerated = lane.isOnFailure
        switch step.kind {
        case .call(let call) where call.continuesOnError: isTolerated = true
        case .sub(let sub) where sub.continuesOnError: isTolerated = true
        default: break
        }
        if let failure, !isTolerated {
            endLane(id, .failed(failure))
        } else {
            lanes[id]?.position += 1
            arrive(id)
        }
    }

    /// A step's result as `steps.ID` shows it: the fields of a map output (another output under `output`), then `status`, and
    /// `failure` when it failed.
    static func result(_ status: StepStatus, output: Value?, failure: Failure?) -> Value {
        var map = ValueMap()
        switch output {
        case .map(let fields)?: map = fields
        case let value?: map["output"] = value
        case nil: break
        }
        map["status"] = .string(status.rawValue)
        if let failure { map["failure"] = failure.value }
        return .map(map)
    }

    mutating func keep(_ result: Value, as name: String, from id: Int) {
        var next: Int? = id
        while let current = next, let lane = lanes[current] {
            if lane.results != nil {
                lanes[current]?.results?[name] = result
                return
            }
            next = lane.parent
        }
        results[name] = result
    }

    private mutating func endLane(_ id: Int, _ end: LaneEnd) {
        guard let lane = lanes.removeValue(forKey: id) else { return }
        guard let parent = lane.parent else {
            if !lane.isUndo || !openUndo() { rootEnd = end }
            return
        }
        switch lanes[parent]?.activity {
        case .branch, .choice: endComposite(parent, end, output: nil)
        case .reaction(let output): endComposite(parent, end, output: output)
        case .parallel(let remaining, var failure):
            if case .failed(let new) = end, failure == nil { failure = new }
            lanes[parent]?.activity = .parallel(remaining: remaining - 1, failure: failure)
            if remaining == 1 {
                endComposite(parent, failure.map(LaneEnd.failed) ?? end, output: nil)
            } else if case .failed = end, case .parallel(_, failsFast: true)? = lanes[parent]?.step?.kind {
                for child in lanes.keys.sorted() where lanes[child]?.parent == parent { stop(child) }
            }
        case .loop: endIteration(parent, lane.indices.last ?? 0, lane.results ?? ValueMap(), end)
        case .rounds: endRound(parent, lane.results ?? ValueMap(), end)
        case .attempt(let state): endPart(parent, state, end)
        case .ready, .call, .sub, .pause, .ending, nil: break
        }
    }

    mutating func endComposite(_ id: Int, _ end: LaneEnd, output: Value?) {
        switch end {
        case .failed(let failure): endStep(id, status: .failed, output: output, failure: failure)
        case .cancelled: endStep(id, status: .cancelled, output: output)
        case .well:
            endStep(id, status: lanes[id]?.isStopping == true ? .cancelled : .succeeded, output: output)
        }
    }

    // MARK: Calls

    func callState(_ id: Int) -> CallState? {
        if case .call(let call)? = lanes[id]?.activity { return call }
        return nil
    }

    mutating func updateCall(_ id: Int, _ change: (inout CallState) -> Void) {
        guard var call = callState(id) else { return }
        change(&call)
        lanes[id]?.activity = .call(call)
    }
}
