public import WorkflowModel

/// `call`: runs of other playbooks that are steps of this one.
extension RunMachine {
    /// A run was made for the step, to be stored with what was decided; what the machine asked by ``Command/begin(step:playbook:inputs:)``.
    public mutating func began(_ key: String, run: RunID, inputs: ValueMap, now: Timestamp) {
        guard let id = standing[key], case .sub(.beginning)? = lanes[id]?.activity, let step = lanes[id]?.step,
            case .sub(let sub) = step.kind
        else { return }
        record(.called(step: key, playbook: sub.playbook, run: run, inputs: inputs, at: now))
    }

    /// No run can be made for the step.
    public mutating func notBegun(_ key: String, _ failure: Failure, now: Timestamp) {
        guard let id = standing[key], case .sub(.beginning)? = lanes[id]?.activity, let step = lanes[id]?.step else {
            return
        }
        record(.failed(step: key, attempt: 0, failure.from(step), startedAt: now))
    }

    /// How the called run stands, asked by ``Command/look(step:run:)``: nil while it has not ended.
    public mutating func looked(_ key: String, _ result: SubRunResult?) {
        guard let id = standing[key], case .sub(.waiting(let run))? = lanes[id]?.activity else { return }
        lanes[id]?.isLooking = false
        guard let result else { return }
        var failure = result.failure
        if result.state != .succeeded {
            let name = lanes[id]?.step.flatMap { step -> String? in
                if case .sub(let sub) = step.kind { sub.playbook } else { nil }
            }
            let why = failure?.message ?? "it is \(result.state.rawValue)"
            failure = Failure(
                code: failure?.code ?? "call_\(result.state.rawValue)",
                message: "the playbook \(name ?? "?") (\(run)) did not succeed: \(why)")
            if let step = lanes[id]?.step { failure = failure?.from(step) }
        }
        record(.returned(step: key, run: run, result.state, outputs: result.outputs, failure))
    }

    /// The called runs that have not returned, by the key of their step.
    public var calledRuns: [(key: String, run: RunID)] {
        lanes.sorted { $0.key < $1.key }.compactMap { _, lane in
            guard case .sub(.waiting(let run)) = lane.activity, let step = lane.step else { return nil }
            return (lane.key(of: step).description, run)
        }
    }

    /// Why this run is being ended, as its called runs are to be ended.
    public var stopCause: JournalEntry.StopCause? {
        if case .stopping(.cause(let cause)) = phase { cause } else { nil }
    }

    // MARK: Inside

    mutating func decide(_ id: Int, _ lane: Lane, _ step: CompiledStep, _ state: SubState, _ commands: inout [Command])
    {
        guard case .waiting(let run) = state, !lane.isLooking else { return }
        let key = lane.key(of: step).description
        lanes[id]?.isLooking = true
        if lane.isStopping { commands.append(.end(step: key, run: run)) }
        commands.append(.look(step: key, run: run))
    }

    mutating func beginSub(
        _ run: RunID, at instant: Timestamp, lane id: Int, step: CompiledStep
    ) -> Bool {
        guard case .sub = step.kind else { return false }
        switch lanes[id]?.activity {
        case .ready, .sub(.beginning): break
        default: return false
        }
        noteStart(instant, step, id)
        lanes[id]?.activity = .sub(.waiting(run))
        lanes[id]?.isLooking = false
        return true
    }

    mutating func endSub(
        _ run: RunID, _ state: RunState, _ outputs: Value?, _ failure: Failure?, lane id: Int
    ) -> Bool {
        guard case .sub(.waiting)? = lanes[id]?.activity else { return false }
        lanes[id]?.isLooking = false
        guard state == .succeeded else {
            let isCancelled = lanes[id]?.isStopping == true && state == .cancelled
            endStep(id, status: isCancelled ? .cancelled : .failed, failure: isCancelled ? nil : failure)
            return true
        }
        var output = outputs?.map ?? ValueMap()
        if output["run"] == nil { output["run"] = .string(run.text) }
        if lanes[id]?.isStopping == true {
            endStep(id, status: .succeeded, output: .map(output))
        } else {
            // Time has passed: what is known is read afresh, as after a wait.
            lanes[id]?.activity = .pause(.refreshing(output: .map(output)))
            ready.append(id)
        }
        return true
    }
}

/// How a called run has ended.
public struct SubRunResult: Sendable, Hashable {
    /// What it ended in.
    public var state: RunState
    /// What it gave back.
    public var outputs: Value?
    /// Why it failed.
    public var failure: Failure?

    /// A result.
    public init(state: RunState, outputs: Value?, failure: Failure?) {
        self.state = state
        self.outputs = outputs
        self.failure = failure
    }
}

/// `call` while it goes on.
enum SubState: Sendable {
    /// The run is to be made.
    case beginning
    /// It is under way.
    case waiting(RunID)
}
