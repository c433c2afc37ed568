import ArgumentParser
import Calendars
import WorkflowModel

/// `signalbox schedule`: shows when schedules fire.
struct ScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Show when playbooks, cron expressions and recurrence rules fire.",
        subcommands: [NextCommand.self, CronCommand.self, RRuleCommand.self])

    /// The most times that one answer holds.
    static let mostTimes = 10_000
}

extension ScheduleCommand {
    /// `signalbox schedule cron`: many cron expressions, one a line.
    struct CronCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cron",
            abstract: "Answer many questions about cron expressions.",
            discussion: """
                Every line of standard input is {"id": …, "expr": "0 9 * * *", "tz": "Europe/Berlin", "after": "2026-11-22T08:00:00Z", \
                "count": 5}, and every answer is {"id": …, "times": […]} or {"id": …, "error": "…"}, in the same order. Times have \
                the zone's offset.
                """)

        @Flag(help: "Read one request a line from standard input.")
        var ndjson = false

        func validate() throws {
            if !ndjson { throw ValidationError("Give --ndjson, or use `signalbox schedule next`.") }
        }

        func run() async throws {
            var zones = ZoneClocks()
            try RequestLines.answer { request in
                let fields = RequestFields(request: request)
                let expression = try CronExpression(fields.text("expr"))
                let zone = try zones.clock(fields.optionalText("tz") ?? "UTC")
                let times = expression.next(
                    after: try fields.optionalMoment("after") ?? WallClock.now(), zone: zone,
                    limit: try fields.count("count", unless: 1, upTo: ScheduleCommand.mostTimes))
                return ("times", .list(times.map { .string(zone.rfc3339($0)) }))
            }
        }
    }

    /// `signalbox schedule rrule`: many recurrence rules, one a line.
    struct RRuleCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rrule",
            abstract: "Answer many questions about recurrence rules.",
            discussion: """
                Every line of standard input is {"id": …, "dtstart": "2026-03-02T09:00:00", "tzid": "Europe/Berlin", \
                "rrule": "FREQ=WEEKLY", "exdates": [], "after": "2026-03-02T00:00:00Z", "limit": 10}, and every answer is \
                {"id": …, "occurrences": […]} or {"id": …, "error": "…"}, in the same order: the occurrences at or after `after`, in UTC. \
                Without tzid, or from a date, they are local as dtstart is, and `after` is compared as if that were UTC.
                """)

        @Flag(help: "Read one request a line from standard input.")
        var ndjson = false

        func validate() throws {
            if !ndjson { throw ValidationError("Give --ndjson, or use `signalbox schedule next --rrule`.") }
        }

        func run() async throws {
            var zones = ZoneClocks()
            try RequestLines.answer { request in
                let fields = RequestFields(request: request)
                let rule = try RecurrenceRule(fields.text("rrule"))
                let start = try LocalDateTime(reading: fields.text("dtstart"))
                let zone = try fields.optionalText("tzid").map { try zones.clock($0) }
                // Nothing runs by these rules, so the shortest period is as good as any.
                let recurrence = try Recurrence(
                    rule, start: start, zone: zone, excluding: excluded(request), shortest: .secondly)
                let occurrences = try recurrence.occurrences(
                    from: try fields.optionalMoment("after") ?? .earliest,
                    limit: try fields.count("limit", unless: 10, upTo: ScheduleCommand.mostTimes))
                return (
                    "occurrences",
                    .list(
                        occurrences.map {
                            .string(zone == nil || start.isDate ? $0.local.text : $0.instant.rfc3339)
                        })
                )
            }
        }

        private func excluded(_ request: Value) throws -> [LocalDateTime] {
            guard let value = request["exdates"], value != .null else { return [] }
            guard let list = value.list, list.count <= ScheduleCommand.mostTimes else {
                throw CommandFailure(
                    .failed, "\"exdates\" must be a list of up to \(ScheduleCommand.mostTimes) local times")
            }
            return try list.map { entry in
                guard let text = entry.string else {
                    throw CommandFailure(.failed, "\"exdates\" must be a list of local times")
                }
                return try LocalDateTime(reading: text)
            }
        }
    }
}

/// Zones by their names, found once each.
struct ZoneClocks {
    private var known: [String: ZoneClock] = [:]

    mutating func clock(_ name: String) throws(CalendarError) -> ZoneClock {
        if let clock = known[name] { return clock }
        let clock = try ZoneClock(name)
        known[name] = clock
        return clock
    }
}
