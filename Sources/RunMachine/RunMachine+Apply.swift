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
        case .stopping(let cause):
            switch phase {
            case .running, .handling: break
            case .new, .stopping, .ended: return false
            }
            phase = .stopping(.cause(cause))
            stopAll()
            return true
        case .handling(let failure):
            guard case .running = phase, let handlers = playbook.onFailure else { return false }
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
            var handled: Failure?
            if case .handling(let failure) = phase { handled = failure }
            phase = .stopping(.stopStep(reason: reason, failure: handled))
            stopAll()
            endStep(id, status: .succeeded)
        case .failed(_, let attempt, let failure, _):
            updateCall(id) { $0.attempt = attempt }
            endStep(id, status: .failed, failure: failure)
        case .completed(_, _, let output, _, _): endStep(id, status: .succeeded, output: output)
        case .intended(_, let attempt, let key, let input, let startedAt, let mayBeDuplicate):
            var call = callState(id) ?? CallState(attempt: attempt, startedAt: startedAt, phase: .running)
            call.attempt = attempt
            call.phase = .running
            call.key = key
            if let input { call.input = input }
            call.mayBeDuplicate = mayBeDuplicate
            lanes[id]?.activity = .call(call)
        case .retried(_, let attempt, _, let due, let startedAt, let mayBeDuplicate):
            var call = callState(id) ?? CallState(attempt: attempt, startedAt: startedAt, phase: .running)
            call.attempt = attempt
            call.failures += 1
            call.phase = .waiting(due: due)
            call.mayBeDuplicate = mayBeDuplicate
            lanes[id]?.activity = .call(call)
        case .fired:
            guard let call = callState(id), call.isWaiting else { return false }
            updateCall(id) { $0.phase = .again }
            ready.append(id)
        case .uncertain(_, _, let failure):
            guard callState(id) != nil else { return false }
            updateCall(id) { $0.phase = .uncertain(failure) }
            ready.append(id)
        case .needsAttention(_, let failure):
            guard callState(id) != nil else { return false }
            updateCall(id) { $0.phase = .attention(failure) }
        case .resolved(_, let resolution, let by, let output):
            guard callState(id) != nil else { return false }
            switch resolution {
            case .done: endStep(id, status: .succeeded, output: output ?? .map([:]))
            case .retry:
                updateCall(id) { $0.phase = .again }
                ready.append(id)
            case .skip:
                endStep(
                    id, status: .failed,
                    failure: Failure(
                        code: "uncertain",
                        message: "it is not known whether the action happened; left as it is by \(by)",
                        kind: .uncertain, step: step.label, place: step.place))
            }
        case .started, .stopping, .handling, .ended: return false
        }
        return true
    }

    private mutating func decide(_ decision: JournalEntry.Decision, lane id: Int, step: CompiledStep) -> Bool {
        guard let lane = lanes[id], case .ready = lane.activity else { return false }
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
            lanes[id]?.activity = .loop(items: items, index: 0, results: [])
            openIteration(id)
        default: return false
        }
        return true
    }

    // MARK: Lanes

    mutating func openLane(
        _ steps: [CompiledStep], parent: Int?, isOnFailure: Bool = false,
        iteration: (index: Int, local: (String, Value))? = nil
    ) {
        let around = parent.flatMap { lanes[$0] }
        var indices = around?.indices ?? []
        var locals = around?.locals ?? []
        if let iteration {
            indices.append(iteration.index)
            locals.append((name: iteration.local.0, value: iteration.local.1))
        }
        let id = nextLane
        nextLane += 1
        lanes[id] = Lane(
            steps: steps, parent: parent, indices: indices, locals: locals,
            results: iteration == nil ? nil : ValueMap(),
            isOnFailure: isOnFailure)
        arrive(id)
    }

    private mutating func openIteration(_ id: Int) {
        guard let lane = lanes[id], case .loop(_, let variable, let steps)? = lane.step?.kind,
            case .loop(let items, let index, let results) = lane.activity
        else { return }
        // A loop without steps would recurse once for each element.
        if index >= items.count || steps.isEmpty {
            endStep(id, status: .succeeded, output: ["items": .list(results)])
        } else {
            openLane(steps, parent: id, iteration: (index, (variable, items[index])))
        }
    }

    /// The lane has come to its next step, or to its end.
    private mutating func arrive(_ id: Int) {
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
        var isTolerated = lane.isOnFailure
        if case .call(let call) = step.kind, call.continuesOnError { isTolerated = true }
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

    private mutating func keep(_ result: Value, as name: String, from id: Int) {
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
            rootEnd = end
            return
        }
        switch lanes[parent]?.activity {
        case .branch: endComposite(parent, end, output: nil)
        case .parallel(let remaining, var failure):
            if case .failed(let new) = end, failure == nil { failure = new }
            lanes[parent]?.activity = .parallel(remaining: remaining - 1, failure: failure)
            if remaining == 1 {
                endComposite(parent, failure.map(LaneEnd.failed) ?? end, output: nil)
            } else if case .failed = end, case .parallel(_, failsFast: true)? = lanes[parent]?.step?.kind {
                for child in lanes.keys.sorted() where lanes[child]?.parent == parent { stop(child) }
            }
        case .loop: endIteration(parent, lane.results ?? ValueMap(), end)
        case .ready, .call, .ending, nil: break
        }
    }

    private mutating func endIteration(_ id: Int, _ result: ValueMap, _ end: LaneEnd) {
        guard case .loop(let items, let index, var results)? = lanes[id]?.activity else { return }
        // The lane lets go of the list, so that appending to it copies nothing.
        lanes[id]?.activity = .branch
        results.append(.map(result))
        if case .well = end, lanes[id]?.isStopping == false {
            lanes[id]?.activity = .loop(items: items, index: index + 1, results: results)
            openIteration(id)
        } else {
            endComposite(id, end, output: ["items": .list(results)])
        }
    }

    private mutating func endComposite(_ id: Int, _ end: LaneEnd, output: Value?) {
        switch end {
        case .failed(let failure): endStep(id, status: .failed, output: output, failure: failure)
        case .cancelled: endStep(id, status: .cancelled, output: output)
        case .well:
            endStep(id, status: lanes[id]?.isStopping == true ? .cancelled : .succeeded, output: output)
        }
    }

    // MARK: Stopping

    /// Lets every lane end with what it is doing.
    private mutating func stopAll() {
        for id in lanes.keys.sorted() where lanes[id]?.parent == nil { stop(id) }
    }

    private mutating func stop(_ id: Int) {
        guard let lane = lanes[id], !lane.isStopping else { return }
        lanes[id]?.isStopping = true
        switch lane.activity {
        case .ready: endStep(id, status: .cancelled)
        case .ending: break
        case .call(let call):
            switch call.phase {
            case .running, .uncertain, .verifying: break
            case .again, .waiting: endStep(id, status: .cancelled)
            case .attention(let failure): endStep(id, status: .failed, failure: failure)
            }
        case .branch, .parallel, .loop:
            for child in lanes.keys.sorted() where lanes[child]?.parent == id { stop(child) }
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
