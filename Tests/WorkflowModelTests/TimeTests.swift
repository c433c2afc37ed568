import Testing
import WorkflowModel

@Suite("Times and durations")
struct TimeTests {
    @Test(
        "RFC 3339 texts are read and written in UTC",
        arguments: [
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"), ("2026-11-22T08:00:00+01:30", "2026-11-22T06:30:00Z"),
            ("2000-02-29T23:59:59.5Z", "2000-02-29T23:59:59.500Z"),
            ("1969-12-31T23:59:59.000001Z", "1969-12-31T23:59:59.000001Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"),
            ("2026-11-22t08:00:00z", "2026-11-22T08:00:00Z"),
        ])
    func reading(text: String, utc: String) throws {
        let instant = try #require(Timestamp(rfc3339: text))
        #expect(instant.rfc3339 == utc)
    }

    @Test(
        "the sortable form has nine fraction digits, and sorts as the instants do",
        arguments: [
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000000Z"),
            ("2026-11-22T08:00:00.5Z", "2026-11-22T08:00:00.500000000Z"),
            ("2026-11-22T08:00:00.000000007Z", "2026-11-22T08:00:00.000000007Z"),
            ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"),
        ])
    func sorting(text: String, sortable: String) throws {
        let instant = try #require(Timestamp(rfc3339: text))
        #expect(instant.sortableRFC3339 == sortable)
        if let later = instant.adding(.nanoseconds(1)) { #expect(instant.sortableRFC3339 < later.sortableRFC3339) }
    }

    @Test(
        "what is no instant is refused",
        arguments: [
            "", "2026-11-22", "2026-11-22T08:00:00", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
            "2026-11-22T24:00:00Z",
            "2026-11-22T08:60:00Z", "2026-11-22T08:00:00.Z", "2026-11-22T08:00:00+1:00", "0000-01-01T00:00:00Z",
            "2026-11-22T08:00:00.1234567890Z", "2026-11-22T08:00:00Zx", "0001-01-01T00:00:00+01:00",
        ])
    func refusing(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("dates and day numbers agree over four centuries")
    func civilDates() {
        var date = CivilDate(year: 1900, month: 1, day: 1)
        var number = date.daysSinceEpoch
        while date.year < 2301 {
            #expect(CivilDate(daysSinceEpoch: number) == date)
            number += 1
            date.day += 1
            if date.day > CivilDate.days(inMonth: date.month, of: date.year) {
                date.day = 1
                date.month += 1
                if date.month > 12 {
                    date.month = 1
                    date.year += 1
                }
            }
        }
    }

    @Test("instants and durations add up, also across the epoch")
    func arithmetic() {
        let instant = Timestamp(seconds: -1, nanoseconds: 250_000_000)
        #expect(instant + .milliseconds(750) == Timestamp(seconds: 0))
        #expect(Timestamp(seconds: 0) - .milliseconds(750) == instant)
        #expect(Timestamp(seconds: 0) - instant == .milliseconds(750))
        #expect(instant - Timestamp(seconds: 0) == .milliseconds(-750))
        #expect(Timestamp.latest.adding(.seconds(1)) == nil)
        #expect(Timestamp.latest + .seconds(1) == .latest)
        #expect(Timestamp(milliseconds: -1) == Timestamp(seconds: -1, nanoseconds: 999_000_000))
        #expect(Timestamp(milliseconds: -1).milliseconds == -1)
    }

    @Test(
        "durations are read as people write them",
        arguments: [
            ("30s", Duration.seconds(30)), ("15m", .seconds(900)), ("1h30m", .seconds(5400)), ("2d", .seconds(172_800)),
            ("500ms", .milliseconds(500)), ("90.5s", .milliseconds(90_500)), ("-3s", .seconds(-3)), ("0", .zero),
            ("1.5h", .seconds(5400)),
            ("1w", .seconds(604_800)), (".5s", .milliseconds(500)),
        ])
    func durations(text: String, duration: Duration) {
        #expect(DurationText.parse(text) == duration)
    }

    @Test(
        "what is no duration is refused",
        arguments: ["", "5", "m", "5 m", "1x", "1h-5m", ".s", "1.2.3s", "9999999999d", "-"])
    func noDuration(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(
        "durations are written for machines and for people",
        arguments: [
            (Duration.zero, "0s", "0s"), (.milliseconds(350), "0.35s", "350ms"), (.milliseconds(4250), "4.25s", "4.2s"),
            (.seconds(900), "900s", "15m"), (.seconds(5400), "5400s", "1h 30m"), (.seconds(-3), "-3s", "-3s"),
            (.seconds(183_600), "183600s", "2d 3h"), (.nanoseconds(-500_000_000), "-0.5s", "-500ms"),
        ])
    func writing(duration: Duration, seconds: String, people: String) {
        #expect(DurationText.seconds(duration) == seconds)
        #expect(DurationText.forPeople(duration) == people)
    }

    @Test("run ids made later sort later, and no two random parts give the same id")
    func runIDs() {
        let early = RunID(at: Timestamp(seconds: 1000), random: [255, 255, 255, 255, 255, 255, 255, 255, 255, 255])
        let late = RunID(at: Timestamp(milliseconds: 1_000_001), random: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(early < late)
        #expect(early.text.count == 30)
        #expect(RunID(at: Timestamp(seconds: 1), random: [1]) != RunID(at: Timestamp(seconds: 1), random: [2]))
    }

    @Test("waits grow by the policy and stay under its maximum")
    func retryWaits() {
        let none = RetryPolicy(
            attempts: 9, backoff: .exponential, initial: .seconds(2), maximum: .seconds(10), jitter: .none)
        #expect(
            (1...4).map { none.wait(after: $0, random: 0.3) } == [.seconds(2), .seconds(4), .seconds(8), .seconds(10)])
        #expect(none.wait(after: 90, random: 0) == .seconds(10))
        var linear = none
        linear.backoff = .linear
        #expect(linear.wait(after: 3, random: 0) == .seconds(6))
        var full = none
        full.jitter = .full
        #expect(full.wait(after: 1, random: 0.5) == .seconds(1))
        var equal = none
        equal.jitter = .equal
        #expect(equal.wait(after: 1, random: 0.5) == .milliseconds(1500))
    }
}
