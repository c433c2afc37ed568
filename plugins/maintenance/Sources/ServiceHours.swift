import Calendars
import WorkflowModel

/// When maintenance of a service may be done.
struct ServiceHours {
    let hours: WeeklyHours
    /// The zone of hours that name none.
    let zone: String

    /// The first instant of [start, end) at which the hours are closed; nil when they are open throughout.
    func firstClosed(from start: Timestamp, until end: Timestamp) -> Timestamp? {
        if !isOpen(start) { return start }
        // Between two changes nothing happens, so the changes are all that has to be looked at.
        return changes(from: start, until: end).first { !isOpen($0) }
    }

    /// The instants of [start, end) at which the hours open.
    func openings(from start: Timestamp, until end: Timestamp) -> [Timestamp] {
        changes(from: start, until: end).filter { isOpen($0) && !isOpen($0 - .seconds(1)) }
    }

    private func isOpen(_ instant: Timestamp) -> Bool { hours.isOpen(at: instant, zone: zone) == true }

    /// Every instant of [start, end) at which the hours may change, in order.
    private func changes(from start: Timestamp, until end: Timestamp) -> [Timestamp] {
        let zone = hours.zone ?? zone
        guard hours.days.count == 7, let first = LocalTime(start, zone: zone) else { return [] }
        var found = Set<Timestamp>()
        var day = first.day - 1
        let last = day + Int((end - start).components.seconds / 86_400) + 3
        while day <= last {
            let weekday = ((day + 3) % 7 + 7) % 7
            for interval in hours.days[weekday] {
                let end = interval.end <= interval.start ? interval.end + 1440 : interval.end
                for minute in [interval.start, end] {
                    for instant in instants(day: day, minute: minute, zone: zone) { found.insert(instant) }
                }
            }
            // Where the clock is set on, an edge may fall into the hour that is left out; its end is as good a change.
            day += 1
        }
        return found.filter { start <= $0 && $0 < end }.sorted()
    }

    /// The instants that a clock in `zone` may mean by this minute: two when it is set back, one otherwise, and both neighbours of
    /// a time that it leaves out.
    private func instants(day: Int, minute: Int, zone: String) -> [Timestamp] {
        let local = Int64(day) * 86_400 + Int64(minute) * 60
        var found: [Timestamp] = []
        for probe in [local - 86_400, local + 86_400] {
            guard let shown = LocalTime(Timestamp(seconds: probe), zone: zone) else { continue }
            let offset = Int64(shown.day) * 86_400 + Int64(shown.minute) * 60 - (probe - probe % 60)
            found.append(Timestamp(seconds: local - offset))
        }
        return found
    }
}
