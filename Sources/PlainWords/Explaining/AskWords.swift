import WorkflowModel

/// Questions to people in words.
struct AskWords {
    let steps: StepWords

    func fill(_ ask: AskStep, _ words: inout PlaybookExplanation.Step) {
        let who = English.list(steps.values.recipients(ask.who), "or")
        let question = steps.values.text(ask.question)
        let what = ask.isApproval ? "Ask \(who) to approve or reject" : "Ask \(who)"
        if question.count > 90 || question.contains("\n") {
            words.text = "\(what):"
            words.details.append(.init("question", question, isMessage: true))
        } else {
            words.text = "\(what): “\(question)”"
        }
        if !ask.fields.isEmpty {
            let triggers = TriggerWords(conditions: steps.conditions, values: steps.values)
            words.details.append(.init("to fill in", ask.fields.map(triggers.input).joined(separator: "; ")))
        }
        if ask.quorum > 1 {
            words.details.append(
                .init(nil, "\(ask.quorum) different people must \(ask.isApproval ? "approve" : "answer")."))
        }
        if let every = ask.remindEvery {
            words.details.append(.init(nil, "They are reminded every \(English.every(every))."))
        }
        let late = "If it is not answered within \(English.duration(ask.timeout))\(steps.open(ask.calendar))"
        react(late, ask.onTimeout, &words)
        if ask.isApproval { react("If it is rejected", ask.onReject, &words) }
    }

    private func react(_ when: String, _ reaction: AskStep.Reaction, _ words: inout PlaybookExplanation.Step) {
        switch reaction {
        case .fail: words.details.append(.init(nil, "\(when), the step fails."))
        case .approve: words.details.append(.init(nil, "\(when), it counts as approved."))
        case .reject: words.details.append(.init(nil, "\(when), it counts as rejected."))
        case .goOn: words.details.append(.init(nil, "\(when), the run goes on."))
        case .steps(let inner): words.blocks.append(steps.block(when, inner))
        }
    }
}
