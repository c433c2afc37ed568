import WorkflowModel

extension RecurrenceRule {
    /// Reads `FREQ=WEEKLY;BYDAY=MO,TH;COUNT=10`, with or without `RRULE:` before it.
    ///
    /// - Throws: ``CalendarError`` that names the part which is wrong.
    public init(_ text: String) throws(CalendarError) {
        guard text.utf8.count <= 4000 else { throw CalendarError("a recurrence rule may have 4000 characters") }
        // Letter by letter, so that places in it are places in the text.
        let upper = String(String.UnicodeScalarView(text.unicodeScalars.map(Self.upperCase)))
        var parts = upper.split(separator: ";", omittingEmptySubsequences: false)
        if parts[0].hasPrefix("RRULE:") { parts[0] = parts[0].dropFirst(6) }
        // One semicolon at the end is seen in rules of well-known calendars.
        if parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
        var values: [String: Substring] = [:]
        for part in parts {
            guard let equals = part.firstIndex(of: "="), part.index(after: equals) < part.endIndex else {
                throw CalendarError(
                    "\"\(part.prefix(40))\" is no part of a recurrence rule",
                    help: "write NAME=VALUE with semicolons between, as FREQ=WEEKLY;BYDAY=MO",
                    at: part.isEmpty ? nil : part)
            }
            let key = String(part[..<equals])
            guard values.updateValue(part[part.index(after: equals)...], forKey: key) == nil else {
                throw CalendarError("\(key.prefix(40)) stands twice in the recurrence rule", at: part)
            }
        }
        guard let frequency = values.removeValue(forKey: "FREQ") else {
            throw CalendarError(
                "the recurrence rule has no FREQ", help: "begin it with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")
        }
        let all: [Frequency] = [.secondly, .minutely, .hourly, .daily, .weekly, .monthly, .yearly]
        guard let known = all.first(where: { $0.name == frequency }) else {
            throw CalendarError(
                "FREQ=\(frequency.prefix(40)) is not known",
                help: "one of DAILY, WEEKLY, MONTHLY, YEARLY, HOURLY, MINUTELY", at: frequency)
        }
        self.init(frequency: known)
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { try read(key, value) }
        try checkTogether()
    }

    private mutating func read(_ key: String, _ value: Substring) throws(CalendarError) {
        switch key {
        case "INTERVAL": interval = try one(key, value, 1...32_767)
        case "COUNT": count = try one(key, value, 1...1_000_000)
        case "UNTIL": until = try moment(value)
        case "WKST":
            guard let day = Weekday.names.firstIndex(of: String(value)) else { throw wrong(key, value, "MO to SU") }
            weekStart = day
        case "BYSECOND": seconds = try list(key, value, 0...59)
        case "BYMINUTE": minutes = try list(key, value, 0...59)
        case "BYHOUR": hours = try list(key, value, 0...23)
        case "BYDAY": weekdays = try weekdays(value)
        case "BYMONTHDAY": monthDays = try list(key, value, 1...31, orNegative: true)
        case "BYYEARDAY": yearDays = try list(key, value, 1...366, orNegative: true)
        case "BYWEEKNO": weekNumbers = try list(key, value, 1...53, orNegative: true)
        case "BYMONTH": months = try list(key, value, 1...12)
        case "BYSETPOS": setPositions = try list(key, value, 1...366, orNegative: true)
        default:
            throw CalendarError(
                "\(key.prefix(40)) is no part of a recurrence rule that is understood",
                help: Self.meant(key).map { "did you mean \($0)?" }
                    ?? "RFC 5545 3.3.10 lists the parts; RSCALE and SKIP of RFC 7529 are not supported",
                at: Self.withKey(value, key))
        }
    }

    /// What RFC 5545 3.3.10 forbids beside each other.
    private func checkTogether() throws(CalendarError) {
        if count != nil, until != nil { throw CalendarError("COUNT and UNTIL cannot both end a recurrence rule") }
        if !weekNumbers.isEmpty, frequency != .yearly { throw CalendarError("BYWEEKNO needs FREQ=YEARLY") }
        if !yearDays.isEmpty, [.daily, .weekly, .monthly].contains(frequency) {
            throw CalendarError("BYYEARDAY cannot stand with FREQ=\(frequency.name)")
        }
        if !monthDays.isEmpty, frequency == .weekly { throw CalendarError("BYMONTHDAY cannot stand with FREQ=WEEKLY") }
        if weekdays.contains(where: { $0.ordinal != 0 }) {
            guard frequency >= .monthly else {
                throw CalendarError(
                    "BYDAY with a number, as 2MO, needs FREQ=MONTHLY or YEARLY", help: "leave the number out")
            }
            if !weekNumbers.isEmpty { throw CalendarError("BYDAY with a number cannot stand with BYWEEKNO") }
        }
        if !setPositions.isEmpty {
            let lists = [seconds, minutes, hours, monthDays, yearDays, weekNumbers, months]
            guard !weekdays.isEmpty || lists.contains(where: { !$0.isEmpty }) else {
                throw CalendarError("BYSETPOS chooses from another BY part, and there is none")
            }
        }
    }

    private func wrong(_ key: String, _ value: Substring, _ expected: String) -> CalendarError {
        CalendarError(
            "\(key)=\(value.prefix(40)) cannot be read", help: "\(key) takes \(expected)",
            at: value.isEmpty ? nil : value)
    }

    private static func upperCase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        ("a"..."z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) - 0x20) : scalar
    }

    private static func meant(_ key: String) -> String? {
        Similarity.nearest(
            to: key,
            among: [
                "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY",
                "BYWEEKNO", "BYMONTH", "BYSETPOS",
            ])
    }

    /// The value with the key and the `=` before it.
    private static func withKey(_ value: Substring, _ key: String) -> Substring {
        let base = value.base
        let start = base.index(value.startIndex, offsetBy: -key.count - 1, limitedBy: base.startIndex)
        return base[(start ?? base.startIndex)..<value.endIndex]
    }

    private func number(_ text: Substring, signed: Bool) -> Int? {
        var digits = text
        var sign = 1
        if signed, let first = digits.first, first == "-" || first == "+" {
            sign = first == "-" ? -1 : 1
            digits.removeFirst()
        }
        guard (1...7).contains(digits.utf8.count), digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        return Int(digits).map { $0 * sign }
    }

    private func one(_ key: String, _ value: Substring, _ range: ClosedRange<Int>) throws(CalendarError) -> Int {
        guard let number = number(value, signed: false), range.contains(number) else {
            throw wrong(key, value, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func list(
        _ key: String, _ value: Substring, _ range: ClosedRange<Int>, orNegative: Bool = false
    ) throws(CalendarError) -> [Int] {
        var numbers: Set<Int> = []
        for item in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = number(item, signed: orNegative), range.contains(abs(number)) else {
                throw wrong(
                    key, item,
                    "numbers from \(range.lowerBound) to \(range.upperBound)"
                        + (orNegative ? ", or negative ones that count from the end" : ""))
            }
            numbers.insert(number)
        }
        return numbers.sorted()
    }

    private func weekdays(_ value: Substring) throws(CalendarError) -> [Weekday] {
        var days: [Weekday] = []
        for item in value.split(separator: ",", omittingEmptySubsequences: false) {
            let prefix = item.dropLast(2)
            guard let day = Weekday.names.firstIndex(of: String(item.suffix(2))),
                let ordinal = prefix.isEmpty ? 0 : number(prefix, signed: true), abs(ordinal) <= 53,
                prefix.isEmpty || ordinal != 0
            else { throw wrong("BYDAY", item, "MO to SU, with a number before as 2MO or -1FR in months and years") }
            let weekday = Weekday(ordinal: ordinal, day: day)
            if !days.contains(weekday) { days.append(weekday) }
        }
        return days
    }

    private func moment(_ value: Substring) throws(CalendarError) -> Until {
        if value.last == "Z", let utc = LocalDateTime(value.dropLast()), !utc.isDate { return .instant(utc.seconds) }
        if let local = LocalDateTime(value) { return .local(local) }
        throw wrong("UNTIL", value, "a moment such as 20261231T225959Z, or a date when the start is one")
    }
}
