import Foundation
import WorkflowModel

/// Time zones by their IANA names, and local times in them.
enum ZoneName {
    /// Why `name` is no zone; nil when it is one.
    static func problem(_ name: String) -> (message: String, help: String?)? {
        // Foundation also takes offsets and abbreviations, which know nothing of summer time.
        let isName = name.contains("/") || name == "UTC" || name == "GMT"
        if isName, name.utf8.count <= 64, TimeZone(identifier: name) != nil { return nil }
        let near = Similarity.nearest(to: name, among: TimeZone.knownTimeZoneIdentifiers)
        return (
            "there is no time zone `\(name)`",
            near.map { "did you mean `\($0)`?" } ?? "write an IANA name such as Europe/Berlin, or UTC"
        )
    }

    /// The instant of a day (`2026-01-05`) or local time (`2026-01-05 09:00`) in `zone`. A time that a clock change skips is the same
    /// time after it; of one that comes twice the first is meant.
    static func instant(local text: String, zone: String) -> Timestamp? {
        guard let zone = TimeZone(identifier: zone) else { return nil }
        let words = text.split { $0 == " " || $0 == "T" }
        guard words.count <= 2, let day = words.first else { return nil }
        var clock = words.count == 2 ? String(words[1]) : "00:00"
        if clock.utf8.count == 5 { clock += ":00" }
        guard let wall = Timestamp(rfc3339: "\(day)T\(clock)Z") else { return nil }
        func offset(_ seconds: Int64) -> Int64 {
            Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds))))
        }
        let before = offset(wall.seconds - 86_400)
        let first = wall.seconds - before
        if offset(first) == before { return Timestamp(seconds: first) }
        let second = wall.seconds - offset(first)
        return Timestamp(seconds: offset(second) == offset(first) ? second : first)
    }
}
