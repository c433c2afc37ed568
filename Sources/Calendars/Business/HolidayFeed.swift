public import WorkflowModel

/// The days off that a calendar file (ICS, RFC 5545) tells of.
///
/// Only whole days count (`VALUE=DATE`); they are days of the calendar that takes them in, wherever that is. Public feeds also list
/// observances, on which people work: those are only proposed.
public struct HolidayFeed: Sendable, Hashable {
    /// A day of the feed.
    public struct Day: Sendable, Hashable {
        /// The day.
        public var date: CivilDate
        /// What people call it.
        public var name: String
        /// Whether it is an observance, or not a whole day: nobody is free on it unless somebody says so.
        public var isProposed: Bool
    }

    /// Its days, in order, each name and day once.
    public let days: [Day]

    /// How many days an event may last, and how often one may recur.
    private static let longest: Int64 = 60
    private static let mostRecurrences = 60
    private static let mostEvents = 5000

    /// Reads a feed.
    ///
    /// - Throws: ``CalendarError`` when the text is no calendar, or has more than 5000 events.
    public init(_ text: String) throws(CalendarError) {
        var event: [(name: String, parameters: String, value: String)]?
        var days: Set<Day> = []
        var count = 0
        var isCalendar = false
        for line in HolidayFeed.lines(text) {
            let property = HolidayFeed.property(line)
            switch (property.name, property.value.uppercased()) {
            case ("BEGIN", "VCALENDAR"): isCalendar = true
            case ("BEGIN", "VEVENT"):
                event = []
                count += 1
                guard count <= HolidayFeed.mostEvents else {
                    throw CalendarError("the calendar file has more than \(HolidayFeed.mostEvents) events")
                }
            case ("END", "VEVENT"):
                if let event { days.formUnion(HolidayFeed.days(of: event)) }
                event = nil
            default: event?.append(property)
            }
        }
        guard isCalendar else {
            throw CalendarError(
                "the file is no calendar: it has no BEGIN:VCALENDAR", help: "export it as iCalendar (.ics)")
        }
        self.days = days.sorted { ($0.date.daysSinceEpoch, $0.name) < ($1.date.daysSinceEpoch, $1.name) }
    }

    /// The lines with their continuations (a line break and a blank) put together.
    private static func lines(_ text: String) -> [String] {
        var lines: [String] = []
        for part in text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline) {
            if let first = part.first, first == " " || first == "\t", !lines.isEmpty {
                lines[lines.count - 1] += part.dropFirst()
            } else {
                lines.append(String(part))
            }
        }
        return lines
    }

    private static func property(_ line: String) -> (name: String, parameters: String, value: String) {
        guard let colon = line.firstIndex(of: ":") else { return (line.uppercased(), "", "") }
        let head = line[..<colon].split(separator: ";", maxSplits: 1)
        let parameters = head.count > 1 ? head[1].uppercased() : ""
        return ((head.first ?? "").uppercased(), parameters, String(line[line.index(after: colon)...]))
    }

    private static func days(of event: [(name: String, parameters: String, value: String)]) -> Set<Day> {
        func first(_ name: String) -> (name: String, parameters: String, value: String)? {
            event.first { $0.name == name }
        }
        guard let start = first("DTSTART"), let begin = day(start.value) else { return [] }
        if first("STATUS")?.value.uppercased() == "CANCELLED" { return [] }
        let isWhole =
            start.parameters.contains("VALUE=DATE") && start.value.utf8.count == 8 || start.value.utf8.count == 8
        let words = (["CATEGORIES", "DESCRIPTION"].compactMap { first($0)?.value.lowercased() }).joined(separator: " ")
        let isObservance = words.contains("observance") || first("TRANSP")?.value.uppercased() == "OPAQUE" && !isWhole
        let name = (first("SUMMARY")?.value ?? "holiday").replacing("\\,", with: ",").replacing("\\;", with: ";")
        let end = first("DTEND").flatMap { day($0.value) } ?? begin + 1
        let excluded = Set(
            event.filter { $0.name == "EXDATE" }.flatMap { $0.value.split(separator: ",") }.compactMap {
                day(String($0))
            })
        var days: Set<Day> = []
        for at in [begin] + recurrences(first("RRULE")?.value, begin) where !excluded.contains(at) {
            for offset in 0..<max(1, min(end - begin, longest)) {
                days.insert(
                    Day(
                        date: CivilDate(daysSinceEpoch: at + offset), name: String(name.prefix(200)),
                        isProposed: isObservance || !isWhole))
            }
        }
        return days
    }

    /// The later days of a rule; none of one that cannot be read, so that a feed with one odd event still gives its others.
    private static func recurrences(_ rule: String?, _ begin: Int64) -> [Int64] {
        guard let rule else { return [] }
        do throws(CalendarError) {
            let recurrence = try Recurrence(
                RecurrenceRule(rule), start: LocalDateTime(seconds: begin * 86_400, isDate: true), zone: nil,
                shortest: .weekly)
            return try recurrence.occurrences(from: Timestamp(seconds: begin * 86_400), limit: mostRecurrences)
                .map(\.local.day)
        } catch {
            return []
        }
    }

    /// Days from 1970 of `20261225` or `20261225T000000Z`.
    private static func day(_ text: String) -> Int64? {
        let digits = Array(text.utf8.prefix(8))
        guard digits.count == 8, digits.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        func number(_ range: Range<Int>) -> Int64 { digits[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) } }
        let (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
        guard (1970...2200).contains(year), (1...12).contains(month),
            (1...CivilDate.days(inMonth: month, of: year)).contains(day)
        else { return nil }
        return CivilDate(year: year, month: month, day: day).daysSinceEpoch
    }
}
