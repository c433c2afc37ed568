public import WorkflowModel

/// An unbroken open time of a calendar.
public struct OpenTime: Sendable, Hashable {
    /// When it opens.
    public var from: Timestamp
    /// When it closes; this instant is not in it.
    public var to: Timestamp
}

extension BusinessCalendar {
    /// The open times between two moments, cut at both, in order; at most `limit`.
    public func openTimes(from: Timestamp, to: Timestamp, limit: Int) -> [OpenTime] {
        guard from < to, to.seconds - from.seconds <= BusinessCalendar.longestCount else { return [] }
        var found: [OpenTime] = []
        walk(from: from.seconds, days: (to.seconds - from.seconds) / 86_400 + 2) { span in
            let begin = max(from, Timestamp(seconds: span.from))
            let end = min(to, Timestamp(seconds: span.to))
            guard begin < to, found.count < limit else { return false }
            // The search is by seconds, so that a time may end in the second in which `from` lies.
            if begin < end { found.append(OpenTime(from: begin, to: end)) }
            return true
        }
        return found
    }

    /// The closing time of the `count`th open day, counted from the next open moment at or after `start`: its own day is the first.
    ///
    /// - Throws: ``CalendarError`` when `count` is below 1, or so many days do not open within two years.
    public func endOfOpenDay(_ count: Int, after start: Timestamp) throws(CalendarError) -> Timestamp {
        guard count >= 1 else { throw CalendarError("business days are counted from 1") }
        var days = 0
        var lastDay: Int64?
        var end: Timestamp?
        walk(from: start.seconds, days: BusinessCalendar.horizonDays) { span in
            guard Timestamp(seconds: span.to) > start else { return true }
            let opening = max(span.from, start.seconds)
            let day = (opening + zone.offset(at: opening)).flooredQuotient(86_400)
            if day != lastDay {
                if days == count { return false }
                days += 1
                lastDay = day
            }
            end = Timestamp(seconds: span.to)
            return true
        }
        guard days == count, let end else {
            throw CalendarError("the calendar has not \(count) open days within two years after \(start)")
        }
        return end
    }
}
