/// A checked playbook, ready to run. Messages to users say "playbook".
public struct Workflow: Sendable, Hashable {
    /// Whether a playbook acts.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// It runs.
        case active
        /// What matches is dry-run and kept; nothing is sent. The default.
        case shadow
        /// It is not matched.
        case disabled
    }

    /// The playbook's id: the text of `playbook:`.
    public var id: String
    /// A title for people.
    public var title: String?
    /// Who answers for it: a person, team or address.
    public var owner: String?
    /// Whether it acts.
    public var mode: Mode
    /// The file it came from, relative to the workspace.
    public var file: String
    /// What starts it.
    public var triggers: [Trigger]
    /// `stop_when`: the events about the run's subject that end a run.
    public var stopWhen: [ListenStep.Option]
    /// Variables with their first values, evaluated in order at the start of a run.
    public var vars: [NamedSource]
    /// The steps, in order.
    public var steps: [Step]
    /// The steps run when a failure leaves the playbook; nil when the playbook has no `on_failure`.
    public var onFailure: [Step]?
    /// What the run gives back, evaluated when it ends well.
    public var outputs: [NamedSource]
    /// What stands between an event that matches and a run.
    public var gates = PlaybookGates()
    /// `timeout`: the longest time from a run's start to its end; nil for the workspace's.
    public var timeout: Duration?

    /// A workflow of these parts.
    public init(
        id: String, title: String? = nil, owner: String? = nil, mode: Mode = .shadow, file: String = "",
        triggers: [Trigger] = [], stopWhen: [ListenStep.Option] = [], vars: [NamedSource] = [], steps: [Step],
        onFailure: [Step]? = nil, outputs: [NamedSource] = []
    ) {
        self.id = id
        self.title = title
        self.owner = owner
        self.mode = mode
        self.file = file
        self.triggers = triggers
        self.stopWhen = stopWhen
        self.vars = vars
        self.steps = steps
        self.onFailure = onFailure
        self.outputs = outputs
    }

    /// Every step with the steps inside it, depth first, `on_failure` last.
    public var allSteps: [Step] {
        var result: [Step] = []
        func visit(_ steps: [Step]) {
            for step in steps {
                result.append(step)
                for block in step.blocks { visit(block) }
            }
        }
        visit(steps)
        visit(onFailure ?? [])
        return result
    }

    /// Its schedules with their place among all triggers.
    public var schedules: [(position: Int, trigger: ScheduleTrigger)] {
        triggers.enumerated().compactMap { position, trigger in
            if case .schedule(let schedule) = trigger { (position, schedule) } else { nil }
        }
    }

    /// The event types of ``stopWhen``, each once, in order.
    public var stoppingTypes: [String] {
        var types: [String] = []
        for type in stopWhen.flatMap(\.types) where !types.contains(type) { types.append(type) }
        return types
    }

    /// `names` with null under each name that another of its triggers gives: what not every trigger gives is optional in the steps.
    public func withOptionalNames(_ names: ValueMap) -> ValueMap {
        var all = names
        for trigger in triggers {
            let types: [String]
            switch trigger {
            case .event(let event): types = event.types
            case .schedule: types = [Event.scheduleFired]
            case .manual: types = []
            }
            for property in types.flatMap({ EventCatalog.standard.schema(ofType: $0)?.properties ?? [] })
            where all[property.name] == nil { all[property.name] = Value.null }
        }
        return all
    }

    /// The inputs of its manual trigger; empty when it has none.
    public var inputs: [InputField] {
        for trigger in triggers { if case .manual(let manual) = trigger { return manual.inputs } }
        return []
    }
}

/// What starts a playbook.
public enum Trigger: Sendable, Hashable {
    /// Events of certain types under a condition.
    case event(EventTrigger)
    /// A person.
    case manual(ManualTrigger)
    /// The clock.
    case schedule(ScheduleTrigger)
}

/// A trigger by events.
public struct EventTrigger: Sendable, Hashable {
    /// When a trigger for repeating events fires.
    public enum Firing: String, Sendable, Hashable, CaseIterable {
        /// When the condition becomes true for the subject. The default.
        case becomingTrue = "becomes_true"
        /// For every event for which the condition holds.
        case everyEvent = "every_event"
    }

    /// The event types that it looks at.
    public var types: [String]
    /// What must hold; nil when nothing must.
    public var condition: Condition?
    /// Edge or level.
    public var firing: Firing
    /// Whether echoes of our own writes count.
    public var includesOwn: Bool
    /// Where it is written.
    public var place: SourcePlace

    /// A trigger of these parts.
    public init(
        types: [String], condition: Condition? = nil, firing: Firing = .becomingTrue, includesOwn: Bool = false,
        place: SourcePlace
    ) {
        self.types = types
        self.condition = condition
        self.firing = firing
        self.includesOwn = includesOwn
        self.place = place
    }
}

/// A trigger by hand, with typed inputs.
public struct ManualTrigger: Sendable, Hashable {
    /// The inputs that the person gives.
    public var inputs: [InputField]

    /// A manual trigger that asks for `inputs`.
    public init(inputs: [InputField]) { self.inputs = inputs }
}

/// One typed input.
public struct InputField: Sendable, Hashable {
    /// Its name, as in `inputs.NAME`.
    public var name: String
    /// Its type and limits.
    public var schema: Schema
    /// Whether it must be given.
    public var isRequired: Bool

    /// The input `name`.
    public init(name: String, schema: Schema, isRequired: Bool) {
        self.name = name
        self.schema = schema
        self.isRequired = isRequired
    }
}

/// A condition as playbooks write it: an expression, or a nest of `all`, `any` and `not`. A list in YAML is `all`.
public indirect enum Condition: Sendable, Hashable {
    case expression(ExpressionText)
    case all([Condition])
    case any([Condition])
    case not(Condition)

    /// The expressions inside, in the order written.
    public var expressions: [ExpressionText] {
        switch self {
        case .expression(let text): [text]
        case .all(let parts), .any(let parts): parts.flatMap(\.expressions)
        case .not(let part): part.expressions
        }
    }
}
