import Calendars
import Testing
import WorkflowModel

@Suite struct CronTests {
    @Test(
        "the next fires are those of the conformance data",
        arguments: [("cron/next.json", 827), ("cron/dst_debian.json", 40)])
    func conformance(file: String, count: Int) throws {
        let cases = try conformanceCases(file)
        #expect(cases.count == count)
        for item in cases {
            let id = item["id"]?.string ?? "?"
            let text = try #require(item["expr"]?.string)
            let zone = try ZoneClock(try #require(item["tz"]?.string))
            let expected = texts(item["expected"])
            let after = try instant(try #require(item["after"]?.string))
            let times = try CronExpression(text).next(after: after, zone: zone, limit: expected.count)
            #expect(times.map(zone.rfc3339) == expected, "\(id): \(text) in \(zone.name) after \(after)")
        }
    }

    @Test func `what both libraries refuse is refused`() throws {
        let cases = try conformanceCases("cron/errors.json")
        #expect(cases.count == 46)
        for item in cases {
            let text = try #require(item["expr"]?.string)
            #expect(throws: CalendarError.self, "\(text)") { try CronExpression(text) }
        }
    }

    @Test func `extensions mean what they mean elsewhere, or are refused`() throws {
        var refused: [String] = []
        for item in try conformanceCases("cron/lenient.json") {
            let text = try #require(item["expr"]?.string)
            let expected = texts(item["expected"])
            let after = try instant(try #require(item["after"]?.string))
            do throws(CalendarError) {
                let times = try CronExpression(text).next(after: after, zone: .utc, limit: expected.count)
                #expect(times.map(ZoneClock.utc.rfc3339) == expected, "\(text)")
            } catch {
                refused.append(text)
            }
        }
        #expect(refused == ["0 0 L * *", "0 0 * * 1#2"])
    }

    @Test(
        "errors name the field, and say what to write",
        arguments: [
            ("0 24 * * *", "the hour field \"24\" cannot be read: 24 is outside 0 to 23"),
            ("0 22-2 * * *", "the hour field \"22-2\" has the range 22-2, which runs backwards; split it where"),
            ("0 0 30 2 *", "\"0 0 30 2 *\" never comes: no month that it names has a day 30"),
            ("0 0 31 4,6,9,11 *", "never comes: no month that it names has a day 31"),
            ("* * *", "has 3; write minute, hour"), ("@often", "there is no \"@often\"; the names are @annually"),
            ("0 0 * * monday", "\"monday\" is no number and no name such as mon"),
        ])
    func errors(text: String, expected: String) {
        #expect {
            try CronExpression(text)
        } throws: {
            "\($0)".contains(expected)
        }
    }

    @Test func `a date that comes by its day of the week is no error`() throws {
        let either = try CronExpression("0 0 30 2 1")
        #expect(
            either.next(after: try instant("2026-01-31T00:00:00Z"), zone: .utc) == (try instant("2026-02-02T00:00:00Z"))
        )
        // Every day of the week is named, so 29 February comes alone.
        let leap = try CronExpression("0 0 29 2 */7")
        #expect(
            leap.next(after: try instant("2026-01-01T00:00:00Z"), zone: .utc) == (try instant("2032-02-29T00:00:00Z")))
    }

    @Test func `in the repeated hour a fixed time that has fired does not fire again`() throws {
        let zone = try ZoneClock("Europe/Berlin")
        // 02:10 for the second time.
        let next = try CronExpression("30 2 * * *").next(after: try instant("2026-10-25T01:10:00Z"), zone: zone)
        #expect(next == (try instant("2026-10-26T01:30:00Z")))
        let repeated = try CronExpression("*/30 2 * * *").next(
            after: try instant("2026-10-24T23:59:00Z"), zone: zone, limit: 5)
        #expect(
            repeated.map(\.rfc3339) == [
                "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z",
                "2026-10-26T01:00:00Z",
            ])
    }

    @Test func `every fire is after the one before, matches its fields and none between is left out`() throws {
        var random = SeededNumbers(seed: 7)
        let zones = ["UTC", "America/New_York", "Africa/Cairo", "Asia/Kathmandu", "America/St_Johns"]
        for _ in 0..<60 {
            let minute = random.below(60)
            let hour = random.below(24)
            let zone = try ZoneClock(zones[random.below(zones.count)])
            let text = "\(minute) \(hour)-\(min(23, hour + 3)) * * *"
            var after = Timestamp(seconds: 1_767_225_600 + Int64(random.below(400 * 86_400)))
            for next in try CronExpression(text).next(after: after, zone: zone, limit: 12) {
                #expect(next > after, "\(text)")
                #expect(next.seconds - after.seconds <= 25 * 3600, "\(text) \(zone.name) \(after)")
                after = next
            }
        }
    }
}
