import WorkflowModel

/// Local times in order, each once, in seconds from 1970-01-01 00:00 on the wall.
protocol LocalTimes {
    /// The next one; nil when there are no more.
    ///
    /// - Throws: ``CalendarError`` when looking for it took too long.
    mutating func next() throws(CalendarError) -> Int64?
}

/// The occurrences of a rule by RFC 5545 3.3.10: period after period, days times times of day, then BYSETPOS.
struct RuleExpansion: LocalTimes {
    private let rule: RecurrenceRule
    private let days: DayFilter
    private let start: Int64
    private let horizon: Int64
    private let times: [Int64]
    private var index: Int64
    private var period = Candidates()
    private var periodsLeft = 5_000_000

    /// The times of one period: every time on every day, or those at `positions`.
    private struct Candidates {
        var days: [Int64] = []
        var times: [Int64] = []
        var positions: [Int]?
        var cursor = 0

        mutating func next() -> Int64? {
            let index: Int
            if let positions {
                guard cursor < positions.count else { return nil }
                index = positions[cursor]
            } else {
                guard cursor < days.count * times.count else { return nil }
                index = cursor
            }
            cursor += 1
            return days[index / times.count] + times[index % times.count]
        }
    }

    /// The occurrences of `rule` from `start` to `horizon`.
    ///
    /// - Parameter from: Occurrences before it may be left out; only for rules without COUNT, as these would be miscounted.
    init(_ rule: RecurrenceRule, start: LocalDateTime, from: Int64, horizon: Int64) {
        self.rule = rule
        self.start = start.seconds
        self.horizon = horizon
        days = DayFilter(rule, start: start)
        let time = start.secondOfDay
        func values(_ list: [Int], _ own: Int64, from frequency: RecurrenceRule.Frequency) -> [Int64] {
            // Below the frequency the period itself fixes the value.
            if rule.frequency < frequency { return [0] }
            return list.isEmpty || start.isDate ? [own] : list.map(Int64.init)
        }
        var times: [Int64] = []
        for hour in values(rule.hours, time / 3600, from: .daily) {
            for minute in values(rule.minutes, time / 60 % 60, from: .hourly) {
                for second in values(rule.seconds, time % 60, from: .minutely) {
                    times.append(hour * 3600 + minute * 60 + second)
                }
            }
        }
        self.times = times
        index = 0
        index = max(0, periods(until: from) - 1)
    }

    /// How many whole steps of the interval lie between the start's period and `moment`, roughly.
    private func periods(until moment: Int64) -> Int64 {
        guard moment > start else { return 0 }
        let length: Int64 =
            switch rule.frequency {
            case .secondly: 1
            case .minutely: 60
            case .hourly: 3600
            case .daily: 86_400
            case .weekly: 604_800
            // Never shorter than they are, so that none is leapt over.
            case .monthly: 31 * 86_400
            case .yearly: 366 * 86_400
            }
        return (moment - start) / length / Int64(rule.interval)
    }

    mutating func next() throws(CalendarError) -> Int64? {
        while true {
            while let time = period.next() {
                if time > horizon { return nil }
                if time >= start { return time }
            }
            guard try advance() else { return nil }
        }
    }

    /// Moves to the next period that has candidates; false when the horizon is passed.
    private mutating func advance() throws(CalendarError) -> Bool {
        repeat {
            periodsLeft -= 1
            guard periodsLeft >= 0 else {
                throw CalendarError(
                    "the recurrence rule was followed through 5 million periods without coming to an end",
                    help: "start it later, or choose a longer FREQ or INTERVAL")
            }
            let step = index * Int64(rule.interval)
            let first: Int64?
            switch rule.frequency {
            case .secondly: first = advanceShort(unit: 1)
            case .minutely: first = advanceShort(unit: 60)
            case .hourly: first = advanceShort(unit: 3600)
            case .daily: first = fill(days.days(in: .day(start.flooredQuotient(86_400) + step)))
            case .weekly: first = fill(days.days(in: .week(days.firstWeek + 7 * step)))
            case .monthly: first = fill(days.days(in: .month(days.firstMonth + step)))
            case .yearly: first = fill(days.days(in: .year(days.firstYear + step)))
            }
            index += 1
            guard let first, first <= horizon else { return false }
        } while period.days.isEmpty
        if !rule.setPositions.isEmpty {
            let count = period.days.count * period.times.count
            period.positions = Set(rule.setPositions.map { $0 > 0 ? $0 - 1 : count + $0 })
                .filter { (0..<count).contains($0) }.sorted()
        }
        return true
    }

    /// Makes the days of a period its candidates; gives the first moment of the period.
    private mutating func fill(_ found: (first: Int64, days: [Int64])) -> Int64 {
        period = Candidates(days: found.days.map { $0 * 86_400 }, times: times)
        return found.first * 86_400
    }

    /// The next hour, minute or second that the rule names, leaping over days and hours that it does not.
    private mutating func advanceShort(unit: Int64) -> Int64? {
        let length = unit * Int64(rule.interval)
        let begin = start.flooredQuotient(unit) * unit + index * length
        let day = begin.flooredQuotient(86_400)
        let second = begin - day * 86_400
        period = Candidates()
        var target = begin
        if !days.holds(day) {
            target = (day + 1) * 86_400
        } else if !rule.hours.isEmpty, !rule.hours.contains(Int(second / 3600)) {
            target = begin - second % 3600 + 3600
        } else if unit <= 60, !rule.minutes.isEmpty, !rule.minutes.contains(Int(second / 60 % 60)) {
            target = begin - second % 60 + 60
        } else if unit == 1, !rule.seconds.isEmpty, !rule.seconds.contains(Int(second % 60)) {
            target = begin + 1
        } else {
            period = Candidates(days: [begin], times: times)
            return begin
        }
        // The step after this one is taken by the caller.
        index += (target - begin + length - 1) / length - 1
        return begin
    }
}
