import WorkflowModel

/// Timestamps and durations: `timestamp`, `duration` and the accessors (langdef.md, "Timestamp and Duration Accessors").
enum TimeFunctions {
    static let all: [FunctionLibrary.Function] =
        [.global("timestamp", timestamp), .global("duration", duration)]
        + Part.allCases.flatMap { part -> [FunctionLibrary.Function] in
            [
                .method(part.rawValue) { (value, frame) throws(EvalFailure) in try part.of(value) },
                .method(part.rawValue) { (value, zone, frame) throws(EvalFailure) in try part.of(value, zone: zone) },
            ]
        }

    static func timestamp(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch value {
        case .timestamp: return value
        case .string(let text):
            guard let instant = Timestamp(rfc3339: text) else {
                throw EvalFailure(
                    .invalidArgument,
                    "\(Describing.short(value)) is no time; write it like 2026-11-22T08:00:00Z or 2026-11-22T08:00:00+01:00"
                )
            }
            return .timestamp(instant)
        case .int(let seconds):
            let instant = Timestamp(seconds: seconds)
            guard instant >= .earliest, instant <= .latest else { throw Times.outOfRange }
            return .timestamp(instant)
        default: throw StandardFunctions.mismatch("timestamp", value)
        }
    }

    static func duration(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        switch value {
        case .duration: return value
        case .string(let text): return .duration(try Times.duration(text))
        case .int(let seconds): return .duration(try Times.checked(.seconds(seconds)))
        default: throw StandardFunctions.mismatch("duration", value)
        }
    }

    /// The accessors; months, days of the month and days of the year count from 0, days of the week from Sunday.
    enum Part: String, CaseIterable, Sendable {
        case getFullYear, getMonth, getDate, getDayOfMonth, getDayOfWeek, getDayOfYear
        case getHours, getMinutes, getSeconds, getMilliseconds

        func of(_ value: Value, zone: Value? = nil) throws(EvalFailure) -> Value {
            switch value {
            case .timestamp(let instant):
                var offset: Int64 = 0
                if let zone {
                    guard case .string(let name) = zone else { throw StandardFunctions.mismatch(rawValue, zone) }
                    offset = try Zones.offset(of: name, at: instant)
                }
                return .int(of(instant.seconds + offset, instant.nanoseconds))
            case .duration(let duration) where zone == nil:
                let (seconds, attoseconds) = duration.components
                switch self {
                case .getHours: return .int(seconds / 3600)
                case .getMinutes: return .int(seconds / 60)
                case .getSeconds: return .int(seconds)
                case .getMilliseconds: return .int(attoseconds / 1_000_000_000_000_000)
                default: throw StandardFunctions.mismatch(rawValue, value)
                }
            default: throw StandardFunctions.mismatch(rawValue, value)
            }
        }

        private func of(_ seconds: Int64, _ nanoseconds: Int32) -> Int64 {
            let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
            let second = seconds - days * 86_400
            let date = CivilDate(daysSinceEpoch: days)
            switch self {
            case .getFullYear: return date.year
            case .getMonth: return date.month - 1
            case .getDate: return date.day
            case .getDayOfMonth: return date.day - 1
            case .getDayOfWeek: return ((days + 4) % 7 + 7) % 7
            case .getDayOfYear: return days - CivilDate(year: date.year, month: 1, day: 1).daysSinceEpoch
            case .getHours: return second / 3600
            case .getMinutes: return second / 60 % 60
            case .getSeconds: return second % 60
            case .getMilliseconds: return Int64(nanoseconds) / 1_000_000
            }
        }
    }
}

/// The range of durations, as Google's implementations have it: what 64 bits of nanoseconds hold, about 292 years.
enum Times {
    static let longest = Duration.nanoseconds(Int64.max)

    static var outOfRange: EvalFailure {
        EvalFailure(.overflow, "the result is no time between the years 1 and 9999")
    }

    static func checked(_ duration: Duration) throws(EvalFailure) -> Duration {
        guard duration <= longest, duration >= .zero - longest else {
            throw EvalFailure(.overflow, "the duration is longer than 292 years")
        }
        return duration
    }

    static func duration(_ text: String) throws(EvalFailure) -> Duration {
        guard let duration = DurationText.parse(text) else {
            throw EvalFailure(
                .invalidArgument,
                "\(Describing.short(.string(text))) is no duration; write it like 30s, 15m, 1h30m or 2d")
        }
        return duration
    }
}
