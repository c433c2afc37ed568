public import WorkflowModel

/// What a clock and a calendar on the wall show: a date and a time of day, or a date alone, in no zone.
public struct LocalDateTime: Sendable, Hashable, Comparable {
    /// Seconds from 1970-01-01 00:00 on the same wall.
    public let seconds: Int64
    /// Whether it is a date without a time of day; `seconds` is then its midnight.
    public let isDate: Bool

    /// The local time `seconds` after 1970-01-01 00:00.
    public init(seconds: Int64, isDate: Bool = false) {
        self.seconds = seconds
        self.isDate = isDate
    }

    /// Reads `2026-03-02T09:00:00`, `2026-03-02T09:00`, `2026-03-02`, or the basic forms of RFC 5545, `20260302T090000` and
    /// `20260302`. Nil for anything else, so for a text with an offset or a `Z`.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 19 else { return nil }
        let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard let days = LocalDateTime.days(parts[0]) else { return nil }
        guard parts.count == 2 else {
            self.init(seconds: days * 86_400, isDate: true)
            return
        }
        guard let time = LocalDateTime.time(parts[1]) else { return nil }
        self.init(seconds: days * 86_400 + time)
    }

    /// Reads a local time or date that somebody wrote.
    ///
    /// - Throws: ``CalendarError`` when it is none.
    public init(reading text: String) throws(CalendarError) {
        guard let local = LocalDateTime(text) else {
            throw CalendarError(
                "\"\(text.prefix(40))\" is no local time",
                help: "write 2026-03-02T09:00:00, or 2026-03-02 for a date, without an offset")
        }
        self = local
    }

    private static func number(_ text: some StringProtocol) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        return Int64(text)
    }

    /// Splits digits into groups of these lengths, with `separator` between all of them or none.
    private static func groups(_ text: some StringProtocol, _ lengths: [Int], separator: Character) -> [Int64]? {
        let basic = lengths.reduce(0, +)
        var pieces: [Int64] = []
        if text.utf8.count == basic, text.count == basic {
            var rest = text[...]
            for length in lengths {
                guard let value = number(rest.prefix(length)) else { return nil }
                pieces.append(value)
                rest = rest.dropFirst(length)
            }
            return pieces
        }
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count == lengths.count else { return nil }
        for (part, length) in zip(parts, lengths) {
            guard part.utf8.count == length, let value = number(part) else { return nil }
            pieces.append(value)
        }
        return pieces
    }

    private static func days(_ text: some StringProtocol) -> Int64? {
        guard let parts = groups(text, [4, 2, 2], separator: "-"), parts[0] >= 1, (1...12).contains(parts[1]),
            parts[2] >= 1, parts[2] <= CivilDate.days(inMonth: parts[1], of: parts[0])
        else { return nil }
        return CivilDate(year: parts[0], month: parts[1], day: parts[2]).daysSinceEpoch
    }

    private static func time(_ text: some StringProtocol) -> Int64? {
        guard let parts = groups(text, [2, 2, 2], separator: ":") ?? groups(text, [2, 2], separator: ":"),
            parts[0] < 24, parts[1] < 60, parts.count == 2 || parts[2] < 60
        else { return nil }
        return parts[0] * 3600 + parts[1] * 60 + (parts.count == 3 ? parts[2] : 0)
    }

    /// Days from 1970-01-01 to the date.
    public var day: Int64 { seconds.flooredQuotient(86_400) }
    /// The date.
    public var date: CivilDate { CivilDate(daysSinceEpoch: day) }
    /// The day of the week, Monday 0 to Sunday 6.
    public var weekday: Int { day.weekdayOfDay }
    /// Seconds after midnight on the wall, 0 to 86,399.
    public var secondOfDay: Int64 { seconds - day * 86_400 }

    /// `2026-03-02T09:00:00`, or `2026-03-02` for a date.
    public var text: String {
        let instant = Timestamp(seconds: seconds).rfc3339
        return isDate ? String(instant.prefix(10)) : String(instant.dropLast())
    }

    /// Whether `left` is earlier on the wall.
    public static func < (left: LocalDateTime, right: LocalDateTime) -> Bool { left.seconds < right.seconds }
}

extension Int64 {
    /// The quotient, rounded down also below zero.
    func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The remainder from 0 up to the divisor, also below zero.
    func flooredRemainder(_ divisor: Int64) -> Int64 { self - flooredQuotient(divisor) * divisor }

    /// The day of the week of a day counted from 1970-01-01 (a Thursday): Monday 0 to Sunday 6.
    var weekdayOfDay: Int { Int((self + 3).flooredRemainder(7)) }
}
