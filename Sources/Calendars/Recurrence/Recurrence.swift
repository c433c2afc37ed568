public import WorkflowModel

/// One moment of a ``Recurrence``.
public struct Occurrence: Sendable, Hashable {
    /// When it is.
    public var instant: Timestamp
    /// What the rule says: the local time, also when the clocks never show it.
    public var local: LocalDateTime
    /// Whether the clocks skip the local time, so that the occurrence is as much later as they are set forward.
    public var shifted: Bool

    /// A moment of a schedule.
    public init(instant: Timestamp, local: LocalDateTime, shifted: Bool) {
        self.instant = instant
        self.local = local
        self.shifted = shifted
    }
}

/// A start, a recurrence rule and excluded moments (RFC 5545: DTSTART, RRULE, EXDATE).
///
/// The rule is expanded in local time and each occurrence then placed in the zone. Dates that do not exist are passed over. A
/// local time that the clocks skip shifts forward by what they skip (02:30 becomes 03:30) and says so; one that they show twice is
/// the first (RFC 5545 3.3.5). What falls on the same instant occurs once.
public struct Recurrence: Sendable, Hashable {
    /// The rule.
    public let rule: RecurrenceRule
    /// The first moment that may occur; it occurs only if the rule names it.
    public let start: LocalDateTime
    /// The zone; nil for floating time, which is then read as UTC.
    public let zone: ZoneClock?
    private let excludedTimes: Set<Int64>
    private let excludedDays: Set<Int64>

    /// How far the rule is followed, in years from the start or from the moment asked for, whichever is later.
    static let horizonYears: Int64 = 200

    /// A recurrence from `start` on.
    ///
    /// - Parameters:
    ///   - excluding: Local times that do not occur; a date excludes its whole day. They count towards COUNT.
    ///   - shortest: The shortest FREQ that is accepted. Schedules do not run by the second.
    /// - Throws: ``CalendarError`` when FREQ is shorter, or counts hours from a date.
    public init(
        _ rule: RecurrenceRule, start: LocalDateTime, zone: ZoneClock?, excluding: [LocalDateTime] = [],
        shortest: RecurrenceRule.Frequency = .minutely
    ) throws(CalendarError) {
        guard rule.frequency >= shortest else {
            throw CalendarError(
                "FREQ=\(rule.frequency.name) is too frequent for a schedule",
                help: "use FREQ=\(shortest.name) or longer")
        }
        guard !start.isDate || rule.frequency >= .daily else {
            throw CalendarError(
                "FREQ=\(rule.frequency.name) needs a start with a time of day, and \(start.text) is a date")
        }
        self.rule = rule
        self.start = start
        self.zone = zone
        excludedTimes = Set(excluding.filter { !$0.isDate }.map(\.seconds))
        excludedDays = Set(excluding.filter(\.isDate).map(\.day))
    }

    /// The occurrences at or after `from`, at most `limit`, in order; fewer when the rule ends or names no more in 200 years.
    ///
    /// - Throws: ``CalendarError`` when following the rule takes too long.
    public func occurrences(from: Timestamp, limit: Int) throws(CalendarError) -> [Occurrence] {
        // Offsets are under a day and gaps are at most one: two days before is early enough.
        let first = from.seconds - 2 * 86_400
        let horizon = max(first, start.seconds) + Recurrence.horizonYears * 366 * 86_400
        var times = expansion(from: first, horizon: horizon)
        var found: [Occurrence] = []
        var shifted: [Occurrence] = []
        var counted = 0
        func emit(_ occurrence: Occurrence) {
            guard occurrence.instant >= from, found.last?.instant != occurrence.instant else { return }
            found.append(occurrence)
        }
        while found.count < limit, counted < rule.count ?? .max, let local = try times.next() {
            counted += 1
            let occurrence = place(local)
            if isAfterEnd(occurrence) { break }
            if excludedTimes.contains(local) || excludedDays.contains(local.flooredQuotient(86_400)) { continue }
            if local < first { continue }
            // Shifted ones wait until the clocks have passed them: `every 45 minutes` may name 02:15 before 03:00.
            if occurrence.shifted {
                shifted.append(occurrence)
                continue
            }
            while let next = shifted.first, next.instant <= occurrence.instant { emit(shifted.removeFirst()) }
            emit(occurrence)
        }
        shifted.forEach(emit)
        return Array(found.prefix(limit))
    }

    private func expansion(from: Int64, horizon: Int64) -> any LocalTimes {
        if LibICalDays.canExpand(rule), let days = LibICalDays(rule, start: start, horizon: horizon) { return days }
        // Leaving out what lies behind would miscount COUNT.
        let from = rule.count == nil ? from : start.seconds
        return RuleExpansion(rule, start: start, from: from, horizon: horizon)
    }

    private func place(_ seconds: Int64) -> Occurrence {
        let local = LocalDateTime(seconds: seconds, isDate: start.isDate)
        switch zone?.read(seconds) ?? .once(seconds) {
        case .once(let instant), .twice(let instant, _):
            return Occurrence(instant: Timestamp(seconds: instant), local: local, shifted: false)
        case .never(_, let later): return Occurrence(instant: Timestamp(seconds: later), local: local, shifted: true)
        }
    }

    private func isAfterEnd(_ occurrence: Occurrence) -> Bool {
        switch rule.until {
        case .instant(let last): occurrence.instant.seconds > last
        case .local(let last): occurrence.local.seconds > last.seconds
        case nil: false
        }
    }
}
