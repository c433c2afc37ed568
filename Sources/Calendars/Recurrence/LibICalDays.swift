import CLibICal
import WorkflowModel

/// The days of a rule, expanded by libical, on the wall and in no zone.
///
/// Only for rules that ``canExpand(_:)`` accepts: libical 3.0.16 is wrong about the others.
final class LibICalDays: LocalTimes {
    private let iterator: OpaquePointer
    private let timeOfDay: Int64
    private let horizon: Int64

    /// Whether libical 3.0.16 expands the rule as RFC 5545 says.
    ///
    /// It is wrong about BYSETPOS with several times a day or in weeks, about BYWEEKNO at the turn of the year, about days counted
    /// from the end of the month in FREQ=DAILY, about the first weeks when these do not begin on Monday, and about intervals of
    /// hours and minutes beside BYHOUR and BYMINUTE; newer versions mend these. Times of the day are therefore never left to it.
    static func canExpand(_ rule: RecurrenceRule) -> Bool {
        guard rule.frequency >= .daily, rule.hours.isEmpty, rule.minutes.isEmpty, rule.seconds.isEmpty,
            rule.weekNumbers.isEmpty
        else { return false }
        switch rule.frequency {
        case .daily: return rule.setPositions.isEmpty && !rule.monthDays.contains { $0 < 0 }
        case .weekly: return rule.setPositions.isEmpty && rule.weekStart == 0
        default: return true
        }
    }

    /// By default libical ends the process on an error.
    private static let errorsAreReported: Void = icalerror_set_errors_are_fatal(0)

    /// The occurrences from `start` up to `horizon`, in seconds on the wall.
    ///
    /// Nil when libical refuses the rule, as it does when it sees that no date will ever come.
    init?(_ rule: RecurrenceRule, start: LocalDateTime, horizon: Int64) {
        _ = LibICalDays.errorsAreReported
        icalerror_clear_errno()
        let parsed = icalrecurrencetype_from_string(rule.dayPartsText)
        let date = start.date
        var first = icaltime_null_time()
        first.year = Int32(date.year)
        first.month = Int32(date.month)
        first.day = Int32(date.day)
        first.hour = Int32(start.secondOfDay / 3600)
        first.minute = Int32(start.secondOfDay / 60 % 60)
        first.second = Int32(start.secondOfDay % 60)
        first.is_date = start.isDate ? 1 : 0
        guard parsed.freq != ICAL_NO_RECURRENCE, let iterator = icalrecur_iterator_new(parsed, first) else {
            return nil
        }
        self.iterator = iterator
        timeOfDay = start.secondOfDay
        self.horizon = horizon
    }

    deinit { icalrecur_iterator_free(iterator) }

    func next() -> Int64? {
        let time = icalrecur_iterator_next(iterator)
        guard icaltime_is_null_time(time) == 0 else { return nil }
        let date = CivilDate(year: Int64(time.year), month: Int64(time.month), day: Int64(time.day))
        let seconds = date.daysSinceEpoch * 86_400 + timeOfDay
        return seconds <= horizon ? seconds : nil
    }
}
