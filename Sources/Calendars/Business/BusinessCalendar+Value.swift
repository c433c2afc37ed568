public import WorkflowModel

extension BusinessCalendar {
    /// The calendar as ``init(_:)`` reads it, to be kept with what was computed from it. Hours past midnight stand on both days.
    public var value: Value {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        var map: ValueMap = [
            "tz": .string(zone.name),
            "weekly": .map(ValueMap(strings: zip(names, weekly.map { BusinessCalendar.pairs($0) }))),
        ]
        if !holidays.isEmpty {
            map["holidays"] = .list(holidays.sorted().map { .string(BusinessCalendar.text(ofDay: $0)) })
        }
        if !special.isEmpty {
            map["special"] = .map(
                ValueMap(
                    strings: special.sorted { $0.key < $1.key }.map {
                        (BusinessCalendar.text(ofDay: $0.key), BusinessCalendar.pairs($0.value))
                    }))
        }
        return .map(map)
    }

    /// The same local hours in another zone.
    public func inZone(_ zone: ZoneClock) -> BusinessCalendar {
        BusinessCalendar(zone: zone, weekly: weekly, holidays: holidays, special: special)
    }

    private static func pairs(_ intervals: [WeeklyHours.Interval]) -> Value {
        .list(intervals.map { .list([.string(clock($0.start)), .string(clock($0.end))]) })
    }

    private static func clock(_ minute: Int) -> String { "\(two(minute / 60)):\(two(minute % 60))" }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func text(ofDay day: Int64) -> String { LocalDateTime(seconds: day * 86_400, isDate: true).text }
}
