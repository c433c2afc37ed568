import Foundation
public import WorkflowModel

/// The clocks of a zone: what they show at an instant, and at which instants they show a local time.
///
/// All zone rules come from Foundation, so that every schedule and every calendar agrees on them.
public struct ZoneClock: Sendable, Hashable {
    /// The IANA name, `Europe/Berlin`.
    public let name: String
    private let zone: TimeZone

    /// The clocks of the zone `name`.
    ///
    /// - Throws: ``CalendarError`` when there is no such zone.
    public init(_ name: String) throws(CalendarError) {
        guard !name.isEmpty, name.utf8.count <= 64, let zone = TimeZone(identifier: name) else {
            throw CalendarError(
                "there is no time zone \"\(name.prefix(64))\"", help: "write an IANA name such as Europe/Berlin or UTC")
        }
        self.name = name
        self.zone = zone
    }

    /// The clocks of the zone that somebody wrote: an IANA name or UTC, not one of the offsets and abbreviations that Foundation also
    /// takes, which know nothing of summer time.
    ///
    /// - Throws: ``CalendarError`` with the name that was probably meant.
    public init(iana name: String) throws(CalendarError) {
        guard name.contains("/") || name == "UTC" || name == "GMT", name.utf8.count <= 64,
            let zone = TimeZone(identifier: name)
        else {
            let near = Similarity.nearest(to: name, among: TimeZone.knownTimeZoneIdentifiers)
            let city = TimeZone.knownTimeZoneIdentifiers.first {
                $0.lowercased().hasSuffix("/\(name.lowercased())") && !name.isEmpty
            }
            throw CalendarError(
                "there is no time zone \"\(name.prefix(64))\"",
                help: (city ?? near).map { "did you mean \($0)?" } ?? "write an IANA name such as Europe/Berlin, or UTC"
            )
        }
        self.name = name
        self.zone = zone
    }

    /// Coordinated Universal Time.
    public static let utc = ZoneClock(name: "UTC", zone: .gmt)

    private init(name: String, zone: TimeZone) {
        self.name = name
        self.zone = zone
    }

    /// What the clocks show at `instant`.
    public func local(at instant: Timestamp) -> LocalDateTime {
        LocalDateTime(seconds: instant.seconds + offset(at: instant.seconds))
    }

    /// The instant as RFC 3339 with the zone's offset: `2026-03-08T03:00:00-04:00`. Fractions of a second are left out.
    public func rfc3339(_ instant: Timestamp) -> String {
        let offset = offset(at: instant.seconds)
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let minutes = offset.magnitude / 60
        return LocalDateTime(seconds: instant.seconds + offset).text + (offset < 0 ? "-" : "+")
            + "\(two(Int64(minutes / 60))):\(two(Int64(minutes % 60)))"
    }

    /// Seconds that the clocks are ahead of UTC at the instant `seconds` after 1970.
    func offset(at seconds: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
    }

    /// How a local time stands on the line of instants, in seconds after 1970.
    enum Reading: Hashable {
        /// The clocks show it once.
        case once(Int64)
        /// The clocks are set back and show it twice.
        case twice(first: Int64, second: Int64)
        /// The clocks are set forward over it at `transition`; with the offset of before it would be `shifted`.
        case never(transition: Int64, shifted: Int64)
    }

    /// The instants at which the clocks show `local`, seconds from 1970-01-01 00:00 on the wall.
    func read(_ local: Int64) -> Reading {
        // No offset exceeds a day, so a day to either side is surely before and after; no zone changes twice within two days.
        let early = local - 86_400
        let late = local + 86_400
        let before = offset(at: early)
        let after = offset(at: late)
        if before == after { return .once(local - before) }
        let withBefore = local - before
        let withAfter = local - after
        switch (offset(at: withBefore) == before, offset(at: withAfter) == after) {
        case (true, true): return .twice(first: min(withBefore, withAfter), second: max(withBefore, withAfter))
        case (true, false): return .once(withBefore)
        case (false, true): return .once(withAfter)
        case (false, false):
            var low = early
            var high = late
            while high - low > 1 {
                let middle = low + (high - low) / 2
                if offset(at: middle) == before { low = middle } else { high = middle }
            }
            return .never(transition: high, shifted: withBefore)
        }
    }
}
