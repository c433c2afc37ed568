import Calendars
import WorkflowModel

/// The arithmetic of a clock, interval by interval, so that people can follow it.
struct ClockAccount {
    /// The most intervals of one clock.
    static let most = 400

    let clock: Clock
    let calendar: BusinessCalendar?
    /// The zone in which sentences give times.
    let zone: ZoneClock
    let now: Timestamp

    /// Each interval from the clock's start to its end or now: `counted`, `paused` or `closed`, with what it adds.
    var rows: [Value] {
        let end = clock.stop ?? now
        let from = clock.stretches.last?.countsFrom ?? clock.start
        guard from < end else { return [] }
        var total = Duration.zero
        var rows: [Value] = []
        for (begin, until, pause) in cuts(from, end) {
            if let pause {
                rows.append(row("paused", begin, until, pause, .zero, total))
                continue
            }
            for (start, close, isOpen) in hours(begin, until) {
                let length = isOpen ? close - start : .zero
                total += length
                rows.append(
                    row(isOpen ? "counted" : "closed", start, close, isOpen ? nil : "outside the hours", length, total))
            }
            if rows.count > Self.most { break }
        }
        return Array(rows.prefix(Self.most))
    }

    /// The time cut at the pauses, each part with the sources that pause in it.
    private func cuts(_ from: Timestamp, _ end: Timestamp) -> [(Timestamp, Timestamp, String?)] {
        var edges: Set<Timestamp> = [from, end]
        for pause in clock.pauses {
            for edge in [pause.from, pause.to ?? end] where from < edge && edge < end { edges.insert(edge) }
        }
        let sorted = edges.sorted()
        var found: [(Timestamp, Timestamp, String?)] = []
        for (begin, until) in zip(sorted, sorted.dropFirst()) {
            let sources = clock.pauses.filter { $0.covers(begin) }.map(\.source)
            var unique: [String] = []
            for source in sources where !unique.contains(source) { unique.append(source) }
            let why = unique.isEmpty ? nil : unique.joined(separator: " and ")
            if let last = found.last, last.2 == why {
                found[found.count - 1].1 = until
            } else {
                found.append((begin, until, why))
            }
        }
        return found
    }

    private func hours(_ from: Timestamp, _ to: Timestamp) -> [(Timestamp, Timestamp, Bool)] {
        guard let calendar else { return [(from, to, true)] }
        var found: [(Timestamp, Timestamp, Bool)] = []
        var at = from
        for open in calendar.openTimes(from: from, to: to, limit: Self.most) {
            if at < open.from { found.append((at, open.from, false)) }
            found.append((open.from, open.to, true))
            at = open.to
        }
        if at < to { found.append((at, to, false)) }
        return found
    }

    private func row(
        _ kind: String, _ from: Timestamp, _ to: Timestamp, _ why: String?, _ length: Duration, _ total: Duration
    ) -> Value {
        var text = "\(self.text(from)) to \(self.text(to)): "
        switch kind {
        case "counted": text += "\(DurationText.forPeople(length)) count, \(DurationText.forPeople(total)) so far"
        case "paused": text += "paused (\(why ?? "")), nothing counts"
        default: text += "\(why ?? ""), nothing counts"
        }
        return [
            "kind": .string(kind), "from": .timestamp(from), "to": .timestamp(to),
            "why": why.map { .string($0) } ?? .null,
            "counted": .duration(length), "total": .duration(total), "text": .string(text),
        ]
    }

    /// `Mon 2026-11-23 15:00`, in the zone.
    func text(_ instant: Timestamp) -> String {
        let local = zone.local(at: instant)
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        // 1970-01-01 was a Thursday.
        let weekday = ((local.date.daysSinceEpoch + 3) % 7 + 7) % 7
        let clock = local.text.split(separator: "T").last.map(String.init) ?? ""
        let date = local.text.split(separator: "T").first.map(String.init) ?? ""
        return "\(days[Int(weekday)]) \(date) \(clock.hasSuffix(":00") ? String(clock.dropLast(3)) : clock)"
    }

    /// What the clock comes to, in a sentence.
    var summary: String {
        let target = clock.target.map(DurationText.forPeople) ?? "no target"
        let elapsed = DurationText.forPeople(clock.elapsed)
        switch clock.state {
        case .running:
            guard let due = clock.due else {
                return "\(elapsed) of \(target) have passed; nobody can say when it is due"
            }
            let over = now > due
            return "\(elapsed) of \(target) have passed; it \(over ? "was" : "is") due \(text(due))"
        case .paused:
            let left = clock.remaining.map(DurationText.forPeople) ?? "no time"
            return
                "paused with \(elapsed) of \(target) passed and \(left) left; it is due when that has passed after the pause"
        case .met:
            let how = clock.breaches.isEmpty ? "in time" : "too late"
            return "\(clock.cause ?? "met") \(how), after \(elapsed) of \(target)"
        case .cancelled: return "not measured any more (\(clock.cause ?? "cancelled")), after \(elapsed)"
        }
    }
}
