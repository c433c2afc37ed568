import Foundation
public import WorkflowModel

/// Wall-clock time in a zone.
///
/// Weekly hours are local: they are what a clock on the wall shows, whatever the offset from UTC is on that day.
public struct LocalTime: Sendable, Hashable {
    /// Days since 1970-01-01 of the local date.
    public let day: Int
    /// The minute of the day, 0 to 1439.
    public let minute: Int

    /// The day of the week, Monday 0 to Sunday 6.
    public var weekday: Int {
        // 1970-01-01 was a Thursday.
        let weekday = (day + 3) % 7
        return weekday < 0 ? weekday + 7 : weekday
    }

    /// What a clock in `zone` shows at `instant`; nil when there is no such zone.
    ///
    /// - Parameter zone: An IANA name, `Europe/Berlin`.
    public init?(_ instant: Timestamp, zone: String) {
        guard let seconds = LocalTime.seconds(at: instant, zone: zone) else { return nil }
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        self.day = Int(day)
        minute = Int(seconds - day * 86_400) / 60
    }

    /// The seconds from 1970-01-01 00:00 local to what a clock in `zone` shows at `instant`.
    static func seconds(at instant: Timestamp, zone: String) -> Int64? {
        guard let timeZone = TimeZone(identifier: zone) else { return nil }
        let offset = timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant.seconds)))
        return instant.seconds + Int64(offset)
    }
}

extension WeeklyHours {
    /// Whether the hours are open at `instant`: an interval of the local day holds the local minute. The end of an interval is not
    /// inside; an interval of the day before that runs past midnight is.
    ///
    /// - Parameter zone: The zone for hours that name none, an IANA name.
    /// - Returns: nil when the zone is unknown.
    public func isOpen(at instant: Timestamp, zone: String) -> Bool? {
        guard let local = LocalTime(instant, zone: self.zone ?? zone) else { return nil }
        guard days.count == 7 else { return false }
        if days[local.weekday].contains(where: { $0.start <= local.minute && local.minute < $0.end }) { return true }
        // `22:00-06:00` may be written as an end beyond 1440 or before the start: both reach into the next day.
        return days[(local.weekday + 6) % 7].contains { interval in
            let end = interval.end <= interval.start ? interval.end + 1440 : interval.end
            return local.minute + 1440 < end
        }
            || days[local.weekday].contains { $0.end <= $0.start && $0.start <= local.minute }
    }
}
