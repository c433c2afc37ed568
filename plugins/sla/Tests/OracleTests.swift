import Calendars
import Testing
import WorkflowModel

@testable import SLAPlugin

/// The plugin's clocks against one that walks minute by minute.
@Suite("Clocks against a walk over minutes")
struct OracleTests {
    static let zones = [
        "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo",
        "America/St_Johns", "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland",
    ]
    /// Nights on which the clocks of most of these zones change lie within a month after these days.
    private static let starts = [
        "2026-03-01", "2026-03-20", "2026-09-20", "2026-10-15", "2026-12-10", "2026-06-01", "2027-03-25",
    ]
    private static let days: [[Range<Int>]] = [
        [540..<1020], [540..<720, 780..<1020], [0..<480], [0..<1440], [420..<1080], [1320..<1440], [300..<810],
    ]

    /// What happens to a ticket in a case.
    private struct Case {
        var zone: String
        var week: [[Range<Int>]]
        var holidays: [Int64]
        var begin: Int64
        var steps: [(minute: Int64, what: String, value: String)]
        var now: Int64
        var targets: [String: Int64]
        var reopen: String
        var keeps: Bool
    }

    @Test("Two thousand tickets of up to thirty days are measured to the minute", arguments: 0..<8)
    func exact(block: Int) throws {
        var numbers = SeededNumbers(seed: UInt64(4711 + block))
        for number in 0..<250 {
            let given = Self.make(&numbers)
            let expected = Self.walk(given)
            let told = try Self.compute(given)
            #expect(told == expected, "case \(block)/\(number): \(given)")
            if told != expected { return }
        }
    }

    // MARK: Cases

    private static func make(_ numbers: inout SeededNumbers) -> Case {
        let zone = numbers.pick(zones)
        let usual = numbers.pick(days)
        let week = (0..<7).map { day in
            day < 5 ? (numbers.isTrue(10) ? numbers.pick(days) : usual) : numbers.isTrue(20) ? numbers.pick(days) : []
        }
        let first = CivilDate(text: numbers.pick(starts)).daysSinceEpoch
        let begin = first * 1440 + Int64(numbers.below(5 * 1440))
        let holidays = (0..<numbers.below(4)).map { _ in first + Int64(numbers.below(30)) }
        let length = Int64(1 + numbers.below(30 * 1440))
        var steps: [(minute: Int64, what: String, value: String)] = []
        for _ in 0..<numbers.below(9) {
            let minute = begin + 1 + Int64(numbers.below(Int(length)))
            if numbers.isTrue(70) {
                steps.append(
                    (minute, "status", numbers.pick(["open", "pending", "hold", "solved", "open", "pending"])))
            } else if numbers.isTrue(50) {
                steps.append((minute, "priority", numbers.pick(["P1", "P2", "P3"])))
            } else {
                steps.append((minute, "window", numbers.pick(["", "MW-1", "MW-1", ""])))
            }
        }
        steps.sort { $0.minute < $1.minute }
        return Case(
            zone: zone, week: week, holidays: holidays, begin: begin, steps: steps, now: begin + length,
            targets: [
                "P1": Int64(30 + numbers.below(600)), "P2": Int64(60 + numbers.below(3000)),
                "P3": Int64(60 + numbers.below(9000)),
            ],
            reopen: numbers.pick(["continue", "new_cycle", "ignore"]), keeps: numbers.isTrue(60))
    }

    // MARK: By minutes

    private struct Told: Equatable, CustomStringConvertible {
        var lines: [String]
        var description: String { "\n  " + lines.joined(separator: "\n  ") }
    }

    /// One clock of the walk.
    private struct Walked {
        var start: Int64
        var elapsed: Int64 = 0
        var breaches: [String] = []
        var priority: String
        var stop: Int64?
        var isCrossed = false
    }

    private static func walk(_ given: Case) -> Told {
        var walker = MinuteWalker(
            zone: given.zone, week: given.week,
            holidays: Set(given.holidays))
        var status = "open"
        var window = false
        var priority = "P2"
        var clocks = [Walked(start: given.begin, priority: priority)]
        var isDone = false
        func target(_ priority: String) -> Int64 { given.targets[priority] ?? 0 }
        for minute in given.begin...given.now {
            for step in given.steps where step.minute == minute {
                let last = clocks.count - 1
                switch step.what {
                case "status":
                    status = step.value
                    if status == "solved", !isDone {
                        isDone = true
                        if clocks[last].stop == nil { clocks[last].stop = minute }
                    } else if status != "solved", isDone {
                        isDone = false
                        switch given.reopen {
                        case "continue": clocks[last].stop = nil
                        case "new_cycle": clocks.append(Walked(start: minute, priority: priority))
                        default: break
                        }
                    }
                case "priority": priority = step.value
                default: window = !step.value.isEmpty
                }
                // The clock that runs takes the ticket's priority over, after it has stopped or gone on.
                let open = clocks.count - 1
                guard clocks[open].stop == nil, clocks[open].priority != priority else { continue }
                clocks[open].priority = priority
                if !given.keeps { clocks[open].elapsed = 0 }
                if clocks[open].elapsed >= target(priority) {
                    if !clocks[open].isCrossed { clocks[open].breaches.append("\(minute) \(priority) changed") }
                    clocks[open].isCrossed = true
                } else {
                    clocks[open].isCrossed = false
                }
            }
            guard minute < given.now else { break }
            let last = clocks.count - 1
            guard clocks[last].stop == nil, !window, status != "pending", status != "hold", walker.isOpen(minute) else {
                continue
            }
            clocks[last].elapsed += 1
            if clocks[last].elapsed == target(clocks[last].priority), !clocks[last].isCrossed {
                // The time is up at the end of this minute, unless something happens at that very instant.
                let end = minute + 1
                let change = given.steps.contains { step in
                    step.minute == end && (step.what == "priority" && step.value != clocks[last].priority)
                }
                let stops = given.steps.first { $0.minute == end && $0.what == "status" && $0.value == "solved" } != nil
                if !change, !stops {
                    clocks[last].isCrossed = true
                    clocks[last].breaches.append("\(end) \(clocks[last].priority)")
                }
            }
        }
        return Told(
            lines: clocks.map { clock in
                "\(clock.start) \(clock.stop.map { "met \($0)" } ?? "open") \(clock.priority) \(clock.elapsed) \(clock.breaches)"
            })
    }

    // MARK: By the plugin

    private static func compute(_ given: Case) throws -> Told {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        func clock(_ minute: Int) -> Value { .string(String(format2(minute / 60) + ":" + format2(minute % 60))) }
        var calendar: ValueMap = [
            "tz": .string(given.zone),
            "weekly": .map(
                ValueMap(
                    strings: zip(names, given.week).map { name, hours in
                        (name, .list(hours.map { .list([clock($0.lowerBound), clock($0.upperBound)]) }))
                    })),
        ]
        calendar["holidays"] = .list(
            given.holidays.map { .string(LocalDateTime(seconds: $0 * 86_400, isDate: true).text) })
        var story = try Story(
            """
            policies:
              - id: all
                default: true
                calendar: office
                reopen: \(given.reopen)
                priority_change: \(given.keeps ? "keep" : "from_change")
                pause:
                  - status: [pending, hold]
                  - maintenance: true
                metrics:
                  resolution_total:
                    targets: { P1: \(given.targets["P1"] ?? 0)m, P2: \(given.targets["P2"] ?? 0)m, P3: \(given.targets["P3"] ?? 0)m }
            """, calendars: ["office": .map(calendar)])
        func at(_ minute: Int64) -> String { Timestamp(seconds: minute * 60).rfc3339 }
        story.on(at(given.begin), "created", ["priority": "P2", "status": "open"])
        for step in given.steps {
            switch step.what {
            case "status": story.on(at(step.minute), "updated", ["status": .string(step.value)])
            case "priority": story.on(at(step.minute), "updated", ["priority": .string(step.value)])
            default:
                story.happens(
                    at(step.minute), .window,
                    fields: ["maintenance_windows": .list(step.value.isEmpty ? [] : [.string(step.value)])])
            }
        }
        let book = story.book(at(given.now))
        return Told(
            lines: book.clocks.map { clock in
                let breaches = clock.breaches.map { breach in
                    "\(breach.at.seconds / 60) \(breach.priority ?? "-")\(breach.cause == nil ? "" : " changed")"
                }
                let stop = clock.stop.map { "met \($0.seconds / 60)" } ?? "open"
                let elapsed = clock.elapsed.components
                return
                    "\(clock.start.seconds / 60) \(stop) \(clock.priority ?? "-") \(elapsed.seconds / 60) \(breaches)"
            })
    }

    private static func format2(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension CivilDate {
    fileprivate init(text: String) {
        let parts = text.split(separator: "-").map { Int64($0) ?? 1 }
        self.init(year: parts[0], month: parts[1], day: parts[2])
    }
}
