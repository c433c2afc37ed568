import Calendars
import WorkflowModel
import YAML

/// Reads `schedule`: when it fires, in which zone, and what becomes of missed and overlapping fires.
struct ScheduleReader {
    let reading: PlaybookReading

    /// The schedule of `node`; nil, with a report, when it cannot be read.
    func schedule(_ node: YAMLNode) -> ScheduleTrigger? {
        guard !node.isDamaged else { return nil }
        if let text = node.text, !node.isNull {
            let isRule = text.uppercased().contains("FREQ=")
            reading.report(
                .wrongKind, node, "`schedule` must be a map of keys to values, is text",
                help: "write { \(isRule ? "rrule" : "cron"): \"\(text)\" }")
            return nil
        }
        guard let fields = Fields(node, "`schedule`", reading) else { return nil }
        guard !hasCommas(fields) else { return nil }
        fields.refuseUnknown(KeyTable.schedule, "a schedule")
        let zone = zone(fields)
        let catchUp = fields.word("catch_up", as: ScheduleTrigger.CatchUp.self) ?? .latest
        let overlap = fields.word("overlap", as: ConcurrencyRule.IfBusy.self)
        let calendar = CalendarKey(reading: reading).name(fields, of: "calendar")
        let within = fields.word("within", as: ScheduleTrigger.OpenTimes.self) ?? .hours
        if let key = fields.node.entry("within")?.key, !fields.has("calendar") {
            reading.report(
                .misplacedKey, key, "`within` has no meaning without `calendar`",
                help: "write `calendar:` with the name of a calendar")
        }
        guard let times = times(fields), zone.isGood else { return nil }
        var trigger = ScheduleTrigger(
            times: times, zone: zone.name, catchUp: catchUp, overlap: overlap, place: reading.place(node))
        trigger.calendar = calendar
        trigger.within = within
        return trigger
    }

    /// Whether a comma has cut a cron expression inside `{…}`, so that its rest looks like keys.
    private func hasCommas(_ fields: Fields) -> Bool {
        guard let entries = fields.node.entries, let at = entries.firstIndex(where: { $0.key.text == "cron" }),
            let cron = entries[at].value.text
        else { return false }
        let rest = entries[(at + 1)...].prefix { $0.value.isNull && !KeyTable.schedule.contains($0.key.text ?? "") }
        guard let first = rest.first else { return false }
        let whole = ([cron] + rest.compactMap(\.key.text)).joined(separator: ",")
        do throws(CalendarError) { _ = try CronExpression(whole) } catch { return false }
        reading.report(
            .badSchedule, first.key, "the comma ends the cron expression: inside `{…}` it separates keys",
            help: "put it in quotes: cron: \"\(whole)\"")
        return true
    }

    private func zone(_ fields: Fields) -> (name: String?, isGood: Bool) {
        guard let node = fields.value("zone") else { return (nil, !fields.has("zone")) }
        guard let name = node.text, node.scalar?.resolved == .string else {
            reading.report(
                .wrongKind, node, "`zone` must be the name of a time zone, is \(node.kindInWords)",
                help: "write one such as Europe/Berlin, or UTC")
            return (nil, false)
        }
        do throws(CalendarError) {
            _ = try ZoneClock(iana: name)
            return (name, true)
        } catch {
            report(error, node)
            return (nil, false)
        }
    }

    private func times(_ fields: Fields) -> ScheduleTrigger.Times? {
        if let cron = fields.node.entry("cron") {
            if let rule = fields.node.entry("rrule") {
                reading.report(
                    .conflictingKeys, rule.key, "`rrule` cannot stand beside `cron`",
                    help: "write two triggers in a list")
                return nil
            }
            if let start = fields.node.entry("start") {
                reading.report(
                    .misplacedKey, start.key, "`start` has no meaning beside `cron`: it counts from no day",
                    help: "remove it; `start` belongs to `rrule`")
                return nil
            }
            return text(cron.value, "cron", "0 8 * * mon-fri").flatMap { self.cron($0, cron.value) }
        }
        guard let rule = fields.node.entry("rrule") else {
            if !fields.node.isIncomplete {
                reading.report(
                    .missingKey, fields.node, "the schedule does not say when it fires",
                    help: "write `cron: \"0 8 * * mon-fri\"`, or `rrule` and `start`")
            }
            return nil
        }
        guard let text = text(rule.value, "rrule", "FREQ=WEEKLY;BYDAY=MO") else { return nil }
        guard let start = fields.node.entry("start") else {
            reading.report(
                .missingKey, rule.key, "`rrule` needs `start`: the local time from which it counts",
                help: "write `start: 2026-03-02T09:00`")
            return nil
        }
        return self.text(start.value, "start", "2026-03-02T09:00").flatMap {
            self.rule(text, rule.value, start: $0, start.value)
        }
    }

    private func text(_ node: YAMLNode, _ key: String, _ example: String) -> String? {
        guard !node.isDamaged else { return nil }
        guard let scalar = node.scalar, scalar.resolved == .string, !scalar.text.isEmpty else {
            reading.report(
                .wrongKind, node, "`\(key)` must be a text, is \(node.kindInWords)",
                help: "write \(key): \"\(example)\"")
            return nil
        }
        return scalar.text
    }

    private func cron(_ text: String, _ node: YAMLNode) -> ScheduleTrigger.Times? {
        do throws(CalendarError) {
            try Schedule(CronExpression(text), zone: .utc).checkFires()
            return .cron(text)
        } catch {
            report(error, node)
            return nil
        }
    }

    private func rule(_ text: String, _ node: YAMLNode, start: String, _ startNode: YAMLNode) -> ScheduleTrigger.Times?
    {
        let first: LocalDateTime
        do throws(CalendarError) {
            first = try LocalDateTime(reading: start)
        } catch {
            report(error, startNode)
            return nil
        }
        do throws(CalendarError) {
            let rule = try Recurrence(RecurrenceRule(text), start: first, zone: .utc)
            try Schedule(rule, text: text, zone: .utc).checkFires()
            return .rrule(text, start: start)
        } catch {
            report(error, node)
            return nil
        }
    }

    private func report(_ error: CalendarError, _ node: YAMLNode) {
        let range = error.part.map { node.sourceRange(ofScalars: $0) } ?? reading.narrow(node)
        reading.report(.badSchedule, range, error.message, help: error.help)
    }
}
