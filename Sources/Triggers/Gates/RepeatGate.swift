public import WorkflowModel

/// The gate of repeats: `ignore_repeats_for` and `only_if`. ``Collection`` is what `collect_for` keeps.
public enum RepeatGate {
    /// `ignore_repeats_for`: whether an event at `now` repeats the one that was acted on at `opened`.
    ///
    /// - Parameters:
    ///   - opened: when an event of this key was last acted on; nil when none was.
    ///   - window: how long its repeats are ignored; an event exactly that much later is none.
    ///   - name: the key, for the sentence.
    /// - Returns: the verdict, and the time to remember in place of `opened` when that lies ahead because the clock was set back.
    public static func ignore(
        openedAt opened: Timestamp?, window: Duration, now: Timestamp, name: String
    ) -> (verdict: GateVerdict, corrected: Timestamp?) {
        guard let opened, now - opened < window else { return (.passes, nil) }
        let ahead = opened > now
        let from = ahead ? now : opened
        let left = DurationText.forPeople(window - (now - from))
        return (
            .stops(
                .repeated,
                "it repeats \(name), which was acted on \(ahead ? "just now" : DurationText.forPeople(now - from) + " ago"); "
                    + "repeats are ignored for another \(left)"),
            ahead ? now : nil
        )
    }

    /// `only_if`: whether an event at `now` is the last of `count` within the span.
    ///
    /// - Parameter times: when the earlier ones came that have not led to a run.
    /// - Returns: the verdict, and what to remember: when it passes and is acted on, nothing instead.
    public static func onlyIf(
        _ times: [Timestamp], count: Int, within span: Duration, now: Timestamp, name: String
    ) -> (verdict: GateVerdict, times: SlidingTimes) {
        var sliding = SlidingTimes(times, within: span, now: now)
        sliding.add(now, keeping: count)
        let seen = sliding.times.count
        guard seen < count else { return (.passes, sliding) }
        return (
            .stops(
                .tooFew,
                "\(seen) of \(count) have come for \(name) within \(DurationText.forPeople(span)); it acts at the \(ordinal(count))"
            ),
            sliding
        )
    }

    private static func ordinal(_ number: Int) -> String {
        switch (number % 10, number % 100) {
        case (1, let rest) where rest != 11: "\(number)st"
        case (2, let rest) where rest != 12: "\(number)nd"
        case (3, let rest) where rest != 13: "\(number)rd"
        default: "\(number)th"
        }
    }
}

/// What `collect_for` has collected of one key, in order.
public struct Collection: Sendable, Hashable {
    /// When it acts.
    public var due: Timestamp
    /// The places of the kept events in the order of all events, oldest first.
    public var events: [Int64]
    /// The place of the newest event, kept or not.
    public var newest: Int64
    /// The trigger of the newest event.
    public var trigger: Int
    /// How many have come that are not kept.
    public var dropped: Int
    /// The bytes of the kept events.
    public var bytes: Int

    /// Adds an event of `bytes` bytes to what has been collected; nil begins a collection that acts `window` later.
    public static func adding(
        _ event: Int64, trigger: Int, bytes: Int, to earlier: Collection?, window: Duration, now: Timestamp
    ) -> Collection {
        guard var collection = earlier else {
            return Collection(
                due: now + window, events: [event], newest: event, trigger: trigger, dropped: 0, bytes: bytes)
        }
        collection.newest = event
        collection.trigger = trigger
        let (sum, overflow) = collection.bytes.addingReportingOverflow(bytes)
        if collection.events.count < RepeatRule.mostCollected, !overflow, sum <= RepeatRule.largestCollection {
            collection.events.append(event)
            collection.bytes = sum
        } else {
            collection.dropped += 1
        }
        return collection
    }

    /// How many have come, kept or not.
    public var count: Int { events.count + dropped }

    /// The collection as a value, for the store.
    public var value: Value {
        [
            "due": .timestamp(due), "events": .list(events.map(Value.int)), "newest": .int(newest),
            "trigger": .int(Int64(trigger)), "dropped": .int(Int64(dropped)), "bytes": .int(Int64(bytes)),
        ]
    }

    /// Reads what ``value`` gave; nil when it is no collection.
    public init?(_ value: Value?) {
        guard let due = value?["due"]?.timestamp, let events = value?["events"]?.list?.compactMap(\.int),
            let newest = value?["newest"]?.int, let trigger = value?["trigger"]?.int.flatMap({ Int(exactly: $0) }),
            let dropped = value?["dropped"]?.int.flatMap({ Int(exactly: $0) }),
            let bytes = value?["bytes"]?.int.flatMap({ Int(exactly: $0) })
        else { return nil }
        self.init(due: due, events: events, newest: newest, trigger: trigger, dropped: dropped, bytes: bytes)
    }

    private init(due: Timestamp, events: [Int64], newest: Int64, trigger: Int, dropped: Int, bytes: Int) {
        self.due = due
        self.events = events
        self.newest = newest
        self.trigger = trigger
        self.dropped = dropped
        self.bytes = bytes
    }
}
