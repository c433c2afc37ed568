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
        case .call, .wait, .listen, .set, .stop, .fail: []
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
        case .wait, .listen, .set, .stop, .fail: break
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

/// `if`/`then`/`else`.
public struct BranchStep: Sendable, Hashable {
    /// The question.
    public var condition: ExpressionText
    /// The steps when it holds.
    public var then: [Step]
    /// The steps when it does not.
    public var `else`: [Step]

    /// A branch.
    public init(condition: ExpressionText, then: [Step], else: [Step] = []) {
        self.condition = condition
        self.then = then
        self.else = `else`
    }
}

/// `parallel`.
public struct ParallelStep: Sendable, Hashable {
    /// One step a branch.
    public var branches: [Step]
    /// Whether a failed branch cancels the others.
    public var failsFast: Bool

    /// Branches that go on at the same time.
    public init(branches: [Step], failsFast: Bool = false) {
        self.branches = branches
        self.failsFast = failsFast
    }
}

/// `for_each`.
public struct LoopStep: Sendable, Hashable {
    /// The list to go over; evaluated once.
    public var list: ExpressionText
    /// The name of the element inside the steps.
    public var variable: String
    /// The steps for each element.
    public var steps: [Step]
    /// How many elements are under way at the same time, 1 to ``maximumParallel``.
    public var maxParallel: Int

    /// A loop over `list`.
    public init(list: ExpressionText, variable: String, steps: [Step], maxParallel: Int = 1) {
        self.list = list
        self.variable = variable
        self.steps = steps
        self.maxParallel = maxParallel
    }

    /// The most elements that a loop takes.
    public static let maximumItems = 10_000
    /// The most elements that may be under way at the same time.
    public static let maximumParallel = 100
}

/// `switch`/`cases`/`default`.
public struct ChoiceStep: Sendable, Hashable {
    /// One of `cases`.
    public struct Case: Sendable, Hashable {
        /// `is`: the values for which it is taken.
        public var values: [Value]
        /// `then`: its steps.
        public var steps: [Step]

        /// A case for `values`.
        public init(values: [Value], steps: [Step]) {
            self.values = values
            self.steps = steps
        }
    }

    /// What is looked at.
    public var value: ExpressionText
    /// The cases; the first that fits is taken.
    public var cases: [Case]
    /// The steps when no case fits.
    public var otherwise: [Step]

    /// A choice by `value`.
    public init(value: ExpressionText, cases: [Case], otherwise: [Step] = []) {
        self.value = value
        self.cases = cases
        self.otherwise = otherwise
    }
}

/// `try`/`rescue`/`always`.
public struct AttemptStep: Sendable, Hashable {
    /// The steps that may fail.
    public var steps: [Step]
    /// The steps when one of them has failed; nil when failures are not caught.
    public var rescue: [Step]?
    /// The steps at the end, whatever happened; nil for none.
    public var always: [Step]?

    /// An attempt at `steps`.
    public init(steps: [Step], rescue: [Step]? = nil, always: [Step]? = nil) {
        self.steps = steps
        self.rescue = rescue
        self.always = always
    }
}

/// `repeat`: its steps again and again, with a wait between.
public struct RoundsStep: Sendable, Hashable {
    /// From the start of one round to the start of the next.
    public var every: Duration
    /// When it holds after a round or after a wait, there is no further round; nil for exactly ``atMost`` rounds.
    public var until: ExpressionText?
    /// The most rounds, 1 to ``maximumRounds``.
    public var atMost: Int
    /// The steps of a round.
    public var steps: [Step]

    /// Rounds of `steps`.
    public init(every: Duration, until: ExpressionText?, atMost: Int, steps: [Step]) {
        self.every = every
        self.until = until
        self.atMost = atMost
        self.steps = steps
    }

    /// The most rounds that a playbook may ask for.
    public static let maximumRounds = 1000
}

/// `wait` or `wait_until`.
public struct WaitStep: Sendable, Hashable {
    /// What ends the wait.
    public enum End: Sendable, Hashable {
        /// `wait`: this much time has passed.
        case after(Duration)
        /// `wait_until`: the moment has come.
        case at(ExpressionText)
    }

    /// What ends the wait.
    public var end: End

    /// A wait until `end`.
    public init(_ end: End) { self.end = end }
}

/// `wait_for`: waits for an event of the run's subject.
public struct ListenStep: Sendable, Hashable {
    /// One kind of event that ends the wait.
    public struct Option: Sendable, Hashable {
        /// The event types.
        public var types: [String]
        /// What must hold for the event; nil when nothing must.
        public var condition: ExpressionText?

        /// Events of `types` under `condition`.
        public init(types: [String], condition: ExpressionText? = nil) {
            self.types = types
            self.condition = condition
        }
    }

    /// Any of these ends the wait.
    public var options: [Option]
    /// The id of the step since whose start events count; nil for the start of the wait.
    public var since: String?
    /// How long to wait.
    public var timeout: Duration

    /// A wait for one of `options`.
    public init(options: [Option], since: String? = nil, timeout: Duration) {
        self.options = options
        self.since = since
        self.timeout = timeout
    }

    /// The types of all options, each once, in order.
    public var types: [String] {
        var types: [String] = []
        for type in options.flatMap(\.types) where !types.contains(type) { types.append(type) }
        return types
    }
}

/// When and how often a failed attempt is made again.
public struct RetryPolicy: Sendable, Hashable {
    /// How the wait grows.
    public enum Backoff: String, Sendable, Hashable, CaseIterable {
        case constant, linear, exponential
    }

    /// How the wait is spread, so that many runs do not come back at once.
    public enum Jitter: String, Sendable, Hashable, CaseIterable {
        /// Exactly the wait.
        case none
        /// Anywhere from nothing to the wait.
        case full
        /// Anywhere from half the wait to the wait.
        case equal
    }

    /// All attempts together, the first included; 1 to 100.
    public var attempts: Int
    /// How the wait grows from attempt to attempt.
    public var backoff: Backoff
    /// The first wait.
    public var initial: Duration
    /// The longest wait.
    public var maximum: Duration
    /// How the wait is spread.
    public var jitter: Jitter

    /// A policy; the defaults are those of a step without `retry` whose action asks for retries.
    public init(
        attempts: Int = 3, backoff: Backoff = .exponential, initial: Duration = .seconds(2),
        maximum: Duration = .seconds(60), jitter: Jitter = .full
    ) {
        self.attempts = attempts
        self.backoff = backoff
        self.initial = initial
        self.maximum = maximum
        self.jitter = jitter
    }

    /// The wait before attempt `attempt` + 1, where `attempt` (from 1) has just failed. `random` is 0 up to 1, from the journal's
    /// seed, so that a replay waits alike.
    public func wait(after attempt: Int, random: Double) -> Duration {
        let factor: Double =
            switch backoff {
            case .constant: 1
            case .linear: Double(attempt)
            case .exponential: attempt > 40 ? 1e12 : Double(UInt64(1) << UInt64(attempt - 1))
            }
        let limit = maximum.inSeconds
        let wait = min(initial.inSeconds * factor, limit)
        let spread: Double =
            switch jitter {
            case .none: wait
            case .full: wait * random
            case .equal: wait / 2 + wait / 2 * random
            }
        return .nanoseconds(Int64(spread * 1e9))
    }
}

extension Duration {
    /// The duration in seconds, as a double.
    public var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}

/// Where a step stands in its playbook: `steps[4].then[1]`, `on_failure[0]`, `steps[0].parallel[2]`, `steps[3].steps[0]`.
public struct StepPath: Sendable, Hashable, CustomStringConvertible {
    /// The path as text.
    public let text: String

    /// The path of this text.
    public init(_ text: String) { self.text = text }

    /// The path of element `index` of `block` inside this step.
    public func child(_ block: String, _ index: Int) -> StepPath { StepPath("\(text).\(block)[\(index)]") }

    /// The path of what takes this step back.
    public var undo: StepPath { StepPath("\(text).undo") }

    /// The path as text.
    public var description: String { text }
}

/// One instance of a step in a run: its path, and the index in each loop around it, outermost first.
public struct StepKey: Sendable, Hashable, CustomStringConvertible {
    /// The step.
    public var path: StepPath
    /// The iteration of each loop around it, from 0, outermost first.
    public var indices: [Int]

    /// The instance of `path` in these iterations.
    public init(_ path: StepPath, _ indices: [Int] = []) {
        self.path = path
        self.indices = indices
    }

    /// `steps[3].steps[0]`, with `#2` or `#2,0` for loop iterations. Unique in a run.
    public var description: String {
        indices.isEmpty ? path.text : "\(path.text)#\(indices.map(String.init).joined(separator: ","))"
    }

    /// Reads what ``description`` gives.
    public init?(_ text: String) {
        let parts = text.split(separator: "#", maxSplits: 1)
        guard let path = parts.first else { return nil }
        self.path = StepPath(String(path))
        indices = []
        if parts.count == 2 {
            for index in parts[1].split(separator: ",") {
                guard let number = Int(index) else { return nil }
                indices.append(number)
            }
        }
    }
}
