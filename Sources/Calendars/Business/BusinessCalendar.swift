public import WorkflowModel

/// When an organisation works: local hours of a week in a zone, holidays, and special days with hours of their own.
///
/// Hours are half open: at the closing time it is closed. They are local; their length is counted in exact seconds, so that 00:00
/// to 08:00 has seven hours when the clocks are set forward in it and nine when they are set back. An opening or closing time
/// that the clocks skip is the moment of the change. Of one that they show twice, the opening is the first showing and the closing
/// the second; 24:00 ends the local day, so it is the first.
public struct BusinessCalendar: Sendable, Hashable {
    /// The zone of the hours.
    public let zone: ZoneClock
    /// Seven lists, Monday first.
    let weekly: [[WeeklyHours.Interval]]
    /// Days from 1970-01-01 that are closed.
    let holidays: Set<Int64>
    /// Days from 1970-01-01 with hours of their own.
    let special: [Int64: [WeeklyHours.Interval]]

    /// How far openings and deadlines are looked for, in days: two years.
    static let horizonDays: Int64 = 731
    /// The longest time whose open hours are counted, in seconds: a hundred years.
    static let longestCount: Int64 = 36_525 * 86_400

    /// A calendar.
    ///
    /// - Parameters:
    ///   - weekly: Its zone is not looked at. Hours that run past midnight belong to both days.
    ///   - special: Replaces the hours of a date, and wins over `holidays`. No hours: closed.
    /// - Throws: ``CalendarError`` when it is never open, or hours are not within a day.
    public init(
        zone: ZoneClock, weekly: WeeklyHours, holidays: Set<CivilDate> = [],
        special: [CivilDate: [WeeklyHours.Interval]] = [:]
    ) throws(CalendarError) {
        guard weekly.days.count == 7 else {
            throw CalendarError("weekly hours have seven days, not \(weekly.days.count)")
        }
        var days = Array(repeating: [WeeklyHours.Interval](), count: 7)
        for (index, intervals) in weekly.days.enumerated() {
            for interval in intervals {
                // `22:00-06:00` may be written as an end before the start or beyond 1440.
                let end = interval.end <= interval.start ? interval.end + 1440 : interval.end
                guard (0..<1440).contains(interval.start), end <= 2880 else { throw BusinessCalendar.outside(interval) }
                days[index].append(.init(start: interval.start, end: min(end, 1440)))
                if end > 1440 { days[(index + 1) % 7].append(.init(start: 0, end: end - 1440)) }
            }
        }
        for interval in special.values.joined() {
            guard interval.start >= 0, interval.start < interval.end, interval.end <= 1440 else {
                throw BusinessCalendar.outside(interval)
            }
        }
        guard days.contains(where: { !$0.isEmpty }) || special.values.contains(where: { !$0.isEmpty }) else {
            throw CalendarError("the calendar is never open", help: "give at least one day hours")
        }
        self.zone = zone
        self.weekly = days.map { $0.sorted { $0.start < $1.start } }
        self.holidays = Set(holidays.map(\.daysSinceEpoch))
        self.special = Dictionary(
            uniqueKeysWithValues: special.map { ($0.key.daysSinceEpoch, $0.value.sorted { $0.start < $1.start }) })
    }

    /// A calendar of parts that belong to one already, in another zone.
    init(
        zone: ZoneClock, weekly: [[WeeklyHours.Interval]], holidays: Set<Int64>,
        special: [Int64: [WeeklyHours.Interval]]
    ) {
        self.zone = zone
        self.weekly = weekly
        self.holidays = holidays
        self.special = special
    }

    private static func outside(_ interval: WeeklyHours.Interval) -> CalendarError {
        CalendarError(
            "hours from minute \(interval.start) to minute \(interval.end) are not within a day",
            help: "open before closing, at 24:00 at the latest")
    }

    /// Whether it is open at `instant`.
    public func isOpen(at instant: Timestamp) -> Bool {
        var open = false
        walk(from: instant.seconds, days: 1) { span in
            open = span.from <= instant.seconds
            return false
        }
        return open
    }

    /// The first open moment at or after `instant`: `instant` itself when it is open.
    ///
    /// - Throws: ``CalendarError`` when there is none within two years.
    public func nextOpen(at instant: Timestamp) throws(CalendarError) -> Timestamp {
        var found: Timestamp?
        walk(from: instant.seconds, days: BusinessCalendar.horizonDays) { span in
            found = max(instant, Timestamp(seconds: span.from))
            return false
        }
        guard let found else {
            throw CalendarError("the calendar does not open within two years after \(instant)")
        }
        return found
    }

    /// The open time between two moments; negative when `to` is before `from`.
    ///
    /// - Throws: ``CalendarError`` when they are more than a hundred years apart.
    public func elapsed(from: Timestamp, to: Timestamp) throws(CalendarError) -> Duration {
        if to < from { return .zero - (try elapsed(from: to, to: from)) }
        guard to.seconds - from.seconds <= BusinessCalendar.longestCount else {
            throw CalendarError("open hours are counted over a hundred years at most")
        }
        var total = Duration.zero
        walk(from: from.seconds, days: (to.seconds - from.seconds) / 86_400 + 2) { span in
            let begin = max(from, Timestamp(seconds: span.from))
            let end = min(to, Timestamp(seconds: span.to))
            guard begin < to else { return false }
            total += end - begin
            return true
        }
        return total
    }

    /// The moment at which `duration` of open time has passed since `start`.
    ///
    /// Outside the hours the clock starts at the next opening. A deadline that falls on a closing time stays there.
    ///
    /// - Throws: ``CalendarError`` when the duration is negative, or the deadline is more than two years after `start`.
    public func add(_ duration: Duration, to start: Timestamp) throws(CalendarError) -> Timestamp {
        guard duration >= .zero else {
            throw CalendarError(
                "a negative time cannot be added in open hours",
                help: "for a moment before a deadline, add less to the start")
        }
        var left = duration
        var found: Timestamp?
        walk(from: start.seconds, days: BusinessCalendar.horizonDays) { span in
            let begin = max(start, Timestamp(seconds: span.from))
            let length = Timestamp(seconds: span.to) - begin
            guard length < left else {
                found = begin + left
                return false
            }
            left -= length
            return true
        }
        guard let found else {
            throw CalendarError(
                "the calendar has not \(DurationText.forPeople(duration)) of open hours within two years after \(start)"
            )
        }
        return found
    }
}
