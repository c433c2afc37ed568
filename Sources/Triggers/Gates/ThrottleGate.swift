public import WorkflowModel

/// The gate `throttle`: at most so many runs begin in a span that slides.
public enum ThrottleGate {
    /// Whether one more may begin at `now`.
    ///
    /// - Parameter times: when the earlier ones of the key began.
    /// - Returns: the verdict, and what to remember when the event is acted on.
    public static func decide(
        _ times: [Timestamp], _ rule: ThrottleRule, now: Timestamp, name: String
    ) -> (verdict: GateVerdict, times: SlidingTimes) {
        var sliding = SlidingTimes(times, within: rule.per, now: now)
        let begun = sliding.times.count
        guard begun >= rule.limit else {
            sliding.add(now, keeping: rule.limit)
            return (.passes, sliding)
        }
        let next = sliding.times[begun - rule.limit] + rule.per
        return (
            .stops(
                .throttled,
                "\(begun) of at most \(rule.limit) within \(DurationText.forPeople(rule.per)) have begun for \(name); "
                    + "the next may begin in \(DurationText.forPeople(next - now))"),
            sliding
        )
    }
}
