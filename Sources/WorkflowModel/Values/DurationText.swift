/// Durations as playbooks write them (`30s`, `15m`, `1h30m`, `2d`, `500ms`) and as CEL's JSON has them (`90.5s`).
public enum DurationText {
    private static let units: [(suffix: String, nanoseconds: Int64)] = [
        ("ns", 1), ("us", 1000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
        ("h", 3_600_000_000_000), ("d", 86_400_000_000_000), ("w", 604_800_000_000_000),
    ]

    /// Reads a duration text: numbers with units `w d h m s ms us ns`, largest first or not, with a sign and fractions allowed.
    /// A day is 24 hours, a week 7 days. Nil when the text is no duration or is over about 292 years.
    public static func parse(_ text: some StringProtocol) -> Duration? {
        var rest = Substring(text)
        var negative = false
        if rest.first == "-" || rest.first == "+" {
            negative = rest.first == "-"
            rest.removeFirst()
        }
        if rest == "0" { return .zero }
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard !digits.isEmpty else { return nil }
            rest = rest[digits.endIndex...]
            let suffix = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest[suffix.endIndex...]
            guard let unit = units.first(where: { $0.suffix == suffix })?.nanoseconds,
                let part = multiply(digits, by: unit)
            else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow else { return nil }
            total = sum
        }
        return .nanoseconds(negative ? -total : total)
    }

    /// The duration that a text such as `20 seconds`, `5 min` or `2 days` means, as it is written here: `20s`, `5m`, `2d`; nil when
    /// it is none, and for months and years, which have no fixed length.
    public static func meant(_ text: String) -> String? {
        let words: [(names: [String], suffix: String)] = [
            (["s", "sec", "secs", "second", "seconds"], "s"), (["m", "min", "mins", "minute", "minutes"], "m"),
            (["h", "hr", "hrs", "hour", "hours"], "h"), (["d", "day", "days"], "d"), (["w", "week", "weeks"], "w"),
        ]
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let word = text.dropFirst(digits.count).split(separator: " ").joined(separator: " ").lowercased()
        guard let suffix = words.first(where: { $0.names.contains(word) })?.suffix else { return nil }
        let meant = "\(digits)\(suffix)"
        return parse(meant) == nil ? nil : meant
    }

    /// `digits` (with at most one point) times `unit`, exactly; fractions of a nanosecond are cut.
    private static func multiply(_ digits: Substring, by unit: Int64) -> Int64? {
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 1 || !(parts[0].isEmpty && parts[1].isEmpty) else { return nil }
        var total: Int64 = 0
        if !parts[0].isEmpty {
            guard let whole = Int64(parts[0]) else { return nil }
            let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
            guard !overflow else { return nil }
            total = product
        }
        if parts.count == 2 {
            var scale = unit
            for character in parts[1] {
                guard let digit = character.wholeNumberValue else { return nil }
                // 1 h = 3.6e12 ns: one more digit never overflows before the scale runs out.
                let (value, overflow) = total.addingReportingOverflow(Int64(digit) * scale / 10)
                guard !overflow else { return nil }
                total = value
                scale /= 10
            }
        }
        return total
    }

    /// CEL's JSON form: decimal seconds with an `s`, no superfluous zeros: `90.5s`, `-3s`, `0s`.
    public static func seconds(_ duration: Duration) -> String {
        let (whole, attoseconds) = duration.components
        let nanos = attoseconds / 1_000_000_000
        let sign = whole < 0 || nanos < 0 ? "-" : ""
        var text = sign + String(whole.magnitude)
        if nanos != 0 {
            var fraction = String(nanos.magnitude)
            fraction = String(repeating: "0", count: 9 - fraction.count) + fraction
            while fraction.last == "0" { fraction.removeLast() }
            text += "." + fraction
        }
        return text + "s"
    }

    /// The form for people: `2d 3h`, `1h 30m`, `15m`, `4.2s`, `350ms`. Two units at most, the rest cut.
    public static func forPeople(_ duration: Duration) -> String {
        let (whole, attoseconds) = duration.components
        let sign = whole < 0 || attoseconds < 0 ? "-" : ""
        let seconds = Int64(whole.magnitude)
        let milliseconds = Int64((attoseconds / 1_000_000_000_000_000).magnitude)
        if seconds == 0 { return milliseconds == 0 ? "0s" : "\(sign)\(milliseconds)ms" }
        if seconds < 60 {
            return milliseconds < 100 ? "\(sign)\(seconds)s" : "\(sign)\(seconds).\(milliseconds / 100)s"
        }
        let parts: [(Int64, String)] = [
            (seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s"),
        ]
        let first = parts.firstIndex { $0.0 > 0 } ?? 3
        let shown = parts[first..<min(first + 2, 4)].filter { $0.0 > 0 }
        return sign + shown.map { "\($0.0)\($0.1)" }.joined(separator: " ")
    }
}
