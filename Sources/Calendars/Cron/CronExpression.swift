public import WorkflowModel

/// A cron expression as Debian's cron reads it (crontab(5) of its package `cron`): minute, hour, day of month, month, day of week.
///
/// Numbers, names (`jan`, `mon`), lists, ranges and steps, and the names `@yearly`, `@annually`, `@monthly`, `@weekly`, `@daily`,
/// `@midnight`, `@hourly`. Day of month and day of week must both hold when one of them starts with `*`, else either is enough.
///
/// When the clocks change: an expression whose minute and hour both do not start with `*` fires once for each local time that it
/// names; for a time that is skipped, at the moment of the change. The others run by real time: they skip what the clocks
/// skip and fire again in what the clocks repeat.
public struct CronExpression: Sendable, Hashable, CustomStringConvertible {
    /// The text it was read from.
    public let text: String
    let minutes: UInt64
    let hours: UInt64
    let days: UInt64
    let months: UInt64
    let weekdays: UInt64
    /// Whether both day fields must hold.
    let needsBothDays: Bool
    /// Whether minute and hour are fixed local times.
    let isFixed: Bool

    static let macros = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    /// Reads an expression.
    ///
    /// - Throws: ``CalendarError`` that names the field; also for dates that never come, as 30 February.
    public init(_ text: String) throws(CalendarError) {
        self.text = text
        guard text.utf8.count <= 1000 else { throw CalendarError("a cron expression may have 1000 characters") }
        var fields = text.split { $0 == " " || $0 == "\t" }
        if fields.count == 1, fields[0].hasPrefix("@") {
            guard let expansion = CronExpression.macros[fields[0].lowercased()] else {
                throw CalendarError(
                    "there is no \"\(fields[0].prefix(40))\"",
                    help: "the names are " + CronExpression.macros.keys.sorted().joined(separator: ", "))
            }
            fields = expansion.split(separator: " ")
        }
        guard fields.count == 5 else {
            throw CalendarError(
                "a cron expression has five fields, and \"\(text.prefix(80))\" has \(fields.count)",
                help: CronExpression.withoutSeconds(fields)
                    ?? "write minute, hour, day of month, month, day of week, as 0 9 * * mon-fri")
        }
        minutes = try CronField.minute.read(fields[0])
        hours = try CronField.hour.read(fields[1])
        days = try CronField.dayOfMonth.read(fields[2])
        months = try CronField.month.read(fields[3])
        weekdays = try CronField.dayOfWeek.read(fields[4])
        needsBothDays = fields[2].hasPrefix("*") || fields[4].hasPrefix("*")
        isFixed = !fields[0].hasPrefix("*") && !fields[1].hasPrefix("*")
        if needsBothDays {
            let longest: Int64 = months & 0b1_0101_1010_1010 != 0 ? 31 : months & ~0b100 != 0 ? 30 : 29
            guard days.trailingZeroBitCount <= longest else {
                throw CalendarError(
                    "\"\(text)\" never comes: no month that it names has a day \(days.trailingZeroBitCount)",
                    at: fields[2].base == text ? fields[2] : nil)
            }
        }
    }

    /// What an expression of other programs with seconds, perhaps years, and `?` is without them; nil when it is none.
    private static func withoutSeconds(_ fields: [Substring]) -> String? {
        guard fields.count == 6 || fields.count == 7, fields[0].allSatisfy({ $0.isNumber || "*/".contains($0) })
        else { return nil }
        let kept = fields[1...5].map { $0 == "?" ? "*" : $0 }
        let text = kept.joined(separator: " ")
        do throws(CalendarError) { _ = try CronExpression(text) } catch { return nil }
        return "seconds are not part of it: write \(text)"
    }

    /// The expression as it was written.
    public var description: String { text }

    /// The next instants at which it fires, strictly after `after`, at most `limit`; fewer when it does not fire in 50 years.
    public func next(after: Timestamp, zone: ZoneClock, limit: Int) -> [Timestamp] {
        var times: [Timestamp] = []
        var last = after
        while times.count < limit, let next = next(after: last, zone: zone) {
            times.append(next)
            last = next
        }
        return times
    }

    /// The next instant at which it fires, strictly after `after`; nil when it does not fire in 50 years.
    public func next(after: Timestamp, zone: ZoneClock) -> Timestamp? {
        let seconds = isFixed ? fixedTime(after: after.seconds, zone) : realTime(after: after.seconds, zone)
        guard let seconds, seconds <= Timestamp.latest.seconds else { return nil }
        return Timestamp(seconds: seconds)
    }

    func names(month: Int64) -> Bool { months >> UInt64(month) & 1 != 0 }
    func names(hour: Int64) -> Bool { hours >> UInt64(hour) & 1 != 0 }
    func names(minute: Int64) -> Bool { minutes >> UInt64(minute) & 1 != 0 }

    func names(day: Int64) -> Bool {
        let inMonth = days >> UInt64(CivilDate(daysSinceEpoch: day).day) & 1 != 0
        // Cron's week begins on Sunday.
        let inWeek = weekdays >> UInt64((day.weekdayOfDay + 1) % 7) & 1 != 0
        return needsBothDays ? inMonth && inWeek : inMonth || inWeek
    }
}
