import WorkflowModel

/// How far ahead a fire is looked for: 29 February on a given day of the week comes within 40 years.
private let horizonYears: Int64 = 50

extension CronExpression {
    /// The next fire of fixed local times: searched on the wall, then placed on the line of instants.
    func fixedTime(after: Int64, _ zone: ZoneClock) -> Int64? {
        let local = after + zone.offset(at: after)
        var wall = local - local.flooredRemainder(60) + 60
        let lastYear = LocalDateTime(seconds: wall).date.year + horizonYears
        while let day = nextDay(from: wall.flooredQuotient(86_400), lastYear: lastYear) {
            wall = max(wall, day * 86_400)
            let minute = (wall - day * 86_400) / 60
            guard let found = nextMinuteOfDay(from: minute) else {
                wall = (day + 1) * 86_400
                continue
            }
            wall = day * 86_400 + found * 60
            let instant: Int64
            switch zone.read(wall) {
            case .once(let once): instant = once
            case .twice(let first, _): instant = first
            case .never(let transition, _):
                instant = transition
                wall = transition + zone.offset(at: transition)
            }
            // In the repeated hour the first showing may lie behind: it has fired.
            if instant > after { return instant }
            wall += 60
        }
        return nil
    }

    private func nextMinuteOfDay(from minute: Int64) -> Int64? {
        var hour = minute / 60
        var start = minute % 60
        while hour < 24 {
            if names(hour: hour) {
                let rest = minutes >> UInt64(start)
                if rest != 0 { return hour * 60 + start + Int64(rest.trailingZeroBitCount) }
            }
            hour += 1
            start = 0
        }
        return nil
    }

    /// The first day from `day` on that the day and month fields name.
    private func nextDay(from day: Int64, lastYear: Int64) -> Int64? {
        var day = day
        while true {
            let date = CivilDate(daysSinceEpoch: day)
            guard date.year <= lastYear else { return nil }
            if !names(month: date.month) {
                day += CivilDate.days(inMonth: date.month, of: date.year) - date.day + 1
            } else if names(day: day) {
                return day
            } else {
                day += 1
            }
        }
    }

    /// The next fire by real time: months and days are leapt over on the wall, hours and minutes pass as they do on a clock.
    ///
    /// A wrong hour is left by steps of 60 minutes from its full hour, and a single minute is reached by one step. Where the clocks
    /// move by half an hour (Lord Howe alone), such a step ends at half past, and the full hour after a change may be missed: so do
    /// the tables of Debian's behaviour that this follows.
    func realTime(after: Int64, _ zone: ZoneClock) -> Int64? {
        var time = after - (after + zone.offset(at: after)).flooredRemainder(60) + 60
        let lastYear = LocalDateTime(seconds: time + zone.offset(at: time)).date.year + horizonYears
        while true {
            let wall = time + zone.offset(at: time)
            let day = wall.flooredQuotient(86_400)
            guard let nextDay = nextDay(from: day, lastYear: lastYear) else { return nil }
            if nextDay != day {
                switch zone.read(nextDay * 86_400) {
                case .once(let midnight), .twice(let midnight, _), .never(let midnight, _): time = midnight
                }
                continue
            }
            let hour = (wall - day * 86_400) / 3600
            let minute = (wall - day * 86_400) / 60 % 60
            if !names(hour: hour) {
                time = nextHour(after: time, fullHour: wall - minute * 60, zone)
            } else if !names(minute: minute) {
                time = nextMinute(after: time, minute: minute, zone)
            } else {
                return time
            }
        }
    }

    /// Steps by 60 minutes from `fullHour` on the wall to an hour that is named, or to midnight.
    private func nextHour(after time: Int64, fullHour: Int64, _ zone: ZoneClock) -> Int64 {
        var time = time
        switch zone.read(fullHour) {
        case .once(let once): time = once
        case .never(_, let shifted): time = shifted
        case .twice(let first, let second): time = time >= second ? second : first
        }
        while true {
            time += 3600
            let hour = (time + zone.offset(at: time)).flooredRemainder(86_400) / 3600
            if hour == 0 || names(hour: hour) { return time }
        }
    }

    /// Steps by minutes to one that is named, or to the full hour.
    private func nextMinute(after time: Int64, minute: Int64, _ zone: ZoneClock) -> Int64 {
        var time = time
        var minute = minute
        if minutes.nonzeroBitCount == 1 {
            time += (Int64(minutes.trailingZeroBitCount) - minute).flooredRemainder(60) * 60
            minute = (time + zone.offset(at: time)).flooredRemainder(3600) / 60
        }
        while !names(minute: minute) {
            time += 60
            minute = (time + zone.offset(at: time)).flooredRemainder(3600) / 60
            if minute == 0 { break }
        }
        return time
    }
}
