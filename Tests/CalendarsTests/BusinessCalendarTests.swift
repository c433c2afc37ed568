import Calendars
import Testing
import WorkflowModel

@Suite struct BusinessCalendarTests {
    private func calendar(_ json: String) throws -> BusinessCalendar {
        try BusinessCalendar(JSON.parse(Array(json.utf8)))
    }

    /// Berlin, Monday to Friday 09:00 to 17:00 with a lunch break on Friday; Christmas closed, but for a morning on the 24th.
    private func office() throws -> BusinessCalendar {
        try calendar(
            """
            {"tz": "Europe/Berlin", "weekly": {"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]],
             "wed": [["09:00", "17:00"]], "thu": [["09:00", "17:00"]], "fri": [["13:00", "17:00"], ["9:00", "12:00"]]},
             "holidays": ["2026-12-24", "2026-12-25"], "special": {"2026-12-24": [["09:00", "12:00"]], "2026-12-27": [["20:00", "24:00"]],
             "2026-12-28": []}}
            """)
    }

    /// A calendar with these hours every day.
    private func daily(_ zone: String, _ windows: String) throws -> BusinessCalendar {
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map { "\"\($0)\": [\(windows)]" }
        return try calendar("{\"tz\": \"\(zone)\", \"weekly\": {\(days.joined(separator: ", "))}}")
    }

    @Test(
        "open hours are half open; special days win over holidays",
        arguments: [
            ("2026-12-21T07:59:59Z", false), ("2026-12-21T08:00:00Z", true), ("2026-12-21T15:59:59.5Z", true),
            ("2026-12-21T16:00:00Z", false), ("2026-12-18T11:30:00Z", false), ("2026-12-24T08:00:00Z", true),
            ("2026-12-24T11:00:00Z", false), ("2026-12-25T10:00:00Z", false), ("2026-12-27T22:59:59Z", true),
            ("2026-12-27T23:00:00Z", false), ("2026-12-28T10:00:00Z", false),
        ])
    func isOpen(text: String, open: Bool) throws {
        #expect(try office().isOpen(at: instant(text)) == open)
    }

    @Test(
        "the next open moment",
        arguments: [
            ("2026-12-21T10:00:00.25Z", "2026-12-21T10:00:00.250Z"), ("2026-12-21T16:00:00Z", "2026-12-22T08:00:00Z"),
            ("2026-12-18T11:00:00Z", "2026-12-18T12:00:00Z"), ("2026-12-24T11:00:00Z", "2026-12-27T19:00:00Z"),
            ("2026-12-27T23:00:00Z", "2026-12-29T08:00:00Z"),
        ])
    func nextOpen(text: String, expected: String) throws {
        #expect(try office().nextOpen(at: instant(text)).rfc3339 == expected)
    }

    @Test(
        "deadlines: outside hours from the next opening on, and at closing time they stay",
        arguments: [
            ("2026-12-21T08:00:00Z", 8 * 3600, "2026-12-21T16:00:00Z"),
            ("2026-12-21T08:00:00Z", 8 * 3600 + 1, "2026-12-22T08:00:01Z"),
            ("2026-12-21T20:00:00Z", 3600, "2026-12-22T09:00:00Z"),
            ("2026-12-23T15:00:00Z", 4 * 3600, "2026-12-24T11:00:00Z"),
            ("2026-12-23T15:00:00Z", 4 * 3600 + 60, "2026-12-27T19:01:00Z"),
            ("2026-12-18T10:30:00Z", 3600, "2026-12-18T12:30:00Z"), ("2026-12-21T20:00:00Z", 0, "2026-12-22T08:00:00Z"),
        ])
    func add(start: String, seconds: Int, expected: String) throws {
        #expect(try office().add(.seconds(seconds), to: instant(start)).rfc3339 == expected)
    }

    @Test(
        "a night in which the clocks change has the hours that pass",
        arguments: [
            ("Europe/Berlin", "[\"00:00\", \"08:00\"]", "2026-03-29", 7.0),
            ("Europe/Berlin", "[\"00:00\", \"08:00\"]", "2026-10-25", 9.0),
            // An opening or closing in the gap is the moment of the change.
            ("Europe/Berlin", "[\"02:30\", \"08:00\"]", "2026-03-29", 5.0),
            ("Europe/Berlin", "[\"00:00\", \"02:30\"]", "2026-03-29", 2.0),
            ("Europe/Berlin", "[\"02:10\", \"02:50\"]", "2026-03-29", 0.0),
            // An opening in the repeated hour is the first, a closing the second.
            ("Europe/Berlin", "[\"02:30\", \"08:00\"]", "2026-10-25", 6.5),
            ("Europe/Berlin", "[\"00:00\", \"02:30\"]", "2026-10-25", 3.5),
            ("Europe/Berlin", "[\"00:00\", \"02:30\"], [\"02:30\", \"08:00\"]", "2026-10-25", 9.0),
            ("Australia/Lord_Howe", "[\"00:00\", \"08:00\"]", "2026-10-04", 7.5),
            ("Australia/Lord_Howe", "[\"00:00\", \"08:00\"]", "2026-04-05", 8.5),
            // At midnight the clocks go from 24:00 to 23:00, from 00:00 to 01:00, from 01:00 to 00:00.
            ("America/Santiago", "[\"00:00\", \"24:00\"]", "2026-04-04", 25.0),
            ("America/Santiago", "[\"00:00\", \"24:00\"]", "2026-09-06", 23.0),
            ("America/Havana", "[\"00:00\", \"24:00\"]", "2025-11-02", 25.0),
            ("America/Havana", "[\"00:00\", \"24:00\"]", "2025-11-01", 24.0),
        ])
    func nights(zone: String, windows: String, date: String, hours: Double) throws {
        let closed = "{\"tz\": \"\(zone)\", \"weekly\": {}, \"special\": {\"\(date)\": [\(windows)]}}"
        let day = try #require(LocalDateTime(date))
        let from = Timestamp(seconds: day.seconds - 2 * 86_400)
        let to = Timestamp(seconds: day.seconds + 3 * 86_400)
        #expect(try calendar(closed).elapsed(from: from, to: to) == .seconds(hours * 3600))
    }

    @Test func `elapsed time is exact, and negative backwards`() throws {
        let from = try instant("2026-12-18T10:59:59.250Z")
        let to = try instant("2026-12-21T08:00:00.500Z")
        #expect(try office().elapsed(from: from, to: to) == .milliseconds(4 * 3_600_000 + 1250))
        #expect(try office().elapsed(from: to, to: from) == .milliseconds(-4 * 3_600_000 - 1250))
    }

    @Test(
        "calendars and questions that cannot be answered say why",
        arguments: [
            ("{\"tz\": \"UTC\", \"weekly\": {}}", "never open"),
            ("{\"tz\": \"Mars/Base\", \"weekly\": {}}", "no time zone"),
            ("{\"weekly\": {}}", "has no \"tz\""), ("[]", "must be an object"),
            ("{\"tz\": \"UTC\", \"weekly\": {\"monday\": []}}", "known are mon, tue"),
            ("{\"tz\": \"UTC\", \"weekly\": {\"mon\": [[\"17:00\", \"09:00\"]]}}", "close before they open"),
            ("{\"tz\": \"UTC\", \"weekly\": {\"mon\": [[\"09:00\", \"24:01\"]]}}", "are no pair"),
            ("{\"tz\": \"UTC\", \"weekly\": {\"mon\": [[\"09:00\"]]}}", "are no pair"),
            ("{\"tz\": \"UTC\", \"weekly\": {\"mon\": []}, \"holidays\": [\"2026-02-30\"]}", "is no date"),
            ("{\"tz\": \"UTC\", \"weekly\": {\"mon\": []}, \"special\": {\"soon\": []}}", "is no date"),
        ])
    func errors(json: String, expected: String) {
        #expect {
            try calendar(json)
        } throws: {
            "\($0)".contains(expected)
        }
    }

    @Test func `beyond two years there is no answer but an error`() throws {
        let past = try calendar(
            "{\"tz\": \"UTC\", \"weekly\": {}, \"special\": {\"2026-01-01\": [[\"09:00\", \"17:00\"]]}}")
        let now = try instant("2026-06-01T00:00:00Z")
        #expect(throws: CalendarError.self) { try past.nextOpen(at: now) }
        #expect(throws: CalendarError.self) { try past.add(.seconds(1), to: now) }
        #expect(throws: CalendarError.self) { try office().add(.seconds(3 * 365 * 28_800), to: now) }
        #expect(throws: CalendarError.self) { try office().add(.seconds(-1), to: now) }
        #expect(throws: CalendarError.self) { try office().elapsed(from: .earliest, to: now) }
    }

    @Test func `hours of a week that run past midnight belong to both days`() throws {
        var days = Array(repeating: [WeeklyHours.Interval](), count: 7)
        days[6] = [.init(start: 1320, end: 360)]
        let nights = try BusinessCalendar(zone: .utc, weekly: WeeklyHours(days: days))
        #expect(nights.isOpen(at: try instant("2026-11-23T05:59:59Z")))
        #expect(!nights.isOpen(at: try instant("2026-11-23T06:00:00Z")))
        #expect(
            try nights.elapsed(from: instant("2026-11-20T00:00:00Z"), to: instant("2026-11-27T00:00:00Z"))
                == .seconds(8 * 3600))
    }

    static let zones = [
        "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Santiago", "America/Havana",
        "Africa/Cairo",
        "Africa/Casablanca", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "America/St_Johns",
    ]

    /// Up to three windows a day whose edges are at `edges`, and some holidays and special days in 2026.
    private func random(_ zone: String, edges: [Int], _ random: inout SeededNumbers) throws -> BusinessCalendar {
        func windows(_ random: inout SeededNumbers) -> [WeeklyHours.Interval] {
            let chosen = Set((0..<random.below(4) * 2).map { _ in edges[random.below(edges.count)] }).sorted()
            return stride(from: 0, to: chosen.count - 1, by: 2).map { .init(start: chosen[$0], end: chosen[$0 + 1]) }
        }
        var days = (0..<7).map { _ in windows(&random) }
        days[random.below(7)] = [.init(start: 0, end: 1440)]
        let first = CivilDate(year: 2026, month: 1, day: 1).daysSinceEpoch
        let holidays = Set((0..<20).map { _ in CivilDate(daysSinceEpoch: first + Int64(random.below(365))) })
        var special: [CivilDate: [WeeklyHours.Interval]] = [:]
        for _ in 0..<20 { special[CivilDate(daysSinceEpoch: first + Int64(random.below(365)))] = windows(&random) }
        return try BusinessCalendar(
            zone: ZoneClock(zone), weekly: WeeklyHours(days: days), holidays: holidays, special: special)
    }

    /// A second in 2026; half of them in nights in which some clocks change.
    private func second(_ random: inout SeededNumbers) -> Timestamp {
        let changes = [
            "2026-03-08", "2026-03-29", "2026-04-04", "2026-04-05", "2026-04-24", "2026-02-15", "2026-03-22",
            "2026-09-06",
            "2026-10-04", "2026-10-25", "2026-10-29", "2026-11-01",
        ]
        if random.below(2) == 0, let day = LocalDateTime(changes[random.below(changes.count)]) {
            return Timestamp(seconds: day.seconds - 36 * 3600 + Int64(random.below(60 * 3600)))
        }
        return Timestamp(seconds: 1_767_225_600 + Int64(random.below(365 * 86_400)))
    }

    @Test("what was added has elapsed, in every zone and night", arguments: zones)
    func roundTrip(zone: String) throws {
        var numbers = SeededNumbers(seed: 2026)
        let edges = Array(0...1440)
        for round in 0..<150 {
            let calendar = try random(zone, edges: edges, &numbers)
            let start = second(&numbers)
            let amount = Duration.seconds(numbers.below(2) == 0 ? numbers.below(200_000) : numbers.below(8000))
            let due = try calendar.add(amount, to: start)
            #expect(
                try calendar.elapsed(from: start, to: due) == amount, "round \(round), \(start) + \(amount) = \(due)")
            #expect(try calendar.nextOpen(at: start) <= max(due, calendar.nextOpen(at: start)))
            let whole = try calendar.add(amount + .seconds(1), to: start)
            #expect(due < whole, "round \(round)")
            let later = second(&numbers)
            let parts = try calendar.elapsed(from: start, to: due) + calendar.elapsed(from: due, to: later)
            #expect(try calendar.elapsed(from: start, to: later) == parts, "round \(round)")
        }
    }

    @Test("a walk by minutes over what the clocks show gives the same", arguments: zones)
    func minutes(zone: String) throws {
        var numbers = SeededNumbers(seed: 1440)
        let clock = try ZoneClock(zone)
        // No edge lies in an hour that is skipped or repeated, where opening and closing have rules of their own.
        let edges = [0, 1440] + Array(stride(from: 300, through: 1320, by: 15))
        for round in 0..<30 {
            let windows = Set((0..<4).map { _ in edges[numbers.below(edges.count)] }).sorted()
            guard windows.count == 4 else { continue }
            let open = [windows[0]..<windows[1], windows[2]..<windows[3]]
            let hours = open.map { WeeklyHours.Interval(start: $0.lowerBound, end: $0.upperBound) }
            let calendar = try BusinessCalendar(
                zone: clock, weekly: WeeklyHours(days: Array(repeating: hours, count: 7)))
            let start = Timestamp(seconds: second(&numbers).seconds / 60 * 60)
            let amount = 1 + numbers.below(2000)
            var walked = 0
            var minute = start
            while walked < amount {
                let shown = Int(clock.local(at: minute).secondOfDay / 60)
                let isOpen = open.contains { $0.contains(shown) }
                #expect(calendar.isOpen(at: minute) == isOpen, "round \(round) at \(minute)")
                if isOpen { walked += 1 }
                minute = minute + .seconds(60)
            }
            #expect(try calendar.add(.seconds(amount * 60), to: start) == minute, "round \(round) from \(start)")
            #expect(try calendar.elapsed(from: start, to: minute) == .seconds(amount * 60), "round \(round)")
        }
    }
}
