import Calendars
import WorkflowModel

extension ClockComputation {
    /// One happening that stands for all of `history`: the clocks that it left open, or that re-opening the ticket may take up again, and
    /// what the ticket was like. Computing on from it gives what computing on from `history` gives, for all clocks but those that are
    /// over for good.
    ///
    /// - Returns: nil when there is nothing to fold.
    public func folded(_ history: [Happening]) -> Happening? {
        let moments = Timeline(history).moments
        guard let first = moments.first?.happening, let last = moments.last else { return nil }
        var kinds = ValueMap()
        for kind in Policy.Kind.allCases {
            let fold = ClockFold(kind: kind, moments: moments, policies: policies)
            kinds[.string(kind.rawValue)] = .map(FoldedClocks(moments: moments, cut: last.at).state(of: fold))
        }
        var count = Int64(history.count)
        var since = first.at
        if first.kind == .folded {
            count += (first.detail["count"]?.int ?? 0) - 1
            since = first.detail["since"]?.timestamp ?? since
        }
        return Happening(
            at: last.at, sequence: last.happening.sequence, kind: .folded, fields: last.fields,
            detail: [
                "count": .int(count), "since": .timestamp(since), "unanswered": .bool(last.isUnanswered),
                "kinds": .map(kinds),
            ], version: last.happening.version)
    }
}

/// The clocks of one kind in the form in which a folded history keeps them.
struct FoldedClocks {
    let moments: [Moment]
    /// Up to when is folded.
    let cut: Timestamp

    /// What `fold` has come to.
    func state(of fold: ClockFold) -> ValueMap {
        var map: ValueMap = [
            "has_begun": .bool(fold.hasBegun), "is_over": .bool(fold.isOver), "was_done": .bool(fold.wasDone),
            "has_reply": .bool(fold.hasReply),
            "cycles": .map(
                ValueMap(
                    strings: Metric.allCases.compactMap { metric in
                        fold.cycles[metric].map { (metric.rawValue, .int(Int64($0))) }
                    })),
            "clocks": .list(kept(fold).map { .map(value($0)) }),
        ]
        if let unanswered = fold.unanswered { map["unanswered"] = .timestamp(unanswered) }
        if let team = fold.team { map["team"] = .string(team) }
        return map
    }

    /// The open ones, and of each metric the last that was solved: re-opening takes it up again.
    private func kept(_ fold: ClockFold) -> [ClockDraft] {
        Metric.allCases.flatMap { metric in
            [fold.closed.last { $0.metric == metric && $0.stop?.cause == "solved" }, fold.open[metric]].compactMap {
                $0
            }
        }
    }

    private func value(_ draft: ClockDraft) -> ValueMap {
        let reading = ClockReading(moments: moments, now: cut)
        var map: ValueMap = [
            "metric": .string(draft.metric.rawValue), "cycle": .int(Int64(draft.cycle)),
            "start": .timestamp(draft.start),
            "gaps": .list(draft.gaps.map(\.value)),
            "parts": .list(
                draft.parts.map { part in
                    var map = part.stretch.value
                    if let zone = part.calendar?.zone.name { map["zone"] = .string(zone) }
                    let past = reading.ownPauses(part, draft).map { span in
                        var span = span
                        span.to = min(span.to ?? cut, cut)
                        return span.value
                    }
                    map["past"] = .list(past)
                    return .map(map)
                }),
        ]
        map["version"] = draft.version.map(Value.string)
        if let stop = draft.stop {
            map["stop"] = .timestamp(stop.at)
            map["state"] = .string(stop.state.rawValue)
            map["cause"] = .string(stop.cause)
        }
        return map
    }
}

extension ClockFold {
    /// Goes on from a history that was folded.
    mutating func unfold(_ happening: Happening) {
        let state = happening.detail["kinds"]?[kind.rawValue] ?? .null
        hasBegun = state["has_begun"]?.bool ?? true
        isOver = state["is_over"]?.bool ?? false
        wasDone = state["was_done"]?.bool ?? false
        hasReply = state["has_reply"]?.bool ?? false
        unanswered = state["unanswered"]?.timestamp
        team = state["team"]?.string
        for entry in state["cycles"]?.map ?? [:] {
            guard let metric = entry.key.string.flatMap(Metric.init(rawValue:)), let count = entry.value.int else {
                continue
            }
            cycles[metric] = Int(count)
        }
        for value in state["clocks"]?.list ?? [] {
            guard let draft = draft(value, happening) else { continue }
            if draft.stop == nil { open[draft.metric] = draft } else { closed.append(draft) }
        }
    }

    private func draft(_ value: Value, _ happening: Happening) -> ClockDraft? {
        guard let metric = value["metric"]?.string.flatMap(Metric.init(rawValue:)), let cycle = value["cycle"]?.int,
            let start = value["start"]?.timestamp
        else { return nil }
        var draft = ClockDraft(
            metric: metric, kind: kind, cycle: Int(cycle), start: start, version: value["version"]?.string)
        draft.gaps = (value["gaps"]?.list ?? []).compactMap { PauseSpan($0) }
        draft.parts = (value["parts"]?.list ?? []).compactMap { part($0, metric) }
        draft.ownPausesFrom = happening.at
        draft.adopted = draft.parts.last?.past ?? []
        if let at = value["stop"]?.timestamp, let state = value["state"]?.string.flatMap(Clock.State.init(rawValue:)) {
            draft.stop = (at, state, value["cause"]?.string ?? "")
        }
        return draft.parts.isEmpty ? nil : draft
    }

    private func part(_ value: Value, _ metric: Metric) -> ClockDraft.Part? {
        guard let stretch = Clock.Stretch(value) else { return nil }
        let set = policies(stretch.version)
        let policy = stretch.policy.flatMap { set?.policy($0) }
        let rule = policy?.rule(metric)
        var calendar = rule?.calendar.flatMap { set?.calendars[$0] }
        if let known = calendar, let zone = value["zone"]?.string, zone != known.zone.name {
            // A zone that no longer exists leaves the calendar's own, as for a ticket whose zone nobody knows.
            do throws(CalendarError) { calendar = known.inZone(try ZoneClock(zone)) } catch {}
        }
        var part = ClockDraft.Part(
            stretch: stretch, policy: policy, rule: rule, calendar: calendar,
            target: rule?.target(of: stretch.priority))
        part.past = (value["past"]?.list ?? []).compactMap { PauseSpan($0) }
        return part
    }
}

extension Clock.Stretch {
    fileprivate var value: ValueMap {
        var map: ValueMap = [
            "from": .timestamp(from), "counts_from": .timestamp(countsFrom), "cause": .string(cause),
        ]
        map["policy"] = policy.map(Value.string)
        map["version"] = version.map(Value.string)
        map["priority"] = priority.map(Value.string)
        map["pinned_due"] = pinnedDue.map(Value.timestamp)
        map["pinned_by"] = pinnedBy.map(Value.string)
        return map
    }

    fileprivate init?(_ value: Value) {
        guard let from = value["from"]?.timestamp, let countsFrom = value["counts_from"]?.timestamp else { return nil }
        self.init(
            from: from, policy: value["policy"]?.string, version: value["version"]?.string,
            priority: value["priority"]?.string, target: nil, countsFrom: countsFrom,
            cause: value["cause"]?.string ?? "start", pinnedDue: value["pinned_due"]?.timestamp,
            pinnedBy: value["pinned_by"]?.string)
    }
}

extension PauseSpan {
    fileprivate var value: Value {
        var map: ValueMap = ["source": .string(source), "from": .timestamp(from)]
        map["to"] = to.map(Value.timestamp)
        if isUnanswered { map["unanswered"] = true }
        return .map(map)
    }

    fileprivate init?(_ value: Value) {
        guard let source = value["source"]?.string, let from = value["from"]?.timestamp else { return nil }
        self.init(
            source: source, from: from, to: value["to"]?.timestamp,
            isUnanswered: value["unanswered"]?.bool ?? false)
    }
}
