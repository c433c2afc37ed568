/// One of the five fields of a cron expression.
enum CronField: Int, CaseIterable {
    case minute, hour, dayOfMonth, month, dayOfWeek

    var name: String {
        switch self {
        case .minute: "minute"
        case .hour: "hour"
        case .dayOfMonth: "day of month"
        case .month: "month"
        case .dayOfWeek: "day of week"
        }
    }

    /// The numbers that may stand in it; 0 and 7 are both Sunday.
    var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...7
        }
    }

    private var names: [String] {
        switch self {
        case .month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        case .dayOfWeek: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        default: []
        }
    }

    /// The numbers that `text` names, as bits.
    func read(_ text: Substring) throws(CalendarError) -> UInt64 {
        var bits: UInt64 = 0
        for term in text.split(separator: ",", omittingEmptySubsequences: false) {
            bits |= try self.term(term, in: text)
        }
        if self == .dayOfWeek, bits & 1 << 7 != 0 { bits = bits & ~(1 << 7) | 1 }
        return bits
    }

    private func term(_ term: Substring, in text: Substring) throws(CalendarError) -> UInt64 {
        let parts = term.split(separator: "/", omittingEmptySubsequences: false)
        guard !term.isEmpty, parts.count <= 2 else {
            throw wrong(text, "\"\(term)\" is no number, range or step", at: term.isEmpty ? text : term)
        }
        var first = range.lowerBound
        var last = range.upperBound
        if parts[0] != "*" {
            let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count <= 2 else { throw wrong(text, "\"\(parts[0])\" is no range", at: parts[0]) }
            first = try number(ends[0], in: text)
            // `5/15` reads from 5 on, to the end of the field.
            last = ends.count == 2 ? try number(ends[1], in: text) : parts.count == 2 ? last : first
            guard first <= last else {
                throw CalendarError(
                    "the \(name) field \"\(text)\" has the range \(parts[0]), which runs backwards",
                    help: "split it where the field starts again, as 22-23,0-2 for the hours from 22 to 2", at: parts[0]
                )
            }
        }
        var step = 1
        if parts.count == 2 {
            guard let value = digits(parts[1]), value > 0 else {
                throw wrong(
                    text, "the step \"\(parts[1])\" must be a number from 1", at: parts[1].isEmpty ? term : parts[1])
            }
            step = value
        }
        var bits: UInt64 = 0
        for value in stride(from: first, through: last, by: step) { bits |= 1 << UInt64(value) }
        return bits
    }

    private func digits(_ text: Substring) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        return Int(text)
    }

    private func number(_ text: Substring, in field: Substring) throws(CalendarError) -> Int {
        if let index = names.firstIndex(of: text.lowercased()) { return self == .month ? index + 1 : index }
        guard let value = digits(text) else {
            throw wrong(
                field,
                names.isEmpty ? "\"\(text)\" is no number" : "\"\(text)\" is no number and no name such as \(names[1])",
                help: help(text), at: text.isEmpty ? field : text)
        }
        guard range.contains(value) else {
            throw wrong(
                field, "\(value) is outside \(range.lowerBound) to \(range.upperBound)",
                help: value == range.upperBound + 1 && range.lowerBound == 0 ? "write 0" : nil, at: text)
        }
        return value
    }

    /// What to write for a word of people or of another program's cron.
    private func help(_ text: Substring) -> String? {
        let word = text.lowercased()
        if let name = names.first(where: { word.hasPrefix($0) }) { return "write \(name)" }
        switch word {
        case "?": return "write *"
        case "l" where self == .dayOfMonth: return "the last day of a month is rrule: FREQ=MONTHLY;BYMONTHDAY=-1"
        case "":
            return nil
        default:
            guard self == .dayOfMonth || self == .dayOfWeek, word.contains(where: { "lw#".contains($0) }) else {
                return nil
            }
            return "`L`, `W` and `#` are no part of it; a recurrence rule can say such days: "
                + "rrule: FREQ=MONTHLY;BYDAY=2MO"
        }
    }

    private func wrong(
        _ text: Substring, _ reason: String, help: String? = nil, at part: Substring
    ) -> CalendarError {
        CalendarError("the \(name) field \"\(text)\" cannot be read: \(reason)", help: help, at: part)
    }
}
