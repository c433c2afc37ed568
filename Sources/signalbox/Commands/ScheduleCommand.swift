import ArgumentParser
import Calendars
import WorkflowModel

/// `signalbox schedule`: shows when schedules fire.
struct ScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Show when a cron expression or a recurrence rule fires.",
        subcommands: [NextCommand.self, CronCommand.self, RRuleCommand.self])

    /// The most times that one answer holds.
    fileprivate static let mostTimes = 10_000
}

extension ScheduleCommand {
    /// `signalbox schedule next`: the next fires of one schedule.
    struct NextCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "next",
            abstract: "Preview the next fires of a schedule.",
            discussion: """
                signalbox schedule next '0 9 * * mon-fri' --zone Europe/Berlin
                signalbox schedule next --rrule 'FREQ=WEEKLY;BYDAY=MO' --start 2026-03-02T09:00 --zone Europe/Berlin
                """)

        @Argument(help: "A cron expression.")
        var expression: String?

        @Option(help: "A recurrence rule (RFC 5545) instead of a cron expression.")
        var rrule: String?

        @Option(help: "The local time or date from which the rule counts, such as 2026-03-02T09:00.")
        var start: String?

        @Option(help: "A local time or date at which the rule does not fire; may be repeated.")
        var exclude: [String] = []

        @Option(help: "The time zone, an IANA name.")
        var zone = "UTC"

        @Option(help: "How many fires to show.")
        var count = 5

        @Option(help: "Show fires after this time, such as 2026-11-22T08:00:00Z; now if not given.")
        var after: String?

        @OptionGroup var output: OutputOptions

        func validate() throws {
            if (expression == nil) == (rrule == nil) {
                throw ValidationError("Give a cron expression, or --rrule with a recurrence rule.")
            }
            if rrule == nil, start != nil || !exclude.isEmpty {
                throw ValidationError("--start and --exclude belong to --rrule.")
            }
            if rrule != nil, start == nil { throw ValidationError("--rrule needs --start, such as 2026-03-02T09:00.") }
            if !(1...ScheduleCommand.mostTimes).contains(count) {
                throw ValidationError("--count must be from 1 to \(ScheduleCommand.mostTimes).")
            }
            if let after, Timestamp(rfc3339: after) == nil {
                throw ValidationError("--after must be a time such as 2026-11-22T08:00:00Z.")
            }
        }

        func run() async throws {
            let moment = after.flatMap { Timestamp(rfc3339: $0) } ?? WallClock.now()
            let clock: ZoneClock
            let fires: [Occurrence]
            do throws(CalendarError) {
                clock = try ZoneClock(zone)
                fires = try self.fires(after: moment, clock)
            } catch {
                throw CommandFailure(.failed, error.message, help: error.help)
            }
            let console = output.console
            for fire in fires {
                let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][clock.local(at: fire.instant).weekday]
                let note =
                    fire.shifted
                    ? "  (the clocks skip \(fire.local.text.suffix(8)) that day, so it is as much later)" : ""
                console.line("\(weekday) \(clock.rfc3339(fire.instant))  \(fire.instant)\(note)")
            }
            if fires.isEmpty { console.remark("It does not fire any more.") }
            console.json([
                "zone": .string(zone),
                "times": .list(
                    fires.map {
                        [
                            "time": .string($0.instant.rfc3339), "local": .string(clock.rfc3339($0.instant)),
                            "shifted": .bool($0.shifted),
                        ]
                    }),
            ])
        }

        private func fires(after moment: Timestamp, _ clock: ZoneClock) throws(CalendarError) -> [Occurrence] {
            guard let rrule, let start else {
                return try CronExpression(expression ?? "").next(after: moment, zone: clock, limit: count)
                    .map { Occurrence(instant: $0, local: clock.local(at: $0), shifted: false) }
            }
            let recurrence = try Recurrence(
                RecurrenceRule(rrule), start: LocalDateTime(reading: start), zone: clock,
                excluding: exclude.map { text throws(CalendarError) in try LocalDateTime(reading: text) })
            // Its occurrences are those at or after a moment; fires are after it.
            return try recurrence.occurrences(from: moment + .nanoseconds(1), limit: count)
        }
    }

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
