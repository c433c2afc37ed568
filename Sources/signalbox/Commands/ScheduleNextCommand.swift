import ArgumentParser
import Calendars
import WorkflowEngine
import WorkflowModel
import Workspaces

extension ScheduleCommand {
    /// `signalbox schedule next`: the next fires of the workspace's schedules, or of one that is given.
    struct NextCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "next",
            abstract: "Preview the next fires of playbooks' schedules, or of one that is given.",
            discussion: """
                signalbox schedule next
                signalbox schedule next stale-ticket-sweep --count 10
                signalbox schedule next '0 9 * * mon-fri' --zone Europe/Berlin
                signalbox schedule next --rrule 'FREQ=WEEKLY;BYDAY=MO' --start 2026-03-02T09:00 --zone Europe/Berlin

                Each line is a fire in the schedule's zone, and beside it in UTC.
                """)

        @Argument(help: "A playbook, or a cron expression; nothing for all playbooks of the workspace.")
        var what: String?

        @Option(help: "A recurrence rule (RFC 5545) instead.")
        var rrule: String?

        @Option(help: "The local time or date from which the rule counts, such as 2026-03-02T09:00.")
        var start: String?

        @Option(help: "A local time or date at which the rule does not fire; may be repeated.")
        var exclude: [String] = []

        @Option(help: "The time zone of an expression or rule that is given, an IANA name; UTC if not given.")
        var zone: String?

        @Option(help: "How many fires to show of each schedule.")
        var count = 5

        @Option(help: "Show fires after this time, such as 2026-11-22T08:00:00Z; now if not given.")
        var after: String?

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        /// Whether a schedule is given, rather than a playbook that has some.
        private var isGiven: Bool {
            guard let what else { return rrule != nil }
            return what.contains(where: \.isWhitespace) || what.hasPrefix("@")
        }

        func validate() throws {
            if what != nil, rrule != nil { throw ValidationError("Give a playbook, a cron expression or --rrule.") }
            if rrule == nil, start != nil || !exclude.isEmpty {
                throw ValidationError("--start and --exclude belong to --rrule.")
            }
            if rrule != nil, start == nil { throw ValidationError("--rrule needs --start, such as 2026-03-02T09:00.") }
            if zone != nil, !isGiven {
                throw ValidationError("--zone belongs to an expression or a rule; playbooks have zones of their own.")
            }
            if !(1...ScheduleCommand.mostTimes).contains(count) {
                throw ValidationError("--count must be from 1 to \(ScheduleCommand.mostTimes).")
            }
            if let after, Timestamp(rfc3339: after) == nil {
                throw ValidationError("--after must be a time such as 2026-11-22T08:00:00Z.")
            }
        }

        func run() async throws {
            let moment = after.flatMap { Timestamp(rfc3339: $0) } ?? WallClock.now()
            do {
                if isGiven { try showGiven(after: moment) } else { try showPlaybooks(after: moment) }
            } catch let error as CalendarError {
                throw CommandFailure(.failed, error.message, help: error.help)
            }
        }

        // MARK: A schedule that is given

        private func showGiven(after moment: Timestamp) throws {
            let clock = try ZoneClock(zone ?? "UTC")
            let schedule: Schedule
            if let rrule, let start {
                let rule = try Recurrence(
                    RecurrenceRule(rrule), start: LocalDateTime(reading: start), zone: clock,
                    excluding: exclude.map { text throws(CalendarError) in try LocalDateTime(reading: text) })
                schedule = Schedule(rule, text: rrule, zone: clock)
            } else {
                schedule = Schedule(try CronExpression(what ?? ""), zone: clock)
            }
            let fires = try schedule.fires(after: moment, limit: count)
            for fire in fires { output.console.line(line(fire, clock)) }
            if fires.isEmpty { output.console.remark("It does not fire any more.") }
            output.console.json(["zone": .string(clock.name), "times": json(fires, clock)])
        }

        // MARK: The schedules of playbooks

        private func showPlaybooks(after moment: Timestamp) throws {
            let open = try OpenWorkspace.loadForWork(place.workspace)
            var playbooks = open.playbooks.filter { !$0.workflow.schedules.isEmpty }
            if let what {
                let playbook = try open.playbook(what)
                guard !playbook.workflow.schedules.isEmpty else {
                    throw CommandFailure(
                        .failed, "\(playbook.workflow.id) has no schedule",
                        help: playbooks.isEmpty
                            ? "`trigger: { schedule: { cron: … } }` gives it one"
                            : "these have one: \(playbooks.map(\.workflow.id).joined(separator: ", "))")
                }
                playbooks = [playbook]
            }
            let console = output.console
            if playbooks.isEmpty { console.line("No playbook of \(open.workspace.folder) has a schedule.") }
            var list: [Value] = []
            for workflow in playbooks.map(\.workflow) {
                for (position, trigger) in workflow.schedules {
                    let schedule = try Schedule(
                        trigger, zone: open.workspace.settings.zone, calendars: open.businessCalendars)
                    let fires = try schedule.fires(after: moment, limit: count)
                    if !list.isEmpty { console.line() }
                    console.line(console.paint.bold(workflow.id) + "  \(schedule.text)" + note(workflow.mode))
                    for fire in fires { console.line("  " + line(fire, schedule.zone)) }
                    if fires.isEmpty { console.line("  does not fire any more") }
                    list.append(json(workflow, position, trigger, schedule, fires))
                }
            }
            console.json(["after": .string(moment.rfc3339), "schedules": .list(list)])
        }

        private func note(_ mode: Workflow.Mode) -> String {
            switch mode {
            case .active: ""
            case .shadow: "  (mode shadow: its runs are rehearsed only)"
            case .disabled: "  (mode disabled: it does not fire)"
            }
        }

        private func line(_ fire: Occurrence, _ clock: ZoneClock) -> String {
            let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][clock.local(at: fire.instant).weekday]
            let note =
                fire.shifted ? "  (the clocks skip \(fire.local.text.suffix(8)) that day, so it is as much later)" : ""
            return "\(weekday) \(clock.rfc3339(fire.instant))  \(fire.instant)\(note)"
        }

        private func json(_ fires: [Occurrence], _ clock: ZoneClock) -> Value {
            .list(
                fires.map {
                    [
                        "time": .string($0.instant.rfc3339), "local": .string(clock.rfc3339($0.instant)),
                        "shifted": .bool($0.shifted),
                    ]
                })
        }

        private func json(
            _ workflow: Workflow, _ position: Int, _ trigger: ScheduleTrigger, _ schedule: Schedule,
            _ fires: [Occurrence]
        ) -> Value {
            var map: ValueMap = [
                "playbook": .string(workflow.id), "mode": .string(workflow.mode.rawValue),
                "trigger": .int(Int64(position)), "zone": .string(schedule.zone.name),
                "catch_up": .string(trigger.catchUp.rawValue),
                "overlap": .string(trigger.overlap?.rawValue ?? ""),
                "calendar": trigger.calendar.map(Value.string) ?? .null,
                "within": trigger.calendar.map { _ in .string(trigger.within.rawValue) } ?? .null,
                "times": json(fires, schedule.zone),
            ]
            switch trigger.times {
            case .cron(let text): map["cron"] = .string(text)
            case .rrule(let text, let start):
                map["rrule"] = .string(text)
                map["start"] = .string(start)
            }
            return .map(map)
        }
    }
}
