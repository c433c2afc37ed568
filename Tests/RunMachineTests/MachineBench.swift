import RunMachine
import WorkflowModel

/// Drives a machine as an engine would, with actions that a test scripts, and keeps the journal.
struct MachineBench {
    typealias Script = (Attempt) -> AttemptOutcome

    var compiled: CompiledWorkflow
    var machine: RunMachine
    var journal: [JournalEntry] = []
    var now = MachineBench.start
    /// What was called, `label/attempt`.
    var called: [String] = []
    var verified: [String] = []
    var verification = VerifiedAs.unknown
    /// What is known now, by name, when the machine asks after a wait.
    var facts: (Timestamp) -> ValueMap = { _ in [:] }
    /// What happens to the run's subject.
    var recorded: [(at: Timestamp, type: String, data: ValueMap)] = []
    /// Since when events were asked for.
    var listened: [Timestamp] = []
    /// The inputs of the runs that were called.
    var begun: [ValueMap] = []
    /// How the called run has ended; nil while it has not.
    var returned: SubRunResult?
    /// The called runs that were to be ended.
    var ended: [RunID] = []
    /// What the events were to be about.
    var subjects: [String?] = []
    /// Who may answer questions to these recipients.
    var people: ([String]) -> Result<[String], Failure> = { .success($0) }
    /// What was asked for after waits.
    var asked: [[String]] = []
    var script: Script = { .succeeded($0.input["value"].map { ["value": $0] } ?? [:]) }
    var event: ValueMap = ["ticket": ["id": "T-1", "priority": "P1", "tags": ["a", "b", "c"]]]
    var options: RunMachine.Options

    static let start = Timestamp(seconds: 1_795_334_400)

    static let policies: [String: ActionPolicy] = [
        "t.pure": ActionPolicy(effect: .pure), "t.read": ActionPolicy(effect: .read),
        "t.state": ActionPolicy(effect: .state), "t.write": ActionPolicy(effect: .write),
        "t.put": ActionPolicy(effect: .write, isIdempotent: true),
        "t.tell": ActionPolicy(effect: .write, onUncertain: .retry),
        "t.drop": ActionPolicy(effect: .write, onUncertain: .skip),
    ]

    init(_ workflow: Workflow, options: RunMachine.Options = .init(), script: Script? = nil) throws {
        compiled = try CompiledWorkflow(workflow) { MachineBench.policies[$0] }
        self.options = options
        machine = RunMachine(compiled, options: options)
        if let script { self.script = script }
    }

    var runStart: RunStart {
        RunStart(
            run: RunID("run_1"), at: MachineBench.start, event: ["id": "e1", "type": "ticket.created"], names: event,
            inputs: ["who": "me"], seed: 42)
    }

    /// Goes on until the machine has nothing to do now.
    mutating func go() {
        if machine.state == .queued { machine.start(runStart) }
        while true {
            let commands = machine.advance(now: now)
            journal += machine.takeEntries()
            guard !commands.isEmpty else { return }
            for command in commands { obey(command) }
        }
    }

    mutating func obey(_ command: Command) {
        switch command {
        case .call(let attempt):
            called.append("\(attempt.label)/\(attempt.number)")
            if attempt.effect == .write {
                machine.intend(
                    attempt, input: attempt.input, idempotencyKey: attempt.idempotencyKey ?? "key-\(attempt.key)",
                    now: now)
            }
            machine.attemptEnded(attempt.key, script(attempt), now: now)
        case .verify(let attempt):
            verified.append(attempt.label)
            machine.verified(attempt.key, verification, now: now)
        case .listen(let step, let types, let since, let subject):
            listened.append(since)
            subjects.append(subject)
            machine.heard(step, heard(types, since), now: now)
        case .begin(let step, _, let inputs):
            begun.append(inputs)
            machine.began(step, run: RunID("run_child"), inputs: inputs, now: now)
        case .look(let step, _): machine.looked(step, returned)
        case .end(_, let run): ended.append(run)
        case .watch(let types): machine.heardStop(heard(types, MachineBench.start), now: now)
        case .consult(let step, let recipients, _):
            machine.consulted(step, people(recipients), now: now)
        case .refresh(let step, let names, _):
            asked.append(names)
            machine.refreshed(step, facts(now), now: now)
        }
        journal += machine.takeEntries()
    }

    private func heard(_ types: [String], _ since: Timestamp) -> [HeardEvent] {
        recorded.enumerated().filter { $1.at >= since && $1.at <= now && types.contains($1.type) }.map {
            number, event in
            HeardEvent(
                event: ["id": .string("e\(number)"), "type": .string(event.type), "data": .map(event.data)],
                names: event.data)
        }
    }

    /// Goes on to the end, the clock jumping from wait to wait.
    mutating func finish() {
        go()
        while let due = machine.nextDue {
            now = max(now, due)
            go()
        }
    }

    /// `steps.ID` at the end.
    func result(_ id: String) -> Value? { machine.stepResults[id] }

    func status(_ id: String) -> String? { result(id)?["status"]?.string }
}

// MARK: Playbooks in few words

private let place = SourcePlace(file: "p.yaml", line: 3, column: 7)

func text(_ expression: String) -> ExpressionText { ExpressionText(expression, at: place) }

func field(_ name: String, _ expression: String) -> NamedSource {
    NamedSource(name, .expression(text(expression)), at: place)
}

func step(_ id: String?, _ kind: Step.Kind, if condition: String? = nil) -> Step {
    Step(id: id, path: StepPath("?"), condition: condition.map(text), kind: kind, place: place)
}

func call(
    _ id: String?, _ action: String = "t.pure", _ value: String? = nil, if condition: String? = nil,
    retry: RetryPolicy? = nil, deadline: Duration? = nil, continuesOnError: Bool = false,
    onUncertain: ActionCall.OnUncertain? = nil, undo: Compensation? = nil
) -> Step {
    step(
        id,
        .call(
            ActionCall(
                action: action, with: value.map { [field("value", $0)] } ?? [], retry: retry, deadline: deadline,
                continuesOnError: continuesOnError, onUncertain: onUncertain, undo: undo)), if: condition)
}

/// What takes a step back, with one input.
func undo(_ action: String, _ value: String) -> Compensation {
    Compensation(action: action, with: [field("value", value)], place: place)
}

func attempt(_ steps: [Step], rescue: [Step]? = nil, always: [Step]? = nil) -> Step {
    attempt(nil, steps, rescue: rescue, always: always)
}

func attempt(_ id: String?, _ steps: [Step], rescue: [Step]? = nil, always: [Step]? = nil) -> Step {
    step(id, .attempt(AttemptStep(steps: steps, rescue: rescue, always: always)))
}

func wait(_ id: String?, _ duration: Duration) -> Step { step(id, .wait(WaitStep(.after(duration)))) }

/// A playbook of these steps, with paths as the reader gives them.
func playbook(
    _ steps: [Step], stopWhen: [ListenStep.Option] = [], vars: [NamedSource] = [], onFailure: [Step]? = nil,
    outputs: [NamedSource] = []
) -> Workflow {
    Workflow(
        id: "p", mode: .active, stopWhen: stopWhen, vars: vars, steps: numbered(steps, "steps"),
        onFailure: onFailure.map { numbered($0, "on_failure") }, outputs: outputs)
}

private func numbered(_ steps: [Step], _ prefix: String) -> [Step] {
    steps.enumerated().map { index, step in
        var step = step
        let path = "\(prefix)[\(index)]"
        step.path = StepPath(path)
        switch step.kind {
        case .branch(var branch):
            branch.then = numbered(branch.then, path + ".then")
            branch.else = numbered(branch.else, path + ".else")
            step.kind = .branch(branch)
        case .parallel(var parallel):
            parallel.branches = numbered(parallel.branches, path + ".parallel")
            step.kind = .parallel(parallel)
        case .forEach(var loop):
            loop.steps = numbered(loop.steps, path + ".steps")
            step.kind = .forEach(loop)
        case .choice(var choice):
            for number in choice.cases.indices {
                choice.cases[number].steps = numbered(choice.cases[number].steps, path + ".cases[\(number)].then")
            }
            choice.otherwise = numbered(choice.otherwise, path + ".default")
            step.kind = .choice(choice)
        case .attempt(var attempt):
            attempt.steps = numbered(attempt.steps, path + ".try")
            attempt.rescue = attempt.rescue.map { numbered($0, path + ".rescue") }
            attempt.always = attempt.always.map { numbered($0, path + ".always") }
            step.kind = .attempt(attempt)
        case .rounds(var rounds):
            rounds.steps = numbered(rounds.steps, path + ".steps")
            step.kind = .rounds(rounds)
        case .ask(var ask):
            if case .steps(let steps) = ask.onTimeout { ask.onTimeout = .steps(numbered(steps, path + ".on_timeout")) }
            if case .steps(let steps) = ask.onReject { ask.onReject = .steps(numbered(steps, path + ".on_reject")) }
            step.kind = .ask(ask)
        case .call, .wait, .listen, .sub, .set, .stop, .fail: break
        }
        return step
    }
}
