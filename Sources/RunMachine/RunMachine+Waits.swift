import WorkflowModel

/// Waits of the playbook, and the rounds of `repeat`: what is known is read afresh after each wait.
extension RunMachine {
    /// The names that events give and that time makes stale.
    static let freshNames = ["ticket", "sla", "incident"]

    /// When `duration` has passed since `start`; with a calendar, that much of its open time.
    func due(after duration: Duration, _ calendar: String?, from start: Timestamp) throws(Failure) -> Timestamp {
        guard let calendar else { return start + duration }
        guard let businessTime = options.businessTime else {
            throw Failure(code: "unknown_calendar", message: "there is no calendar \(calendar)")
        }
        return try businessTime(calendar, duration, start)
    }

    /// Asks for what is known now under those names that the run has.
    mutating func refresh(_ key: String, _ commands: inout [Command], isLook: Bool = false) {
        let given = begun?.names ?? ValueMap()
        var known = ValueMap()
        for name in RunMachine.freshNames { known[name] = fresh[name] ?? given[name] }
        let names = RunMachine.freshNames.filter { known[$0].map { !$0.isNull } ?? false }
        guard !names.isEmpty || isLook else { return record(.refreshed(step: key, ValueMap())) }
        commands.append(.refresh(step: key, names: names, known: known))
    }

    /// Whether the lane's step waits for what is known now.
    func isRefreshing(_ id: Int) -> Bool {
        switch lanes[id]?.activity {
        case .pause(.refreshing), .pause(.settled(_, isFresh: false)): return true
        case .rounds(let rounds): if case .refreshing = rounds.phase { return true } else { return false }
        default: return false
        }
    }

    /// Whether an event can end what the lane waits for.
    static func canHear(_ lane: Lane) -> Bool {
        if case .pause(.listening) = lane.activity { return true }
        return lane.waitingRounds != nil || lane.isCalling
    }

    /// Whether `until` holds.
    func isDone(_ lane: Lane, _ rounds: RoundsState, now: Timestamp) throws(Failure) -> Bool {
        guard case .rounds(let round)? = lane.step?.kind, let until = round.until else { return false }
        var scope = scope(of: lane, now: now)
        if let last = rounds.results.last?.map { scope.steps = scope.steps.merging(last) }
        return try until.test(scope)
    }

    /// After a round, or after the wait for the next one.
    mutating func decideRound(
        _ lane: Lane, _ step: CompiledStep, _ rounds: RoundsState, afterWait: Bool, now: Timestamp
    ) {
        guard case .rounds(let round) = step.kind else { return }
        let key = lane.key(of: step).description
        do throws(Failure) {
            if try isDone(lane, rounds, now: now) { return record(.decided(step: key, .roundsEnd(isDone: true))) }
            if afterWait {
                record(.decided(step: key, .round(rounds.number + 1, at: now)))
            } else if rounds.number >= round.atMost {
                record(.decided(step: key, .roundsEnd(isDone: false)))
            } else {
                // From start to start; a round that took longer than that is followed by the next at once.
                let due = try due(after: round.every, round.calendar, from: rounds.startedAt)
                record(.waiting(step: key, due: max(now, due)))
            }
        } catch {
            record(.failed(step: key, attempt: 0, error.from(step), startedAt: rounds.startedAt))
        }
    }

    mutating func beginWait(_ due: Timestamp, lane id: Int, step: CompiledStep) -> Bool {
        switch (lanes[id]?.activity, step.kind) {
        case (.ready, .wait), (.ready, .waitUntil):
            lanes[id]?.activity = .pause(.waiting(due: due))
        case (.rounds(var rounds), .rounds):
            guard case .asking(afterWait: false) = rounds.phase else { return false }
            rounds.phase = .waiting(due: due)
            lanes[id]?.activity = .rounds(rounds)
        default: return false
        }
        return true
    }

    mutating func endWait(lane id: Int) -> Bool {
        switch lanes[id]?.activity {
        case .call(let call) where call.isWaiting: updateCall(id) { $0.phase = .again }
        case .pause(.waiting): lanes[id]?.activity = .pause(.refreshing(output: nil))
        case .pause(.listening):
            lanes[id]?.activity = .pause(.refreshing(output: ["timed_out": true, "event": .null]))
        case .rounds(var rounds):
            guard case .waiting = rounds.phase else { return false }
            rounds.phase = .refreshing(afterWait: true)
            lanes[id]?.activity = .rounds(rounds)
        default: return false
        }
        ready.append(id)
        return true
    }

    mutating func take(_ names: ValueMap, lane id: Int) -> Bool {
        switch lanes[id]?.activity {
        case .pause(.refreshing(let output)):
            fresh = fresh.merging(names)
            endStep(id, status: .succeeded, output: output)
        case .pause(.settled(let state, isFresh: false)):
            fresh = fresh.merging(names)
            lanes[id]?.activity = .pause(.settled(state, isFresh: true))
            ready.append(id)
        case .rounds(var rounds):
            guard case .refreshing(let afterWait) = rounds.phase else { return false }
            fresh = fresh.merging(names)
            rounds.phase = .asking(afterWait: afterWait)
            lanes[id]?.activity = .rounds(rounds)
            ready.append(id)
        default: return false
        }
        return true
    }

    // MARK: Events

    /// Since when events count: the start of the step `since`; without one, of the earliest of the steps `of`.
    func start(of listen: CompiledListen, _ lane: Lane) -> Timestamp? {
        if let since = listen.since { return start(of: since, lane) }
        return listen.options.compactMap { $0.step.flatMap { start(of: $0, lane) } }.min()
    }

    /// When the step `since` began in this iteration or around it.
    private func start(of since: String, _ lane: Lane) -> Timestamp? {
        var indices = lane.indices
        while true {
            if let start = starts[RunMachine.startKey(since, indices)] { return start }
            guard indices.popLast() != nil else { return nil }
        }
    }

    static func identity(_ event: Value) -> Value { [event["source"] ?? .null, event["id"] ?? .null] }

    static func startKey(_ id: String, _ indices: [Int]) -> String { StepKey(StepPath(id), indices).description }

    /// Whether an event is one of `options`. One about which that cannot be said is not.
    func fits(
        _ heard: HeardEvent, _ options: [CompiledOption], _ lane: Lane?, now: Timestamp
    ) -> Bool {
        guard let type = heard.event["type"]?.string else { return false }
        return options.contains { option in
            guard option.types.contains(type) else { return false }
            if let step = option.step {
                guard let result = scope(of: lane, now: now).steps[step], Produced.isAbout(heard.names, type, result)
                else { return false }
            }
            guard let condition = option.condition else { return true }
            var scope = scope(of: lane, now: now)
            scope.event = .map(heard.event)
            scope.fresh = scope.fresh.merging(heard.names)
            do throws(Failure) { return try condition.test(scope) } catch { return false }
        }
    }

    mutating func beginListening(
        _ types: [String], since: Timestamp, due: Timestamp, subject: String?, lane id: Int, step: CompiledStep
    ) -> Bool {
        guard case .ready? = lanes[id]?.activity, case .listen = step.kind else { return false }
        lanes[id]?.activity = .pause(.listening(types: types, since: since, due: due, subject: subject))
        lanes[id]?.arrivedBefore = arrived
        ready.append(id)
        return true
    }

    mutating func take(_ event: Value, lane id: Int) -> Bool {
        guard case .pause(.listening)? = lanes[id]?.activity else { return false }
        arrived.insert(RunMachine.identity(event))
        lanes[id]?.activity = .pause(.refreshing(output: ["timed_out": false, "event": event]))
        ready.append(id)
        return true
    }

    // MARK: Rounds

    mutating func openRound(_ number: Int, at instant: Timestamp, lane id: Int, step: CompiledStep) -> Bool {
        guard case .rounds(let round) = step.kind else { return false }
        var rounds: RoundsState
        switch lanes[id]?.activity {
        case .ready where number == 1: rounds = RoundsState(number: 1, startedAt: instant)
        case .rounds(let earlier):
            guard case .asking(afterWait: true) = earlier.phase, number == earlier.number + 1 else { return false }
            rounds = earlier
        default: return false
        }
        rounds.number = number
        rounds.startedAt = instant
        rounds.phase = .round
        lanes[id]?.activity = .rounds(rounds)
        openLane(round.steps, parent: id, iteration: (number - 1, nil))
        return true
    }

    mutating func endRound(_ id: Int, _ result: ValueMap, _ end: LaneEnd) {
        guard case .rounds(var rounds)? = lanes[id]?.activity, case .rounds(let round)? = lanes[id]?.step?.kind
        else { return }
        rounds.results.append(.map(result))
        if case .well = end, lanes[id]?.isStopping == false {
            rounds.phase = round.until == nil ? .asking(afterWait: false) : .refreshing(afterWait: false)
            lanes[id]?.activity = .rounds(rounds)
            ready.append(id)
        } else {
            endComposite(id, end, output: RunMachine.output(of: rounds, isDone: false))
        }
    }

    static func output(of rounds: RoundsState, isDone: Bool) -> Value {
        ["items": .list(rounds.results), "rounds": .int(Int64(rounds.number)), "done": .bool(isDone)]
    }
}
