import Playbooks
import WorkflowModel

/// One thing that a playbook or a step says, comparable and in words.
struct Facet {
    /// What it is about: `input to`, `the condition`.
    var name: String
    /// Equal when it means the same.
    var canonical: String
    /// In words; nil when it is not there.
    var words: String?
}

/// What steps say, without the steps inside them.
struct StepFacets {
    let actions: [String: ActionSignature]
    private var words: StepWords {
        StepWords(numbers: [:], names: NameWords(), actions: actions, subject: "the same thing")
    }

    init(actions: [String: ActionSignature]) { self.actions = actions }

    /// What people call a step in a difference.
    func label(_ step: Step) -> String {
        let what = kind(step)
        if let id = step.id { return "“\(id)” (\(what))" }
        if let name = step.name { return "“\(name)” (\(what))" }
        return what
    }

    /// What kind of step it is, with what it calls.
    func kind(_ step: Step) -> String {
        switch step.kind {
        case .call(let call): call.action
        case .branch(let branch): "if \(words.conditions.condition(branch.condition.text))"
        case .parallel: "at the same time"
        case .forEach(let loop): "for each of \(words.conditions.value(loop.list.text))"
        case .choice(let choice): "depending on \(words.conditions.value(choice.value.text))"
        case .attempt: "try"
        case .rounds(let rounds): "every \(English.every(rounds.every))"
        case .wait: "wait"
        case .listen(let listen): "wait until \(EventWords.phrase(listen.types))"
        case .ask(let ask): ask.isApproval ? "ask for approval" : "ask"
        case .sub(let sub): "run \(sub.playbook)"
        case .set(let sources): "note \(English.list(sources.map(\.name)))"
        case .stop: "the run ends well"
        case .fail: "the run ends as failed"
        }
    }

    /// Of what sort it is: steps of one sort may be the same step, changed.
    func sort(_ step: Step) -> String {
        switch step.kind {
        case .call(let call): "call \(call.action)"
        case .sub(let sub): "sub \(sub.playbook)"
        case .branch: "branch"
        case .parallel: "parallel"
        case .forEach: "loop"
        case .choice: "choice"
        case .attempt: "attempt"
        case .rounds: "rounds"
        case .wait: "wait"
        case .listen: "listen"
        case .ask: "ask"
        case .set: "set"
        case .stop: "stop"
        case .fail: "fail"
        }
    }

    /// All that a step and those inside it mean, in one text.
    func canonical(_ step: Step) -> String {
        let own = facets(step).map { "\($0.name)=\($0.canonical)" }.joined(separator: "\n")
        let inner = step.blocks.map { "{" + $0.map { canonical($0) }.joined(separator: ";\n") + "}" }.joined()
        return "\(sort(step)) \(step.id ?? "")\n\(own)\(inner)"
    }

    /// What a step says. The sentence of a step without words of its own has the name `what it does`.
    func facets(_ step: Step) -> [Facet] {
        let words = self.words
        let conditions = words.conditions
        var found = [
            Facet(
                name: "condition", canonical: CanonicalText.expression(step.condition),
                words: step.condition.map { conditions.lines($0.text).sentence })
        ]
        func add(_ name: String, _ canonical: String, _ words: String?) {
            found.append(Facet(name: name, canonical: canonical, words: words))
        }
        func inputs(_ sources: [NamedSource], _ schema: Schema?) {
            for (source, detail) in zip(sources, words.inputs(sources, schema)) {
                add("input \(source.name)", CanonicalText.value(source.source), detail.text)
            }
        }
        func undo(_ undo: Compensation?) {
            if let undo {
                add(
                    "how it is taken back", "\(undo.action) \(CanonicalText.named(undo.with))",
                    "by \(undo.action)"
                        + (undo.with.isEmpty
                            ? ""
                            : " (\(words.inputs(undo.with, nil).map { "\($0.label ?? ""): \($0.text)" }.joined(separator: ", ")))")
                )
            }
        }
        let sentence = words.step(step)
        func whole(_ canonical: String) {
            add(
                "what it does", canonical,
                ([sentence.text] + sentence.details.map { ($0.label.map { "\($0): " } ?? "") + $0.text }).joined(
                    separator: " "))
        }
        switch step.kind {
        case .call(let call):
            add("action", call.action, call.action)
            inputs(call.with, actions[call.action]?.input)
            if let retry = call.retry {
                add(
                    "retries", "\(retry)",
                    sentence.details.first { $0.text.hasPrefix("It is tried") }?.text ?? "\(retry.attempts) attempts")
            }
            if let timeout = call.timeout { add("time for one attempt", "\(timeout)", English.duration(timeout)) }
            if let deadline = call.deadline { add("time for all attempts", "\(deadline)", English.duration(deadline)) }
            add(
                "when it fails", "\(call.continuesOnError)", call.continuesOnError ? "the run goes on" : "the run fails"
            )
            if let doubt = call.onUncertain {
                add("when nobody knows whether it happened", doubt.rawValue, doubt.rawValue)
            }
            if call.mock != nil {
                add("output in a dry run", CanonicalText.value(call.mock), call.mock.map { words.values.value($0) })
            }
            undo(call.undo)
        case .sub(let sub):
            add("playbook", sub.playbook, sub.playbook)
            inputs(sub.with, nil)
            add("when it fails", "\(sub.continuesOnError)", sub.continuesOnError ? "the run goes on" : "the run fails")
            undo(sub.undo)
        case .branch(let branch):
            add(
                "question", CanonicalText.expression(branch.condition.text),
                conditions.lines(branch.condition.text).sentence)
        case .parallel(let parallel):
            add(
                "when a branch fails", "\(parallel.failsFast)",
                parallel.failsFast ? "the others are stopped" : "the others go on")
        case .forEach(let loop):
            add("list", CanonicalText.expression(loop.list.text), conditions.value(loop.list.text))
            add("name of the element", loop.variable, loop.variable)
            add("at the same time", "\(loop.maxParallel)", "\(loop.maxParallel)")
        case .choice(let choice):
            add("question", CanonicalText.expression(choice.value.text), conditions.value(choice.value.text))
            add(
                "cases", choice.cases.map { TypedJSON.text(.list($0.values)) }.joined(separator: " | "),
                choice.cases.map { English.value(.list($0.values), "or") }.joined(separator: "; "))
        case .attempt(let attempt):
            add("failures", "\(attempt.rescue != nil)", attempt.rescue == nil ? "are not caught" : "are caught")
        case .rounds(let rounds):
            whole("\(rounds.every) \(rounds.calendar ?? "") \(CanonicalText.expression(rounds.until)) \(rounds.atMost)")
        case .wait(let wait):
            switch wait.end {
            case .after(let span): whole("\(span) \(wait.calendar ?? "")")
            case .at(let moment): whole("at \(CanonicalText.expression(moment.text)) \(wait.calendar ?? "")")
            }
        case .listen(let listen):
            let subject =
                switch listen.subject {
                case .own: "own";
                case .any: "any";
                case .given(let text): CanonicalText.expression(text.text)
                }
            whole(
                "\(CanonicalText.options(listen.options)) \(listen.since ?? "") \(subject) \(listen.timeout) \(listen.calendar ?? "")"
            )
        case .ask(let ask):
            add("who is asked", CanonicalText.value(ask.who), English.list(words.values.recipients(ask.who), "or"))
            add("question", CanonicalText.value(ask.question), "“\(words.values.text(ask.question))”")
            add(
                "fields",
                ask.fields.map { "\($0.name) \(JSONWriter.text(SchemaJSON.value($0.schema))) \($0.isRequired)" }.joined(
                    separator: ","),
                ask.fields.map(TriggerWords(conditions: conditions, values: words.values).input).joined(separator: "; ")
            )
            add("answers that are needed", "\(ask.quorum)", "\(ask.quorum)")
            add(
                "reminders", "\(String(describing: ask.remindEvery))",
                ask.remindEvery.map { "every \(English.every($0))" } ?? "none")
            add("time to answer", "\(ask.timeout)", English.duration(ask.timeout))
            add("without an answer in time", Self.reaction(ask.onTimeout), Self.reaction(ask.onTimeout))
            if ask.isApproval { add("when it is rejected", Self.reaction(ask.onReject), Self.reaction(ask.onReject)) }
        case .set(let sources):
            for source in sources {
                add("value of \(source.name)", CanonicalText.value(source.source), words.values.value(source.source))
            }
        case .stop(let reason): add("reason", CanonicalText.value(reason), reason.map { "“\(words.values.text($0))”" })
        case .fail(let message): add("message", CanonicalText.value(message), "“\(words.values.text(message))”")
        }
        return found
    }

    private static func reaction(_ reaction: AskStep.Reaction) -> String {
        switch reaction {
        case .fail: "the step fails"
        case .approve: "it counts as approved"
        case .reject: "it counts as rejected"
        case .goOn: "the run goes on"
        case .steps: "steps of its own"
        }
    }
}
