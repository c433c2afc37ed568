import Foundation
import WorkflowModel

/// Offsets of time zones: fixed ones (`+02:00`, `-09:30`) are read here, names (`Europe/Berlin`) are looked up.
enum Zones {
    /// Seconds east of UTC that hold in the zone at `instant`.
    static func offset(of name: String, at instant: Timestamp) throws(EvalFailure) -> Int64 {
        if name == "UTC" || name == "Z" || name == "Etc/UTC" { return 0 }
        if let fixed = fixed(name) { return fixed }
        guard !name.isEmpty, name.utf8.count <= 64, let zone = TimeZone(identifier: name) else {
            throw EvalFailure(
                .invalidArgument,
                "the time zone \(Describing.short(.string(name))) is not known; write it like Europe/Berlin")
        }
        let moment = Date(timeIntervalSince1970: Double(instant.seconds))
        return Int64(zone.secondsFromGMT(for: moment))
    }

    /// `+HH:MM`, `-HH:MM` or `HH:MM`; nil for anything else.
    private static func fixed(_ name: String) -> Int64? {
        var digits = name.utf8[...]
        var sign: Int64 = 1
        if digits.first == 0x2B || digits.first == 0x2D {
            sign = digits.first == 0x2D ? -1 : 1
            digits = digits.dropFirst()
        }
        let bytes = Array(digits)
        guard bytes.count == 5, bytes[2] == 0x3A, let hours = Int64(String(decoding: bytes[0..<2], as: UTF8.self)),
            let minutes = Int64(String(decoding: bytes[3..<5], as: UTF8.self)), hours >= 0, minutes >= 0, hours < 24,
            minutes < 60
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
