public import WorkflowModel

/// A playbook made ready to run: every expression planned once, every action's policy looked up. Immutable and shared by all
/// runs of the same bundle.
public final class CompiledWorkflow: Sendable {
    /// The playbook itself.
    public let workflow: Workflow
    let vars: [CompiledField]
    let steps: [CompiledStep]
    let onFailure: [CompiledStep]?
    let outputs: [CompiledField]
    let stopWhen: [CompiledOption]
    /// Whether some step waits for events, or events end the run.
    public let listens: Bool
    /// The paths of the steps whose `until` may become true by an event.
    public let awaitingUntil: Set<String>
    private let labels: [String: String]

    /// Compiles `workflow`; `policy` answers what is known of an action.
    ///
    /// - Throws: a located ``Failure`` for an expression that cannot be planned or an action that nobody knows. A checked
    ///   playbook has neither, unless a plugin has gone since.
    public init(_ workflow: Workflow, policy: (String) -> ActionPolicy?) throws(Failure) {
        self.workflow = workflow
        vars = try CompiledField.all(workflow.vars)
        steps = try CompiledStep.all(workflow.steps, policy)
        if let handlers = workflow.onFailure {
            onFailure = try CompiledStep.all(handlers, policy)
        } else {
            onFailure = nil
        }
        outputs = try CompiledField.all(workflow.outputs)
        var labels: [String: String] = [:]
        for step in workflow.allSteps {
            if step.id != nil { labels[step.path.text] = step.id }
            switch step.kind {
            case .call(let call) where call.undo != nil: labels[step.path.undo.text] = "undo of \(step.label)"
            case .sub(let sub) where sub.undo != nil: labels[step.path.undo.text] = "undo of \(step.label)"
            default: break
            }
        }
        self.labels = labels
        stopWhen = try CompiledOption.all(workflow.stopWhen)
        awaitingUntil = Set(
            workflow.allSteps.compactMap { step in
                if case .rounds(let rounds) = step.kind, rounds.until != nil { step.path.text } else { nil }
            })
        listens =
            !workflow.stopWhen.isEmpty || !awaitingUntil.isEmpty
            || workflow.allSteps.contains { if case .listen = $0.kind { true } else { false } }
    }

    /// Whether the step instance `key` is a `repeat` whose `until` may become true by an event.
    public func awaitsUntil(_ key: String) -> Bool {
        guard !awaitingUntil.isEmpty, let parsed = StepKey(key) else { return false }
        return awaitingUntil.contains(parsed.path.text)
    }

    /// What people call the step instance `key`: its id, with the iteration (`mail#2`) inside a loop, or its path.
    public func label(of key: String) -> String {
        guard let parsed = StepKey(key), let id = labels[parsed.path.text] else { return key }
        return StepKey(StepPath(id), parsed.indices).description
    }
}

/// A step with its expressions planned.
final class CompiledStep: Sendable {
    enum Kind: Sendable {
        case call(CompiledCall)
        case branch(CompiledExpression, then: [CompiledStep], else: [CompiledStep])
        case parallel([CompiledStep], failsFast: Bool)
        case loop(CompiledExpression, variable: String, steps: [CompiledStep], maxParallel: Int)
        case choice(CompiledExpression, cases: [(values: [Value], steps: [CompiledStep])], otherwise: [CompiledStep])
        case attempt([CompiledStep], rescue: [CompiledStep]?, always: [CompiledStep]?)
        case rounds(CompiledRounds)
        case wait(Duration, calendar: String?)
        case waitUntil(CompiledExpression)
        case listen(CompiledListen)
        case ask(CompiledAsk)
        case sub(CompiledSubRun)
        case set([CompiledField])
        case stop(CompiledValue?)
        case fail(CompiledValue)
    }

    let id: String?
    let path: StepPath
    let label: String
    let place: SourcePlace
    let condition: CompiledExpression?
    let kind: Kind
    /// What takes the step back; its path is that of the step with `.undo`.
    let undo: CompiledStep?

    /// The compensation of a step.
    private init(undoing step: Step, _ undo: Compensation, _ policy: (String) -> ActionPolicy?) throws(Failure) {
        id = nil
        path = step.path.undo
        label = "undo of \(step.label)"
        place = undo.place
        condition = nil
        self.undo = nil
        kind = .call(try CompiledStep.call(ActionCall(action: undo.action, with: undo.with), label, undo.place, policy))
    }

    private static func call(
        _ call: ActionCall, _ label: String, _ place: SourcePlace, _ policy: (String) -> ActionPolicy?
    ) throws(Failure) -> CompiledCall {
        guard let known = policy(call.action) else {
            throw Failure(
                code: "unknown_action",
                message: "no plugin of this installation has the action \(call.action); `signalbox plugins` lists them",
                step: label, place: place)
        }
        return try CompiledCall(call, known)
    }

    init(_ step: Step, _ policy: (String) -> ActionPolicy?) throws(Failure) {
        id = step.id
        path = step.path
        label = step.label
        place = step.place
        if let text = step.condition {
            condition = try CompiledExpression(text)
        } else {
            condition = nil
        }
        switch step.kind {
        case .call(let call):
            undo = try call.undo.map { undo throws(Failure) in try CompiledStep(undoing: step, undo, policy) }
        case .sub(let sub):
            undo = try sub.undo.map { undo throws(Failure) in try CompiledStep(undoing: step, undo, policy) }
        default: undo = nil
        }
        switch step.kind {
        case .call(let call):
            kind = .call(try CompiledStep.call(call, step.label, step.place, policy))
        case .branch(let branch):
            kind = .branch(
                try CompiledExpression(branch.condition), then: try CompiledStep.all(branch.then, policy),
                else: try CompiledStep.all(branch.else, policy))
        case .parallel(let parallel):
            kind = .parallel(try CompiledStep.all(parallel.branches, policy), failsFast: parallel.failsFast)
        case .forEach(let loop):
            kind = .loop(
                try CompiledExpression(loop.list), variable: loop.variable,
                steps: try CompiledStep.all(loop.steps, policy), maxParallel: max(1, loop.maxParallel))
        case .choice(let choice):
            var cases: [(values: [Value], steps: [CompiledStep])] = []
            for option in choice.cases { cases.append((option.values, try CompiledStep.all(option.steps, policy))) }
            kind = .choice(
                try CompiledExpression(choice.value), cases: cases,
                otherwise: try CompiledStep.all(choice.otherwise, policy))
        case .attempt(let attempt):
            kind = .attempt(
                try CompiledStep.all(attempt.steps, policy), rescue: try CompiledStep.some(attempt.rescue, policy),
                always: try CompiledStep.some(attempt.always, policy))
        case .rounds(let rounds):
            var until: CompiledExpression?
            if let text = rounds.until { until = try CompiledExpression(text) }
            kind = .rounds(
                CompiledRounds(
                    every: rounds.every, calendar: rounds.calendar, until: until, atMost: rounds.atMost,
                    steps: try CompiledStep.all(rounds.steps, policy)))
        case .wait(let wait):
            switch wait.end {
            case .after(let duration): kind = .wait(duration, calendar: wait.calendar)
            case .at(let text): kind = .waitUntil(try CompiledExpression(text))
            }
        case .listen(let listen):
            kind = .listen(try CompiledListen(listen))
        case .ask(let ask):
            kind = .ask(
                try CompiledAsk(ask) { (steps) throws(Failure) in try CompiledStep.all(steps, policy) })
        case .sub(let sub):
            kind = .sub(
                CompiledSubRun(
                    playbook: sub.playbook, with: try CompiledField.all(sub.with),
                    continuesOnError: sub.continuesOnError))
        case .set(let fields): kind = .set(try CompiledField.all(fields))
        case .stop(let reason):
            if let reason { kind = .stop(try CompiledValue(reason)) } else { kind = .stop(nil) }
        case .fail(let message): kind = .fail(try CompiledValue(message))
        }
    }

    private static func some(
        _ steps: [Step]?, _ policy: (String) -> ActionPolicy?
    ) throws(Failure) -> [CompiledStep]? {
        guard let steps else { return nil }
        return try all(steps, policy)
    }

    static func all(_ steps: [Step], _ policy: (String) -> ActionPolicy?) throws(Failure) -> [CompiledStep] {
        var compiled: [CompiledStep] = []
        compiled.reserveCapacity(steps.count)
        for step in steps { compiled.append(try CompiledStep(step, policy)) }
        return compiled
    }
}

/// A `call` of another playbook with its inputs planned.
struct CompiledSubRun: Sendable {
    let playbook: String
    let with: [CompiledField]
    let continuesOnError: Bool
}

/// A `repeat` with its expressions planned.
struct CompiledRounds: Sendable {
    let every: Duration
    let calendar: String?
    let until: CompiledExpression?
    let atMost: Int
    let steps: [CompiledStep]
}

/// A call with its inputs planned and what the step leaves open filled from the action's policy.
struct CompiledCall: Sendable {
    let action: String
    let with: [CompiledField]
    let mock: CompiledValue?
    let effect: Effect
    let isIdempotent: Bool
    let onUncertain: ActionCall.OnUncertain
    let retry: RetryPolicy?
    let timeout: Duration?
    let deadline: Duration?
    let continuesOnError: Bool

    init(_ call: ActionCall, _ policy: ActionPolicy) throws(Failure) {
        action = call.action
        with = try CompiledField.all(call.with)
        if let source = call.mock { mock = try CompiledValue(source) } else { mock = nil }
        effect = policy.effect
        isIdempotent = policy.isIdempotent || policy.effect != .write
        onUncertain = call.onUncertain ?? policy.onUncertain
        retry = call.retry ?? policy.retry
        timeout = call.timeout ?? policy.timeout
        deadline = call.deadline
        continuesOnError = call.continuesOnError
    }

    /// All attempts that may fail, the first included.
    var attempts: Int { retry?.attempts ?? 1 }
}
