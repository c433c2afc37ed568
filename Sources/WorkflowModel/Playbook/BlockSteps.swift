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
    /// The business calendar whose open time `every` counts; nil for all time.
    public var calendar: String?
    /// When it holds after a round or after a wait, there is no further round; nil for exactly ``atMost`` rounds.
    public var until: ExpressionText?
    /// The most rounds, 1 to ``maximumRounds``.
    public var atMost: Int
    /// The steps of a round.
    public var steps: [Step]

    /// Rounds of `steps`.
    public init(
        every: Duration, calendar: String? = nil, until: ExpressionText?, atMost: Int, steps: [Step]
    ) {
        self.every = every
        self.calendar = calendar
        self.until = until
        self.atMost = atMost
        self.steps = steps
    }

    /// The most rounds that a playbook may ask for.
    public static let maximumRounds = 1000
}
