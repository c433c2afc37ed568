import WorkflowModel

/// The times of a business calendar that a schedule keeps to.
struct OpenFilter: Sendable, Hashable {
    let calendar: BusinessCalendar
    let within: ScheduleTrigger.OpenTimes

    /// Whether the calendar is open at `instant`, or opens on that day.
    func admits(_ instant: Timestamp) -> Bool {
        switch within {
        case .hours: return calendar.isOpen(at: instant)
        case .days:
            let day = calendar.zone.local(at: instant).day
            return !calendar.openTimes(from: start(of: day), to: start(of: day + 1), limit: 1).isEmpty
        }
    }

    /// The first moment that it admits after `instant`, which it does not.
    ///
    /// - Throws: ``CalendarError`` when the calendar does not open within two years.
    func next(after instant: Timestamp) throws(CalendarError) -> Timestamp {
        let opening = try calendar.nextOpen(at: instant)
        switch within {
        case .hours: return opening
        case .days: return max(instant, start(of: calendar.zone.local(at: opening).day))
        }
    }

    private func start(of day: Int64) -> Timestamp {
        switch calendar.zone.read(day * 86_400) {
        case .once(let seconds), .twice(let seconds, _), .never(let seconds, _): Timestamp(seconds: seconds)
        }
    }
}
