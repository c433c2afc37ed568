/// A node of a playbook.
public struct Step: Sendable, Hashable {
    /// What a step does.
    public enum Kind: Sendable, Hashable {
        /// `uses`: calls an action.
        case call(ActionCall)
        /// `if`/`then`/`else`.
        case branch(BranchStep)
        /// `parallel`: all branches at once; each element is one step.
        case parallel(ParallelStep)
        /// `for_each`.
        case forEach(LoopStep)
        /// `switch`/`cases`/`default`.
        case choice(ChoiceStep)
        /// `try`/`rescue`/`always`.
        case attempt(AttemptStep)
        /// `repeat`.
        case rounds(RoundsStep)
        /// `wait` or `wait_until`.
        case wait(WaitStep)
        /// `wait_for`.
        case listen(ListenStep)
        /// `ask` or `approve`.
        case ask(AskStep)
        /// `call`: runs another playbook.
        case sub(SubRunStep)
        /// `set`: assigns variables, in order.
        case set([NamedSource])
        /// `stop`: ends the run well; with a reason.
        case stop(ValueSource?)
        /// `fail`: ends the run in failure; with a message.
        case fail(ValueSource)
    }

    /// The id given in the playbook; only steps with one can be referred to.
    public var id: String?
    /// Where the step stands in the playbook: `steps[4].then[1]`.
    public var path: StepPath
    /// A line for people.
    public var name: String?
    /// `if` beside `uses`, `parallel`, `for_each`, `set`, `stop` or `fail`: the step is skipped when it is false.
    public var condition: ExpressionText?
    /// What it does.
    public var kind: Kind
    /// Where it is written.
    public var place: SourcePlace

    /// A step of these parts.
    public init(
        id: String? = nil, path: StepPath, name: String? = nil, condition: ExpressionText? = nil, kind: Kind,
        place: SourcePlace
    ) {
        self.id = id
        self.path = path
        self.name = name
        self.condition = condition
        self.kind = kind
        self.place = place
    }

    /// The lists of steps inside this one.
    public var blocks: [[Step]] {
        switch kind {
        case .branch(let branch): [branch.then, branch.else]
        case .parallel(let parallel): [parallel.branches]
        case .forEach(let loop): [loop.steps]
        case .choice(let choice): choice.cases.map(\.steps) + [choice.otherwise]
        case .attempt(let attempt): [attempt.steps, attempt.rescue ?? [], attempt.always ?? []]
        case .rounds(let rounds): [rounds.steps]
        case .ask(let ask): [ask.onTimeout.steps, ask.onReject.steps]
        case .call, .wait, .listen, .sub, .set, .stop, .fail: []
        }
    }

    /// What people call the step: its id, or its path.
    public var label: String { id ?? path.text }

    /// The same step with every call inside it changed by `change`, compensations not included.
    public func mappingCalls(_ change: (inout ActionCall) -> Void) -> Step {
        var step = self
        func all(_ steps: [Step]) -> [Step] { steps.map { $0.mappingCalls(change) } }
        switch kind {
        case .call(var call):
            change(&call)
            step.kind = .call(call)
        case .branch(var branch):
            branch.then = all(branch.then)
            branch.else = all(branch.else)
            step.kind = .branch(branch)
        case .parallel(var parallel):
            parallel.branches = all(parallel.branches)
            step.kind = .parallel(parallel)
        case .forEach(var loop):
            loop.steps = all(loop.steps)
            step.kind = .forEach(loop)
        case .choice(var choice):
            for index in choice.cases.indices { choice.cases[index].steps = all(choice.cases[index].steps) }
            choice.otherwise = all(choice.otherwise)
            step.kind = .choice(choice)
        case .attempt(var attempt):
            attempt.steps = all(attempt.steps)
            attempt.rescue = attempt.rescue.map(all)
            attempt.always = attempt.always.map(all)
            step.kind = .attempt(attempt)
        case .rounds(var rounds):
            rounds.steps = all(rounds.steps)
            step.kind = .rounds(rounds)
        case .ask(var ask):
            ask.onTimeout = ask.onTimeout.mapping(all)
            ask.onReject = ask.onReject.mapping(all)
            step.kind = .ask(ask)
        case .wait, .listen, .sub, .set, .stop, .fail: break
        }
        return step
    }
}

/// A call of an action, `uses` and what stands beside it.
public struct ActionCall: Sendable, Hashable {
    /// What to do with a write whose outcome is unknown.
    public enum OnUncertain: String, Sendable, Hashable, CaseIterable {
        /// A person settles it; the run is in `needs_attention`.
        case ask
        /// It is called again with the same idempotency key.
        case retry
        /// It is left, and the step fails with `uncertain`.
        case skip
    }

    /// The action's full name, `notify.send`.
    public var action: String
    /// The inputs.
    public var with: [NamedSource]
    /// When and how often to try again; nil for the action's default.
    public var retry: RetryPolicy?
    /// The time limit of one attempt; nil for the default.
    public var timeout: Duration?
    /// The time limit of the step with all its attempts; nil for none.
    public var deadline: Duration?
    /// Whether the run goes on when the step fails.
    public var continuesOnError: Bool
    /// What to do with an uncertain write; nil for the manifest's default.
    public var onUncertain: OnUncertain?
    /// The output to assume in a rehearsal.
    public var mock: ValueSource?
    /// `undo`: what takes the step back when the run fails later or is cancelled; nil for nothing.
    public var undo: Compensation?

    /// A call of `action`.
    public init(
        action: String, with: [NamedSource] = [], retry: RetryPolicy? = nil, timeout: Duration? = nil,
        deadline: Duration? = nil, continuesOnError: Bool = false, onUncertain: OnUncertain? = nil,
        mock: ValueSource? = nil, undo: Compensation? = nil
    ) {
        self.action = action
        self.with = with
        self.retry = retry
        self.timeout = timeout
        self.deadline = deadline
        self.continuesOnError = continuesOnError
        self.onUncertain = onUncertain
        self.mock = mock
        self.undo = undo
    }
}

/// `undo`: the call that takes back what a step has done.
public struct Compensation: Sendable, Hashable {
    /// The action's full name.
    public var action: String
    /// The inputs; they see what the step saw, and its own result.
    public var with: [NamedSource]
    /// Where it is written.
    public var place: SourcePlace

    /// A compensation by `action`.
    public init(action: String, with: [NamedSource] = [], place: SourcePlace) {
        self.action = action
        self.with = with
        self.place = place
    }
}
