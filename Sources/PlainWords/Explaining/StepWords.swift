import Playbooks
import WorkflowModel

/// Steps in words.
struct StepWords {
    /// The numbers of the steps by their paths.
    let numbers: [String: String]
    var names: NameWords
    let actions: [String: ActionSignature]
    /// What a run is about.
    let subject: String

    var conditions: ConditionWords { ConditionWords(names) }
    var values: ValueWords { ValueWords(conditions: conditions) }

    /// A step with all that is inside.
    func step(_ step: Step) -> PlaybookExplanation.Step {
        var words = PlaybookExplanation.Step(
            number: numbers[step.path.text] ?? step.path.text, path: step.path.text, id: step.id, name: step.name,
            condition: step.condition.map { conditions.lines($0.text) }, text: "")
        switch step.kind {
        case .call(let call): self.call(call, &words)
        case .branch(let branch):
            let lines = conditions.lines(branch.condition.text)
            if let single = lines.single {
                words.text = "If \(single):"
            } else {
                words.text = lines.isAny ? "If at least one of these holds:" : "If all of these hold:"
                words.condition = lines
            }
            words.blocks = [block(nil, branch.then)]
            if !branch.else.isEmpty { words.blocks.append(block("Otherwise", branch.else)) }
        case .parallel(let parallel):
            words.text = "At the same time" + (parallel.failsFast ? ", all stopping when one fails:" : ":")
            words.blocks = [block(nil, parallel.branches)]
        case .forEach(let loop): self.loop(loop, &words)
        case .choice(let choice): self.choice(choice, &words)
        case .attempt(let attempt):
            words.text = "Try this:"
            words.blocks = [block(nil, attempt.steps)]
            if let rescue = attempt.rescue { words.blocks.append(block("If that fails", rescue)) }
            if let always = attempt.always { words.blocks.append(block("At the end, whatever happened", always)) }
        case .rounds(let rounds): self.rounds(rounds, &words)
        case .wait(let wait):
            switch wait.end {
            case .after(let span):
                words.text = "Wait \(English.duration(span))\(open(wait.calendar))."
            case .at(let moment):
                words.text = "Wait until \(conditions.value(moment.text)); go on at once if that has passed."
            }
        case .listen(let listen): self.listen(listen, &words)
        case .ask(let ask): AskWords(steps: self).fill(ask, &words)
        case .sub(let sub): self.sub(sub, &words)
        case .set(let sources):
            words.text = "Note for later:"
            words.details = sources.map { PlaybookExplanation.Detail($0.name, values.value($0.source)) }
        case .stop(let reason):
            words.text = "The run ends here, and went well" + (reason.map { ": “\(values.text($0))”" } ?? ".")
        case .fail(let message): words.text = "The run ends here as failed: “\(values.text(message))”"
        }
        return words
    }

    func block(_ label: String?, _ steps: [Step]) -> PlaybookExplanation.Block {
        PlaybookExplanation.Block(label: label, steps: steps.map(step))
    }

    /// That time counts in a calendar's hours.
    func open(_ calendar: String?) -> String { calendar.map { " of the open hours of the calendar \($0)" } ?? "" }

    // MARK: Actions

    private func call(_ call: ActionCall, _ words: inout PlaybookExplanation.Step) {
        let signature = actions[call.action]
        words.action = call.action
        words.text = signature.map { Self.summary($0) } ?? "Calls the action \(call.action)."
        words.details = inputs(call.with, signature?.input)
        if let retry = call.retry { words.details.append(.init(nil, self.retry(retry))) }
        if let timeout = call.timeout {
            words.details.append(.init(nil, "One attempt may take \(English.duration(timeout))."))
        }
        if let deadline = call.deadline {
            words.details.append(.init(nil, "All attempts together may take \(English.duration(deadline))."))
        }
        switch call.onUncertain {
        case nil: break
        case .ask: words.details.append(.init(nil, "If nobody can know whether it happened, a person decides."))
        case .retry: words.details.append(.init(nil, "If nobody can know whether it happened, it is done again."))
        case .skip: words.details.append(.init(nil, "If nobody can know whether it happened, the step fails."))
        }
        if call.continuesOnError { words.details.append(.init(nil, "If it fails, the run goes on.")) }
        if let undo = call.undo { words.details.append(.init(nil, self.undo(undo))) }
    }

    /// What an action does, as a sentence.
    static func summary(_ signature: ActionSignature) -> String {
        let text = signature.summary.isEmpty ? "Calls the action \(signature.name)." : signature.summary
        return text.hasSuffix(".") ? text : text + "."
    }

    /// What is handed to an action, or to a playbook.
    func inputs(_ sources: [NamedSource], _ schema: Schema?) -> [PlaybookExplanation.Detail] {
        sources.map { input in
            let format = schema?.property(input.name).flatMap { $0.format ?? $0.items.first?.format }
            let label = NameWords.field(input.name)
            switch input.source {
            case .text(let text) where text.text.count > 90 || text.text.contains("\n"):
                return .init(label, values.text(input.source), isMessage: true)
            case .literal(.string(let text)) where text.count > 90 || text.contains("\n"):
                return .init(label, text, isMessage: true)
            default: return .init(label, values.value(input.source, format: format))
            }
        }
    }

    private func retry(_ retry: RetryPolicy) -> String {
        guard retry.attempts > 1 else { return "It is tried once." }
        let growth =
            switch retry.backoff {
            case .constant: ""
            case .linear: ", then longer each time, at most \(English.duration(retry.maximum))"
            case .exponential: ", then twice as long each time, at most \(English.duration(retry.maximum))"
            }
        let spread = retry.jitter == .none ? "" : ", spread at random"
        return "It is tried up to \(retry.attempts) times; the first wait is "
            + "\(English.duration(retry.initial))\(growth)\(spread)."
    }

    private func undo(_ undo: Compensation) -> String {
        let what = actions[undo.action].map { Self.summary($0) } ?? ""
        let with = inputs(undo.with, actions[undo.action]?.input).map { "\($0.label ?? "") \($0.text)" }
        return "If the run fails later or is cancelled, it is taken back by \(undo.action)"
            + (with.isEmpty ? "" : " (\(English.list(with)))") + (what.isEmpty ? "." : ": \(what)")
    }

    private func sub(_ sub: SubRunStep, _ words: inout PlaybookExplanation.Step) {
        words.text = "Run the playbook \(sub.playbook) and wait for its end."
        words.details = inputs(sub.with, nil)
        if sub.continuesOnError { words.details.append(.init(nil, "If it fails, this run goes on.")) }
        if let undo = sub.undo { words.details.append(.init(nil, self.undo(undo))) }
    }

    // MARK: Blocks

    private func loop(_ loop: LoopStep, _ words: inout PlaybookExplanation.Step) {
        let pace =
            loop.maxParallel == 1 ? "one after the other" : "up to \(loop.maxParallel) at the same time"
        words.text = "For each “\(loop.variable)” of \(conditions.value(loop.list.text)), \(pace):"
        var inner = self
        inner.names.loopVariables.insert(loop.variable)
        words.blocks = [inner.block(nil, loop.steps)]
    }

    private func choice(_ choice: ChoiceStep, _ words: inout PlaybookExplanation.Step) {
        words.text = "Depending on \(conditions.value(choice.value.text)):"
        words.blocks = choice.cases.map { one in
            block("If it is \(English.value(.list(one.values), "or"))", one.steps)
        }
        if choice.otherwise.isEmpty {
            words.details = [.init(nil, "If it is anything else, nothing is done.")]
        } else {
            words.blocks.append(block("If it is anything else", choice.otherwise))
        }
    }

    private func rounds(_ rounds: RoundsStep, _ words: inout PlaybookExplanation.Step) {
        let every = "Every \(English.every(rounds.every))\(open(rounds.calendar))"
        let times = rounds.atMost == 1 ? "once" : "\(rounds.atMost) times"
        if let until = rounds.until {
            words.text = "\(every), at most \(times), until \(conditions.lines(until.text).sentence):"
        } else {
            words.text = "\(every), \(times):"
        }
        words.blocks = [block(nil, rounds.steps)]
    }

    private func listen(_ listen: ListenStep, _ words: inout PlaybookExplanation.Step) {
        let about =
            switch listen.subject {
            case .own: subject == "the same thing" ? "about the same subject" : "about \(subject)"
            case .any: "about anything"
            case .given(let text): "about “\(conditions.value(text.text))”"
            }
        let options = listen.options.map { option in
            let source = option.step.map { ", which belongs to what \(names.step($0)) sent" } ?? ""
            let condition = option.condition.map { ", and \(conditions.lines($0.text).sentence)" } ?? ""
            return EventWords.phrase(option.types) + source + condition
        }
        let limit = "at most \(English.duration(listen.timeout))\(open(listen.calendar))"
        if options.count == 1, let only = options.first {
            words.text = "Wait until \(only) (\(about)), \(limit)."
        } else {
            words.text = "Wait, \(limit), until one of these happens (\(about)):"
            words.details = options.map { .init(nil, English.sentence($0)) }
        }
        if let since = listen.since {
            words.details.append(.init(nil, "What has happened since \(names.step(since)) began counts, too."))
        }
    }
}

extension ConditionWords.Lines {
    /// Whether one of the lines is enough.
    var isAny: Bool { if case .any = self { true } else { false } }
}
