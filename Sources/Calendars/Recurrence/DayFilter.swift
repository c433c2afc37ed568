import WorkflowModel

/// Which days a rule names, within its periods. What the rule leaves open comes from the start (RFC 5545 3.3.10).
struct DayFilter {
    /// A period of days.
    enum Period {
        /// Days from 1970-01-01.
        case day(Int64)
        /// The first day of the week.
        case week(Int64)
        /// Months from January of year 0.
        case month(Int64)
        /// The year.
        case year(Int64)
    }

    /// The first day of the start's week.
    let firstWeek: Int64
    /// The start's month, counted from January of year 0.
    let firstMonth: Int64
    /// The start's year.
    let firstYear: Int64
    private let frequency: RecurrenceRule.Frequency
    private let weekStart: Int64
    private let months: [Int]
    private let monthDays: [Int]
    private let yearDays: [Int]
    private let weekNumbers: [Int]
    private let weekdays: [RecurrenceRule.Weekday]
    /// Whether `2MO` counts within the month rather than the year.
    private let countsInMonth: Bool

    init(_ rule: RecurrenceRule, start: LocalDateTime) {
        let date = start.date
        let weekStart = Int64(rule.weekStart)
        var months = rule.months
        var monthDays = rule.monthDays
        var weekdays = rule.weekdays
        let own = RecurrenceRule.Weekday(ordinal: 0, day: start.day.weekdayOfDay)
        switch rule.frequency {
        case .yearly where !rule.weekNumbers.isEmpty:
            if weekdays.isEmpty, monthDays.isEmpty, rule.yearDays.isEmpty { weekdays = [own] }
        case .yearly where rule.yearDays.isEmpty && weekdays.isEmpty:
            if months.isEmpty { months = [Int(date.month)] }
            if monthDays.isEmpty { monthDays = [Int(date.day)] }
        case .monthly where monthDays.isEmpty && weekdays.isEmpty: monthDays = [Int(date.day)]
        case .weekly where weekdays.isEmpty: weekdays = [own]
        default: break
        }
        frequency = rule.frequency
        self.weekStart = weekStart
        self.months = months
        self.monthDays = monthDays
        self.weekdays = weekdays
        yearDays = rule.yearDays
        weekNumbers = rule.weekNumbers
        countsInMonth = rule.frequency == .monthly || !rule.months.isEmpty
        firstWeek = DayFilter.weekBegin(of: start.day, weekStart)
        firstMonth = date.year * 12 + date.month - 1
        firstYear = date.year
    }

    private static func weekBegin(of day: Int64, _ weekStart: Int64) -> Int64 {
        day - (Int64(day.weekdayOfDay) - weekStart).flooredRemainder(7)
    }

    /// The first day of the period, and the days in it that the rule names.
    func days(in period: Period) -> (first: Int64, days: [Int64]) {
        switch period {
        case .day(let day): return (day, holds(day) ? [day] : [])
        case .week(let first): return (first, (first..<first + 7).filter(holds))
        case .month(let index):
            let month = index % 12 + 1
            let first = CivilDate(year: index / 12, month: month, day: 1).daysSinceEpoch
            guard months.isEmpty || months.contains(Int(month)) else { return (first, []) }
            return (first, (first..<first + CivilDate.days(inMonth: month, of: index / 12)).filter(holds))
        case .year(let year):
            let first = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
            let next = CivilDate(year: year + 1, month: 1, day: 1).daysSinceEpoch
            return (first, (first..<next).filter(holds))
        }
    }

    /// Whether the rule's parts on days all hold for `day`.
    func holds(_ day: Int64) -> Bool {
        let date = CivilDate(daysSinceEpoch: day)
        if !months.isEmpty, !months.contains(Int(date.month)) { return false }
        if !weekNumbers.isEmpty, !isInNamedWeek(day) { return false }
        let monthLength = CivilDate.days(inMonth: date.month, of: date.year)
        if !monthDays.isEmpty {
            guard monthDays.contains(Int(date.day)) || monthDays.contains(Int(date.day - monthLength - 1)) else {
                return false
            }
        }
        if !yearDays.isEmpty || weekdays.contains(where: { $0.ordinal != 0 }) && !countsInMonth {
            let yearDay = day - CivilDate(year: date.year, month: 1, day: 1).daysSinceEpoch + 1
            let yearLength: Int64 = CivilDate.days(inMonth: 2, of: date.year) + 337
            if !yearDays.isEmpty {
                guard yearDays.contains(Int(yearDay)) || yearDays.contains(Int(yearDay - yearLength - 1)) else {
                    return false
                }
            }
            return weekdays.isEmpty || names(day, place: yearDay, length: yearLength)
        }
        return weekdays.isEmpty || names(day, place: date.day, length: monthLength)
    }

    /// Whether BYWEEKNO names the week of `day`, which belongs to the year that holds its fourth day.
    private func isInNamedWeek(_ day: Int64) -> Bool {
        let begin = DayFilter.weekBegin(of: day, weekStart)
        let year = CivilDate(daysSinceEpoch: begin + 3).year
        func firstWeek(of year: Int64) -> Int64 {
            DayFilter.weekBegin(of: CivilDate(year: year, month: 1, day: 4).daysSinceEpoch, weekStart)
        }
        let first = firstWeek(of: year)
        let number = Int((begin - first) / 7) + 1
        let count = Int((firstWeek(of: year + 1) - first) / 7)
        return weekNumbers.contains(number) || weekNumbers.contains(number - count - 1)
    }

    /// Whether BYDAY names the day that is `place` of `length` in its month or year.
    private func names(_ day: Int64, place: Int64, length: Int64) -> Bool {
        let weekday = day.weekdayOfDay
        return weekdays.contains { named in
            guard named.day == weekday else { return false }
            if named.ordinal == 0 { return true }
            return named.ordinal > 0
                ? (place - 1) / 7 + 1 == Int64(named.ordinal) : (length - place) / 7 + 1 == Int64(-named.ordinal)
        }
    }
}
