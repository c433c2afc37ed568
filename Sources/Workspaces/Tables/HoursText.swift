import WorkflowModel
import YAML

/// Open hours as tables write them: `mon-fri 09:00-12:00, 13:00-17:00; sat 10:00-14:00`, or in YAML a map from days to hours
/// (`{ mon-fri: "09:00-17:00", sat: "10:00-14:00", zone: Europe/Berlin }`). `always` is no limit.
enum HoursText {
    /// What is wrong with hours.
    struct Problem: Error {
        var message: String

        init(_ message: String) { self.message = message }
    }

    static let help = "write for instance `mon-fri 09:00-12:00, 13:00-17:00; sat 10:00-14:00`, or `always`"
    private static let dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// The hours of a text; nil for `always`.
    static func hours(of text: String) throws(Problem) -> WeeklyHours? {
        let whole = KnownTable.trimmed(text).lowercased()
        if whole == "always" || whole == "24x7" { return nil }
        var days = [[WeeklyHours.Interval]](repeating: [], count: 7)
        for part in whole.split(separator: ";") {
            let part = KnownTable.trimmed(part)
            guard !part.isEmpty else { continue }
            guard let end = part.firstIndex(of: " ") else { throw Problem("has days without hours: `\(part)`") }
            try add(part[end...], on: part[..<end], to: &days)
        }
        return try checked(WeeklyHours(days: days))
    }

    /// The hours of a map from days to hours.
    static func hours(of node: YAMLNode) throws(Problem) -> WeeklyHours? {
        var days = [[WeeklyHours.Interval]](repeating: [], count: 7)
        var zone: String?
        for entry in node.entries ?? [] {
            let key = entry.key.text ?? ""
            if key == "zone" {
                zone = entry.value.text
                if let problem = ZoneName.problem(zone ?? "") { throw Problem("has a wrong zone: \(problem.message)") }
                continue
            }
            let texts = entry.value.items?.map { $0.text ?? "" } ?? [entry.value.text ?? ""]
            try add(Substring(texts.joined(separator: ",")), on: Substring(key.lowercased()), to: &days)
        }
        var hours = WeeklyHours(days: days)
        hours.zone = zone
        return try checked(hours)
    }

    private static func add(
        _ times: Substring, on names: Substring, to days: inout [[WeeklyHours.Interval]]
    ) throws(Problem) {
        let indices = try self.days(names)
        for time in times.split(separator: ",") {
            let time = KnownTable.trimmed(time)
            if time == "closed" || time.isEmpty { continue }
            let ends = time.split(separator: "-")
            // `22:00-06:00` reaches into the next day.
            guard ends.count == 2, let start = minutes(ends[0]), let end = minutes(ends[1]), start != end,
                start < 1440
            else {
                throw Problem("has no hours in `\(time)`: they are written 09:00-17:00")
            }
            for index in indices { days[index].append(.init(start: start, end: end)) }
        }
    }

    /// The hours of one day, `09:00-12:00, 13:00-15:00`; none for `closed`. They end at midnight at the latest.
    static func day(_ text: String) throws(Problem) -> [WeeklyHours.Interval] {
        guard !KnownTable.trimmed(text).isEmpty else { throw Problem("has no hours") }
        var days = [[WeeklyHours.Interval]](repeating: [], count: 7)
        try add(Substring(text.lowercased()), on: "mon", to: &days)
        let hours = days[0].sorted { $0.start < $1.start }
        for (earlier, later) in zip(hours, hours.dropFirst()) where later.start < earlier.end {
            throw Problem("has hours that overlap")
        }
        guard hours.allSatisfy({ $0.start < $0.end }) else { throw Problem("has hours that run past midnight") }
        return hours
    }

    private static func days(_ names: Substring) throws(Problem) -> [Int] {
        if names == "daily" || names == "every-day" { return Array(0..<7) }
        var found: [Int] = []
        for name in names.split(separator: ",") {
            let ends = name.split(separator: "-").map {
                dayNames.firstIndex(of: String(KnownTable.trimmed($0).prefix(3)))
            }
            switch (ends.count, ends.first ?? nil, ends.last ?? nil) {
            case (1, let day?, _): found.append(day)
            case (2, let from?, let to?):
                var day = from
                found.append(day)
                while day != to {
                    day = (day + 1) % 7
                    found.append(day)
                }
            default: throw Problem("has no day `\(name)`: days are mon, tue, wed, thu, fri, sat, sun")
            }
        }
        return found
    }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = KnownTable.trimmed(text).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.utf8.count) }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), (0...24).contains(hour), (0..<60).contains(minute), hour < 24 || minute == 0
        else { return nil }
        return hour * 60 + minute
    }

    private static func checked(_ hours: WeeklyHours) throws(Problem) -> WeeklyHours {
        var hours = hours
        for day in hours.days.indices {
            hours.days[day].sort { $0.start < $1.start }
            for (earlier, later) in zip(hours.days[day], hours.days[day].dropFirst()) where later.start < earlier.end {
                throw Problem("has hours that overlap on \(dayNames[day])")
            }
        }
        guard hours.days.contains(where: { !$0.isEmpty }) else { throw Problem("has no open hours at all") }
        return hours
    }
}
