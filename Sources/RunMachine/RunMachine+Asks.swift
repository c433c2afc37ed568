public import WorkflowModel

/// Questions to people: `ask` and `approve`. Who may answer is looked up outside and journaled; from then on the journal decides.
extension RunMachine {
    // MARK: In

    /// Who may answer, asked for by ``Command/consult(step:recipients:names:)``: the ids of people, each once; or why nobody can.
    /// What comes for a step that does not wait for it is ignored.
    public mutating func consulted(_ key: String, _ people: Result<[String], Failure>, now: Timestamp) {
        guard let id = standing[key], let lane = lanes[id], let step = lane.step, case .ask(let ask) = step.kind,
            case .pause(.consulting(let question)) = lane.activity
        else { return }
        do throws(Failure) {
            let who = try people.get()
            guard who.count <= AskStep.maximumPeople else {
                throw Failure(
                    code: "too_many_people",
                    message: "\(who.count) people would be asked, and at most \(AskStep.maximumPeople) can be")
            }
            guard who.count >= ask.quorum else {
                throw Failure(
                    code: "too_few_people",
                    message: "\(ask.quorum) people must answer, and only \(who.count) can: "
                        + (who.isEmpty ? "nobody" : who.joined(separator: ", ")))
            }
            let run = begun?.run ?? RunID("")
            let due = try due(after: ask.timeout, ask.calendar, from: now)
            record(
                .asked(
                    step: key,
                    AskOpening(
                        id: AskOpening.id(of: run, key), question: question, isApproval: ask.isApproval,
                        fields: SchemaJSON.value(ask.schema), who: who, quorum: ask.quorum, at: now,
                        due: due, reminder: reminder(of: ask, after: now, due: due))))
        } catch {
            record(.failed(step: key, attempt: 0, error.from(step), startedAt: now))
        }
    }

    /// A person answers the question with this id.
    ///
    /// - Throws: ``Failure`` when it is not open (`not_asked`, `too_late`), the person may not answer (`may_not_answer`) or has
    ///   answered (`answered_already`), or the answer does not fit the question (`bad_answer`). Nothing has changed then.
    public mutating func answer(_ ask: String, _ answer: AskAnswer, now: Timestamp) throws(Failure) {
        var found: (lane: Lane, step: CompiledStep, ask: CompiledAsk, state: AskState)?
        for lane in lanes.values {
            guard case .pause(.asking(let state)) = lane.activity, state.opening.id == ask, let step = lane.step,
                case .ask(let compiled) = step.kind
            else { continue }
            found = (lane, step, compiled, state)
        }
        guard let found else {
            throw Failure(code: "not_asked", message: "\(ask) is not open any more: the run has gone on without it")
        }
        let opening = found.state.opening
        guard now < opening.due else {
            throw Failure(
                code: "too_late",
                message: "\(ask) could be answered until \(RunMachine.second(opening.due)); that time is over")
        }
        guard opening.who.contains(answer.by) else {
            throw Failure(
                code: "may_not_answer",
                message: "\(answer.by) is not asked; \(RunMachine.people(opening.who)) can answer \(ask)")
        }
        if let earlier = found.state.answers.first(where: { $0.by == answer.by }) {
            throw Failure(
                code: "answered_already",
                message:
                    "\(answer.by) answered \(ask) at \(RunMachine.second(earlier.at)) already; an answer cannot be changed"
            )
        }
        var answer = answer
        answer.values = try RunMachine.checked(answer, found.ask)
        record(.answered(step: found.lane.key(of: found.step).description, answer))
    }

    /// The questions that wait for answers: the step's key and the question's id.
    public var openAsks: [(key: String, id: String)] {
        lanes.sorted { $0.key < $1.key }.compactMap { _, lane in
            guard case .pause(.asking(let ask)) = lane.activity, let step = lane.step else { return nil }
            return (lane.key(of: step).description, ask.opening.id)
        }
    }

    /// The values of an answer with times and durations bound.
    private static func checked(_ answer: AskAnswer, _ ask: CompiledAsk) throws(Failure) -> ValueMap {
        func bad(_ message: String) -> Failure { Failure(code: "bad_answer", message: message) }
        if let comment = answer.comment, comment.unicodeScalars.count > AskStep.longestComment {
            throw bad("a comment has at most \(AskStep.longestComment) characters")
        }
        if ask.isApproval {
            guard answer.verdict != nil else { throw bad("say approve or reject") }
            guard answer.values.isEmpty else {
                throw bad("this is approved or rejected; it has no field \(answer.values.entries[0].key.jsonText)")
            }
            return ValueMap()
        }
        guard answer.verdict == nil else {
            let names = ask.fields.map { "\($0.name)=…" }.joined(separator: " ")
            throw bad("this is not approved or rejected but answered: give \(names.isEmpty ? "a comment" : names)")
        }
        let bound = ask.schema.bound(.map(answer.values))
        let violations = ask.schema.violations(of: bound)
        guard violations.isEmpty, case .map(let values) = bound else {
            throw bad(violations.map(\.description).joined(separator: "; "))
        }
        return values
    }

    /// Names of people for a sentence; of many the first.
    static func people(_ ids: [String]) -> String {
        ids.prefix(8).joined(separator: ", ") + (ids.count > 8 ? " and \(ids.count - 8) more" : "")
    }

    /// An instant to the second, for a sentence.
    static func second(_ instant: Timestamp) -> String { Timestamp(seconds: instant.seconds).rfc3339 }

    // MARK: Deciding

    /// Evaluates whom to ask what, and has the people looked up.
    mutating func beginAsk(
        _ ask: CompiledAsk, _ id: Int, _ lane: Lane, _ step: CompiledStep, now: Timestamp, _ commands: inout [Command]
    ) throws(Failure) {
        let scope = scope(of: lane, now: now)
        let recipients: [String]
        switch try ask.who.evaluate(scope) {
        case .string(let one): recipients = [one]
        case .list(let many):
            var texts: [String] = []
            for item in many {
                guard let text = item.string else {
                    throw Failure(
                        code: "unknown_recipient",
                        message: "who is asked must be texts, and one of them is \(item.kindForPeople)")
                }
                texts.append(text)
            }
            recipients = texts
        case let other:
            throw Failure(
                code: "unknown_recipient",
                message: "who is asked must be a recipient or a list of them, is \(other.kindForPeople)")
        }
        let question = RunMachine.text(try ask.question.evaluate(scope))
        guard question.unicodeScalars.count <= AskStep.longestQuestion else {
            throw Failure(
                code: "question_too_long", message: "a question has at most \(AskStep.longestQuestion) characters")
        }
        lanes[id]?.activity = .pause(.consulting(question: question))
        commands.append(.consult(step: lane.key(of: step).description, recipients: recipients, names: scope.names))
    }

    /// A question is due: it has expired, or its people are reminded, once for all the times that have passed.
    mutating func fireAsk(_ state: AskState, _ ask: CompiledAsk, _ key: String, now: Timestamp) {
        guard now < state.opening.due else { return record(.expired(step: key, lateBy: now - state.opening.due)) }
        let number = state.reminders + 1
        let next = number < AskStep.maximumReminders ? reminder(of: ask, after: now, of: state) : nil
        record(.reminded(step: key, number: number, next: next))
    }

    private func reminder(of ask: CompiledAsk, after now: Timestamp, due: Timestamp) -> Timestamp? {
        guard let every = ask.remindEvery, now + every < due else { return nil }
        return now + every
    }

    private func reminder(of ask: CompiledAsk, after now: Timestamp, of state: AskState) -> Timestamp? {
        guard let every = ask.remindEvery, every > .zero else { return nil }
        let elapsed = (now - state.opening.at).inSeconds
        let next = state.opening.at + .seconds((elapsed / every.inSeconds).rounded(.down) * every.inSeconds) + every
        return next > now && next < state.opening.due ? next : nil
    }

    /// The question is settled and what is known has been read afresh: how the step goes on.
    mutating func decideAsk(_ lane: Lane, _ step: CompiledStep, _ state: AskState, now: Timestamp) {
        guard case .ask(let ask) = step.kind else { return }
        let key = lane.key(of: step).description
        let startedAt = state.opening.at
        func completed(_ reaction: AskStep.Reaction? = nil) -> JournalEntry {
            .completed(
                step: key, attempt: 0, output: state.output(ask.fields, counts: reaction), startedAt: startedAt,
                note: nil)
        }
        func failed(_ failure: Failure) -> JournalEntry {
            .failed(step: key, attempt: 0, failure.from(step), startedAt: startedAt)
        }
        func rejected(_ message: String, counts: AskStep.Reaction?) -> JournalEntry {
            switch ask.onReject {
            case .steps: .decided(step: key, .onReject)
            case .goOn: completed(counts)
            case .fail, .approve, .reject: failed(Failure(code: "rejected", message: message))
            }
        }
        switch state.end {
        case .answered, nil: record(completed())
        case .rejected:
            let last = state.answers.last
            let comment = last?.comment.map { ": \($0)" } ?? ""
            record(rejected("rejected by \(last?.by ?? "nobody")\(comment)", counts: nil))
        case .expired:
            let limit = DurationText.forPeople(ask.timeout) + (ask.calendar.map { " of \($0)" } ?? "")
            switch ask.onTimeout {
            case .approve: record(completed(.approve))
            case .goOn: record(completed())
            case .steps: record(.decided(step: key, .onTimeout))
            case .reject:
                record(rejected("not answered within \(limit), which counts as a rejection", counts: .reject))
            case .fail:
                let message =
                    state.answers.isEmpty
                    ? "nobody answered within \(limit); asked: \(RunMachine.people(state.opening.who))"
                    : "\(state.answers.count) of \(ask.quorum) people answered within \(limit)"
                record(failed(Failure(code: "not_answered", message: message, kind: .timeout)))
            }
        }
    }

    // MARK: Applying

    mutating func openAsk(_ opening: AskOpening, lane id: Int, step: CompiledStep) -> Bool {
        guard case .ask = step.kind else { return false }
        switch lanes[id]?.activity {
        case .ready, .pause(.consulting): break
        default: return false
        }
        lanes[id]?.activity = .pause(.asking(AskState(opening)))
        return true
    }

    mutating func take(_ answer: AskAnswer, lane id: Int) -> Bool {
        updateAsk(id) { state in
            state.answers.append(answer)
            guard state.answers.settle(quorum: state.opening.quorum) else { return }
            state.end = answer.verdict == .reject ? .rejected : .answered
        }
    }

    mutating func remind(_ number: Int, next: Timestamp?, lane id: Int) -> Bool {
        updateAsk(id) { state in
            state.reminders = number
            state.nextReminder = next
        }
    }

    mutating func expire(lane id: Int) -> Bool { updateAsk(id) { $0.end = .expired } }

    private mutating func updateAsk(_ id: Int, _ change: (inout AskState) -> Void) -> Bool {
        guard case .pause(.asking(var state))? = lanes[id]?.activity else { return false }
        change(&state)
        if state.end == nil {
            lanes[id]?.activity = .pause(.asking(state))
        } else {
            lanes[id]?.activity = .pause(.settled(state, isFresh: false))
            ready.append(id)
        }
        return true
    }

    /// Opens the steps of `on_timeout` or `on_reject`; they see what the question gave.
    mutating func openReaction(_ decision: JournalEntry.Decision, lane id: Int, step: CompiledStep) -> Bool {
        guard case .ask(let ask) = step.kind, case .pause(.settled(let state, isFresh: true))? = lanes[id]?.activity
        else { return false }
        let isRejection = decision == .onReject
        let counts: AskStep.Reaction? = isRejection && state.end == .expired ? .reject : nil
        let output = state.output(ask.fields, counts: counts)
        lanes[id]?.activity = .reaction(output: output)
        if let name = step.id {
            keep(RunMachine.result(.succeeded, output: output, failure: nil), as: name, from: id)
        }
        openLane(isRejection ? ask.rejectSteps : ask.timeoutSteps, parent: id)
        return true
    }

    /// What a question gave whose step now fails.
    func askOutput(_ id: Int) -> Value? {
        guard case .pause(.settled(let state, _))? = lanes[id]?.activity, case .ask(let ask)? = lanes[id]?.step?.kind
        else { return nil }
        let isCounted = state.end == .expired && ask.onTimeout == .reject
        return state.output(ask.fields, counts: isCounted ? .reject : nil)
    }
}
