import Calendars
import Testing
import WorkflowModel

@Suite struct WeeklyHoursTests {
    /// Monday 8-12 and 13-17, Friday 22-06, Saturday to midnight, nothing else.
    private let hours = WeeklyHours(days: [
        [.init(start: 480, end: 720), .init(start: 780, end: 1020)], [], [], [], [.init(start: 1320, end: 360)],
        [.init(start: 1380, end: 1440)], [],
    ])

    @Test(
        "hours are local and half open",
        arguments: [
            ("2026-11-23T06:59:59Z", false), ("2026-11-23T07:00:00Z", true), ("2026-11-23T10:59:59Z", true),
            ("2026-11-23T11:00:00Z", false), ("2026-11-23T12:00:00Z", true), ("2026-11-23T16:00:00Z", false),
            ("2026-11-24T09:00:00Z", false), ("2026-11-27T20:59:00Z", false), ("2026-11-27T21:00:00Z", true),
            ("2026-11-28T04:59:00Z", true), ("2026-11-28T05:00:00Z", false), ("2026-11-28T22:30:00Z", true),
            ("2026-11-28T23:00:00Z", false),
            // In summer Berlin is two hours ahead.
            ("2026-07-20T06:00:00Z", true), ("2026-07-20T05:59:00Z", false),
        ])
    func local(text: String, open: Bool) throws {
        #expect(hours.isOpen(at: try instant(text), zone: "Europe/Berlin") == open)
    }

    @Test func `the zone of the hours beats the one around them, and an unknown zone is said so`() throws {
        var tokyo = hours
        tokyo.zone = "Asia/Tokyo"
        #expect(tokyo.isOpen(at: try instant("2026-11-22T23:00:00Z"), zone: "Europe/Berlin") == true)
        tokyo.zone = "Mars/Olympus"
        #expect(tokyo.isOpen(at: try instant("2026-11-22T23:00:00Z"), zone: "Europe/Berlin") == nil)
    }

    @Test func `days before 1970 have their weekday`() throws {
        let local = try #require(LocalTime(try instant("1969-12-29T12:00:00Z"), zone: "UTC"))
        #expect(local.weekday == 0)
        #expect(local.minute == 720)
    }
}

@Suite struct OnCallTests {
    private func schedule() throws -> OnCallSchedule {
        var schedule = OnCallSchedule(id: "primary")
        schedule.layers = [
            .init(people: ["a", "b"], start: try instant("2026-10-19T07:00:00Z"), turn: .seconds(7 * 86_400)),
            .init(
                people: ["n"], start: try instant("2026-10-19T00:00:00Z"), turn: .seconds(86_400),
                hours: WeeklyHours(days: Array(repeating: [.init(start: 1320, end: 1440)], count: 7))),
        ]
        schedule.overrides = [
            .init(person: "o", from: try instant("2026-11-01T00:00:00Z"), until: try instant("2026-11-02T00:00:00Z")),
            .init(person: "p", from: try instant("2026-11-01T12:00:00Z"), until: try instant("2026-11-01T13:00:00Z")),
        ]
        return schedule
    }

    @Test(
        "layers, overrides, gaps, and the same local hand-over through a change of the clock",
        arguments: [
            ("2026-10-19T06:59:59Z", nil), ("2026-10-19T07:00:00Z", "a"), ("2026-10-20T20:30:00Z", "n"),
            // The start was 09:00 in summer; after 25 October 09:00 is 08:00Z.
            ("2026-10-26T07:59:59Z", "a"), ("2026-10-26T08:00:00Z", "b"), ("2026-11-01T11:59:59Z", "o"),
            ("2026-11-01T12:30:00Z", "p"), ("2026-11-01T13:00:00Z", "o"), ("2026-11-02T00:00:00Z", "b"),
            ("2026-11-02T08:00:00Z", "a"),
        ] as [(String, String?)])
    func person(text: String, expected: String?) throws {
        #expect(try schedule().person(at: try instant(text), zone: "Europe/Berlin") == expected)
    }

    @Test func `the turn says which part of the schedule it comes from`() throws {
        #expect(try schedule().turn(at: try instant("2026-11-01T12:30:00Z"), zone: "UTC")?.source.text == "override 2")
        #expect(try schedule().turn(at: try instant("2026-11-03T12:30:00Z"), zone: "UTC")?.source.text == "layer 1")
        #expect(OnCallSchedule(id: "empty").person(at: try instant("2026-11-03T12:30:00Z"), zone: "UTC") == nil)
    }
}
