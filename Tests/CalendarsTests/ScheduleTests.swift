import Calendars
import Testing
import WorkflowModel

@Suite("Schedules that keep to a calendar")
struct ScheduleTests {
    /// Berlin, Monday to Friday 09:00 to 17:00; Christmas closed, a Sunday open.
    private static func office() throws -> BusinessCalendar {
        var week = ValueMap()
        for day in ["mon", "tue", "wed", "thu", "fri"] { week[.string(day)] = [["09:00", "17:00"]] }
        return try BusinessCalendar([
            "tz": "Europe/Berlin", "weekly": .map(week), "holidays": ["2026-12-25"],
            "special": ["2026-12-27": [["20:00", "22:00"]]],
        ])
    }

    private static func schedule(_ cron: String, _ within: ScheduleTrigger.OpenTimes, zone: String = "Europe/Berlin")
        throws -> Schedule
    {
        var trigger = ScheduleTrigger(times: .cron(cron), zone: zone, place: SourcePlace(file: "p", line: 1, column: 1))
        trigger.calendar = "office"
        trigger.within = within
        let office = try office()
        return try Schedule(trigger, zone: "UTC") { $0 == "office" ? office : nil }
    }

    @Test(
        "fires are those in open hours, or on open days",
        arguments: [
            ("0 12 * * *", ScheduleTrigger.OpenTimes.hours, ["24T11:00", "28T11:00", "29T11:00"]),
            ("0 17 * * *", .hours, []),
            ("59 16 * * *", .hours, ["24T15:59", "28T15:59", "29T15:59"]),
            ("0 7 * * *", .days, ["24T06:00", "27T06:00", "28T06:00"]),
            ("0 21 * * *", .hours, ["27T20:00"]),
            ("*/20 8-9 * * *", .hours, ["24T08:00", "24T08:20", "24T08:40", "28T08:00"]),
        ])
    func fires(cron: String, within: ScheduleTrigger.OpenTimes, expected: [String]) throws {
        let start = try #require(Timestamp(rfc3339: "2026-12-23T23:00:00Z"))
        let fires = try Self.schedule(cron, within).fires(after: start, limit: max(expected.count, 1))
        #expect(fires.map { String($0.instant.rfc3339.dropFirst(8).prefix(8)) } == expected)
    }

    @Test("what fires every minute finds its way over the nights quickly, and has an end")
    func manyMinutes() throws {
        let schedule = try Self.schedule("* * * * *", .hours)
        let start = try #require(Timestamp(rfc3339: "2026-12-24T15:58:30Z"))
        let fires = try schedule.fires(after: start, limit: 3).map(\.instant.rfc3339)
        #expect(fires == ["2026-12-24T15:59:00Z", "2026-12-27T19:00:00Z", "2026-12-27T19:01:00Z"])
        #expect(try schedule.fires(after: start, limit: 2000).count == 2000)
    }

    @Test("the zone of the schedule counts its times, that of the calendar its days")
    func zones() throws {
        // 08:00 in Tokyo is midnight in Berlin: of the day that begins there.
        let schedule = try Self.schedule("0 8 * * *", .days, zone: "Asia/Tokyo")
        let start = try #require(Timestamp(rfc3339: "2026-12-23T12:00:00Z"))
        #expect(
            try schedule.fires(after: start, limit: 2).map(\.instant.rfc3339) == [
                "2026-12-23T23:00:00Z", "2026-12-26T23:00:00Z",
            ])
    }

    @Test("another calendar or other times of it make another schedule; an unknown one is an error")
    func identity() throws {
        let hours = try Self.schedule("0 12 * * *", .hours)
        let days = try Self.schedule("0 12 * * *", .days)
        #expect(hours.fingerprint != days.fingerprint)
        #expect(hours.text == "0 12 * * * (Europe/Berlin) in open_hours of office")
        var trigger = ScheduleTrigger(times: .cron("0 12 * * *"), place: SourcePlace(file: "p", line: 1, column: 1))
        trigger.calendar = "gone"
        #expect(throws: CalendarError.self) { try Schedule(trigger, zone: "UTC") }
        trigger.calendar = nil
        #expect(try Schedule(trigger, zone: "UTC").text == "0 12 * * * (UTC)")
    }
}
