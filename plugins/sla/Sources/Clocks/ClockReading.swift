import Calendars
import WorkflowModel

/// Does the arithmetic of a clock whose events are known.
struct ClockReading {
    let moments: [Moment]
    let now: Timestamp

    func clock(_ draft: ClockDraft) -> Clock {
        var parts = draft.parts
        var lines: [ActiveTime] = []
        var pauses: [PauseSpan] = []
        for index in parts.indices {
            pauses = self.pauses(parts[index], draft)
            let line = ActiveTime(
                calendar: parts[index].calendar, from: parts[index].stretch.countsFrom, pauses: pauses)
            parts[index].stretch.target = target(parts[index], line)
            lines.append(line)
        }
        let last = parts[parts.count - 1]
        let active = lines[lines.count - 1]
        let end = draft.stop?.at ?? now
        var clock = Clock(
            metric: draft.metric, kind: draft.kind, cycle: draft.cycle, start: draft.start, state: .running,
            cause: draft.stop?.cause, stop: draft.stop?.at, version: draft.version, policy: last.stretch.policy,
            priority: last.stretch.priority, target: last.stretch.target, elapsed: active.elapsed(to: end), due: nil,
            resumes: nil, calendar: last.rule?.calendar, zone: last.calendar?.zone.name, pauses: pauses,
            stretches: parts.map(\.stretch), breaches: [], firings: [])
        state(&clock, draft, last)
        fire(&clock, parts, lines, end: draft.stop?.at)
        due(&clock, last, active)
        return clock
    }

    private func state(_ clock: inout Clock, _ draft: ClockDraft, _ last: ClockDraft.Part) {
        if let stop = draft.stop {
            clock.state = stop.state
        } else if clock.target == nil {
            clock.state = .cancelled
            clock.cause = last.policy == nil ? "no_policy" : "no_target"
            clock.stop = last.stretch.from
        } else if clock.pauses.contains(where: { $0.covers(now) }) {
            clock.state = .paused
            var end: Timestamp? = now
            // Pauses that follow upon each other are one.
            while let at = end, let span = clock.pauses.first(where: { $0.covers(at) }) { end = span.to }
            clock.resumes = end
        }
    }

    private func due(_ clock: inout Clock, _ last: ClockDraft.Part, _ active: ActiveTime) {
        if let pinned = last.stretch.pinnedDue {
            clock.due = pinned
        } else if clock.state != .paused, let target = clock.target {
            clock.due = active.instant(of: target)
        }
    }

    // MARK: What counts

    /// The pauses of a clock as its policy has them, also those from before it was that policy's.
    private func pauses(_ part: ClockDraft.Part, _ draft: ClockDraft) -> [PauseSpan] {
        var spans = ownPauses(part, draft)
        spans += draft.gaps.compactMap { clipped($0, from: draft.start, to: draft.stop?.at) }
        // A date that somebody has promised is not moved by a pause.
        if part.stretch.pinnedDue != nil {
            spans = spans.compactMap { clipped($0, from: draft.start, to: part.stretch.from) }
        }
        return spans.sorted { ($0.from, $0.source) < ($1.from, $1.source) }
    }

    /// Those that come from the ticket, without the times between solving and re-opening.
    func ownPauses(_ part: ClockDraft.Part, _ draft: ClockDraft) -> [PauseSpan] {
        let past = part.past ?? draft.adopted
        let begin = draft.ownPausesFrom ?? draft.start
        var spans: [PauseSpan] = []
        if let policy = part.policy, let rule = part.rule {
            // What was paused when the history was folded goes on from there.
            let held = part.past == nil ? nil : Set(past.filter { $0.to == begin }.map(\.source))
            spans = PauseReading(moments: moments, policy: policy, rule: rule, held: held).pauses()
        }
        spans = spans.compactMap { clipped($0, from: begin, to: draft.stop?.at) }
        return joined(past, spans, at: begin)
    }

    /// Both, where a pause that goes on at the seam is one.
    private func joined(_ past: [PauseSpan], _ spans: [PauseSpan], at seam: Timestamp) -> [PauseSpan] {
        var past = past
        var rest: [PauseSpan] = []
        for span in spans {
            let place = span.from == seam ? past.firstIndex { $0.to == seam && $0.source == span.source } : nil
            if let place { past[place].to = span.to } else { rest.append(span) }
        }
        return past + rest
    }

    private func clipped(_ span: PauseSpan, from: Timestamp, to: Timestamp?) -> PauseSpan? {
        var span = span
        span.from = max(span.from, from)
        if let to { span.to = min(span.to ?? to, to) }
        if let end = span.to, end <= span.from { return nil }
        return span
    }

    private func target(_ part: ClockDraft.Part, _ line: ActiveTime) -> Duration? {
        if let pinned = part.stretch.pinnedDue { return line.elapsed(to: pinned) }
        do {
            return try part.target?.length(from: part.stretch.countsFrom, part.calendar)
        } catch {
            // The calendar does not open so often within two years.
            return nil
        }
    }

    // MARK: Thresholds

    private func fire(
        _ clock: inout Clock, _ parts: [ClockDraft.Part], _ lines: [ActiveTime], end stop: Timestamp?
    ) {
        var crossed: Set<String> = []
        for (number, part) in parts.enumerated() {
            guard let target = part.stretch.target else { continue }
            let active = lines[number]
            let end = number + 1 < parts.count ? parts[number + 1].stretch.from : stop
            let before = number == 0 ? nil : active.elapsed(to: part.stretch.from)
            var found: [Clock.Firing] = []
            for threshold in part.rule?.thresholds ?? [Threshold(.target)] {
                guard let amount = threshold.amount(of: target) else { continue }
                var firing = Clock.Firing(
                    threshold: threshold, at: part.stretch.from, arm: number, elapsed: amount, target: target,
                    priority: part.stretch.priority, policy: part.stretch.policy)
                if let before, before >= amount {
                    guard crossed.insert(threshold.label).inserted else { continue }
                    firing.cause = "target_changed"
                    firing.elapsed = before
                    firing.isQuiet = threshold.isBreach && !(part.policy?.runsOnRetroBreach ?? false)
                } else {
                    crossed.remove(threshold.label)
                    guard let instant = instant(of: amount, threshold, part, active),
                        end.map({ instant < $0 }) ?? true
                    else { continue }
                    firing.at = max(instant, part.stretch.from)
                    crossed.insert(threshold.label)
                }
                found.append(firing)
            }
            clock.firings += highest(found)
        }
        clock.breaches = clock.firings.filter { $0.threshold.kind == .target && $0.at <= now }.map {
            Clock.Breach(at: $0.at, target: $0.target, priority: $0.priority, cause: $0.cause)
        }
    }

    private func instant(
        of amount: Duration, _ threshold: Threshold, _ part: ClockDraft.Part, _ active: ActiveTime
    ) -> Timestamp? {
        if threshold.kind == .target, let pinned = part.stretch.pinnedDue { return pinned }
        return active.instant(of: amount)
    }

    /// In order; of those at one instant all but the highest are passed over.
    private func highest(_ firings: [Clock.Firing]) -> [Clock.Firing] {
        var sorted = firings.enumerated().sorted { left, right in
            (left.element.at, rank(left.element), left.offset) < (right.element.at, rank(right.element), right.offset)
        }.map(\.element)
        for index in sorted.indices.dropLast() where sorted[index].at == sorted[index + 1].at {
            sorted[index].isSkipped = true
        }
        return sorted
    }

    private func rank(_ firing: Clock.Firing) -> Duration {
        firing.threshold.amount(of: firing.target) ?? .zero
    }
}
