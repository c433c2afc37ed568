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
        for step in workflow.allSteps where step.id != nil { labels[step.path.text] = step.id }
        self.labels = labels
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
        case loop(CompiledExpression, variable: String, steps: [CompiledStep])
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
            guard let known = policy(call.action) else {
                throw Failure(
                    code: "unknown_action",
                    message:
                        "no plugin of this installation has the action \(call.action); `signalbox plugins` lists them",
                    step: step.label, place: step.place)
            }
            kind = .call(try CompiledCall(call, known))
        case .branch(let branch):
            kind = .branch(
                try CompiledExpression(branch.condition), then: try CompiledStep.all(branch.then, policy),
                else: try CompiledStep.all(branch.else, policy))
        case .parallel(let parallel):
            kind = .parallel(try CompiledStep.all(parallel.branches, policy), failsFast: parallel.failsFast)
        case .forEach(let loop):
            kind = .loop(
                try CompiledExpression(loop.list), variable: loop.variable,
                steps: try CompiledStep.all(loop.steps, policy))
        case .set(let fields): kind = .set(try CompiledField.all(fields))
        case .stop(let reason):
            if let reason { kind = .stop(try CompiledValue(reason)) } else { kind = .stop(nil) }
        case .fail(let message): kind = .fail(try CompiledValue(message))
        }
    }

    static func all(_ steps: [Step], _ policy: (String) -> ActionPolicy?) throws(Failure) -> [CompiledStep] {
        var compiled: [CompiledStep] = []
        compiled.reserveCapacity(steps.count)
        for step in steps { compiled.append(try CompiledStep(step, policy)) }
        return compiled
    }
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
