public import WorkflowModel

/// A run as a tree of its steps with what became of each: the journal laid over the playbook, for people.
public struct RunTree: Sendable {
    /// What became of a step.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        case succeeded, failed, skipped, cancelled
        /// It has begun and not ended.
        case running
        /// It waits for another attempt.
        case waiting
        case needsAttention = "needs_attention"
        /// The run ended, or stands, before it.
        case notReached = "not_reached"
    }

    /// A step, or one round of a loop.
    public struct Node: Sendable {
        /// The instance's key; nil for a round of a loop.
        public var key: String?
        /// What people call it.
        public var label: String
        /// What it does: `notify.send`, `if ticket.vip`, …
        public var title: String
        /// How far it has come.
        public var status: Status
        /// When its first attempt, or the wait, began; nil before that.
        public var startedAt: Timestamp?
        /// When it ended; nil before that.
        public var endedAt: Timestamp?
        /// The number of attempts, 0 when there was none.
        public var attempts: Int
        /// Why it did or did not do something, in a few words: the condition of a skipped step, the branch taken, a warning.
        public var detail: String?
        /// The input of a write, as it was intended.
        public var input: Value?
        /// What it gave; nil when it has not, or gives nothing.
        public var output: Value?
        /// Why its last attempt failed; nil when none did.
        public var failure: Failure?
        /// The steps of its blocks and the rounds of a loop, in the order of the playbook.
        public var children: [Node]
        /// The run that a `call` has made.
        public var calledRun: RunID?
        /// Whether the run goes on when the step fails.
        var isForgiven = false
    }

    /// The playbook's steps.
    public var steps: [Node]
    /// The steps of `on_failure`, when it began.
    public var onFailure: [Node]

    /// Lays `journal` over `workflow`.
    public init(_ workflow: Workflow, _ journal: [(at: Timestamp, entry: JournalEntry)]) {
        var facts: [String: StepFacts] = [:]
        var handled = false
        var ended = false
        var undone = false
        for (at, entry) in journal {
            if case .handling = entry { handled = true }
            if case .undoing = entry { undone = true }
            if case .ended = entry { ended = true }
            guard let step = entry.step else { continue }
            facts[step, default: StepFacts()].take(entry, at: at)
        }
        let builder = Builder(facts: facts, hasEnded: ended, isUndone: undone)
        steps = workflow.steps.map { builder.node($0, []) }
        onFailure = handled ? (workflow.onFailure ?? []).map { builder.node($0, []) } : []
    }
}

extension RunTree {
    /// Puts the steps of called runs below the steps that have called them; `tree` gives what is known of a run.
    public mutating func attach(_ tree: (RunID) -> RunTree?) {
        func attach(_ node: inout Node) {
            for index in node.children.indices { attach(&node.children[index]) }
            guard let run = node.calledRun, let below = tree(run) else { return }
            node.children = below.steps + below.onFailure + node.children
        }
        for index in steps.indices { attach(&steps[index]) }
        for index in onFailure.indices { attach(&onFailure[index]) }
    }
}

/// What the journal says of one instance of a step.
private struct StepFacts {
    var status: RunTree.Status = .running
    var startedAt: Timestamp?
    var endedAt: Timestamp?
    var attempts = 0
    var decision: JournalEntry.Decision?
    var input: Value?
    var output: Value?
    var failure: Failure?
    var note: String?
    var assigned: ValueMap?
    var rounds = 0
    var listens = false
    var calledRun: RunID?
    var asked: AskOpening?
    var answers: [AskAnswer] = []

    mutating func take(_ entry: JournalEntry, at: Timestamp) {
        if startedAt == nil { startedAt = at }
        switch entry {
        case .decided(_, let decision):
            self.decision = decision
            switch decision {
            case .skip: status = .skipped
            case .round:
                note = nil
                status = .running
            case .roundsEnd:
                status = .succeeded
                endedAt = at
            default: break
            }
            if case .round(let number, _) = decision { rounds = number }
        case .assigned(_, let values):
            assigned = values
            status = .succeeded
            endedAt = at
        case .intended(_, let attempt, _, let input, let began, _):
            attempts = max(attempts, attempt)
            startedAt = began
            self.input = input ?? self.input
            status = .running
        case .completed(_, _, let output, _, _) where asked != nil:
            endedAt = at
            self.output = output
            status = .succeeded
            if output["timed_out"] == true, output["approved"] == true { note = "\(note ?? ""): taken as approved" }
            if output["timed_out"] == true, output["rejected"] == true { note = "\(note ?? ""): taken as rejected" }
        case .completed(_, let attempt, let output, let began, let note):
            attempts = max(attempts, attempt)
            startedAt = began
            endedAt = at
            self.output = output
            self.note = note
            failure = nil
            status = .succeeded
        case .retried(_, let attempt, let failure, let due, let began, _):
            attempts = max(attempts, attempt)
            startedAt = began
            self.failure = failure
            note = "tries again at \(due.rfc3339)"
            status = .waiting
        case .waiting(_, let due):
            note = "waits until \(due.rfc3339)"
            status = .waiting
        case .listening(_, let types, _, let due, _):
            note = "waits for \(types.joined(separator: " or ")) until \(due.rfc3339)"
            status = .waiting
            listens = true
        case .arrived(_, let event):
            note = "\(event["type"]?.string ?? "an event") arrived"
            output = event
            status = .running
        case .asked(_, let opening):
            note = "asks \(RunMachine.people(opening.who)) until \(opening.due.rfc3339)"
            status = .waiting
            startedAt = opening.at
            input = [
                "id": .string(opening.id), "question": .string(opening.question),
                "who": .list(opening.who.map(Value.string)),
            ]
            asked = opening
        case .answered(_, let answer):
            let word = answer.verdict.map { $0 == .approve ? "approved" : "rejected" } ?? "answered"
            let comment = answer.comment.map { ": \($0)" } ?? ""
            answers.append(answer)
            let count = asked.map { $0.quorum > 1 ? " (\(answers.count) of \($0.quorum))" : "" } ?? ""
            note = "\(word) by \(answers.map(\.by).joined(separator: ", "))\(count)\(comment)"
            if answers.settle(quorum: asked?.quorum ?? 1) { status = .running }
        case .reminded(_, let number, _):
            let people = asked.map { RunMachine.people($0.who) } ?? ""
            note =
                "asks \(people)\(asked.map { " until \(RunMachine.second($0.due))" } ?? ""); reminded \(number == 1 ? "once" : "\(number) times")"
        case .expired:
            note =
                answers.isEmpty
                ? "nobody answered in time" : "\(answers.count) of \(asked?.quorum ?? 1) answered in time"
            status = .running
        case .fired where listens:
            note = "timed out"
            status = .running
        case .fired(_, let lateBy):
            note = lateBy >= .seconds(1) ? "woken \(DurationText.forPeople(lateBy)) late" : nil
            status = .running
        case .woken:
            note = nil
            status = .running
        case .called(_, _, let run, let inputs, let began):
            startedAt = began
            input = .map(inputs)
            calledRun = run
            note = run.text
            status = .waiting
        case .returned(_, _, let state, let outputs, let failure):
            endedAt = at
            output = outputs
            self.failure = failure
            switch state {
            case .succeeded: status = .succeeded
            case .cancelled: status = .cancelled
            default: status = .failed
            }
        case .refreshed where calledRun != nil: break
        case .refreshed:
            // Of `repeat` and of questions it is not the end.
            guard decision == nil, asked == nil else { break }
            status = .succeeded
            endedAt = at
        case .failed(_, let attempt, let failure, let began):
            attempts = max(attempts, attempt)
            startedAt = began
            endedAt = at
            if asked == nil { note = nil }
            self.failure = failure
            status = .failed
        case .uncertain(_, let attempt, let failure):
            attempts = max(attempts, attempt)
            self.failure = failure
            note = "it is not known whether it happened"
        case .needsAttention(_, let failure):
            self.failure = failure
            note = "a person must say whether it happened"
            status = .needsAttention
        case .resolved(_, let resolution, let person, let output):
            note = "settled as \(resolution.rawValue) by \(person)"
            if let output { self.output = output }
            switch resolution {
            case .done:
                status = .succeeded
                failure = nil
            case .retry: status = .running
            case .skip: status = .failed
            }
            endedAt = at
        case .stopped(_, let reason):
            note = reason
            status = .succeeded
            endedAt = at
        case .started, .stopping, .hurried, .undoing, .handling, .ended: break
        }
    }
}

private struct Builder {
    let facts: [String: StepFacts]
    let hasEnded: Bool
    let isUndone: Bool

    func node(_ step: Step, _ indices: [Int]) -> RunTree.Node {
        let key = StepKey(step.path, indices).description
        let facts = facts[key]
        var node = RunTree.Node(
            key: key, label: step.label, title: title(step), status: facts?.status ?? .notReached,
            startedAt: facts?.startedAt, endedAt: facts?.endedAt, attempts: facts?.attempts ?? 0, detail: facts?.note,
            input: facts?.input, output: facts?.output, failure: facts?.failure, children: [])
        node.calledRun = facts?.calledRun
        if case .skip? = facts?.decision {
            node.detail = step.condition.map { "not needed: \($0.text) is false" }
            return node
        }
        switch step.kind {
        case .call(let call):
            node.isForgiven = call.continuesOnError
            if isUndone, let undo = call.undo, node.status == .succeeded {
                node.children = [self.undo(undo, of: step, indices)]
            }
        case .sub(let sub):
            node.isForgiven = sub.continuesOnError
            if isUndone, let undo = sub.undo, node.status == .succeeded {
                node.children = [self.undo(undo, of: step, indices)]
            }
        case .wait, .listen, .stop, .fail: break
        case .ask(let ask):
            switch facts?.decision {
            case .onTimeout?: node.children = ask.onTimeout.steps.map { self.node($0, indices) }
            case .onReject?: node.children = ask.onReject.steps.map { self.node($0, indices) }
            default: break
            }
            settle(&node)
        case .choice(let choice):
            if case .choose(let index)? = facts?.decision {
                if let index, choice.cases.indices.contains(index) {
                    node.detail = choice.cases[index].values.map(RunMachine.text).joined(separator: ", ")
                    node.children = choice.cases[index].steps.map { self.node($0, indices) }
                } else {
                    node.detail = "default"
                    node.children = choice.otherwise.map { self.node($0, indices) }
                }
            }
            settle(&node)
        case .attempt(let attempt): if facts != nil { self.attempt(attempt, &node, indices) }
        case .rounds(let rounds):
            if let facts, facts.rounds > 0 {
                node.detail = facts.note ?? (facts.rounds == 1 ? "1 round" : "\(facts.rounds) rounds")
                node.children = (0..<facts.rounds).map { number in
                    group("round \(number + 1)", rounds.steps, indices + [number])
                }
            }
            settle(&node)
        case .set: node.output = facts?.assigned.map(Value.map)
        case .branch(let branch):
            switch facts?.decision {
            case .then?:
                node.detail = "yes"
                node.children = branch.then.map { self.node($0, indices) }
            case .otherwise?:
                node.detail = "no"
                node.children = branch.else.map { self.node($0, indices) }
            default: break
            }
            settle(&node)
        case .parallel(let parallel):
            if facts != nil { node.children = parallel.branches.map { self.node($0, indices) } }
            settle(&node)
        case .forEach(let loop):
            if case .loop(let items)? = facts?.decision {
                node.detail = items.count == 1 ? "1 element" : "\(items.count) elements"
                node.children = items.enumerated().map { number, item in
                    round(number, item, loop, indices)
                }
            }
            settle(&node)
        }
        if hasEnded, node.status == .running || node.status == .waiting { node.status = .cancelled }
        if hasEnded, node.status == .needsAttention {
            node.status = .cancelled
            node.detail = "the run ended before anybody said whether it happened"
        }
        return node
    }

    private func round(_ number: Int, _ item: Value, _ loop: LoopStep, _ indices: [Int]) -> RunTree.Node {
        let shown = item.string ?? item["id"]?.string ?? String(JSONWriter.text(item).prefix(60))
        var round = RunTree.Node(
            key: nil, label: "\(loop.variable) \(number + 1)", title: shown, status: .notReached, startedAt: nil,
            endedAt: nil, attempts: 0, detail: nil, input: nil, output: nil, failure: nil,
            children: loop.steps.map { node($0, indices + [number]) })
        settle(&round)
        return round
    }

    private func undo(_ undo: Compensation, of step: Step, _ indices: [Int]) -> RunTree.Node {
        let compensation = Step(
            path: step.path.undo, kind: .call(ActionCall(action: undo.action, with: undo.with)), place: undo.place)
        var node = node(compensation, indices)
        node.label = "undo"
        return node
    }

    /// Steps that belong together, under a heading.
    private func group(_ label: String, _ steps: [Step], _ indices: [Int]) -> RunTree.Node {
        var group = RunTree.Node(
            key: nil, label: label, title: "", status: .notReached, startedAt: nil, endedAt: nil, attempts: 0,
            detail: nil, input: nil, output: nil, failure: nil, children: steps.map { node($0, indices) })
        settle(&group)
        return group
    }

    /// A failure that was rescued is none of the block's.
    private func attempt(_ attempt: AttemptStep, _ node: inout RunTree.Node, _ indices: [Int]) {
        let tried = attempt.steps.map { self.node($0, indices) }
        let rescue = attempt.rescue.map { group("rescue", $0, indices) }
        let always = attempt.always.map { group("always", $0, indices) }
        let isRescued = rescue.map { $0.status != .notReached } ?? false
        node.children = (isRescued ? [] : tried) + [isRescued ? rescue : nil, always].compactMap(\.self)
        settle(&node)
        node.children = tried + [rescue, always].compactMap(\.self)
        if isRescued {
            node.detail = "rescued"
            node.startedAt = tried.compactMap(\.startedAt).min() ?? node.startedAt
        }
    }

    /// A block without an ending of its own is what its parts are.
    private func settle(_ node: inout RunTree.Node) {
        guard node.endedAt == nil, node.status == .running || node.status == .notReached else { return }
        // A failed step with `continue_on_error` is no failure of what it stands in.
        let parts = node.children.map { $0.isForgiven && $0.status == .failed ? .skipped : $0.status }
        if parts.contains(.needsAttention) {
            node.status = .needsAttention
        } else if parts.contains(.failed) {
            node.status = .failed
        } else if parts.contains(.waiting) {
            node.status = .waiting
        } else if parts.contains(.running) {
            node.status = .running
        } else if parts.contains(.cancelled) {
            node.status = .cancelled
        } else if !parts.isEmpty, parts.allSatisfy({ $0 == .succeeded || $0 == .skipped }) {
            node.status = .succeeded
        } else if parts.isEmpty, node.status == .running {
            // An empty branch, or a loop over nothing.
            node.status = .succeeded
        }
        node.startedAt = node.startedAt ?? node.children.compactMap(\.startedAt).min()
        node.endedAt = node.children.compactMap(\.endedAt).max()
    }

    private func title(_ step: Step) -> String {
        switch step.kind {
        case .call(let call): call.action
        case .branch(let branch): "if \(oneLine(branch.condition.text))"
        case .parallel: "all at once"
        case .forEach(let loop): "for each \(loop.variable) of \(oneLine(loop.list.text))"
        case .choice(let choice): "switch \(oneLine(choice.value.text))"
        case .attempt: "try"
        case .rounds(let rounds):
            "repeat every \(DurationText.forPeople(rounds.every))\(open(rounds.calendar))"
                + (rounds.until.map { " until \(oneLine($0.text))" } ?? "")
        case .wait(let wait):
            switch wait.end {
            case .after(let duration): "wait \(DurationText.forPeople(duration))\(open(wait.calendar))"
            case .at(let text): "wait until \(oneLine(text.text))"
            }
        case .listen(let listen): "wait for \(listen.types.joined(separator: " or "))"
        case .ask(let ask): ask.isApproval ? "approve" : "ask"
        case .set(let names): "set \(names.map(\.name).joined(separator: ", "))"
        case .sub(let sub): "call \(sub.playbook)"
        case .stop: "stop"
        case .fail: "fail"
        }
    }

    private func open(_ calendar: String?) -> String { calendar.map { " of \($0)" } ?? "" }

    private func oneLine(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
