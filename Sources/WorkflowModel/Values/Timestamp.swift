/// An instant on the UTC line with nanosecond precision, from year 1 to year 9999 (CEL's range).
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Seconds since 1970-01-01T00:00:00Z; negative before.
    public let seconds: Int64
    /// Nanoseconds within the second, 0 to 999,999,999.
    public let nanoseconds: Int32

    /// The earliest instant, 0001-01-01T00:00:00Z.
    public static let earliest = Timestamp(seconds: -62_135_596_800)
    /// The latest instant, 9999-12-31T23:59:59.999999999Z.
    public static let latest = Timestamp(seconds: 253_402_300_799, nanoseconds: 999_999_999)

    /// The instant `seconds` after the epoch, plus `nanoseconds` (0 to 999,999,999).
    @inlinable
    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// The instant that many milliseconds after the epoch.
    public init(milliseconds: Int64) {
        let (quotient, remainder) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let floor = remainder < 0 ? quotient - 1 : quotient
        self.init(seconds: floor, nanoseconds: Int32(milliseconds - floor * 1000) * 1_000_000)
    }

    /// Whole milliseconds since the epoch, rounded down.
    public var milliseconds: Int64 { seconds * 1000 + Int64(nanoseconds) / 1_000_000 }

    /// Whether `left` is earlier.
    @inlinable
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.seconds == right.seconds ? left.nanoseconds < right.nanoseconds : left.seconds < right.seconds
    }

    /// The instant `duration` later, or nil when it is out of range.
    public func adding(_ duration: Duration) -> Timestamp? {
        let (whole, attoseconds) = duration.components
        let (sum, overflow) = seconds.addingReportingOverflow(whole)
        guard !overflow else { return nil }
        var second = sum
        var nano = Int64(nanoseconds) + attoseconds / 1_000_000_000
        if nano < 0 {
            nano += 1_000_000_000
            second -= 1
        } else if nano >= 1_000_000_000 {
            nano -= 1_000_000_000
            second += 1
        }
        let result = Timestamp(seconds: second, nanoseconds: Int32(nano))
        return result < .earliest || result > .latest ? nil : result
    }

    /// The instant `duration` later, held inside the range.
    public static func + (instant: Timestamp, duration: Duration) -> Timestamp {
        instant.adding(duration) ?? (duration < .zero ? .earliest : .latest)
    }

    /// The instant `duration` earlier, held inside the range.
    public static func - (instant: Timestamp, duration: Duration) -> Timestamp {
        instant + (Duration.zero - duration)
    }

    /// The time from `earlier` to `later`; negative when they are the other way round.
    public static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .seconds(later.seconds - earlier.seconds) + .nanoseconds(Int64(later.nanoseconds) - Int64(earlier.nanoseconds))
    }
}

extension Timestamp {
    /// Reads an RFC 3339 date-time: `2026-11-22T08:00:00Z`, with up to nine fraction digits and any offset. Nil when it is not one
    /// or out of range. Lower case `t` and `z` are read too, as RFC 3339 5.6 allows.
    public init?(rfc3339 text: some StringProtocol) {
        var text = String(text)
        let parsed: Timestamp?? = text.withUTF8 { Timestamp.parse($0) }
        guard case .some(.some(let instant)) = parsed else { return nil }
        self = instant
    }

    /// Reads an RFC 3339 date-time from the bytes of its text.
    public init?(rfc3339 bytes: UnsafeBufferPointer<UInt8>) {
        guard let instant = Timestamp.parse(bytes) else { return nil }
        self = instant
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Timestamp? {
        guard bytes.count >= 20 else { return nil }
        func number(_ start: Int, _ length: Int) -> Int64? {
            guard start + length <= bytes.count else { return nil }
            var value: Int64 = 0
            for index in start..<start + length {
                let digit = bytes[index] &- 0x30
                guard digit < 10 else { return nil }
                value = value * 10 + Int64(digit)
            }
            return value
        }
        guard let year = number(0, 4), bytes[4] == 0x2D, let month = number(5, 2), bytes[7] == 0x2D,
            let day = number(8, 2), bytes[10] | 0x20 == 0x74, let hour = number(11, 2), bytes[13] == 0x3A,
            let minute = number(14, 2), bytes[16] == 0x3A, let second = number(17, 2)
        else { return nil }
        guard year >= 1, (1...12).contains(month), day >= 1, day <= CivilDate.days(inMonth: month, of: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var next = 19
        var nanos: Int64 = 0
        if bytes[next] == 0x2E {
            next += 1
            var digits = 0
            while next < bytes.count, bytes[next] &- 0x30 < 10 {
                digits += 1
                guard digits <= 9 else { return nil }
                nanos = nanos * 10 + Int64(bytes[next] &- 0x30)
                next += 1
            }
            guard digits > 0 else { return nil }
            for _ in digits..<9 { nanos *= 10 }
        }
        guard next < bytes.count else { return nil }
        var offset: Int64 = 0
        if bytes[next] | 0x20 == 0x7A {
            next += 1
        } else {
            guard bytes[next] == 0x2B || bytes[next] == 0x2D, let hours = number(next + 1, 2), next + 3 < bytes.count,
                bytes[next + 3] == 0x3A, let minutes = number(next + 4, 2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * 60 * (bytes[next] == 0x2D ? -1 : 1)
            next += 6
        }
        guard next == bytes.count else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        let instant = Timestamp(
            seconds: days * 86_400 + hour * 3600 + minute * 60 + second - offset, nanoseconds: Int32(nanos))
        return instant < .earliest || instant > .latest ? nil : instant
    }

    /// The RFC 3339 form in UTC: fraction digits only where needed (none, 3, 6 or 9), `Z` at the end.
    public var rfc3339: String {
        let digits =
            nanoseconds == 0 ? 0 : nanoseconds % 1_000_000 == 0 ? 3 : nanoseconds % 1000 == 0 ? 6 : 9
        return text(fractionDigits: digits)
    }

    /// The RFC 3339 form in UTC with nine fraction digits always: texts of equal length, which sort as the instants do.
    public var sortableRFC3339: String { text(fractionDigits: 9) }

    private func text(fractionDigits: Int) -> String {
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let secondOfDay = seconds - days * 86_400
        let date = CivilDate(daysSinceEpoch: days)
        let (year, month, day) = (Int(date.year), Int(date.month), Int(date.day))
        let second = Int(secondOfDay)
        let nanos = Int(nanoseconds)
        return String(unsafeUninitializedCapacity: 30) { buffer in
            func two(_ value: Int, at place: Int) {
                buffer[place] = UInt8(truncatingIfNeeded: 0x30 + value / 10)
                buffer[place + 1] = UInt8(truncatingIfNeeded: 0x30 + value % 10)
            }
            two(year / 100, at: 0)
            two(year % 100, at: 2)
            buffer[4] = 0x2D
            two(month, at: 5)
            buffer[7] = 0x2D
            two(day, at: 8)
            buffer[10] = 0x54
            two(second / 3600, at: 11)
            buffer[13] = 0x3A
            two(second / 60 % 60, at: 14)
            buffer[16] = 0x3A
            two(second % 60, at: 17)
            var end = 19
            if fractionDigits > 0 {
                buffer[19] = 0x2E
                var rest = fractionDigits == 3 ? nanos / 1_000_000 : fractionDigits == 6 ? nanos / 1000 : nanos
                for place in stride(from: 19 + fractionDigits, to: 19, by: -1) {
                    buffer[place] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
                    rest /= 10
                }
                end = 20 + fractionDigits
            }
            buffer[end] = 0x5A
            return end + 1
        }
    }
}

extension Timestamp: CustomStringConvertible {
    /// The moment in RFC 3339, in UTC.
    public var description: String { rfc3339 }
}

/// A date of the proleptic Gregorian calendar, without a zone.
public struct CivilDate: Sendable, Hashable {
    /// The year, 1 for the year 1.
    public var year: Int64
    /// The month, 1 to 12.
    public var month: Int64
    /// The day of the month, from 1.
    public var day: Int64

    /// The date of these parts; the caller has checked them.
    public init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date that many days after 1970-01-01.
    ///
    /// Years are counted from March, so that the leap day comes last and every month's offset is a line.
    public init(daysSinceEpoch: Int64) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days from 1970-01-01 to this date.
    public var daysSinceEpoch: Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let marchMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// How many days `month` (1 to 12) of `year` has.
    public static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}
