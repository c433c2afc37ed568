import WorkflowModel

/// An unbroken open time, in seconds after 1970, its end outside.
struct OpenSpan: Hashable {
    var from: Int64
    var to: Int64
}

extension BusinessCalendar {
    /// The open times that end after `begin`, in order and without overlap, until `body` says false or `days` local days are through.
    func walk(from begin: Int64, days: Int64, _ body: (OpenSpan) -> Bool) {
        let firstDay = (begin + zone.offset(at: begin)).flooredQuotient(86_400)
        let lastDay = firstDay + days
        // A day closes after its successor opens only where the clocks are set back at midnight; the day before is enough.
        var day = firstDay - 1
        var covered = Int64.min
        while day <= lastDay {
            for span in spans(ofDay: day) {
                let open = OpenSpan(from: max(span.from, covered), to: span.to)
                guard open.from < open.to else { continue }
                covered = open.to
                if open.to > begin, !body(open) { return }
            }
            day += 1
        }
    }

    private func windows(ofDay day: Int64) -> [WeeklyHours.Interval] {
        if let own = special[day] { return own }
        return holidays.contains(day) ? [] : weekly[day.weekdayOfDay]
    }

    /// The open times of a local day by their opening; they may overlap in the hour that the clocks show twice.
    private func spans(ofDay day: Int64) -> [OpenSpan] {
        let windows = windows(ofDay: day)
        guard !windows.isEmpty else { return [] }
        let midnight = day * 86_400
        let before = zone.offset(at: midnight - 86_400)
        if before == zone.offset(at: midnight + 2 * 86_400) {
            return windows.map {
                OpenSpan(from: midnight + Int64($0.start) * 60 - before, to: midnight + Int64($0.end) * 60 - before)
            }
        }
        return windows.map { window in
            var span = OpenSpan(from: 0, to: 0)
            switch zone.read(midnight + Int64(window.start) * 60) {
            case .once(let instant), .twice(let instant, _), .never(let instant, _): span.from = instant
            }
            switch zone.read(midnight + Int64(window.end) * 60) {
            case .once(let instant), .never(let instant, _): span.to = instant
            case .twice(let first, let second): span.to = window.end == 1440 ? first : second
            }
            return span
        }
    }
}
