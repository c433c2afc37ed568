import Expressions
import WorkflowModel

/// Finds when a ticket's clocks of one metric are paused under one policy.
struct PauseReading {
    let moments: [Moment]
    let policy: Policy
    let rule: MetricRule
    /// The sources that paused when the history was folded; nil when it was not, or nobody knows.
    var held: Set<String>?

    /// The rules that apply: the metric's own, else the policy's, with the statuses that belong to the metric.
    private var rules: [PauseRule] {
        if let own = rule.pause { return own }
        guard let statuses = rule.metric.ownPause else { return policy.pause }
        let others = policy.pause.filter { if case .statuses = $0.kind { false } else { true } }
        return (statuses.isEmpty ? [] : [PauseRule(statuses: statuses)]) + others
    }

    /// All pauses, by rule and then in order.
    func pauses() -> [PauseSpan] { rules.flatMap(pauses) }

    private func pauses(_ rule: PauseRule) -> [PauseSpan] {
        var found: [PauseSpan] = []
        var open: PauseSpan?
        var holds = false
        func step(_ moment: Moment, _ source: String, _ isPaused: Bool) {
            if isPaused, open == nil {
                open = PauseSpan(source: source, from: moment.at, to: nil, isUnanswered: moment.isUnanswered)
            } else if !isPaused, var span = open {
                span.to = moment.at
                if span.from < moment.at { found.append(span) }
                open = nil
            }
        }
        for moment in moments {
            switch rule.kind {
            case .statuses(let statuses):
                let isIn = statuses.contains(moment.status)
                let source = rule.reason ?? "status \(moment.status)"
                if !isIn {
                    holds = false
                } else if moment.happening.kind == .folded, let held {
                    holds = held.contains(source)
                } else if moment.statusChanged || moment.isReply(policy) {
                    holds = true
                } else if moment.isCustomerMessage {
                    // The customer has answered, whatever the desk still shows.
                    holds = false
                }
                let isRefused = policy.unanswered == .refuse && moment.isUnanswered
                step(moment, source, holds && !isRefused)
            case .condition(let when, let until):
                let scope = NamedValues(["ticket": .map(moment.ticket)], now: moment.at)
                if moment.happening.kind == .folded, let held {
                    holds = held.contains(rule.reason ?? "condition")
                } else if holds, let until {
                    holds = !ConditionTest.holds(until, scope)
                } else {
                    holds = ConditionTest.holds(when, scope)
                }
                step(moment, rule.reason ?? "condition", holds && !moment.isDone)
            case .maintenance:
                let isUnderWay = !(moment.fields["maintenance_windows"]?.list ?? []).isEmpty
                step(moment, rule.reason ?? "maintenance", isUnderWay && !moment.isDone)
            }
        }
        if let open { found.append(open) }
        return found
    }
}

/// Conditions of policies over recorded tickets.
enum ConditionTest {
    /// Whether all hold. One that cannot be evaluated for this ticket does not hold: a ticket must not lose its clocks by it.
    static func holds(_ programs: [Program], _ scope: NamedValues) -> Bool {
        programs.allSatisfy { program in
            do throws(EvaluationError) { return try program.test(scope) } catch { return false }
        }
    }
}
