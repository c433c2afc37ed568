import Expressions
import WorkflowModel
import YAML

/// Finds steps that never run: behind one that always ends the run, in a branch whose condition never holds at its place, in a case
/// whose value never comes; and waits that are longer than a run may take.
///
/// It goes through the steps with what the conditions on the way say. Whatever a wait may change is forgotten at the wait.
struct ReachAdvice {
    let advice: PlaybookAdvice
    /// What is known at the calls that come before any wait.
    let reached: ReachedCalls

    /// How a list of steps ends.
    private enum End {
        /// It may go on with what follows.
        case goesOn
        /// It always ends the run.
        case stops
        /// It always fails, or ends the run.
        case fails
    }

    func run() {
        var facts = startFacts()
        _ = walk(advice.workflow.steps, &facts)
        var nothing = Facts()
        _ = walk(advice.workflow.onFailure ?? [], &nothing)
    }

    /// What is known when the first step runs: that the only trigger's condition holds for the event. A playbook that another one calls
    /// may begin without it.
    private func startFacts() -> Facts {
        guard advice.workflow.triggers.count == 1, case .event(let event) = advice.workflow.triggers[0],
            !advice.workflow.gates.collects, !isCalled, let claim = event.condition.flatMap(advice.claim)
        else { return Facts() }
        var facts = Facts()
        return facts.assume(claim, true) ? lasting(facts) : Facts()
    }

    private var isCalled: Bool {
        let playbooks = advice.reading.environment.callable ?? [:]
        return playbooks.values.contains { $0.callees.contains(advice.workflow.id) }
    }

    /// What stays true from one step to the next: not what loops and `set` give, nor the time.
    private func lasting(_ facts: Facts) -> Facts {
        let data = Set(
            advice.reading.triggerTypes.flatMap { $0 ?? [] }.flatMap { type in
                advice.reading.environment.events?[type]?.properties.map(\.name) ?? []
            })
        return facts.keeping { root in
            root == "steps" || root == "inputs" || root == "event" || root == "trigger" || data.contains(String(root))
        }
    }

    /// What is still known after a wait: nothing of what is read afresh.
    private func afterWait(_ facts: Facts) -> Facts {
        var kept = facts.keeping { $0 == "steps" || $0 == "inputs" || $0 == "event" || $0 == "trigger" }
        kept.hasWaited = true
        return kept
    }

    // MARK: Steps

    private func walk(_ steps: [Step], _ facts: inout Facts) -> End {
        var end = End.goesOn
        for (index, step) in steps.enumerated() {
            guard end == .goesOn else {
                if let node = advice.node(of: step), !isBareEnd(steps[index - 1]) {
                    let before = steps[index - 1].place.line
                    advice.warn(
                        .neverRuns, advice.reading.narrow(node),
                        "this step never runs: the step above it (line \(before)) always ends the run",
                        help: "move the step above it, or leave a way through")
                }
                return end
            }
            end = visit(step, &facts)
            if mayWait(step) { facts = afterWait(facts) }
        }
        return end
    }

    /// Whether the reader has said so of what follows already.
    private func isBareEnd(_ step: Step) -> Bool {
        switch step.kind {
        case .stop, .fail: step.condition == nil
        default: false
        }
    }

    private func visit(_ step: Step, _ facts: inout Facts) -> End {
        var inner = facts
        var mayBeSkipped = false
        if let condition = step.condition {
            switch judge(condition, facts) {
            case false: return .goesOn
            case nil:
                mayBeSkipped = true
                inner = assuming(condition, true, facts)
            default: break
            }
        }
        let end = visit(kindOf: step, &inner)
        guard mayBeSkipped else { return end }
        // After `if: X` with `stop`, X does not hold.
        if end != .goesOn, let condition = step.condition { facts = assuming(condition, false, facts) }
        return .goesOn
    }

    private func visit(kindOf step: Step, _ facts: inout Facts) -> End {
        switch step.kind {
        case .call:
            if !facts.hasWaited { reached.facts[step.place] = facts.domains }
            return .goesOn
        case .listen, .ask, .sub, .set: return waits(step, facts)
        case .wait: return waits(step, facts)
        case .stop: return .stops
        case .fail: return .fails
        case .branch(let branch): return visit(branch, &facts)
        case .choice(let choice): return visit(choice, step, facts)
        case .parallel(let parallel):
            var end = End.goesOn
            for branch in parallel.branches {
                var inner = facts
                let its = visit(branch, &inner)
                if its != .goesOn { end = end == .fails ? .fails : its }
            }
            return end
        case .forEach(let loop):
            var inner = loop.steps.contains(where: mayWait) ? afterWait(facts) : facts
            inner.forget("steps")
            _ = walk(loop.steps, &inner)
            return .goesOn
        case .rounds(let rounds):
            var inner = afterWait(facts)
            inner.forget("steps")
            let end = walk(rounds.steps, &inner)
            return end == .goesOn ? waits(step, facts) : end
        case .attempt(let attempt): return visit(attempt, facts)
        }
    }

    private func visit(_ attempt: AttemptStep, _ facts: Facts) -> End {
        var inner = facts
        var end = walk(attempt.steps, &inner)
        if let rescue = attempt.rescue {
            var facts = attempt.steps.contains(where: mayWait) ? afterWait(facts) : facts
            facts.forget("steps")
            let rescued = walk(rescue, &facts)
            if rescued == .goesOn { end = .goesOn }
        }
        if let always = attempt.always {
            var facts = afterWait(facts)
            facts.forget("steps")
            let last = walk(always, &facts)
            if last != .goesOn { end = last }
        }
        return end
    }

    // MARK: Branches

    private func visit(_ branch: BranchStep, _ facts: inout Facts) -> End {
        let judgement = judge(branch.condition, facts)
        if judgement == true, let first = branch.else.first, let node = advice.node(of: first) {
            advice.warn(
                .neverRuns, advice.reading.narrow(node),
                "this step never runs: the condition of its `if` is always true here",
                help: "the conditions on the way to it, and the trigger's, see to that")
        }
        var then = assuming(branch.condition, true, facts)
        var otherwise = assuming(branch.condition, false, facts)
        let first = judgement == false ? .goesOn : walk(branch.then, &then)
        let second = judgement == true ? .goesOn : walk(branch.else, &otherwise)
        switch judgement {
        case true?: return first
        case false?: return branch.else.isEmpty ? .goesOn : second
        case nil:
            if first != .goesOn, second != .goesOn, !branch.else.isEmpty {
                return first == .fails || second == .fails ? .fails : .stops
            }
            if first != .goesOn { facts = assuming(branch.condition, false, facts) }
            if second != .goesOn, !branch.else.isEmpty { facts = assuming(branch.condition, true, facts) }
            return .goesOn
        }
    }

    private func visit(_ choice: ChoiceStep, _ step: Step, _ facts: Facts) -> End {
        let site = advice.site(choice.value)
        var ends: [End] = []
        for (index, option) in choice.cases.enumerated() {
            if let site { cases(option, index, site, step, facts) }
            var inner = facts
            ends.append(walk(option.steps, &inner))
        }
        var inner = facts
        let otherwise = walk(choice.otherwise, &inner)
        ends.append(choice.otherwise.isEmpty ? .goesOn : otherwise)
        if ends.contains(.goesOn) { return .goesOn }
        return ends.contains(.fails) ? .fails : .stops
    }

    /// Says which values of a case never come.
    private func cases(
        _ option: ChoiceStep.Case, _ index: Int, _ site: PlaybookReading.Site, _ step: Step, _ facts: Facts
    ) {
        let term = site.expression.root
        guard let path = term.path else { return }
        let known = advice.known(site.scope)(path)
        var facts = facts.knowing(advice.known(site.scope))
        facts.narrow(path)
        let node = advice.node(of: step)?["cases"]?.items?[index]["is"]
        let nodes = node?.items ?? (node.map { [$0] } ?? [])
        for (value, node) in zip(option.values, nodes) {
            guard let value = ValueDomain.comparable(value), !facts.allows(value, for: path) else { continue }
            let shown = node.scalar.map { "`\($0.text)`" } ?? "this value"
            if let known, !known.contains(value) {
                // The types of a choice say so themselves.
                guard !advice.isReported(node.range) else { continue }
                let words = known.compactMap(\.string)
                let near = node.text.flatMap { Similarity.nearest(to: $0, among: words) }
                advice.warn(
                    .caseNeverComes, node.range, "`\(path.joined(separator: "."))` is never \(shown)",
                    help: near.map { "did you mean \($0)?" }
                        ?? (words.isEmpty ? nil : "it is one of \(words.joined(separator: ", "))"))
            } else {
                advice.warn(
                    .caseNeverComes, node.range,
                    "`\(path.joined(separator: "."))` is never \(shown) here: the conditions on the way exclude it")
            }
        }
    }

    // MARK: Conditions

    /// Whether a condition always (true) or never (false) holds at its place; one that is always true by itself has been reported, and
    /// nothing follows from it.
    private func judge(_ condition: ExpressionText, _ facts: Facts) -> Bool? {
        guard let site = advice.site(condition) else { return nil }
        let claim = Claim.node(site.expression.root, site.expression)
        let known = facts.knowing(advice.known(site.scope))
        var holds = known
        guard holds.assume(claim, true) else {
            let range = advice.range(site.expression.root, site)
            if !advice.isReported(range) {
                advice.warn(
                    .neverTrue, range,
                    "this condition is never true here: the conditions on the way to it, or the trigger's, exclude it",
                    help: "so the steps that it guards never run")
            }
            return false
        }
        var fails = known
        return fails.assume(claim, false) || isConstant(condition) ? nil : true
    }

    private func isConstant(_ condition: ExpressionText) -> Bool {
        guard let site = advice.site(condition) else { return false }
        let claim = Claim.node(site.expression.root, site.expression)
        return Facts.isImpossible(claim, holds: false, known: advice.known(site.scope))
    }

    private func assuming(_ condition: ExpressionText, _ holds: Bool, _ facts: Facts) -> Facts {
        guard let claim = advice.claim(condition) else { return facts }
        var assumed = facts
        return assumed.assume(claim, holds) ? lasting(assumed) : facts
    }

    // MARK: Waits

    private func mayWait(_ step: Step) -> Bool {
        switch step.kind {
        case .wait, .listen, .ask, .rounds, .sub: true
        case .call, .set, .stop, .fail: false
        case .branch, .parallel, .forEach, .choice, .attempt: step.blocks.contains { $0.contains(where: mayWait) }
        }
    }

    /// Looks at the length of a wait and at the steps inside.
    private func waits(_ step: Step, _ facts: Facts) -> End {
        let limit = advice.reading.environment.runTime
        var length: (key: String, time: Duration)?
        switch step.kind {
        case .wait(let wait): if case .after(let time) = wait.end { length = ("wait", time) }
        case .listen(let listen): length = ("timeout", listen.timeout)
        case .ask(let ask): length = ("timeout", ask.timeout)
        case .rounds(let rounds) where rounds.until == nil:
            length = ("every", rounds.every * max(rounds.atMost - 1, 1))
        default: break
        }
        if let length, length.time > limit { tooLong(step, length.key, length.time, limit) }
        for block in step.blocks where !isRounds(step) {
            var inner = afterWait(facts)
            _ = walk(block, &inner)
        }
        return .goesOn
    }

    private func isRounds(_ step: Step) -> Bool { if case .rounds = step.kind { true } else { false } }

    private func tooLong(_ step: Step, _ key: String, _ time: Duration, _ limit: Duration) {
        guard let node = advice.node(of: step) else { return }
        let inside = ["wait_for", "ask", "approve", "repeat"].compactMap { node[$0] }.first
        let place = inside?.entry(key)?.value ?? node.entry(key)?.value
        let all =
            key == "every"
            ? "all rounds together take \(DurationText.forPeople(time))" : "this is \(DurationText.forPeople(time))"
        advice.warn(
            .longWait, place?.range ?? advice.reading.narrow(node),
            "\(all), and a run is ended after \(DurationText.forPeople(limit))",
            help: "wait for less, or let a schedule start a new run")
    }
}

/// The calls that a run may come to before it waits, with what is known there.
final class ReachedCalls {
    /// What is known, by the place of the step.
    var facts: [SourcePlace: [String: ValueDomain]] = [:]
}

extension Facts {
    /// Takes in what is known of the values of a path.
    mutating func narrow(_ path: [String]) { _ = touch(path) }

    /// Whether a path may have this value.
    func allows(_ value: Value, for path: [String]) -> Bool {
        var domain = domains[path.joined(separator: ".")] ?? ValueDomain()
        domain.restrict(to: [value])
        return !domain.isEmpty
    }
}
