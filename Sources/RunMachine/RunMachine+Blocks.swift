import WorkflowModel

/// How the parts of `for_each` and `try` follow each other, and how completed steps are taken back. Nothing is evaluated here.
extension RunMachine {
    // MARK: for_each

    /// The state of a loop, taken out of its lane so that changing it copies nothing; to be put back.
    private mutating func takeLoop(_ id: Int) -> LoopState? {
        guard case .loop(let loop)? = lanes[id]?.activity else { return nil }
        lanes[id]?.activity = .branch
        return loop
    }

    mutating func openIterations(_ id: Int) {
        guard case .loop(_, let variable, let steps, let width)? = lanes[id]?.step?.kind, var loop = takeLoop(id) else {
            return
        }
        var begun: [(index: Int, value: Value)] = []
        // A loop without steps would recurse once for each element.
        if !steps.isEmpty {
            while loop.open < width, loop.next < loop.items.count {
                begun.append((loop.next, loop.items[loop.next]))
                loop.next += 1
                loop.open += 1
            }
        }
        let results = loop.open == 0 ? loop.results : nil
        lanes[id]?.activity = .loop(loop)
        if let results {
            endStep(id, status: .succeeded, output: ["items": .list(results)])
        } else {
            for element in begun {
                openLane(steps, parent: id, iteration: (element.index, (variable, element.value)))
            }
        }
    }

    mutating func endIteration(_ id: Int, _ number: Int, _ result: ValueMap, _ end: LaneEnd) {
        guard var loop = takeLoop(id) else { return }
        loop.open -= 1
        // With several elements under way a later one may end first.
        while loop.results.count < number { loop.results.append(.null) }
        if loop.results.count == number {
            loop.results.append(.map(result))
        } else {
            loop.results[number] = .map(result)
        }
        if case .failed(let failure) = end, loop.failure == nil { loop.failure = failure }
        let goesOn: Bool
        if case .well = end, loop.failure == nil, lanes[id]?.isStopping == false {
            goesOn = true
        } else {
            goesOn = false
        }
        let (isOver, failure, results) = (loop.open == 0, loop.failure, loop.open == 0 ? loop.results : [])
        lanes[id]?.activity = .loop(loop)
        if goesOn {
            openIterations(id)
        } else if isOver {
            endComposite(id, failure.map(LaneEnd.failed) ?? end, output: ["items": .list(results)])
        }
    }

    // MARK: try

    /// A part of `try` has ended: `rescue` follows a failure, `always` follows everything.
    mutating func endPart(_ id: Int, _ old: AttemptState, _ end: LaneEnd) {
        guard let lane = lanes[id], case .attempt(_, let rescue, let always)? = lane.step?.kind else { return }
        var state = old
        switch state.part {
        case .steps:
            if case .failed(let failure) = end, let rescue, !lane.isStopping {
                state.part = .rescue
                state.isRescued = true
                lanes[id]?.activity = .attempt(state)
                return openLane(rescue, parent: id, failure: failure)
            }
            state.end = end
        case .rescue: state.end = end
        case .always:
            // The first failure is the one that the block ends with.
            if case .failed = end {
                if case .failed = state.end {} else { state.end = end }
            }
            return endComposite(id, state.end, output: RunMachine.output(of: state))
        }
        guard let always, !isHurried else { return endComposite(id, state.end, output: RunMachine.output(of: state)) }
        state.part = .always
        lanes[id]?.activity = .attempt(state)
        openLane(always, parent: id)
    }

    private static func output(of state: AttemptState) -> Value { ["rescued": .bool(state.isRescued)] }

    // MARK: undo

    /// Remembers a completed step that can be taken back, with the names that its `undo` sees.
    mutating func rememberUndo(of step: CompiledStep, _ lane: Lane) {
        guard let undo = step.undo, !isUndoing else { return }
        if case .handling = phase { return }
        var results = ValueMap()
        for layer in layers(of: lane).reversed() { results = results.merging(layer) }
        undoable.append(UndoItem(step: undo, indices: lane.indices, locals: lane.locals, results: results))
    }

    /// Begins to take the last completed step back that is left; false when none is.
    mutating func openUndo() -> Bool {
        guard !isHurried, let item = undoable.popLast() else { return false }
        let id = nextLane
        nextLane += 1
        lanes[id] = Lane(
            steps: [item.step], parent: nil, indices: item.indices, locals: item.locals, results: item.results,
            isOnFailure: true, isUndo: true)
        arrive(id)
        return true
    }
}
