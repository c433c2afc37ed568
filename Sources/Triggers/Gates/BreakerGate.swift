public import WorkflowModel

/// The circuit breaker: a playbook that fails too often, or begins too often, rests until one run shows that it is well again.
public enum BreakerGate {
    /// What is remembered while it is not closed.
    public struct State: Sendable, Hashable {
        /// Since when.
        public var since: Timestamp
        /// From when on a run is let through to see.
        public var until: Timestamp
        /// What it opened for, in a sentence.
        public var why: String
        /// The run that was let through and has not ended; nil when none is under way.
        public var probe: RunID?

        /// A breaker that has opened.
        public init(since: Timestamp, until: Timestamp, why: String, probe: RunID? = nil) {
            self.since = since
            self.until = until
            self.why = why
            self.probe = probe
        }

        /// The state as a value, for the store.
        public var value: Value {
            var map: ValueMap = ["since": .timestamp(since), "until": .timestamp(until), "why": .string(why)]
            map["probe"] = probe.map { .string($0.text) }
            return .map(map)
        }

        /// Reads what ``value`` gave; nil when it is no state.
        public init?(_ value: Value?) {
            guard let since = value?["since"]?.timestamp, let until = value?["until"]?.timestamp,
                let why = value?["why"]?.string
            else { return nil }
            self.init(since: since, until: until, why: why, probe: value?["probe"]?.string.map { RunID($0) })
        }
    }

    /// What becomes of an event.
    public enum Verdict: Sendable, Hashable {
        /// It is closed.
        case passes
        /// It opens with this event.
        case opens(State)
        /// It is open.
        case stops(String)
        /// It is open, and lets this event's run through to see.
        case probes
    }

    /// What becomes of an event at `now`.
    ///
    /// - Parameters:
    ///   - state: what is remembered; nil while it is closed.
    ///   - trouble: what it is to open for; nil when all is well.
    public static func decide(
        _ state: State?, trouble: String?, coolDown: Duration, now: Timestamp
    ) -> Verdict {
        guard let state else {
            return trouble.map { .opens(State(since: now, until: now + coolDown, why: $0)) } ?? .passes
        }
        // After the clock was set back, nobody waits longer than a whole cool-down.
        let until = min(state.until, now + coolDown)
        guard now < until else { return .probes }
        if let probe = state.probe {
            return .stops("the playbook is stopped: \(state.why); \(probe) runs to see whether it is well again")
        }
        return .stops(
            "the playbook is stopped: \(state.why); one run is let through in \(DurationText.forPeople(until - now))")
    }

    /// How the run that was let through has ended.
    public enum ProbeEnd: Sendable, Hashable {
        case succeeded, failed, cancelled
    }

    /// What is remembered after the run that was let through has ended; nil when the breaker closes.
    public static func after(_ end: ProbeEnd, _ state: State, coolDown: Duration, now: Timestamp) -> State? {
        var state = state
        state.probe = nil
        switch end {
        case .succeeded: return nil
        case .failed: state.until = now + coolDown
        // It has shown nothing: the next one is let through.
        case .cancelled: state.until = now
        }
        return state
    }

    /// What a playbook's runs have done lately.
    public struct Tally: Sendable {
        private var begun: BucketCounter?
        private var ended: BucketCounter
        private var failed: BucketCounter

        /// A tally for `rule`.
        public init(_ rule: BreakerRule) {
            begun = rule.runs == nil ? nil : BucketCounter(span: rule.per)
            ended = BucketCounter(span: rule.within)
            failed = BucketCounter(span: rule.within)
        }

        /// A run has begun.
        public mutating func noteBegin(at now: Timestamp) { begun?.add(at: now) }

        /// A run has ended.
        public mutating func noteEnd(failed isFailed: Bool, at now: Timestamp) {
            ended.add(at: now)
            if isFailed { failed.add(at: now) }
        }

        /// What is to open the breaker, in a sentence; nil when all is well.
        public func trouble(_ rule: BreakerRule, now: Timestamp) -> String? {
            if let limit = rule.runs, let count = begun?.count(at: now), count >= limit {
                return "\(count) runs have begun within \(DurationText.forPeople(rule.per)), and at most \(limit) may"
            }
            let ended = ended.count(at: now)
            guard ended >= rule.atLeast else { return nil }
            let failed = failed.count(at: now)
            guard Double(failed) > rule.failedShare * Double(ended) else { return nil }
            return "\(failed) of the \(ended) runs that ended within \(DurationText.forPeople(rule.within)) have failed"
        }
    }
}
