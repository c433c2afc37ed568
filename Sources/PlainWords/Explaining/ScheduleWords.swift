import WorkflowModel

/// Schedules in words, as far as they are of a common form; the others as they are written.
enum ScheduleWords {
    /// When a schedule fires.
    static func times(_ schedule: ScheduleTrigger) -> String {
        let zone = schedule.zone.map { " (\($0))" } ?? " (in the workspace's zone)"
        switch schedule.times {
        case .cron(let text):
            return (cron(text) ?? "at the times of the cron expression `\(text)`") + zone
        case .rrule(let rule, let start):
            return (self.rule(rule) ?? "by the recurrence rule `\(rule)`") + ", counted from \(start)" + zone
        }
    }

    private static let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let shortDays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    private static func cron(_ text: String) -> String? {
        var fields = text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
        switch fields.first {
        case "@daily", "@midnight": return "every day at 00:00"
        case "@hourly": fields = ["0", "*", "*", "*", "*"]
        case "@weekly": fields = ["0", "0", "*", "*", "0"]
        case "@monthly": fields = ["0", "0", "1", "*", "*"]
        default: break
        }
        guard fields.count == 5, fields[3] == "*" else { return nil }
        if fields[1] == "*", fields[2] == "*", fields[4] == "*" {
            if fields[0] == "*" { return "every minute" }
            if fields[0].hasPrefix("*/"), let step = Int(fields[0].dropFirst(2)), step > 0, 60 % step == 0 {
                return "every \(English.count(step, "minute"))"
            }
            return Int(fields[0]).map { "every hour at minute \($0)" }
        }
        guard let minute = Int(fields[0]), let hours = numbers(fields[1]) else { return nil }
        let times = English.list(hours.map { clock($0, minute) })
        switch (fields[2], fields[4]) {
        case ("*", "*"): return "every day at \(times)"
        case ("*", let week): return weekdays(week).map { "\($0) at \(times)" }
        case (let day, "*"):
            return numbers(day).map { "on day \(English.list($0.map(String.init))) of every month at \(times)" }
        default: return nil
        }
    }

    private static func clock(_ hour: Int, _ minute: Int) -> String {
        "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }

    private static func numbers(_ text: String) -> [Int]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let found = parts.compactMap(\.self)
        return found.count == parts.count ? found : nil
    }

    private static func day(_ text: some StringProtocol) -> String? {
        if let number = Int(text) { return (0...7).contains(number) ? days[number % 7] : nil }
        return shortDays.firstIndex(of: String(text)).map { days[$0] }
    }

    private static func weekdays(_ text: String) -> String? {
        if text == "mon-fri" || text == "1-5" { return "Monday to Friday" }
        var found: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            switch ends.count {
            case 1: found += [day(ends[0])].compactMap(\.self)
            case 2:
                guard let first = day(ends[0]), let last = day(ends[1]) else { return nil }
                found.append("\(first) to \(last)")
            default: return nil
            }
        }
        return found.isEmpty || found.count < text.split(separator: ",").count ? nil : "every \(English.list(found))"
    }

    private static let ordinals = [
        "1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last", "-2": "last but one",
    ]
    private static let ruleDays = [
        "MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday",
        "SU": "Sunday",
    ]

    private static func rule(_ text: String) -> String? {
        var parts: [String: String] = [:]
        for part in text.uppercased().split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { return nil }
            parts[String(pair[0])] = String(pair[1])
        }
        let known: Set<String> = ["FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY"]
        guard Set(parts.keys).isSubset(of: known), let number = Int(parts["INTERVAL"] ?? "1"), number > 0 else {
            return nil
        }
        let units = ["HOURLY": "hour", "DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"]
        guard let unit = parts["FREQ"].flatMap({ units[$0] }) else { return nil }
        let every = number == 1 ? "every \(unit)" : "every \(number) \(unit)s"
        switch (unit, parts["BYDAY"], parts["BYMONTHDAY"]) {
        case (_, nil, nil): return every
        case ("week", let days?, nil):
            let named = days.split(separator: ",").map { ruleDays[String($0)] }
            let found = named.compactMap(\.self)
            return found.count == named.count ? "\(every) on \(English.list(found))" : nil
        case ("month", let day?, nil):
            guard let weekday = ruleDays[String(day.suffix(2))], let place = ordinals[String(day.dropLast(2))] else {
                return nil
            }
            return "on the \(place) \(weekday) of \(every)"
        case ("month", nil, let day?):
            return day == "-1"
                ? "on the last day of \(every)" : Int(day).flatMap { $0 > 0 ? "on day \($0) of \(every)" : nil }
        default: return nil
        }
    }
}
