/// A recurrence rule, the RRULE value of RFC 5545 3.3.10, read and checked.
public struct RecurrenceRule: Sendable, Hashable {
    /// The length of the periods.
    public enum Frequency: Int, Sendable, Hashable, Comparable {
        /// From every second to every year.
        case secondly, minutely, hourly, daily, weekly, monthly, yearly

        /// Whether `left` is the shorter period.
        public static func < (left: Frequency, right: Frequency) -> Bool { left.rawValue < right.rawValue }

        var name: String {
            switch self {
            case .secondly: "SECONDLY"
            case .minutely: "MINUTELY"
            case .hourly: "HOURLY"
            case .daily: "DAILY"
            case .weekly: "WEEKLY"
            case .monthly: "MONTHLY"
            case .yearly: "YEARLY"
            }
        }
    }

    /// A day of the week, Monday 0 to Sunday 6; with an ordinal the nth of its month or year, from the end when negative.
    struct Weekday: Sendable, Hashable {
        var ordinal: Int
        var day: Int

        static let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
        var name: String { (ordinal == 0 ? "" : "\(ordinal)") + Weekday.names[day] }
    }

    /// The last moment that may occur.
    enum Until: Sendable, Hashable {
        case instant(Int64)
        case local(LocalDateTime)
    }

    /// How long the periods are.
    public internal(set) var frequency: Frequency
    var interval = 1
    var count: Int?
    var until: Until?
    var weekStart = 0
    var seconds: [Int] = []
    var minutes: [Int] = []
    var hours: [Int] = []
    var weekdays: [Weekday] = []
    var monthDays: [Int] = []
    var yearDays: [Int] = []
    var weekNumbers: [Int] = []
    var months: [Int] = []
    var setPositions: [Int] = []

    /// The parts that choose days, as RFC 5545 writes them: what libical is given to expand.
    var dayPartsText: String {
        var parts = ["FREQ=\(frequency.name)", "INTERVAL=\(interval)", "WKST=\(Weekday.names[weekStart])"]
        func add(_ name: String, _ values: [String]) {
            if !values.isEmpty { parts.append("\(name)=\(values.joined(separator: ","))") }
        }
        add("BYMONTH", months.map(String.init))
        add("BYYEARDAY", yearDays.map(String.init))
        add("BYMONTHDAY", monthDays.map(String.init))
        add("BYDAY", weekdays.map(\.name))
        add("BYSETPOS", setPositions.map(String.init))
        return parts.joined(separator: ";")
    }
}
