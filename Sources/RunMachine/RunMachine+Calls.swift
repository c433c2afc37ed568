public import WorkflowModel

/// How a call goes from attempt to attempt: retries by the kind of failure, and the settling of writes without a known outcome.
extension RunMachine {
    /// How often an uncertain write is repeated when neither playbook nor manifest has a retry policy.
    static let repeatsOfUncertain = 3
    /// Who lets an idempotent write be called again.
    public static let idempotencyKey = "idempotency key"
    /// The most attempts of one step, those that a crash cut off included.
    static let maximumAttempts = 100
    /// The entries that a run may still write while it is being ended, beyond the limit for a run.
    static let entriesWhileStopping = 10_000

    /// A write is about to be called with `input`: its intent. To be stored before the call.
    public mutating func intend(_ attempt: Attempt, input: Value, idempotencyKey: String, now: Timestamp) {
        guard let id = standing[attempt.key], callState(id) != nil else { return }
        record(
            .intended(
                step: attempt.key, attempt: attempt.number, key: idempotencyKey,
                input: attempt.isInputFinal ? Value?.none : input, startedAt: attempt.startedAt,
                mayBeDuplicate: attempt.mayBeDuplicate))
    }

    /// Whether the attempt is still wanted: what was decided meanwhile may have ended its step.
    public func expects(_ attempt: Attempt) -> Bool {
        guard let id = standing[attempt.key], let state = callState(id), state.attempt == attempt.number else {
            return false
        }
        switch state.phase {
        case .running, .verifying: return true
        case .again, .waiting, .uncertain, .attention: return false
        }
    }

    /// An attempt has ended. What comes for a step that is not under way any more is ignored.
    public mutating func attemptEnded(_ key: String, _ outcome: AttemptOutcome, now: Timestamp) {
        guard let id = standing[key], let state = callState(id), case .running = state.phase,
            let step = lanes[id]?.step, case .call(let call) = step.kind
        else { return }
        switch outcome {
        case .succeeded(let output, let note):
            record(
                .completed(
                    step: key, attempt: state.attempt, output: output, startedAt: state.startedAt, note: note))
        case .failed(let failure): attemptFailed(id, key, state, call, failure.from(step), now: now)
        }
    }

    /// The action has said whether an uncertain write happened.
    public mutating func verified(_ key: String, _ answer: VerifiedAs, now: Timestamp) {
        guard let id = standing[key], let state = callState(id), case .verifying(let failure) = state.phase,
            let step = lanes[id]?.step, case .call(let call) = step.kind
        else { return }
        switch answer {
        case .done(let output): record(.resolved(step: key, as: .done, by: "verify", output: output))
        case .notDone where !isEnding(id): record(.resolved(step: key, as: .retry, by: "verify", output: nil))
        case .notDone, .unknown:
            guard !isEnding(id) else {
                return record(.resolved(step: key, as: .skip, by: "the end of the run", output: nil))
            }
            switch call.onUncertain {
            case .retry where mayRepeat(state, call, after: failure):
                repeatLater(id, key, state, call, failure, mayBeDuplicate: true, now: now)
            case .skip: record(.resolved(step: key, as: .skip, by: "on_uncertain", output: nil))
            case .retry where isBeingEnded, .ask where isBeingEnded:
                record(.resolved(step: key, as: .skip, by: "the end of the run", output: nil))
            case .retry, .ask: record(.needsAttention(step: key, failure))
            }
        }
    }

    // MARK: Attempts

    mutating func makeAttempt(_ id: Int, now: Timestamp, _ commands: inout [Command]) {
        guard let lane = lanes[id], let step = lane.step, case .call(let call) = step.kind, var state = callState(id)
        else { return }
        let key = lane.key(of: step)
        let deadline = call.deadline.map { state.startedAt + $0 }
        if let deadline, now >= deadline, state.attempt > 0 {
            var failure = RunMachine.tooLate(call, after: nil)
            if state.isUnsettled { failure.kind = .uncertain }
            return record(
                .failed(
                    step: key.description, attempt: state.attempt, failure.from(step), startedAt: state.startedAt))
        }
        state.attempt += 1
        state.phase = .running
        state.isIntended = false
        let scope = scope(of: lane, now: state.startedAt, withSecrets: true)
        do throws(Failure) {
            let input: Value
            if let intended = state.input {
                input = intended
            } else {
                input = .map(try CompiledField.evaluate(call.with, scope))
            }
            var mock: Value?
            if options.rehearses, let source = call.mock { mock = try source.evaluate(scope) }
            lanes[id]?.activity = .call(state)
            commands.append(
                .call(
                    Attempt(
                        step: key, key: key.description, label: step.label, place: step.place, action: call.action,
                        effect: call.effect, number: state.attempt, startedAt: state.startedAt, input: input,
                        isInputFinal: state.input != nil, idempotencyKey: state.key,
                        mayBeDuplicate: state.mayBeDuplicate, timeout: call.timeout, deadline: deadline,
                        names: scope.names, mock: mock, isUndo: lane.isUndo)))
        } catch {
            record(
                .failed(
                    step: key.description, attempt: state.attempt, error.from(step), startedAt: state.startedAt))
        }
    }

    private mutating func attemptFailed(
        _ id: Int, _ key: String, _ state: CallState, _ call: CompiledCall, _ failure: Failure, now: Timestamp
    ) {
        let isWrite = call.effect == .write
        switch failure.kind {
        case .uncertain where isWrite:
            return record(.uncertain(step: key, attempt: state.attempt, failure))
        case .timeout where isWrite && (!call.isIdempotent || state.failures + 1 >= call.attempts || isEnding(id)):
            // It may have happened: a time-out says nothing about the other side.
            var uncertain = failure
            uncertain.kind = .uncertain
            return record(.uncertain(step: key, attempt: state.attempt, uncertain))
        case .transient, .rateLimited, .timeout:
            if state.failures + 1 < call.attempts, !isEnding(id) {
                return repeatLater(id, key, state, call, failure, mayBeDuplicate: state.mayBeDuplicate, now: now)
            }
        case .permanent, .uncertain: break
        }
        record(.failed(step: key, attempt: state.attempt, failure, startedAt: state.startedAt))
    }

    /// Another attempt after a wait, or the end when that would be after the step's deadline.
    private mutating func repeatLater(
        _ id: Int, _ key: String, _ state: CallState, _ call: CompiledCall, _ failure: Failure, mayBeDuplicate: Bool,
        now: Timestamp
    ) {
        let policy = call.retry ?? RetryPolicy()
        let attempt = state.failures + 1
        var wait = policy.wait(after: attempt, random: random(key, attempt))
        if case .rateLimited(let asked?) = failure.kind { wait = max(wait, asked) }
        let due = now + wait
        if let deadline = call.deadline, due >= state.startedAt + deadline {
            var last = RunMachine.tooLate(call, after: failure)
            let mayHaveHappened = call.effect == .write && failure.leavesOpenWhetherItHappened
            if state.isUnsettled || mayHaveHappened { last.kind = .uncertain }
            if let step = lanes[id]?.step { last = last.from(step) }
            return record(.failed(step: key, attempt: state.attempt, last, startedAt: state.startedAt))
        }
        record(
            .retried(
                step: key, attempt: state.attempt, failure, due: due, startedAt: state.startedAt,
                mayBeDuplicate: mayBeDuplicate))
    }

    private static func tooLate(_ call: CompiledCall, after failure: Failure?) -> Failure {
        let limit = call.deadline.map(DurationText.forPeople) ?? ""
        let last = failure.map { "; the last attempt failed: \($0.message)" } ?? ""
        return Failure(
            code: "deadline_exceeded", message: "another attempt would be after the step's deadline of \(limit)\(last)",
            kind: .timeout)
    }

    // MARK: Uncertain writes

    /// Idempotent: again with the same key. Otherwise the action is asked, and then the playbook or manifest decides.
    mutating func settle(_ id: Int, _ failure: Failure, now: Timestamp, _ commands: inout [Command]) {
        guard let lane = lanes[id], let step = lane.step, case .call(let call) = step.kind, let state = callState(id)
        else { return }
        let key = lane.key(of: step)
        if call.isIdempotent, mayRepeat(state, call, after: failure), !isEnding(id) {
            if failure.code == "interrupted" {
                return record(.resolved(step: key.description, as: .retry, by: RunMachine.idempotencyKey, output: nil))
            }
            return repeatLater(id, key.description, state, call, failure, mayBeDuplicate: false, now: now)
        }
        updateCall(id) { $0.phase = .verifying(failure) }
        let scope = scope(of: lane, now: state.startedAt)
        commands.append(
            .verify(
                Attempt(
                    step: key, key: key.description, label: step.label, place: step.place, action: call.action,
                    effect: call.effect, number: state.attempt, startedAt: state.startedAt,
                    input: state.input ?? .map([:]),
                    isInputFinal: true, idempotencyKey: state.key, mayBeDuplicate: state.mayBeDuplicate,
                    timeout: call.timeout, deadline: nil, names: scope.names, mock: nil, isUndo: lane.isUndo)))
    }

    /// Whether an uncertain write may be called again. That a process died in it is no failure of the action, so it does not
    /// count against the attempts of the policy.
    private func mayRepeat(_ state: CallState, _ call: CompiledCall, after failure: Failure) -> Bool {
        guard state.attempt < RunMachine.maximumAttempts else { return false }
        return failure.code == "interrupted" || state.failures + 1 < max(call.attempts, RunMachine.repeatsOfUncertain)
    }

    /// Whether the step's lane ends with it, so that nothing is tried again.
    private func isEnding(_ id: Int) -> Bool { lanes[id]?.isStopping ?? true }

    /// Whether the run is being ended: then nothing waits for a person.
    private var isBeingEnded: Bool { if case .stopping = phase { true } else { false } }

    /// From 0 up to 1, the same in every replay: the seed mixed with the step and the attempt (SplitMix64 over FNV-1a).
    private func random(_ key: String, _ attempt: Int) -> Double {
        var state: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key.utf8 { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        state = state ^ (begun?.seed ?? 0) &+ UInt64(attempt) &* 0x9e37_79b9_7f4a_7c15
        state = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        state = (state ^ state >> 27) &* 0x94d0_49bb_1331_11eb
        state ^= state >> 31
        return Double(state >> 11) / Double(UInt64(1) << 53)
    }
}

extension Failure {
    /// Whether a write that failed like this may have happened: a time-out says nothing about the other side.
    public var leavesOpenWhetherItHappened: Bool {
        switch kind {
        case .uncertain, .timeout: true
        case .transient, .rateLimited, .permanent: false
        }
    }
}
