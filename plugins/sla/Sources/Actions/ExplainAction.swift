import Calendars
import PluginKit
import WorkflowModel

/// `sla.explain`: how the clocks of a ticket came to stand where they do.
struct ExplainAction: ReadAction {
    let shelf: PolicyShelf

    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        let id = try input.ticketOrRun(in: context.action)
        let metrics = try input.texts("metric")
        let now = try input.optionalTimestamp("at") ?? context.action.now
        let table = context.action.workspace.policies
        let zone = try self.zone(input, context.action)
        let shelf = shelf
        return try await context.documents.read { store in
            guard let ticket = try TicketRecord(id, in: store) else {
                return [
                    "found": false, "ticket": .string(id), "clocks": [], "unmeasured": [], "history": [],
                    "folded": .null,
                ]
            }
            // Asked for another moment, only what had happened by then counts.
            let history = ticket.history.filter { $0.at <= now }
            let book = try shelf.computation(for: history, table, in: store).clocks(of: history, at: now)
            let asked = book.clocks.filter { metrics.isEmpty || metrics.contains($0.metric.rawValue) }
            let clocks = try asked.map { clock -> Value in
                let key = ClockRecord.id(id, clock)
                let kept = try store.document(key, in: SLAPlugin.clocks)
                return try ClockExplanation(
                    clock: clock, id: key, fired: kept?["fired"]?.map ?? [:], zone: zone, now: now
                )
                .value(calendar: calendar(of: clock, table, store))
            }
            return [
                "found": true, "ticket": .string(id), "clocks": .list(clocks),
                "unmeasured": .list(book.unmeasured.map(Self.value)),
                "history": .list(history.suffix(200).map { Self.value($0, zone) }),
                "folded": history.first.flatMap(Self.folded) ?? .null,
            ]
        }
    }

    private func zone(_ input: ActionInput, _ context: ActionContext) throws -> ZoneClock {
        let name = try input.optionalText("zone") ?? context.workspace.directory.zone
        do throws(CalendarError) {
            return try ZoneClock(iana: name)
        } catch {
            throw Failure.permanent("unknown_zone", error.message + (error.help.map { "; \($0)" } ?? ""))
        }
    }

    private func calendar(
        of clock: Clock, _ table: PolicyTable?, _ store: any PluginStoreReader
    ) throws -> BusinessCalendar? {
        guard let name = clock.calendar, let version = clock.version,
            let calendar = try shelf.set(version, table, in: store)?.calendars[name]
        else { return nil }
        return try clock.zone.map { calendar.inZone(try ZoneClock($0)) } ?? calendar
    }

    /// What is kept of the beginning of a long history.
    private static func folded(_ first: Happening) -> Value? {
        guard first.kind == .folded else { return nil }
        return [
            "count": first.detail["count"] ?? .null, "from": first.detail["since"] ?? .null,
            "until": .timestamp(first.at),
        ]
    }

    private static func value(_ unmeasured: Unmeasured) -> Value {
        [
            "metric": .string(unmeasured.metric.rawValue), "reason": .string(unmeasured.reason),
            "policy": unmeasured.policy.map { .string($0) } ?? .null,
            "priority": unmeasured.priority.map { .string($0) } ?? .null,
        ]
    }

    private static func value(_ happening: Happening, _ zone: ZoneClock) -> Value {
        var map: ValueMap = [
            "at": .timestamp(happening.at), "what": .string(happening.kind.rawValue),
            "local": .string(zone.rfc3339(happening.at)),
        ]
        for field in ["status", "priority", "team", "assignee"] { map[field] = happening.fields[field] }
        if let by = happening.detail["by"] { map["by"] = by }
        return .map(map)
    }
}

/// One clock with its targets, pauses, thresholds and arithmetic.
struct ClockExplanation {
    let clock: Clock
    let id: String
    let fired: ValueMap
    let zone: ZoneClock
    let now: Timestamp

    func value(calendar: BusinessCalendar?) -> Value {
        let account = ClockAccount(clock: clock, calendar: calendar, zone: zone, now: now)
        var map = ClockView.map(id, clock)
        map["start"] = .timestamp(clock.start)
        map["stop"] = clock.stop.map { .timestamp($0) } ?? .null
        map["calendar"] = clock.calendar.map { .string($0) } ?? .null
        map["zone"] = clock.zone.map { .string($0) } ?? .null
        map["version"] = clock.version.map { .string(String($0.prefix(12))) } ?? .null
        map["summary"] = .string(account.summary)
        map["targets"] = .list(clock.stretches.map { target($0, account) })
        map["pauses"] = .list(
            clock.pauses.map { pause in
                [
                    "source": .string(pause.source), "from": .timestamp(pause.from),
                    "to": pause.to.map { .timestamp($0) } ?? .null, "unanswered": .bool(pause.isUnanswered),
                ]
            })
        map["breaches"] = .list(
            clock.breaches.map { breach in
                [
                    "at": .timestamp(breach.at), "target": .duration(breach.target),
                    "priority": breach.priority.map { .string($0) } ?? .null,
                    "cause": breach.cause.map { .string($0) } ?? .null,
                ]
            })
        map["thresholds"] = .list(clock.firings.map(threshold))
        map["rows"] = .list(account.rows)
        return .map(map)
    }

    private func target(_ stretch: Clock.Stretch, _ account: ClockAccount) -> Value {
        let target = stretch.target.map(DurationText.forPeople) ?? "no target"
        let who = [stretch.policy.map { "policy \($0)" }, stretch.priority].compactMap { $0 }.joined(separator: ", ")
        var text = "from \(account.text(stretch.from)): \(target) (\(who.isEmpty ? "no policy" : who))"
        if let due = stretch.pinnedDue {
            text = "from \(account.text(stretch.from)): due \(account.text(due)), set by \(stretch.pinnedBy ?? "hand")"
        } else if stretch.countsFrom > clock.start {
            text += ", counted from \(account.text(stretch.countsFrom))"
        }
        return [
            "from": .timestamp(stretch.from), "policy": stretch.policy.map { .string($0) } ?? .null,
            "priority": stretch.priority.map { .string($0) } ?? .null,
            "target": stretch.target.map { .duration($0) } ?? .null, "cause": .string(stretch.cause),
            "counts_from": .timestamp(stretch.countsFrom), "text": .string(text),
        ]
    }

    private func threshold(_ firing: Clock.Firing) -> Value {
        let told = fired[firing.key]
        return [
            "threshold": .string(firing.threshold.label), "at": .timestamp(firing.at),
            "outcome": told?["outcome"] ?? (firing.at > now ? "ahead" : "not_told"),
            "late_by": told?["late_by"] ?? .null, "cause": firing.cause.map { .string($0) } ?? .null,
        ]
    }
}

extension ActionInput {
    /// The ticket that is named, else the run's.
    func ticketOrRun(in context: ActionContext) throws -> String {
        if let id = try optionalText("ticket") { return id }
        if let id = context.names["ticket"]?["id"]?.string { return id }
        if let subject = context.subject, subject.hasPrefix("ticket:") { return String(subject.dropFirst(7)) }
        throw Failure.invalidInput("no ticket is named and the run is about none; give `ticket: ID`")
    }
}
