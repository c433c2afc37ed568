import Calendars
import Foundation
import Testing
import WorkflowModel

@testable import SLAPlugin

@Suite("The time that counts")
struct ArithmeticTests {
    private static let week: Value = [
        "mon": [["00:00", "08:00"], ["09:30", "17:45"]], "tue": [["01:30", "02:30"], ["09:00", "24:00"]],
        "wed": [["09:00", "12:00"], ["13:00", "17:00"]], "thu": [["09:00", "17:00"]], "fri": [["02:15", "15:00"]],
        "sat": [["00:00", "03:00"]], "sun": [["00:00", "04:00"], ["22:00", "23:59"]],
    ]

    @Test("In every zone, what passes up to the due instant is the target, to the second")
    func everyZone() throws {
        var numbers = SeededNumbers(seed: 1)
        for name in TimeZone.knownTimeZoneIdentifiers.sorted() {
            let calendar = try BusinessCalendar(["tz": .string(name), "weekly": Self.week])
            for _ in 0..<6 {
                let from = Timestamp(seconds: 1_767_225_600 + Int64(numbers.below(2 * 366 * 86_400)))
                var pauses: [PauseSpan] = []
                for _ in 0..<numbers.below(4) {
                    let begin = from + .seconds(numbers.below(20 * 86_400))
                    pauses.append(
                        PauseSpan(source: "p", from: begin, to: begin + .seconds(1 + numbers.below(5 * 86_400))))
                }
                let line = ActiveTime(calendar: calendar, from: from, pauses: pauses)
                let target = Duration.seconds(1 + numbers.below(100 * 3600))
                let due = try #require(line.instant(of: target), "\(name) \(from) \(target)")
                #expect(line.elapsed(to: due) == target, "\(name) \(from) \(target) \(pauses)")
                #expect(line.elapsed(to: due - .seconds(1)) < target, "\(name): it is due no earlier")
            }
        }
    }

    @Test("Pauses that overlap, touch or lie in each other count once")
    func union() {
        func at(_ hour: Int) -> Timestamp { Timestamp(seconds: Int64(hour) * 3600) }
        func pause(_ from: Int, _ to: Int?) -> PauseSpan { PauseSpan(source: "p", from: at(from), to: to.map(at)) }
        let line = ActiveTime(
            calendar: nil, from: at(0),
            pauses: [
                pause(8, 11), pause(9, 10), pause(2, 4), pause(3, 6), pause(6, 7), pause(2, 3), pause(-5, 1),
                pause(12, nil),
                pause(13, 14),
            ])
        #expect(line.elapsed(to: at(20)) == .seconds(3 * 3600))
        #expect(line.instant(of: .seconds(3600)) == at(2))
        #expect(line.instant(of: .seconds(3601)) == at(7) + .seconds(1))
        #expect(line.instant(of: .seconds(3 * 3600)) == at(12))
        #expect(line.instant(of: .seconds(3 * 3600 + 1)) == nil)
    }

    @Test("A night has seven hours when the clocks go forward in it, nine when they go back")
    func changes() throws {
        let calendar = try BusinessCalendar([
            "tz": "Europe/Berlin", "weekly": ["sun": [["00:00", "08:00"]], "mon": [["09:00", "17:00"]]],
        ])
        func due(_ day: String) throws -> String? {
            let from = try #require(Timestamp(rfc3339: day))
            return ActiveTime(calendar: calendar, from: from, pauses: []).instant(of: .seconds(8 * 3600))?.rfc3339
        }
        // Seven hours on Sunday, the eighth on Monday.
        #expect(try due("2026-03-28T20:00:00Z") == "2026-03-30T08:00:00Z")
        #expect(try due("2026-10-24T20:00:00Z") == "2026-10-25T06:00:00Z")
    }
}
