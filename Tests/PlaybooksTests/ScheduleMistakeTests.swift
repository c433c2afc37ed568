import Calendars
import Playbooks
import Testing
import WorkflowModel

@Suite("Schedules as triggers")
struct ScheduleMistakeTests {
    private static func schedule(
        _ title: String, _ written: String, _ message: String, help: String? = nil, code: PlaybookCode = .badSchedule
    ) -> Mistake {
        .step(title, code, "  - stop:", message, help: help, trigger: "trigger: { schedule: \(written) }")
    }

    static let mistakes: [Mistake] = [
        schedule("an hour that is none", "{ cron: 0 «24» * * 1 }", "24 is outside 0 to 23", help: "write 0"),
        schedule("a day in full", "{ cron: 0 8 * * «monday» }", "no name such as mon", help: "write mon"),
        schedule("a range that runs backwards", "{ cron: 0 «22-2» * * * }", "runs backwards", help: "22-23,0-2"),
        schedule("a step of nothing", "{ cron: '*/«0» * * * *' }", "must be a number from 1"),
        schedule(
            "seconds, as another program has them", "{ cron: «0 0 8 ? * MON-FRI» }", "has five fields",
            help: "write 0 8 * * MON-FRI"),
        schedule(
            "the last day, as another program has it", "{ cron: 0 8 «L» * * }", "is no number", help: "BYMONTHDAY=-1"),
        schedule("a question mark", "{ cron: 0 8 «?» * 1 }", "is no number", help: "write *"),
        schedule("four fields", "{ cron: «0 8 * *» }", "has 4", help: "minute, hour"),
        schedule("a date that never comes", "{ cron: 0 8 «30» 2 * }", "never comes"),
        schedule("an unknown name", "{ cron: «'@often'» }", "there is no", help: "@daily"),
        schedule(
            "commas inside braces", "{ cron: 0 8 * * mon, «wed», fri }", "separates keys",
            help: "\"0 8 * * mon,wed,fri\""),
        schedule("no cron and no rule", "«{ zone: UTC }»", "does not say when", code: .missingKey),
        schedule("a text", "«0 8 * * 1»", "must be a map", help: "{ cron: \"0 8 * * 1\" }", code: .wrongKind),
        schedule("another key", "{ cron: 0 8 * * 1, «tz»: UTC }", "`tz`", help: "zone", code: .unknownKey),
        schedule(
            "an unknown calendar", "{ cron: 0 8 * * 1, calendar: «suport-hours» }", "there is no calendar",
            help: "support-hours", code: .unknownEntry),
        schedule(
            "other times of a calendar", "{ cron: 0 8 * * 1, calendar: support-hours, within: «days» }",
            "one of open_hours, open_days", code: .wrongValue),
        schedule(
            "times of no calendar", "{ cron: 0 8 * * 1, «within»: open_days }", "no meaning without `calendar`",
            help: "calendar:", code: .misplacedKey),
        schedule("an unknown zone", "{ cron: 0 8 * * 1, zone: «Europe/Berln» }", "no time zone", help: "Europe/Berlin"),
        schedule("a city", "{ cron: 0 8 * * 1, zone: «Berlin» }", "no time zone", help: "Europe/Berlin"),
        schedule("an abbreviation", "{ cron: 0 8 * * 1, zone: «CET» }", "no time zone", help: "Europe/Berlin, or UTC"),
        schedule(
            "another catch-up", "{ cron: 0 8 * * 1, catch_up: «lates» }", "one of skip, latest, all", help: "latest",
            code: .wrongValue),
        schedule(
            "an overlap that is no choice", "{ cron: 0 8 * * 1, overlap: «run-too» }", "wait, skip, replace, run_too",
            help: "run_too", code: .wrongValue),
        schedule(
            "a rule without a start", "{ «rrule»: FREQ=DAILY }", "needs `start`", help: "start: 20", code: .missingKey),
        schedule(
            "a frequency that is none", "{ rrule: FREQ=«EVERYDAY», start: 2026-03-02 }", "not known", help: "DAILY"),
        schedule(
            "a day of a rule that is none", "{ rrule: \"FREQ=WEEKLY;BYDAY=MO,«monday»\", start: 2026-03-02 }",
            "cannot be read", help: "MO to SU"),
        schedule(
            "a part of a rule that is none", "{ rrule: FREQ=DAILY;«byhours=8», start: 2026-03-02 }", "no part",
            help: "BYHOUR"),
        schedule("a rule of seconds", "{ rrule: «FREQ=SECONDLY», start: 2026-03-02T09:00 }", "too frequent"),
        schedule(
            "a rule that fires twice a minute", "{ rrule: «\"FREQ=MINUTELY;BYSECOND=0,30\"», start: 2026-03-02T09:00 }",
            "more than once a minute"),
        schedule(
            "a rule that never fires", "{ rrule: «FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30», start: 2026-03-02T09:00 }",
            "never fires"),
        schedule(
            "a rule that was over before it began", "{ rrule: «FREQ=DAILY;UNTIL=20260301», start: 2026-03-02T09:00 }",
            "never fires"),
        schedule(
            "a start with an offset", "{ rrule: FREQ=DAILY, start: «2026-03-02T09:00Z» }", "no local time",
            help: "without an offset"),
        schedule("a start beside cron", "{ cron: 0 8 * * 1, «start»: 2026-03-02 }", "no meaning", code: .misplacedKey),
        schedule(
            "both kinds", "{ cron: 0 8 * * 1, «rrule»: FREQ=DAILY, start: 2026-03-02 }", "cannot stand beside",
            help: "two triggers", code: .conflictingKeys),
        .step(
            "an event beside it", .conflictingKeys, "  - stop:", "cannot stand beside `schedule`", help: "two triggers",
            trigger: "trigger: { schedule: { cron: 0 8 * * 1 }, «event»: ticket.created }"),
        .step(
            "a condition beside it", .misplacedKey, "  - stop:", "no meaning beside `schedule`", help: "`if`",
            trigger: "trigger: { schedule: { cron: 0 8 * * 1 }, «when»: 'true' }"),
        .step(
            "the same schedule twice", .conflictingKeys, "  - stop:", "twice",
            trigger: "trigger:\n  - schedule: { cron: 0 8 * * 1 }\n  - «schedule»: { cron: 0 8 * * 1, overlap: skip }"),
        .step(
            "a name that the schedule does not give", .unknownField, "  - fail: =schedule.«due»", "no field `due`",
            help: "due_at", trigger: "trigger: { schedule: { cron: 0 8 * * 1 } }"),
        .step(
            "a ticket where nobody has one", .unknownName, "  - fail: =«ticket».id", "no name `ticket`",
            trigger: "trigger: { schedule: { cron: 0 8 * * 1 } }"),
    ]

    @Test("each mistake is reported at its characters", arguments: mistakes)
    func mistake(_ mistake: Mistake) { mistake.expect() }

    @Test("what is right is read as it stands")
    func right() throws {
        let text = Sample.playbook(
            trigger: """
                trigger:
                  - schedule: { cron: "0 8 * * mon,wed", zone: Asia/Tokyo, catch_up: all, overlap: wait }
                  - schedule:
                      rrule: FREQ=MONTHLY;BYDAY=-1FR
                      start: 2026-01-30T18:00
                  - schedule: { cron: "@daily" }
                  - schedule: { cron: "@daily", calendar: support-hours }
                  - schedule: { cron: "@daily", calendar: support-hours, within: open_days }
                """, steps: "  - fail: =schedule.due_at")
        let workflow = try #require(Sample.read(text).workflow)
        let triggers = workflow.schedules.map(\.trigger)
        #expect(
            triggers.map(\.times) == [
                .cron("0 8 * * mon,wed"), .rrule("FREQ=MONTHLY;BYDAY=-1FR", start: "2026-01-30T18:00"), .cron("@daily"),
                .cron("@daily"), .cron("@daily"),
            ])
        #expect(triggers.map(\.zone) == ["Asia/Tokyo", nil, nil, nil, nil])
        #expect(triggers.map(\.catchUp) == [.all, .latest, .latest, .latest, .latest])
        #expect(triggers.map(\.overlap) == [.wait, nil, nil, nil, nil])
        #expect(triggers.map(\.calendar) == [nil, nil, nil, "support-hours", "support-hours"])
        #expect(triggers.map(\.within) == [.hours, .hours, .hours, .hours, .days])
        let last = try Schedule(triggers[1], zone: "Europe/Berlin")
        #expect(try last.next(after: Timestamp(seconds: 1_790_000_000))?.rfc3339 == "2026-09-25T16:00:00Z")
    }
}
