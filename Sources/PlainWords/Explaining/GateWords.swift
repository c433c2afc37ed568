import WorkflowModel

/// The gates of a playbook in words.
struct GateWords {
    let conditions: ConditionWords
    /// What a run is about.
    let subject: String

    func sentences(_ gates: PlaybookGates) -> [String] {
        var found: [String] = []
        if let repeats = gates.repeats { found.append(self.repeats(repeats)) }
        if let throttle = gates.throttle {
            found.append(
                "At most \(English.count(throttle.limit, "run")) may begin within \(English.duration(throttle.per)) for "
                    + "\(key(throttle.key)); further events are recorded and not acted on.")
        }
        if let rule = gates.concurrency { found.append(concurrency(rule)) }
        switch gates.breaker {
        case nil: break
        case .off: found.append("It is never stopped for failing or beginning too often.")
        case .on(let rule): found.append(breaker(rule))
        }
        return found
    }

    /// What is counted together.
    private func key(_ key: ExpressionText?) -> String {
        guard let key else {
            return subject == "the same thing" ? "one subject" : "one and the same \(subject.dropFirst(4))"
        }
        return "the same value of “\(conditions.value(key.text))”"
    }

    private func repeats(_ rule: RepeatRule) -> String {
        switch rule.kind {
        case .ignore(let span):
            "After it has acted, further events for \(key(rule.key)) are ignored for \(English.duration(span))."
        case .collect(let span):
            "It collects the events for \(key(rule.key)) for \(English.duration(span)) after the first, and then acts once on all."
        case .onlyIf(let count, let within):
            "It acts only at every \(count)th event for \(key(rule.key)) within \(English.duration(within))."
        }
    }

    private func concurrency(_ rule: ConcurrencyRule) -> String {
        let at = "At most \(English.count(rule.limit, "run")) at a time for \(key(rule.key))"
        switch rule.ifBusy {
        case .wait: return "\(at); further ones wait in line."
        case .skip: return "\(at); further events are recorded and not acted on."
        case .replace: return "\(at); a further event cancels the run at work and begins anew."
        case .runToo: return "Runs for \(key(rule.key)) may go on beside each other."
        }
    }

    private func breaker(_ rule: BreakerRule) -> String {
        var when =
            "more than \(percent(rule.failedShare)) of at least \(rule.atLeast) runs that ended within "
            + "\(English.duration(rule.within)) have failed"
        if let runs = rule.runs { when += ", or more than \(runs) have begun within \(English.duration(rule.per))" }
        return "It is stopped for \(English.duration(rule.coolDown)) when \(when)."
    }

    private func percent(_ share: Double) -> String {
        let value = (share * 1000).rounded() / 10
        return value == value.rounded() ? "\(Int(value)) %" : "\(value) %"
    }
}
