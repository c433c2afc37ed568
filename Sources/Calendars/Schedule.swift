public import WorkflowModel

/// A schedule trigger, ready to be asked when it fires.
public struct Schedule: Sendable, Hashable {
    private enum Times: Hashable {
        case cron(CronExpression)
        case rule(Recurrence)
    }

    /// Its clocks.
    public let zone: ZoneClock
    /// What it is in one line, zone included: what tells schedules of a playbook apart.
    public private(set) var text: String
    private let times: Times
    private var open: OpenFilter?

    /// Finds a business calendar by its name; nil for one that is not known.
    public typealias CalendarLookup = @Sendable (_ name: String) -> BusinessCalendar?

    /// A schedule in its own zone, else in `zone`, an IANA name.
    ///
    /// - Parameter calendars: knows the calendar that the schedule keeps to.
    /// - Throws: ``CalendarError`` when a part of it cannot be read, or there is no such calendar.
    public init(
        _ trigger: ScheduleTrigger, zone: String, calendars: CalendarLookup? = nil
    ) throws(CalendarError) {
        try self.init(unfiltered: trigger, zone: zone)
        guard let name = trigger.calendar else { return }
        guard let calendar = calendars?(name) else { throw CalendarError("there is no calendar \"\(name)\"") }
        open = OpenFilter(calendar: calendar, within: trigger.within)
        text += " in \(trigger.within.rawValue) of \(name)"
    }

    private init(unfiltered trigger: ScheduleTrigger, zone: String) throws(CalendarError) {
        let clock = try ZoneClock(trigger.zone ?? zone)
        switch trigger.times {
        case .cron(let text): self.init(try CronExpression(text), zone: clock)
        case .rrule(let text, let start):
            let rule = try Recurrence(RecurrenceRule(text), start: LocalDateTime(reading: start), zone: clock)
            self.init(rule, text: text, zone: clock)
        }
    }

    /// A schedule by a cron expression.
    public init(_ expression: CronExpression, zone: ZoneClock) {
        self.zone = zone
        times = .cron(expression)
        text = "\(expression.text) (\(zone.name))"
    }

    /// A schedule by a recurrence rule, which is `text`, in the rule's zone.
    public init(_ rule: Recurrence, text: String, zone: ZoneClock) {
        self.zone = zone
        times = .rule(rule)
        self.text = "\(text) from \(rule.start.text) (\(zone.name))"
    }

    /// The fires after `instant`, at most `limit`, in order; fewer when it fires no more.
    ///
    /// - Throws: ``CalendarError`` when following the rule takes too long.
    public func fires(after instant: Timestamp, limit: Int) throws(CalendarError) -> [Occurrence] {
        guard let open else { return try moments(after: instant, limit: limit) }
        var found: [Occurrence] = []
        var place = instant
        // Beyond two years nobody knows the holidays.
        let horizon = instant + .seconds(2 * 366 * 86_400)
        while found.count < limit {
            let size = min(limit - found.count, 64)
            let more = try moments(after: place, limit: size)
            guard let last = more.last else { break }
            place = last.instant
            for (index, moment) in more.enumerated() {
                if open.admits(moment.instant) {
                    found.append(moment)
                } else if index == more.count - 1 {
                    place = max(place, try open.next(after: moment.instant) + .nanoseconds(-1))
                }
            }
            if more.count < size || place > horizon { break }
        }
        return found
    }

    /// Whether a fire at `instant` is one that its calendar admits.
    public func admits(_ instant: Timestamp) -> Bool { open?.admits(instant) ?? true }

    /// Whether it keeps to a calendar, which may be another tomorrow.
    public var keepsToCalendar: Bool { open != nil }

    private func moments(after instant: Timestamp, limit: Int) throws(CalendarError) -> [Occurrence] {
        switch times {
        case .cron(let expression):
            expression.next(after: instant, zone: zone, limit: limit).map { time in
                Occurrence(instant: time, local: zone.local(at: time), shifted: false)
            }
        // Its occurrences are those at or after a moment.
        case .rule(let rule): try rule.occurrences(from: instant + .nanoseconds(1), limit: limit)
        }
    }

    /// The first fire after `instant`; nil when it fires no more.
    ///
    /// - Throws: ``CalendarError`` when following the rule takes too long.
    public func next(after instant: Timestamp) throws(CalendarError) -> Timestamp? {
        try fires(after: instant, limit: 1).first?.instant
    }

    /// Whether it ever fires, and at most once a minute.
    ///
    /// - Throws: ``CalendarError`` that says which of both does not hold.
    public func checkFires() throws(CalendarError) {
        // From the first moment on; a cron expression has none, and where it begins makes no difference.
        let start: Timestamp
        switch times {
        case .cron: start = Timestamp(seconds: 1_767_225_600)
        case .rule(let rule): start = Timestamp(seconds: rule.start.seconds - 2 * 86_400)
        }
        let fires = try fires(after: start, limit: 100)
        guard !fires.isEmpty else { throw CalendarError("\"\(text)\" never fires") }
        for (earlier, later) in zip(fires, fires.dropFirst()) where later.instant - earlier.instant < .seconds(60) {
            throw CalendarError(
                "\"\(text)\" fires more than once a minute", help: "a schedule fires once a minute at most")
        }
    }

    /// What stands for the schedule in ids: 16 hexadecimal digits, FNV-1a over ``text``. Nothing rests on its strength.
    public var fingerprint: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 {
            hash ^= UInt64(byte)
            hash = hash &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
