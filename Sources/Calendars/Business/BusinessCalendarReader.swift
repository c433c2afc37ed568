public import WorkflowModel

extension BusinessCalendar {
    /// Reads a calendar from JSON or YAML values: `tz`, `weekly` (`mon` to `sun`, each a list of `["09:00", "17:00"]`), `holidays`
    /// (dates) and `special` (a date to such a list). `24:00` is the end of a day.
    ///
    /// - Throws: ``CalendarError`` that names the entry which is wrong.
    public init(_ value: Value) throws(CalendarError) {
        guard let map = value.map else {
            throw CalendarError("a calendar must be an object with \"tz\" and \"weekly\"")
        }
        try BusinessCalendar.checkKeys(map, ["tz", "weekly", "holidays", "special"], of: "the calendar")
        guard let name = map["tz"]?.string else {
            throw CalendarError("the calendar has no \"tz\"", help: "give it an IANA zone such as Europe/Berlin")
        }
        let zone = try ZoneClock(name)
        let dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        var days = Array(repeating: [WeeklyHours.Interval](), count: 7)
        if let weekly = try BusinessCalendar.map(map["weekly"], "weekly") {
            try BusinessCalendar.checkKeys(weekly, dayNames, of: "\"weekly\"")
            for (index, day) in dayNames.enumerated() {
                days[index] = try BusinessCalendar.windows(weekly[.string(day)] ?? .list([]), of: day)
            }
        }
        var holidays: Set<CivilDate> = []
        if let listed = map["holidays"], listed != .null {
            guard let list = listed.list else { throw CalendarError("\"holidays\" must be a list of dates") }
            try BusinessCalendar.checkCount(list.count, "holidays")
            for entry in list { holidays.insert(try BusinessCalendar.date(entry, in: "holidays")) }
        }
        var special: [CivilDate: [WeeklyHours.Interval]] = [:]
        if let listed = try BusinessCalendar.map(map["special"], "special") {
            try BusinessCalendar.checkCount(listed.count, "special days")
            for entry in listed {
                let date = try BusinessCalendar.date(.string(entry.key.string ?? entry.key.jsonText), in: "special")
                special[date] = try BusinessCalendar.windows(entry.value, of: entry.key.string ?? "special")
            }
        }
        try self.init(zone: zone, weekly: WeeklyHours(days: days), holidays: holidays, special: special)
    }

    private static func map(_ value: Value?, _ name: String) throws(CalendarError) -> ValueMap? {
        guard let value, value != .null else { return nil }
        guard let map = value.map else { throw CalendarError("\"\(name)\" must be an object") }
        return map
    }

    private static func checkKeys(_ map: ValueMap, _ known: [String], of what: String) throws(CalendarError) {
        for entry in map where !known.contains(entry.key.string ?? "") {
            throw CalendarError(
                "\(what) has the unknown entry \(entry.key.jsonText.prefix(60))",
                help: "known are \(known.joined(separator: ", "))")
        }
    }

    private static func checkCount(_ count: Int, _ what: String) throws(CalendarError) {
        guard count <= 10_000 else { throw CalendarError("a calendar may have 10000 \(what)") }
    }

    private static func date(_ value: Value, in list: String) throws(CalendarError) -> CivilDate {
        guard let text = value.string, let date = LocalDateTime(text), date.isDate else {
            throw CalendarError("\(JSONWriter.text(value).prefix(60)) in \"\(list)\" is no date such as 2026-12-25")
        }
        return date.date
    }

    private static func windows(_ value: Value, of day: String) throws(CalendarError) -> [WeeklyHours.Interval] {
        guard let list = value.list, list.count <= 48 else {
            throw CalendarError(
                "the hours of \(day.prefix(40)) must be a list of up to 48 pairs, as [[\"09:00\", \"17:00\"]]")
        }
        var windows: [WeeklyHours.Interval] = []
        for entry in list {
            guard let pair = entry.list, pair.count == 2, let start = minute(pair[0]), let end = minute(pair[1]) else {
                throw CalendarError(
                    "the hours \(JSONWriter.text(entry).prefix(60)) of \(day.prefix(40)) are no pair such as [\"09:00\", \"17:00\"]"
                )
            }
            guard start < end else {
                throw CalendarError(
                    "the hours \(JSONWriter.text(entry).prefix(60)) of \(day.prefix(40)) close before they open",
                    help: "past midnight write until 24:00, and from 00:00 on the next day")
            }
            windows.append(.init(start: start, end: end))
        }
        return windows
    }

    /// Minutes after midnight of `09:00` or `24:00`.
    private static func minute(_ value: Value) -> Int? {
        guard let text = value.string else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
            parts.joined().utf8.allSatisfy({ $0 &- 0x30 < 10 }), let hour = Int(parts[0]), let minute = Int(parts[1]),
            hour < 24 && minute < 60 || hour == 24 && minute == 0
        else { return nil }
        return hour * 60 + minute
    }
}
