import Testing
import WorkflowModel

@testable import Calendars

@Suite struct RecurrenceTests {
    struct Case {
        let id: String
        let recurrence: Recurrence
        let expected: [String]
        let expectedUTC: [String]?
        let isComplete: Bool
    }

    static func cases(_ file: String) throws -> [Case] {
        try conformanceCases(file).map { item in
            let id = item["id"]?.string ?? "?"
            let text = try #require(item["rrule"]?.string)
            let zone = try item["tzid"]?.string.map { try ZoneClock($0) }
            let recurrence = try Recurrence(
                RecurrenceRule(text), start: #require(LocalDateTime(item["dtstart"]?.string ?? "")), zone: zone,
                excluding: texts(item["exdates"]).compactMap { LocalDateTime($0) }, shortest: .secondly)
            return Case(
                id: "\(id) \(text)", recurrence: recurrence, expected: texts(item["expected"]),
                expectedUTC: item["expected_utc"]?.list?.compactMap(\.string),
                isComplete: item["complete"]?.bool == true)
        }
    }

    @Test(
        "occurrences are those of the conformance data",
        arguments: [
            ("rrule/rfc5545.json", 43), ("rrule/libical.json", 116), ("rrule/ops.json", 20),
            ("rrule/generated.json", 206),
            ("rrule/dst_gap.json", 5),
        ])
    func conformance(file: String, count: Int) throws {
        let cases = try RecurrenceTests.cases(file)
        #expect(cases.count == count)
        for item in cases {
            let limit = item.expected.count + (item.isComplete ? 1 : 0)
            let found = try item.recurrence.occurrences(from: .earliest, limit: limit)
            #expect(found.map(\.local.text) == item.expected, "\(item.id)")
            if let instants = item.expectedUTC { #expect(found.map(\.instant.rfc3339) == instants, "\(item.id)") }
        }
    }

    @Test func `asked from the middle, the occurrences are the same`() throws {
        for file in ["rrule/rfc5545.json", "rrule/libical.json", "rrule/ops.json", "rrule/generated.json"] {
            for item in try RecurrenceTests.cases(file) where item.expected.count > 3 {
                let all = try item.recurrence.occurrences(from: .earliest, limit: item.expected.count)
                let middle = all.count / 2
                let rest = try item.recurrence.occurrences(from: all[middle].instant, limit: all.count - middle)
                #expect(rest == Array(all[middle...]), "\(item.id)")
                let next = try item.recurrence.occurrences(
                    from: all[middle].instant + .seconds(1), limit: all.count - middle - 1)
                #expect(next == Array(all[(middle + 1)...]), "\(item.id)")
            }
        }
    }

    @Test func `libical and the expansion here agree on what libical is left to expand`() throws {
        var compared = 0
        for file in ["rrule/rfc5545.json", "rrule/libical.json", "rrule/ops.json", "rrule/generated.json"] {
            for item in try RecurrenceTests.cases(file) where LibICalDays.canExpand(item.recurrence.rule) {
                try compare(item.recurrence.rule, start: item.recurrence.start, item.id)
                compared += 1
            }
        }
        #expect(compared > 200)
        var random = SeededNumbers(seed: 11)
        for _ in 0..<400 {
            let text = randomRule(&random)
            let start = LocalDateTime(
                seconds: Int64(random.below(4000)) * 86_400 + 1_500_000_000 / 86_400 * 86_400 + 32_400)
            try compare(RecurrenceRule(text), start: start, "\(text) from \(start.text)")
        }
    }

    private func compare(_ rule: RecurrenceRule, start: LocalDateTime, _ id: String) throws {
        let horizon = start.seconds + 30 * 366 * 86_400
        let byLibrary = try #require(LibICalDays(rule, start: start, horizon: horizon), "\(id)")
        var here = RuleExpansion(rule, start: start, from: start.seconds, horizon: horizon)
        for index in 0..<60 {
            let theirs = byLibrary.next()
            let ours = try here.next()
            #expect(theirs == ours, "\(id), occurrence \(index)")
            if theirs == nil || theirs != ours { return }
        }
    }

    private func randomRule(_ random: inout SeededNumbers) -> String {
        let days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
        let interval = 1 + random.below(4)
        switch random.below(6) {
        case 0: return "FREQ=DAILY;INTERVAL=\(interval);BYDAY=\(days[random.below(7)]),FR"
        case 1:
            return "FREQ=WEEKLY;INTERVAL=\(interval);WKST=MO;BYDAY=\(days[random.below(7)]),WE"
        case 2: return "FREQ=MONTHLY;INTERVAL=\(interval);BYMONTHDAY=\(1 + random.below(31)),-\(1 + random.below(31))"
        case 3:
            return
                "FREQ=MONTHLY;INTERVAL=\(interval);BYDAY=\(random.below(2) == 0 ? "" : "-")\(1 + random.below(5))\(days[random.below(7)])"
        case 4:
            return
                "FREQ=MONTHLY;INTERVAL=\(interval);BYDAY=MO,TU,WE,TH,FR;BYSETPOS=\(1 + random.below(9)),-\(1 + random.below(3))"
        default:
            return
                "FREQ=YEARLY;INTERVAL=\(interval);BYMONTH=\(1 + random.below(12));BYDAY=\(1 + random.below(4))\(days[random.below(7)])"
        }
    }

    @Test func `a time in the gap shifts forward, says so, and occurs once`() throws {
        let zone = try ZoneClock("Europe/Berlin")
        let start = try #require(LocalDateTime("2026-03-29T01:30:00"))
        let hourly = try Recurrence(RecurrenceRule("FREQ=HOURLY;COUNT=4"), start: start, zone: zone)
        let found = try hourly.occurrences(from: .earliest, limit: 10)
        #expect(
            found.map(\.instant.rfc3339) == ["2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "2026-03-29T02:30:00Z"])
        #expect(found.map(\.shifted) == [false, true, false])
        // 02:15 becomes 03:15, which is after 03:00.
        let odd = try Recurrence(RecurrenceRule("FREQ=MINUTELY;INTERVAL=45;COUNT=4"), start: start, zone: zone)
        #expect(
            try odd.occurrences(from: .earliest, limit: 10).map(\.instant.rfc3339) == [
                "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:15:00Z", "2026-03-29T01:45:00Z",
            ])
    }

    @Test func `a time that the clocks show twice is the first`() throws {
        let daily = try Recurrence(
            RecurrenceRule("FREQ=DAILY;COUNT=2"), start: try #require(LocalDateTime("20261025T023000")),
            zone: ZoneClock("Europe/Berlin"))
        #expect(
            try daily.occurrences(from: .earliest, limit: 5).map(\.instant.rfc3339) == [
                "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z",
            ])
    }

    @Test func `excluded dates take their day, and count towards COUNT`() throws {
        let start = try #require(LocalDateTime("2026-03-02T09:00"))
        let rule = try RecurrenceRule("RRULE:FREQ=DAILY;COUNT=4;")
        let excluded = ["2026-03-03", "2026-03-04T09:00:00", "2026-03-05T10:00:00"].compactMap { LocalDateTime($0) }
        let found = try Recurrence(rule, start: start, zone: nil, excluding: excluded).occurrences(
            from: .earliest, limit: 9)
        #expect(found.map(\.local.text) == ["2026-03-02T09:00:00", "2026-03-05T09:00:00"])
    }

    @Test(
        "rules that cannot be used say why",
        arguments: [
            ("FREQ=SECONDLY", "too frequent"), ("FREQ=FORTNIGHTLY", "is not known"), ("COUNT=2", "has no FREQ"),
            ("FREQ=DAILY;COUNT=2;UNTIL=20260101", "cannot both end"), ("FREQ=DAILY;INTERVAL=0", "1 to 32767"),
            ("FREQ=WEEKLY;BYDAY=2MO", "needs FREQ=MONTHLY or YEARLY"), ("FREQ=DAILY;FREQ=DAILY", "stands twice"),
            ("FREQ=MONTHLY;BYMONTHDAY=32", "1 to 31"), ("FREQ=MONTHLY;BYMONTHDAY=0", "1 to 31"),
            ("FREQ=DAILY;BYDAY=XX", "MO to SU"), ("FREQ=DAILY;BYSETPOS=1", "there is none"), ("", "is no part"),
            ("FREQ=DAILY;UNTIL=soon", "a moment such as"), ("FREQ=YEARLY;RSCALE=CHINESE", "RSCALE"),
            ("FREQ=DAILY;BYYEARDAY=3", "cannot stand with FREQ=DAILY"), ("FREQ=MONTHLY;BYWEEKNO=3", "FREQ=YEARLY"),
            ("FREQ=DAILY;BYHOUR=24", "0 to 23"), ("FREQ=DAILY;COUNT=99999999999999999999", "1 to 1000000"),
        ])
    func errors(text: String, expected: String) {
        #expect {
            try Recurrence(RecurrenceRule(text), start: LocalDateTime(seconds: 0), zone: nil)
        } throws: {
            "\($0)".contains(expected)
        }
    }

    @Test func `rules that name nothing come to an end`() throws {
        let start = try #require(LocalDateTime("2026-01-01T00:00"))
        for text in [
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4;BYHOUR=3",
            "FREQ=MINUTELY;INTERVAL=1440;BYHOUR=5", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        ] {
            let never = try Recurrence(RecurrenceRule(text), start: start, zone: nil)
            #expect(try never.occurrences(from: .earliest, limit: 1).isEmpty, "\(text)")
        }
    }
}
